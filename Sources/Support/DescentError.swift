/// What went wrong with something that came from outside: a file, a download, a flag, a data set.
///
/// Every error of the libraries has this one form, so that a program (or a person) always finds the same
/// things in it: what, where, expected, got, and what to do. Its description is one line, with another program's
/// words below it where there are any.
///
/// ```swift
/// throw DescentError(
///     .badData, "not an IDX file", at: "train-images-idx3-ubyte", expected: "magic 0x00000803",
///     got: "0x504B0304", advice: "give the unpacked or gzipped file")
/// ```
public struct DescentError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The family of an error. `descent` ends with the exit code that belongs to it (sysexits.h).
    public enum Kind: String, Sendable, CaseIterable {
        /// A check that the caller asked for did not hold (exit code 1).
        case failed
        /// A flag or an argument has no valid value (64).
        case usage
        /// The contents of an input are not what they must be (65).
        case badData
        /// An input is not there, or cannot be opened (66).
        case missingInput
        /// Something that is needed cannot be had now, a download as a rule (69).
        case unavailable
        /// An output cannot be made (73).
        case cannotCreate
        /// Reading or writing failed half-way (74).
        case inputOutput
        /// A training's loss ran away (2).
        case diverged
        /// The user stopped the work (130).
        case interrupted
    }

    /// The family.
    public let kind: Kind
    /// What is wrong, in a few words that begin with a small letter.
    public let what: String
    /// Where: a path, with line or byte if there is one; an argument; an address.
    public let place: String?
    /// What should have been there.
    public let expected: String?
    /// What was there.
    public let got: String?
    /// What to do about it.
    public let advice: String?
    /// The lines in which another program, which did the work, said what went wrong; none as a rule.
    public let transcript: [String]

    /// An error from its parts; those that say nothing are left out.
    public init(
        _ kind: Kind, _ what: String, at place: String? = nil, expected: String? = nil, got: String? = nil,
        advice: String? = nil, transcript: [String] = []
    ) {
        self.kind = kind
        self.what = what
        self.place = place
        self.expected = expected
        self.got = got
        self.advice = advice
        self.transcript = transcript
    }

    /// The same error at another place: what knows where it happened catches it on its way.
    package func at(_ place: String?) -> DescentError {
        DescentError(
            kind, what, at: place, expected: expected, got: got, advice: advice, transcript: transcript)
    }

    /// The same error with another advice.
    package func advising(_ advice: String?) -> DescentError {
        DescentError(
            kind, what, at: place, expected: expected, got: got, advice: advice, transcript: transcript)
    }

    /// One line: `place: what (expected E, got G); advice`. Control characters, which a path may have, are written
    /// as `\u{a}`. The transcript's lines stand below it, set in.
    public var description: String {
        var line = place.map { "\($0): \(what)" } ?? what
        let details = [expected.map { "expected \($0)" }, got.map { "got \($0)" }].compactMap { $0 }
        if !details.isEmpty { line += " (\(details.joined(separator: ", ")))" }
        if let advice { line += "; \(advice)" }
        return ([line] + transcript.map { "    " + $0 }).map(\.showingControlCharacters)
            .joined(separator: "\n")
    }
}

extension String {
    /// The text with its control characters, line separators, and marks that turn the direction of writing or are not seen
    /// at all written as `\u{1b}`: text from a file or a path stays on its line, cannot steer the terminal, and is what it
    /// looks like.
    ///
    /// The joiners U+200C and U+200D stay: Persian, Hindi and many emoji cannot be written without.
    package var showingControlCharacters: String {
        func isControl(_ scalar: Unicode.Scalar) -> Bool {
            switch scalar.properties.generalCategory {
            case .control, .lineSeparator, .paragraphSeparator: true
            case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
            default: false
            }
        }
        guard unicodeScalars.contains(where: isControl) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            if isControl(scalar) {
                text += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
