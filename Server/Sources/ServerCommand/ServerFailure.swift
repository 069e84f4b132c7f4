import ArgumentParser
import Descent
import Foundation

/// Errors as `descent` shows them: one line on standard error, and a code of sysexits.h.
enum ServerFailure {
    /// Prints the error, and returns the code to exit with.
    static func report(_ error: any Error) -> Int32 {
        if let error = error as? DescentError {
            say(error.description.replacing("`port`", with: "--port"))
            return code(of: error.kind)
        }
        if let code = error as? ExitCode { return code.rawValue }
        let code = ServerCommand.exitCode(for: error)
        if code.isSuccess {
            print(ServerCommand.fullMessage(for: error))
            return 0
        }
        let isUsage = code == .validationFailure
        let message = ServerCommand.message(for: error).split(separator: "\n").joined(separator: " ")
        let verb =
            CommandLine.arguments.dropFirst().first.flatMap {
                ["serve", "lab"].contains($0) ? "\($0) " : nil
            } ?? ""
        say(message + (isUsage ? "; see 'descent \(verb)--help'" : ""))
        return isUsage ? code.rawValue : 1
    }

    private static func say(_ text: String) {
        FileHandle.standardError.write(Data("descent: error: \(text)\n".utf8))
    }

    private static func code(of kind: DescentError.Kind) -> Int32 {
        switch kind {
        case .failed: 1
        case .diverged: 2
        case .usage: 64
        case .badData: 65
        case .missingInput: 66
        case .unavailable: 69
        case .cannotCreate: 73
        case .inputOutput: 74
        case .interrupted: 130
        }
    }
}
