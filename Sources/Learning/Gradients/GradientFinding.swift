/// A pattern in the differences between numerical and back-propagated gradients, and what it usually means.
public enum GradientFinding: Sendable, Equatable {
    /// All differences are within the tolerance.
    case agrees
    /// So many numbers differ because a slope jumps within the step.
    case kinks(Int)
    /// The differences are no larger than the rounding of the loss, divided by the step.
    case rounding
    /// A smaller step makes the differences smaller.
    case curvature
    /// Back-propagated gradients are the numerical ones times a factor.
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
    /// Some are not numbers.
    case notFinite
    /// A part of the numbers differs, without a pattern that is known here.
    case some(Int, of: Int)
    /// All biases differ, no weight does.
    case biasesOnly
    /// All parameters from the first to this one differ, those after it agree.
    case upTo(String)

    /// Whether it says that back-propagation is right.
    public var isHarmless: Bool {
        switch self {
        case .agrees, .kinks: true
        default: false
        }
    }

    /// Whether it says that back-propagation is wrong; otherwise it is right, or the step does not let it be known.
    var isMistake: Bool { !isHarmless && self != .rounding && self != .curvature }

    /// The pattern's name in JSON.
    public var name: String {
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

    /// What is seen and what it usually means, in a sentence or two.
    public var words: String {
        switch self {
        case .agrees: "agrees"
        case .kinks(let count):
            "\(Numerals.counted(count, "number")) at a kink: ReLU or a maximum changes sides within the step, and the "
                + "difference quotient mixes two slopes. Not a mistake; a smaller --step leaves fewer"
        case .rounding:
            "the step is too small: what is seen is the rounding of the loss divided by it. Try --step 1e-5"
        case .curvature:
            "the step is too large: the differences shrink with it, as the curvature's part does. Try --step 1e-5"
        case .factor(let factor):
            "\(Numerals.twoDigits(factor)) times too \(abs(factor) < 1 ? "small" : "large") everywhere: "
                + "a constant was forgotten in a derivative, such as the 2 of a square or the 1/2 of a squared error"
        case .sumForMean(let rows):
            "\(rows) times too large, and there are \(rows) examples: the loss is a mean, so its gradient needs 1/N"
        case .dividedTwice(let rows):
            "\(rows) times too small, and there are \(rows) examples: 1/N is applied twice"
        case .sign: "the sign is wrong everywhere: prediction minus target, not target minus prediction"
        case .missing:
            "always zero: the way back does not reach it (a pullback that returns nothing, a copy that is off the tape)"
        case .transposed:
            "the right numbers at the places of the transposed matrix: transpose(x) g, not transpose(g) x"
        case .notFinite: "some are not finite numbers: an overflow, a logarithm of zero or a division by zero"
        case .some(let count, let total):
            "\(Numerals.grouped(count)) of \(Numerals.grouped(total)) numbers differ without a known pattern: look "
                + "at where they lie in the heat map (whole rows or columns: one unit; few points: special values)"
        case .biasesOnly:
            "weights agree and biases do not: a bias is added to every example, so its gradient is summed over them"
        case .upTo(let name):
            "everything up to \(name) differs and all behind it agrees: look at the derivative that the layer behind "
                + "\(name) hands down by its input, or at its activation's"
        }
    }
}
