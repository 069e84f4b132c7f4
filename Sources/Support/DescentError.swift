/// An error about an external input or output: a file, a download, a flag, a data set.
///
/// Every error of the libraries has this one form, so that a program (or a person) always finds the same fields: what,
/// where, expected, got, and what to do. Its description is one line, followed by another program's output if there is
/// any.
///
/// ```swift
/// throw DescentError(
///     .badData, "not an IDX file", at: "train-images-idx3-ubyte", expected: "magic 0x00000803",
///     got: "0x504B0304", advice: "give the unpacked or gzipped file")
/// ```
public struct DescentError: Error, Codable, Equatable, Sendable, CustomStringConvertible {
    /// The family of an error. `descent` ends with the exit code that belongs to it (sysexits.h).
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// A check that the caller requested failed (exit code 1).
        case failed
        /// A flag or an argument has no valid value (64).
        case usage
        /// The contents of an input are invalid (65).
        case badData
        /// An input does not exist or cannot be opened (66).
        case missingInput
        /// A resource is unavailable, as a rule a download (69).
        case unavailable
        /// An output cannot be created (73).
        case cannotCreate
        /// Reading or writing failed (74).
        case inputOutput
        /// The loss of a training diverged (2).
        case diverged
        /// The user stopped the work (130).
        case interrupted
    }

    /// The family.
    public let kind: Kind
    /// The fault, in a few words that begin with a small letter.
    public let what: String
    /// The location of the fault: a path, with line or byte if known; an argument; an address.
    public let place: String?
    /// The expected value.
    public let expected: String?
    /// The actual value.
    public let got: String?
    /// The suggested remedy.
    public let advice: String?
    /// The error output of another program that did the work; empty as a rule.
    public let transcript: [String]

    /// Creates an error from its parts; empty parts are left out.
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

    /// Returns the same error at another location: a caller that knows where it happened adds the location.
    package func at(_ place: String?) -> DescentError {
        DescentError(
            kind, what, at: place, expected: expected, got: got, advice: advice, transcript: transcript)
    }

    /// Returns the same error with another remedy.
    package func advising(_ advice: String?) -> DescentError {
        DescentError(
            kind, what, at: place, expected: expected, got: got, advice: advice, transcript: transcript)
    }

    /// One line: `place: what (expected E, got G); advice`. Control characters, which a path may have, are written as
    /// `\u{a}`. The transcript's lines follow, indented.
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
    /// The text with its control characters, line separators, bidirectional controls and invisible characters written
    /// as `\u{1b}`: text from a file or a path stays on its line, cannot control the terminal, and cannot be disguised.
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
