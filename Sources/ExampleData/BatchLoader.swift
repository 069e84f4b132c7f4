import Arrays
import Dispatch
import Support
import Synchronization

/// An augmentation: a random change of the examples each time they are trained on.
public protocol BatchAugmentation: Sendable {
    /// Returns the augmented examples `rows` of `features`; its random numbers follow from the epoch and the examples' numbers.
    ///
    /// - Parameters:
    ///   - numbers: the numbers of the examples in their source, as many as `rows`. They are `rows` where `features` are all of
    ///     the source, and others where only a batch has been read.
    ///   - parts: the number of parts into which the work may be cut for the pool of threads; 1 keeps it on the caller's
    ///     thread. The result does not depend on it.
    ///   - features: the rows to change.
    ///   - rows: the places in `features` of the batch's examples.
    ///   - epoch: the epoch, which makes another chance of the same seed.
    func augmented(
        _ features: FeatureMatrix, rows: [Int32], numbers: [Int32], epoch: Int, parts: Int
    ) -> FeatureMatrix
}

/// The batches of a training run, from a source of examples.
///
/// Features in memory are gathered lazily, by the step that reads them, and the rows of the next batch are prefetched
/// meanwhile. Augmented batches, and those of a source that is not in memory, are made one ahead, on a thread beside the pool,
/// because a region of the pool would hold up the step's. The batches follow from the sampler and the source, not from the time
/// at which they were made.
///
/// ```swift
/// let loader = BatchLoader(digits.train, sampler: BatchSampler(count: digits.train.count, batchSize: 100, random: RandomState(1)))
/// for _ in 0..<600 { _ = step(try loader.next()) }
/// ```
public final class BatchLoader {
    /// The order of the examples.
    package var sampler: BatchSampler
    private let source: any ExampleSource
    private let targets: Targets
    private let features: FeatureMatrix?
    private let augmentation: (any BatchAugmentation)?
    /// The maker of batches ahead; nil where they are gathered lazily.
    private let preparation: BatchPreparation?
    /// The epoch that `next` is in, and the batch of it that comes next.
    private var place: (batches: EpochBatches, epoch: Int, batch: Int)?

    /// Creates a loader of `source` in the order of `sampler`.
    ///
    /// - Precondition: the sampler's count is the source's.
    public init(
        _ source: any ExampleSource, sampler: BatchSampler, augmentation: (any BatchAugmentation)? = nil
    ) {
        require(
            sampler.count == source.count, "a sampler of \(sampler.count) for \(source.count) examples")
        (self.source, self.sampler, self.augmentation) = (source, sampler, augmentation)
        let features = source.residentFeatures
        (targets, self.features) = (source.targets, features)
        if augmentation != nil || features == nil {
            preparation = BatchPreparation {
                try Self.made(source, augmentation, rows: $0, epoch: $1, parts: $2)
            }
        } else {
            preparation = nil
        }
    }

    /// Returns the features of a batch that is made for its step: read where they are not in memory, and augmented.
    private static func made(
        _ source: any ExampleSource, _ augmentation: (any BatchAugmentation)?, rows: [Int32], epoch: Int,
        parts: Int
    ) throws -> FeatureMatrix {
        if let features = source.residentFeatures {
            return augmentation?.augmented(features, rows: rows, numbers: rows, epoch: epoch, parts: parts)
                ?? features.gathered(rows)
        }
        let read = try source.features(of: rows)
        guard let augmentation else { return read }
        return augmentation.augmented(
            read, rows: (0..<rows.count).map { Int32($0) }, numbers: rows, epoch: epoch, parts: parts)
    }

    /// Returns the batch of these rows of the sampler's epoch.
    ///
    /// - Parameters:
    ///   - next: the rows of the batch after it in this epoch, which is made ready; empty when there is none.
    ///   - endsRun: whether no epoch follows this one.
    /// - Throws: what the source throws.
    package func batch(_ rows: [Int32], next: [Int32], endsRun: Bool) throws -> Batch {
        if next.isEmpty, !endsRun, preparation != nil {
            return try batch(rows, sampler.epoch, next: sampler.upcomingEpoch()[0], sampler.epoch + 1)
        }
        return try batch(rows, sampler.epoch, next: next, sampler.epoch)
    }

    /// Returns the next batch, in one epoch after the other without end.
    ///
    /// - Throws: what the source throws.
    public func next() throws -> Batch {
        let now = advance()
        let later = advance(keeping: true)
        return try batch(now.rows, now.epoch, next: later.rows, later.epoch)
    }

    /// Returns the next rows, in one epoch after the other, and their epoch; `keeping`: without going on to them.
    private func advance(keeping: Bool = false) -> (rows: [Int32], epoch: Int) {
        if place.map({ $0.batch == $0.batches.count }) ?? true {
            place = (sampler.nextEpoch(), sampler.epoch, 0)
        }
        guard let place else { return ([], 0) }
        if !keeping { self.place?.batch += 1 }
        return (place.batches[place.batch], place.epoch)
    }

    private func batch(
        _ rows: [Int32], _ epoch: Int, next: [Int32], _ nextEpoch: Int
    ) throws -> Batch {
        if let preparation {
            let made = try preparation.take(rows, epoch: epoch)
            preparation.prepare(next, epoch: nextEpoch)
            return Batch(made, targets: targets.gathered(rows))
        }
        guard let features else { mistake("a batch without features") }
        features.requireRows(rows)
        return Batch(
            features, rows, targets.gathered(rows),
            upcoming: next.isEmpty ? nil : UpcomingRows(features, rows: next))
    }

    /// Returns whether the batch of these rows has been prepared; waits for one that was begun.
    package func isPrepared(_ rows: [Int32], epoch: Int) throws -> Bool {
        try preparation?.ready(rows, epoch: epoch) != nil
    }

    /// Returns the batch of these rows once more, as it was made for its step.
    ///
    /// - Throws: what the source throws.
    package func repeated(_ rows: [Int32]) throws -> Batch {
        if augmentation == nil, let features { return Batch(of: features, targets: targets, rows: rows) }
        return Batch(
            try Self.made(source, augmentation, rows: rows, epoch: sampler.epoch, parts: 1),
            targets: targets.gathered(rows))
    }
}

/// A maker of batches while the step before runs, one ahead, on a thread beside the pool.
final class BatchPreparation: Sendable {
    /// A batch, and the rows and the epoch that it was made from.
    private struct Prepared: Sendable {
        let epoch: Int
        let rows: [Int32]
        let features: Result<FeatureMatrix, any Error>
    }

    private let make: @Sendable (_ rows: [Int32], _ epoch: Int, _ parts: Int) throws -> FeatureMatrix
    private let queue = DispatchQueue(label: "descent.batches", qos: .userInitiated)
    private let prepared = Mutex<Prepared?>(nil)

    init(_ make: @escaping @Sendable ([Int32], Int, Int) throws -> FeatureMatrix) { self.make = make }

    /// Returns the batch of these rows: the prepared one, if it is that, after waiting for it.
    func take(_ rows: [Int32], epoch: Int) throws -> FeatureMatrix {
        if let ready = try ready(rows, epoch: epoch) { return ready }
        // Nothing runs beside: the pool is free.
        return try make(rows, epoch, 16)
    }

    /// Returns the batch of these rows if it was prepared, after waiting for it; nil otherwise.
    func ready(_ rows: [Int32], epoch: Int) throws -> FeatureMatrix? {
        // What was begun has ended after this.
        guard let ready = queue.sync(execute: { prepared.withLock { $0 } }), ready.epoch == epoch,
            ready.rows == rows
        else { return nil }
        return try ready.features.get()
    }

    /// Begins to make the batch of these rows.
    func prepare(_ rows: [Int32], epoch: Int) {
        guard !rows.isEmpty else { return }
        queue.async { [self] in
            // In one part: the pool belongs to the step that runs meanwhile.
            let features = Result { try make(rows, epoch, 1) }
            prepared.withLock { $0 = Prepared(epoch: epoch, rows: rows, features: features) }
        }
    }
}
