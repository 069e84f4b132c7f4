import ArgumentParser
import Descent

/// Errors as the user meets them: one line on standard error and an exit code (sysexits.h).
enum Failure {
    /// Prints the error, and returns the code to exit with.
    static func report(_ error: any Error) -> Int32 {
        if let error = error as? DescentError {
            let word = error.kind == .interrupted ? "" : "error: "
            Output.error.tryWrite("descent: \(word)\(error.naming.description)\n")
            return exitCode(of: error.kind)
        }
        if let code = error as? ExitCode { return code.rawValue }
        let code = DescentCommand.exitCode(for: error)
        if code.isSuccess {
            // Help, the version or a completion script was requested: not an error.
            do {
                try Output.standard.write(DescentCommand.fullMessage(for: error) + "\n")
                return 0
            } catch {
                return report(error)
            }
        }
        var hint =
            code == .validationFailure ? "; see 'descent \(command.isEmpty ? "" : command + " ")--help'" : ""
        var message = improved(oneLine(DescentCommand.message(for: error))).showingControlCharacters
        if !hint.isEmpty, message.hasSuffix(".") { message.removeLast() }
        if message.hasSuffix("?") { hint = "" }
        Output.error.tryWrite("descent: error: \(message)\(hint)\n")
        return code.rawValue
    }

    /// Returns the exit code of a family of errors.
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

    /// The command whose help says more: that of a part of a command, where it has parts.
    private static var command: String { Invocation.command(Invocation.arguments) }
}

extension Failure {
    /// Returns the parser's message about a value, with what it should have been.
    static func improved(_ message: String) -> String {
        if let match = message.wholeMatch(of: /The value '(.*)' is invalid for '(--[a-z-]+) <([^>]*)>'(.*)/) {
            let (value, flag, kind) = (String(match.output.1), String(match.output.2), match.output.3)
            // The setting's own reader says more than that the value is invalid; it names the value again.
            if match.output.4.hasPrefix(": ") {
                let reason = match.output.4.dropFirst(2)
                let own = reason.prefixMatch(of: #/[a-z ]+ '[^']*': /#)
                return "\(flag): '\(value)': \(own.map { reason[$0.range.upperBound...] } ?? reason)"
            }
            let start = "\(flag): '\(value)' is invalid"
            if flag == "--data" {
                return
                    "\(start) (expected one of \(DataSource.names.joined(separator: ", ")), a folder of pictures, "
                    + "or a file such as rows.csv; there is no folder of this name)"
            }
            if let expected = expectation(value, kind: String(kind)) {
                return "\(start) (expected \(expected))"
            }
            return String("\(start)\(match.output.4)")
        }
        if let match = message.prefixMatch(of: /Unknown option '(--[^'= ]+)[^']*'/) {
            // The parser's near match is often far.
            let advice = KnownFlags().sentence(String(match.output.1), command: command)
            return "there is no \(match.output.1)" + (command.isEmpty ? "" : " in 'descent \(command)'")
                + (advice.map { "; \($0)" } ?? "")
        }
        if Invocation.arguments.first == "train",
            message.wholeMatch(of: /(\d+ unexpected arguments|Unexpected argument):? '.*/) != nil
        {
            return "\(message); 'descent train' takes flags only: --data names the data, --model the model"
        }
        return message
    }

    /// Describes the form of a value of this kind; nil where the message lists the possible ones itself.
    private static func expectation(_ value: String, kind: String) -> String? {
        // 0,1 in many countries, and 1,000 in others.
        let comma = Double(value.replacing(",", with: ".")) != nil && value.contains(",")
        switch kind {
        case "n", "mb": return comma ? "a whole number, without a comma" : "a whole number, such as 10"
        case "index": return "an index from 0, such as 7, or a range with the smaller first, such as 0-9"
        case "hxw": return "height x width, such as 28x28"
        case "a..b": return "two numbers, the smaller first, such as 1e-5..0.1"
        case "share|n":
            return "a share of the examples below 1, such as 0.1, or a whole number of them, such as 1000"
        case "cost", "gamma":
            let wrong = value.split(separator: ",", omittingEmptySubsequences: false).filter {
                Double($0) == nil
            }
            guard value.contains(","), let first = wrong.first else { return "a number, such as 0.1" }
            return "numbers with commas between them, as in 1,10,100; "
                + (first.isEmpty ? "one is missing" : "'\(first)' is none")
        case "rate", "factor", "share", "ratio", "size", "length", "x", "violation",
            "standard deviation":
            if comma { return "a number with a decimal point, such as \(value.replacing(",", with: "."))" }
            return "a number, such as 0.1"
        default: return nil
        }
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
    /// Returns the result of `body`; its errors that name no place get this one.
    static func located<Result>(at place: String, _ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DescentError where error.place == nil {
            throw error.at(place)
        }
    }
}
