import Arrays
import CKernels
import Support

/// A distance between two rows.
///
/// ```swift
/// let metric = try Metric(parsing: "minkowski:3")
/// ```
public enum Metric: Equatable, Hashable, Sendable, CustomStringConvertible {
    /// (sum (a - b)^2)^(1/2)
    case l2
    /// sum |a - b|
    case l1
    /// 1 - a.b / (|a| |b|), 0...2; 1 from a row of zeros to any.
    case cosine
    /// (sum |a - b|^p)^(1/p), p at least 1; for p infinite, max |a - b|.
    case minkowski(Double)

    /// `l2`, `l1`, `cosine`, `minkowski:3`, `minkowski:inf`; `euclidean` and `manhattan` are understood too.
    public var description: String {
        switch self {
        case .l2: "l2"
        case .l1: "l1"
        case .cosine: "cosine"
        case .minkowski(let p): p.isInfinite ? "minkowski:inf" : "minkowski:\(p.shortText)"
        }
    }

    /// Parses the metric that `text` names.
    ///
    /// - Throws: `usage` for an unknown name, or an exponent below 1.
    package init(parsing text: String) throws {
        var settings = SettingText(text, of: "metric")
        switch settings.name {
        case "l2", "euclidean": self = .l2
        case "l1", "manhattan": self = .l1
        case "cosine": self = .cosine
        case "minkowski":
            guard let value = settings.text("p", main: true) else {
                throw settings.wrong("p", expected: "a number, 1 or more", got: "")
            }
            guard let exponent = Double(value), exponent >= 1 else {
                throw settings.wrong("p", expected: "a number, 1 or more", got: value)
            }
            self = .minkowski(exponent)
        default: throw settings.unknownName(known: Self.names)
        }
        try settings.finish()
    }

    private static let names = ["l2", "l1", "cosine", "minkowski:P"]
    /// One of each, for a shell's completions.
    package static let examples: [Metric] = [.l2, .l1, .cosine, .minkowski(3)]

    /// Requires an exponent of at least 1: below, there is no triangle inequality.
    func check() throws {
        guard case .minkowski(let exponent) = self, !(exponent >= 1) else { return }
        throw DescentError(
            .usage, "impossible exponent of a Minkowski metric", expected: "1 or more", got: "\(exponent)")
    }

    /// The kernel's key: the quantity it orders by, and the exponent where it needs one.
    var key: (kind: Int32, exponent: Double) {
        switch self {
        case .l2, .minkowski(2): (Int32(CK_KEY_SQUARE), 2)
        case .l1, .minkowski(1): (Int32(CK_KEY_SUM), 1)
        case .cosine: (Int32(CK_KEY_COSINE), 0)
        case .minkowski(.infinity): (Int32(CK_KEY_LARGEST), 0)
        case .minkowski(let exponent): (Int32(CK_KEY_POWER), exponent)
        }
    }

    /// Returns the distance that belongs to a key.
    func distance(ofKey key: Double) -> Double {
        switch self {
        case .l2, .minkowski(2): key.squareRoot()
        case .l1, .cosine, .minkowski: key
        }
    }
}

extension Double {
    /// Without ".0" after a whole number.
    var shortText: String { self == rounded() && magnitude < 1e15 ? "\(Int(self))" : "\(self)" }
}
