import Arrays
import CKernels
import Support
import Synchronization

/// The examples of one training step: rows of features that are gathered when a network asks for them, and their targets.
///
/// ```swift
/// let batch = Batch(of: pixels, targets: .classes(labels), rows: [5, 0, 4])
/// let loss = step(batch)
/// ```
public struct Batch: Sendable {
    /// The features that the rows are of.
    public let features: FeatureMatrix
    /// The examples, as rows of `features`.
    public let rows: [Int32]
    /// Their targets, in the same order.
    public let targets: Targets
    /// The rows that the loader will give next, to be fetched from memory while this batch is computed.
    package let upcoming: UpcomingRows?

    /// The examples `rows` of `features`.
    ///
    /// `targets`: those of all rows of `features`.
    ///
    /// - Precondition: as many targets as features; every row is one of them.
    public init(of features: FeatureMatrix, targets: Targets, rows: [Int32]) {
        require(
            targets.count == features.count, "\(targets.count) targets for \(features.count) examples")
        features.requireRows(rows)
        self.init(features, rows, targets.gathered(rows), upcoming: nil)
    }

    /// All rows of `features`.
    ///
    /// - Precondition: as many targets as features.
    public init(_ features: FeatureMatrix, targets: Targets) {
        require(
            targets.count == features.count, "\(targets.count) targets for \(features.count) examples")
        self.init(features, (0..<features.count).map { Int32($0) }, targets, upcoming: nil)
    }

    /// Rows and targets that belong together.
    init(_ features: FeatureMatrix, _ rows: [Int32], _ targets: Targets, upcoming: UpcomingRows?) {
        (self.features, self.rows, self.targets, self.upcoming) = (features, rows, targets, upcoming)
    }

    /// The number of examples.
    public var count: Int { rows.count }
}

/// The rows of the batch that will come next, which are asked of the memory ahead of need: rows of a random batch lie anywhere
/// in tens of megabytes, and waiting for them took a quarter of a step.
///
/// A kernel that takes charge of them fetches them while it computes something else; a step fetches what no kernel took.
package final class UpcomingRows: Sendable {
    private let features: FeatureMatrix
    private let rows: [Int32]
    private let isTaken = Atomic<Bool>(false)

    /// - Precondition: every row is in `0 ..< features.count`.
    package init(_ features: FeatureMatrix, rows: [Int32]) {
        features.requireRows(rows)
        (self.features, self.rows) = (features, rows)
    }

    /// Takes charge of fetching the rows; false if that was done before.
    package func take() -> Bool { !isTaken.exchange(true, ordering: .relaxed) }

    /// Asks the memory for the rows, unless a kernel does.
    package func fetchIfNotTaken() {
        guard take() else { return }
        withKernelForm { if let rows = $0 { ck_prefetch_rows(rows) } }
    }

    /// Calls `body` with the rows as kernels ask for them ahead of need, nil where there are no bytes to ask for; it is valid
    /// only during the call.
    package func withKernelForm<Result>(_ body: (UnsafePointer<ck_upcoming_rows>?) -> Result) -> Result {
        guard case .bytes(let bytes) = features.storage else { return body(nil) }
        return bytes.withUnsafeElements { bytes in
            rows.withUnsafeBufferPointer { rows in
                var upcoming = ck_upcoming_rows(
                    dense: bytes.baseAddress, rows: rows.baseAddress, count: rows.count,
                    width: features.featureCount)
                return body(&upcoming)
            }
        }
    }
}
