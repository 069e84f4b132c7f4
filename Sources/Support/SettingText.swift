import Glibc

/// A parser of a choice with its settings, as flags and files write it: `huber`, `huber:1.0`,
/// `step:every=5,factor=0.1`.
///
/// The caller reads each setting that the choice has, then calls `finish()`, which rejects those left over.
public struct SettingText {
    /// The part before the colon.
    public let name: String
    private let text: String
    private let kind: String
    /// Whether the settings were given separately, so that an error's location is the setting alone.
    private let isList: Bool
    /// A setting without a name has the key "".
    private var settings: [(key: String, value: String)]

    /// Parses `text`; `kind` names the choice in errors ("activation").
    public init(_ text: String, of kind: String) {
        self.text = text
        self.kind = kind
        isList = false
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        name = parts.first.map(String.init) ?? ""
        settings =
            parts.count < 2
            ? []
            : parts[1].split(separator: ",", omittingEmptySubsequences: false).map { part in
                let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return sides.count == 2 ? (String(sides[0]), String(sides[1])) : ("", String(part))
            }
    }

    /// Creates a choice whose settings are given separately, as by flags of their own, instead of in one text.
    public init(_ name: String, settings: [(key: String, value: String)], of kind: String) {
        (self.name, self.settings, self.kind, isList) = (name, settings, kind, true)
        let parts = settings.map { "\($0.key)=\($0.value)" }
        text = name + (parts.isEmpty ? "" : ":" + parts.joined(separator: ","))
    }

    /// Reads the text of the setting `key`; nil if it is not given. The `main` one may be given without its name.
    public mutating func text(_ key: String, main: Bool = false) -> String? {
        guard let place = settings.firstIndex(where: { $0.key == key || (main && $0.key.isEmpty) }) else {
            return nil
        }
        return settings.remove(at: place).value
    }

    /// Reads the number `key`; nil if it is not given.
    public mutating func number(
        _ key: String, main: Bool = false, in range: some RangeExpression<Double>
    ) throws -> Double? {
        guard let value = text(key, main: main) else { return nil }
        guard let number = Double(value), number.isFinite, range.contains(number) else {
            throw wrong(key, expected: "a number\(Self.words(of: range))", got: value)
        }
        return number
    }

    /// Reads the integer `key`; nil if it is not given.
    public mutating func whole(_ key: String, main: Bool = false, from least: Int) throws -> Int? {
        guard let value = text(key, main: main) else { return nil }
        guard let number = Int(value), number >= least, number < 1 << 48 else {
            throw wrong(key, expected: "a whole number, \(least) or more", got: value)
        }
        return number
    }

    /// Reads the Boolean setting `key`: `true` or `false`; false if it is not given.
    public mutating func isOn(_ key: String) throws -> Bool {
        guard let value = text(key) else { return false }
        guard let isOn = Bool(value) else { throw wrong(key, expected: "true or false", got: value) }
        return isOn
    }

    /// Reads one of a type's values by its name, ignoring case; nil if `key` is not given.
    public mutating func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ key: String, of type: Choice.Type = Choice.self
    ) throws -> Choice? {
        guard let name = text(key) else { return nil }
        guard let known = Choice.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() })
        else {
            throw wrong(key, expected: Choice.allCases.map(\.rawValue).joined(separator: ", "), got: name)
        }
        return known
    }

    /// Reads the integer `key` in a range; nil if it is not given.
    public mutating func whole(_ key: String, main: Bool = false, in range: ClosedRange<Int>) throws -> Int? {
        guard let value = try whole(key, main: main, from: range.lowerBound) else { return nil }
        guard range.contains(value) else {
            throw wrong(key, expected: "\(range.lowerBound) to \(range.upperBound)", got: String(value))
        }
        return value
    }

    /// Returns the error that the setting `key` cannot have this value.
    package func wrong(_ key: String, expected: String, got: String) -> DescentError {
        DescentError(
            .usage, "impossible \(key)", at: isList ? key : "\(kind) '\(text)'", expected: expected,
            got: "'\(got)'")
    }

    /// Returns the error that the choice's name is unknown.
    package func unknownName(known: [String]) -> DescentError {
        DescentError(
            .usage, "unknown \(kind)", expected: known.joined(separator: ", "), got: "'\(name)'")
    }

    /// Rejects settings that were given but not read.
    public func finish() throws {
        guard let left = settings.first else { return }
        let part = left.key.isEmpty ? left.value : left.key
        throw DescentError(
            .usage, "\(name) has no setting '\(part)'", at: "\(kind) '\(text)'")
    }

    /// The range of single precision from 0 up, in which training computes.
    public static let fromZero = 0...Double(Float.greatestFiniteMagnitude)
    /// The same range without 0 and without subnormal numbers, which lose digits.
    public static let aboveZero = Double(Float.leastNormalMagnitude)...fromZero.upperBound

    private static func words(of range: some RangeExpression<Double>) -> String {
        switch range {
        case let range as ClosedRange<Double>: " from \(text(range.lowerBound)) to \(text(range.upperBound))"
        case let range as PartialRangeFrom<Double>: ", \(text(range.lowerBound)) or more"
        case let range as Range<Double>:
            ", at least \(text(range.lowerBound)) and below \(text(range.upperBound))"
        default: ""
        }
    }

    /// A bound as people write it: 0, 0.5; a type's own limits with two digits.
    private static func text(_ bound: Double) -> String {
        if bound == 0 { return "0" }
        guard bound.isNormal else { return "\(bound)" }
        guard !(1e-30...1e30).contains(bound.magnitude) else {
            let text = "\(bound)".replacing("e+", with: "e")
            return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        }
        // Towards zero: a bound that is shown must be one that is accepted. The smallest are rounded up, for the same
        // reason.
        let power = Int(log10(bound.magnitude).rounded(.down))
        let scaled = bound.magnitude / pow(10, Double(power)) * 10
        let digits = Int(scaled.rounded(bound.magnitude < 1 ? .up : .down))
        // Rounded up, 9.95 is 10.
        let (shown, exponent) = digits == 100 ? (10, power + 1) : (digits, power)
        return "\(bound < 0 ? "-" : "")\(shown / 10).\(shown % 10)e\(exponent)"
    }
}
