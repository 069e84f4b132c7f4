import Foundation

/// What one of Descent's programs answers another, as one line of JSON on standard output.
///
/// The two are built from one source, so the form carries no version.
package struct ProgramAnswer: Codable, Equatable, Sendable {
    /// The result for a reader of JSON, a line.
    package var json: String
    /// The result for a person, a line.
    package var text: String
    /// The error; both lines may be there beside it, as for a check that does not hold.
    package var error: DescentError?

    package init(json: String = "", text: String = "", error: DescentError? = nil) {
        (self.json, self.text, self.error) = (json, text, error)
    }

    /// The line that goes from one program to the other.
    ///
    /// - Throws: what `JSONEncoder` throws: nothing, for texts.
    package func line() throws -> String {
        String(decoding: try JSONEncoder().encode(self), as: UTF8.self) + "\n"
    }

    /// Reads what a program has printed.
    ///
    /// - Throws: `failed` with its last words on standard error.
    package init(of outcome: Child.Outcome, from program: String) throws {
        do {
            self = try JSONDecoder().decode(Self.self, from: Data(outcome.output.utf8))
        } catch {
            throw DescentError(
                .failed, outcome.isLate ? "the program did not end in time" : "the program gave no answer",
                at: program, expected: "a line of JSON", got: "exit code \(outcome.status)",
                transcript: outcome.errors.split(separator: "\n").suffix(6).map(String.init))
        }
    }
}
