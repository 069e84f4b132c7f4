import Arrays
import Exchange
import Glibc
import Support

/// The program `descent-exchange`, which `descent export` and `descent verify` start.
///
/// It alone links the messages of other programs' formats. Its arguments are a verb and the verb's own, in a fixed order:
///
///     descent-exchange THREADS export MODEL OUT FORMAT
///     descent-exchange THREADS verify FILE RUNTIME ENVIRONMENT
///
/// where `FORMAT` and `RUNTIME` may be empty. It prints one `ProgramAnswer`.
@main
enum Main {
    static func main() {
        var answer = ProgramAnswer()
        do {
            try run(Array(CommandLine.arguments.dropFirst()), into: &answer)
        } catch let error as DescentError {
            answer.error = error
        } catch {
            answer.error = DescentError(.failed, "\(error)")
        }
        // The reader decides by the answer; the code is for who starts this program by hand.
        print((try? answer.line()) ?? "", terminator: "")
        exit(answer.error == nil ? 0 : 1)
    }

    private static func run(_ arguments: [String], into answer: inout ProgramAnswer) throws {
        guard arguments.count == 5 else {
            throw DescentError(
                .usage, "this program is started by 'descent export' and 'descent verify'",
                at: "descent-exchange", expected: "5 arguments", got: "\(arguments.count)")
        }
        if let threads = Int(arguments[0]), (1...Threads.largestCount).contains(threads) {
            Threads.setCount(threads)
        }
        switch arguments[1] {
        case "export": try Exporting.run(arguments[2], to: arguments[3], format: arguments[4], into: &answer)
        case "verify":
            try Verifying.run(
                arguments[2], runtime: arguments[3], environment: arguments[4], into: &answer)
        default:
            throw DescentError(
                .usage, "there is no such verb", at: "descent-exchange", expected: "export, verify",
                got: arguments[1])
        }
    }
}
