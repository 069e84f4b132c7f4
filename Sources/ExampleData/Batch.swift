import Arrays
import CKernels
import Support
import Synchronization

/// A mini-batch: the examples of one training step, as rows of features that are gathered when a network reads them, and their
/// targets.
///
/// ```swift
/// let batch = Batch(of: pixels, targets: .classes(labels), rows: [5, 0, 4])
/// let loss = step(batch)
/// ```
public struct Batch: Sendable {
    /// The features that `rows` index.
    public let features: FeatureMatrix
    /// The examples, as rows of `features`.
    package let rows: [Int32]
    /// Their targets, in the same order.
    public let targets: Targets
    /// The prefetch hint: the rows of the next batch, fetched from memory while this one is computed.
    package let upcoming: UpcomingRows?

    /// Creates the batch of the examples `rows` of `features`.
    ///
    /// `targets`: the targets of all rows of `features`.
    ///
    /// - Precondition: as many targets as features; every row is one of them.
    public init(of features: FeatureMatrix, targets: Targets, rows: [Int32]) {
        require(
            targets.count == features.count, "\(targets.count) targets for \(features.count) examples")
        features.requireRows(rows)
        self.init(features, rows, targets.gathered(rows), upcoming: nil)
    }

    /// Creates the batch of all rows of `features`.
    ///
    /// - Precondition: as many targets as features.
    public init(_ features: FeatureMatrix, targets: Targets) {
        require(
            targets.count == features.count, "\(targets.count) targets for \(features.count) examples")
        self.init(features, (0..<features.count).map { Int32($0) }, targets, upcoming: nil)
    }

    /// Creates a batch from rows and the targets of these rows.
    init(_ features: FeatureMatrix, _ rows: [Int32], _ targets: Targets, upcoming: UpcomingRows?) {
        (self.features, self.rows, self.targets, self.upcoming) = (features, rows, targets, upcoming)
    }

    /// The number of examples.
    public var count: Int { rows.count }
}

/// A prefetch hint: the rows of the next batch. Rows of a random batch are spread over tens of megabytes, and waiting for them
/// took a quarter of a step.
///
/// A kernel that takes over the prefetch does it while it computes; a step prefetches what no kernel has taken over.
package final class UpcomingRows: Sendable {
    private let features: FeatureMatrix
    private let rows: [Int32]
    private let isTaken = Atomic<Bool>(false)

    /// - Precondition: every row is in `0 ..< features.count`.
    package init(_ features: FeatureMatrix, rows: [Int32]) {
        features.requireRows(rows)
        (self.features, self.rows) = (features, rows)
    }

    /// Takes over the prefetch; returns false if it was taken over before.
    package func take() -> Bool { !isTaken.exchange(true, ordering: .relaxed) }

    /// Prefetches the rows, unless a kernel does.
    package func fetchIfNotTaken() {
        guard take() else { return }
        withKernelForm { if let rows = $0 { ck_prefetch_rows(rows) } }
    }

    /// Calls `body` with the rows as a prefetch hint for kernels, nil where the features are not bytes; the pointer is valid
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
