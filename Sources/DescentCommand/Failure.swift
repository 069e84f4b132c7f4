import ArgumentParser
import Descent

/// Errors as the user meets them: one line on standard error and an exit code (sysexits.h).
enum Failure {
    /// Says what went wrong, and returns the code to exit with.
    static func report(_ error: any Error) -> Int32 {
        if let error = error as? DescentError {
            let word = error.kind == .interrupted ? "" : "error: "
            Output.error.tryWrite("descent: \(word)\(error.description)\n")
            return exitCode(of: error.kind)
        }
        if let code = error as? ExitCode { return code.rawValue }
        let code = DescentCommand.exitCode(for: error)
        if code.isSuccess {
            // Help, the version or a completion script was asked for: not an error.
            do {
                try Output.standard.write(DescentCommand.fullMessage(for: error) + "\n")
                return 0
            } catch {
                return report(error)
            }
        }
        let hint = code == .validationFailure ? "; see 'descent \(verb)--help'" : ""
        let message = oneLine(DescentCommand.message(for: error)).showingControlCharacters
        Output.error.tryWrite("descent: error: \(message)\(hint)\n")
        return code.rawValue
    }

    /// The exit code of a family of errors.
    static func exitCode(of kind: DescentError.Kind) -> Int32 {
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

    /// ArgumentParser's message on one line: it lists the possible values below one another, as "  - sgd".
    static func oneLine(_ message: String) -> String {
        let lines = message.split(separator: "\n").map { $0.trimmingSpaces() }.filter { !$0.isEmpty }
        let items = lines.filter { $0.hasPrefix("- ") }.map { $0.dropFirst(2) }
        let text = lines.filter { !$0.hasPrefix("- ") }.joined(separator: " ")
        return items.isEmpty ? text : "\(text) \(items.joined(separator: ", "))"
    }

    /// The verb on the command line with a space behind it, for the hint; empty when there is none.
    private static var verb: String {
        let names = DescentCommand.configuration.subcommands.compactMap { $0._commandName }
        guard CommandLine.arguments.count > 1, names.contains(CommandLine.arguments[1]) else { return "" }
        return CommandLine.arguments[1] + " "
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> Substring {
        var text = drop { $0 == " " }
        while text.last == " " { text = text.dropLast() }
        return text
    }
}

extension DescentError {
    /// What `body` returns; its errors that name no place get this one.
    static func located<Result>(at place: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DescentError where error.place == nil {
            throw error.at(place)
        }
    }
}
