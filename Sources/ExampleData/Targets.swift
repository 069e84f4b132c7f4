import Arrays
import Support

/// The targets of examples: a class for each, or numbers.
public enum Targets: Sendable, Equatable {
    /// The class index of each, from 0.
    case classes([Int32])
    /// The numbers of each: [N, K].
    case values(NDArray<Float>)

    /// The number of examples, N.
    public var count: Int {
        switch self {
        case .classes(let classes): classes.count
        case .values(let values): values.shape[0]
        }
    }

    /// The class of each; nil where the targets are numbers.
    public var classes: [Int32]? { if case .classes(let classes) = self { classes } else { nil } }

    /// Returns the targets of the examples `rows`, in that order.
    ///
    /// - Precondition: every row is in `0 ..< count`.
    package func gathered(_ rows: [Int32]) -> Targets {
        switch self {
        case .classes(let classes):
            let gathered = [Int32](unsafeUninitializedCapacity: rows.count) { gathered, count in
                for (place, row) in rows.enumerated() { gathered[place] = classes[Int(row)] }
                count = rows.count
            }
            return .classes(gathered)
        case .values(let values):
            let features = FeatureMatrix.floats(values).gathered(rows)
            guard case .floats(let gathered) = features.storage else { mistake("numbers are floats") }
            return .values(gathered)
        }
    }

    /// The targets of the examples of a range.
    ///
    /// - Precondition: the range lies within 0..<N.
    public subscript(range: Range<Int>) -> Targets {
        switch self {
        case .classes(let classes): .classes(Array(classes[range]))
        case .values(let values): .values(values[range])
        }
    }
}
