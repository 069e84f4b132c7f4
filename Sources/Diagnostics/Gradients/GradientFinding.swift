import Datasets
import Support

/// A finding of a gradient check: a pattern in the differences between numerical and back-propagated gradients, and its
/// usual cause.
public enum GradientFinding: Sendable, Equatable {
    /// All differences are within the tolerance.
    case agrees
    /// So many elements are where a slope jumps, also after all weights were moved a little: they are not checked.
    case kinks(Int)
    /// The differences are no larger than the rounding of the loss, divided by the step.
    case rounding
    /// A smaller step makes the differences smaller.
    case curvature
    /// The back-propagated gradients are the numerical ones times a factor.
    case factor(Double)
    /// They are the numerical ones times the number of examples.
    case sumForMean(Int)
    /// They are the numerical ones divided by the number of examples.
    case dividedTwice(Int)
    /// They have the other sign.
    case sign
    /// They are zero, and the numerical ones are not.
    case missing
    /// They are the numerical ones of the transposed matrix, or in its order.
    case transposed
    /// Some are not finite.
    case notFinite
    /// A part of the elements differs, without a known pattern.
    case some(Int, of: Int)
    /// All biases differ, no weight does.
    case biasesOnly
    /// All parameters from the first to this one differ, those after it agree.
    case upTo(String)

    /// Whether the finding says that back-propagation is right.
    public var isHarmless: Bool {
        switch self {
        case .agrees, .kinks: true
        default: false
        }
    }

    /// Whether the finding says that back-propagation is wrong; otherwise it is right, or the step does not allow a
    /// judgement.
    var isMistake: Bool { !isHarmless && self != .rounding && self != .curvature }

    /// The pattern's name in JSON.
    package var name: String {
        switch self {
        case .agrees: "agrees"
        case .kinks: "kinks"
        case .rounding: "rounding"
        case .curvature: "curvature"
        case .factor: "factor"
        case .sumForMean: "sum-for-mean"
        case .dividedTwice: "divided-twice"
        case .sign: "sign"
        case .missing: "missing"
        case .transposed: "transposed"
        case .notFinite: "not-finite"
        case .some: "some"
        case .biasesOnly: "biases-only"
        case .upTo: "up-to"
        }
    }

    /// The pattern in two or three words.
    package var label: String {
        switch self {
        case .agrees: "agrees"
        case .kinks(let count): "\(Numerals.grouped(count)) not checked"
        case .rounding: "step too small"
        case .curvature: "step too large"
        case .factor(let factor): "\(Numerals.twoDigits(factor)) times"
        case .sumForMean: "sum, not mean"
        case .dividedTwice: "divided twice"
        case .sign: "wrong sign"
        case .missing: "always zero"
        case .transposed: "transposed"
        case .notFinite: "not finite"
        case .some(let count, let total): "\(Numerals.grouped(count)) of \(Numerals.grouped(total)) differ"
        case .biasesOnly: "biases only"
        case .upTo(let name): "up to \(name)"
        }
    }

    /// The observation and its usual cause, in a sentence or two.
    public var words: String {
        switch self {
        case .kinks(let count):
            "\(Numerals.counted(count, "element")) \(count == 1 ? "is" : "are") \(clause)"
        case .some(let count, let total):
            "\(Numerals.grouped(count)) of \(Numerals.grouped(total)) elements \(clause)"
        default: clause
        }
    }

    /// The share of a parameter that the finding is about, where it is a part.
    var share: String? {
        switch self {
        case .kinks(let count): Numerals.counted(count, "element")
        case .some(let count, let total): "\(Numerals.grouped(count)) of \(Numerals.grouped(total))"
        default: nil
        }
    }

    /// Whether the finding is about the whole network and not about one parameter.
    var isOfTheWhole: Bool {
        switch self {
        case .biasesOnly, .upTo: true
        default: false
        }
    }

    /// Returns whether both are the same but for rounding.
    func isSame(_ other: GradientFinding) -> Bool {
        guard case .factor(let one) = self, case .factor(let two) = other else { return self == other }
        return abs(one - two) <= 1e-3 * abs(one)
    }

    /// Returns whether one sentence states both.
    func isLike(_ other: GradientFinding) -> Bool {
        switch (self, other) {
        case (.some, .some), (.kinks, .kinks): true
        default: isSame(other)
        }
    }

    /// The sentence without the number of elements.
    var clause: String {
        switch self {
        case .agrees: "agrees"
        case .kinks:
            "at a kink, where ReLU or a maximum changes sides and the difference quotient mixes two slopes, with a "
                + "finer step and with other weights too. They are not checked; another seed looks elsewhere"
        case .rounding:
            "the step is too small: what is seen is the rounding of the loss divided by it. Try a step of 1e-5"
        case .curvature:
            "the step is too large: the differences shrink with it, as the curvature's part does. Try a step of 1e-5"
        case .factor(let factor):
            "\(Numerals.twoDigits(factor)) times too \(abs(factor) < 1 ? "small" : "large") everywhere: "
                + "a constant was forgotten in a derivative, such as the 2 of a square or the 1/2 of a squared error"
        case .sumForMean(let rows):
            "\(rows) times too large, and there are \(rows) examples: the loss is a mean, so its gradient needs 1/N"
        case .dividedTwice(let rows):
            "\(rows) times too small, and there are \(rows) examples: 1/N is applied twice"
        case .sign: "the sign is wrong everywhere: prediction minus target, not target minus prediction"
        case .missing:
            "always zero: the backward pass does not reach it (a pullback that returns nothing, a copy that is off the tape)"
        case .transposed:
            "the right values at the indices of the transposed matrix: transpose(x) g, not transpose(g) x"
        case .notFinite: "some are not finite: an overflow, a logarithm of zero or a division by zero"
        case .some:
            "differ without a known pattern: look at where they are in the heat map (whole rows or columns: one unit; "
                + "few points: special values)"
        case .biasesOnly:
            "weights agree and biases do not: a bias is added to every example, so its gradient is summed over them"
        case .upTo(let name):
            "everything up to \(name) differs and all after it agrees: look at the derivative that the layer after "
                + "\(name) hands down by its input, or at its activation's"
        }
    }
}
