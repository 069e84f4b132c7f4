import Arrays
import Support

/// A setting and the values that a search may give it.
///
/// `lr=1e-4..1e-1:log` (a number; equal ratios equally likely), `hidden=20..200` (a whole number, both ends included),
/// `optimizer=sgd,adam` (one of them; `model=mlp:64|mlp:256,128` where a value has a comma).
public struct SearchRange: Sendable, Hashable {
    /// The values.
    package enum Values: Sendable, Hashable {
        /// Real numbers, the ends included.
        case real(ClosedRange<Double>, isLogarithmic: Bool)
        /// Integers, the ends included.
        case whole(ClosedRange<Int>, isLogarithmic: Bool)
        /// One of some texts.
        case choice([String])
    }

    /// The flag of `descent train`, without its dashes.
    public let name: String
    /// The possible values.
    package let values: Values

    /// The permitted magnitudes of an end that is not zero.
    private static let magnitudes = 1e-100...1e100

    /// Parses the range in `text`.
    ///
    /// - Throws: `usage` that says what is wrong with it.
    public init(parsing text: String) throws {
        func mistake(_ what: String) -> DescentError {
            DescentError(
                .usage, what, at: "`range` \(text)",
                expected: "such as lr=1e-4..1e-1:log, hidden=20..200 or optimizer=sgd,adam")
        }
        guard let sign = text.firstIndex(of: "=") else { throw mistake("a range without '='") }
        name = String(text[..<sign])
        let isName = name.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "-")
        }
        guard isName, let first = name.first, first != "-" else { throw mistake("not a name of a setting") }
        let rest = text[text.index(after: sign)...]
        guard let dots = rest.firstRange(of: "..") else {
            let choices = rest.split(
                separator: rest.contains("|") ? "|" : ",", omittingEmptySubsequences: false
            ).map(String.init)
            guard !choices.contains("") else { throw mistake("an empty value") }
            guard Set(choices).count == choices.count else { throw mistake("a value stands there twice") }
            values = .choice(choices)
            return
        }
        let lower = String(rest[..<dots.lowerBound])
        var upper = String(rest[dots.upperBound...])
        // Three dots, as Swift has them, would make the upper end a tenth of itself.
        guard !upper.hasPrefix(".") else { throw mistake("three dots, where two stand between the ends") }
        let isLogarithmic = upper.hasSuffix(":log")
        if isLogarithmic { upper.removeLast(4) }
        guard let from = Double(lower), let to = Double(upper), from.isFinite, to.isFinite else {
            throw mistake("the ends of the range are not numbers")
        }
        // So that neither the width of the range nor the ratio of its ends overflows.
        guard [from, to].allSatisfy({ $0 == 0 || Self.magnitudes.contains($0.magnitude) }) else {
            throw mistake("an end is beyond 1e-100 to 1e100")
        }
        guard from < to else { throw mistake("the first end must be below the second") }
        guard !isLogarithmic || from > 0 else { throw mistake("a logarithmic range must lie above 0") }
        if let from = Int(lower), let to = Int(upper) {
            guard from.magnitude < 1 << 50, to.magnitude < 1 << 50 else {
                throw mistake("the range is too long")
            }
            values = .whole(from...to, isLogarithmic: isLogarithmic)
        } else {
            values = .real(from...to, isLogarithmic: isLogarithmic)
        }
    }

    /// The text that `init(parsing:)` reads.
    public var description: String {
        switch values {
        case .real(let range, let isLogarithmic):
            "\(name)=\(range.lowerBound)..\(range.upperBound)" + (isLogarithmic ? ":log" : "")
        case .whole(let range, let isLogarithmic):
            "\(name)=\(range.lowerBound)..\(range.upperBound)" + (isLogarithmic ? ":log" : "")
        case .choice(let values):
            "\(name)=" + values.joined(separator: values.contains { $0.contains(",") } ? "|" : ",")
        }
    }

    /// Whether a chart's axis for it should be logarithmic; nil where its values are not numbers.
    public var isLogarithmic: Bool? {
        switch values {
        case .real(_, let isLogarithmic), .whole(_, let isLogarithmic): isLogarithmic
        case .choice: nil
        }
    }

    /// Returns a value for `share`, evenly distributed in 0 ..< 1, as a flag takes it. Numbers have four digits, the
    /// range's ends all of theirs: the printed value is the one tried.
    func value(at share: Double) -> String {
        switch values {
        case .real(let range, let isLogarithmic):
            let (low, high) = (range.lowerBound, range.upperBound)
            let value =
                isLogarithmic ? low * Mathematics.power(high / low, share) : low + share * (high - low)
            // Clamped to the range afterwards: four digits may be outside of a narrow one.
            return min(max(Self.fourDigits(value), low), high).description
        case .whole(let range, let isLogarithmic):
            let (low, high) = (range.lowerBound, range.upperBound)
            guard isLogarithmic else {
                return String(low + min(high - low, Int(share * Double(high - low + 1))))
            }
            // Each whole number has the part of the axis from half before to half after it.
            let (start, end) = (Double(low) - 0.5, Double(high) + 0.5)
            return String(min(high, max(low, Int((start * Mathematics.power(end / start, share)).rounded()))))
        case .choice(let values): return values[min(values.count - 1, Int(share * Double(values.count)))]
        }
    }

    private static func fourDigits(_ value: Double) -> Double {
        guard value != 0 else { return 0 }
        let exponent = Int(Mathematics.log10(abs(value)).rounded(.down)) - 3
        let digits = Int((value / Mathematics.power(10, Double(exponent))).rounded())
        return Double("\(digits)e\(exponent)") ?? value
    }
}

/// Successive halving: a few epochs for many settings, more for the best of them.
///
/// Source: Jamieson and Talwalkar 2016, "Non-stochastic best arm identification and hyperparameter optimization".
public struct SuccessiveHalving: Sendable, Equatable {
    /// One round: this many trials, each trained for so many epochs from new weights.
    public struct Rung: Sendable, Equatable {
        /// The number of settings to try.
        public var trials: Int
        /// Epochs of each.
        public var epochs: Int
    }

    /// The rounds, from the many to the few.
    public let rungs: [Rung]

    /// Rounds that begin with `trials` settings and end with some that get all `epochs`; in each, one of `factor` continues,
    /// with `factor` times the epochs. A factor of 1 makes one round: random search.
    ///
    /// - Precondition: all are positive.
    public init(trials: Int, epochs: Int, factor: Int) {
        require(trials > 0 && epochs > 0 && factor > 0, "a search takes trials and epochs")
        var powers = [1]
        while factor > 1, let last = powers.last, last <= min(trials, epochs) / factor {
            powers.append(last * factor)
        }
        rungs = powers.indices.map { place in
            Rung(
                trials: max(1, trials / powers[place]),
                epochs: max(1, epochs / powers[powers.count - 1 - place]))
        }
    }

    /// Epochs of all rounds together.
    public var totalEpochs: Int { rungs.reduce(0) { $0 + $1.trials * $1.epochs } }
}
