import Arrays
import Support

/// The order of the examples in training: a fresh permutation for each epoch, from one generator, cut into batches.
///
/// ```swift
/// var sampler = BatchSampler(count: 60_000, batchSize: 100, random: RandomState(1))
/// let epoch = sampler.nextEpoch()
/// epoch.count        // 600
/// epoch[0].count     // 100
/// ```
public struct BatchSampler: Sendable {
    /// The rule for the rows of an epoch that fill no batch.
    public enum LastBatch: Sendable {
        /// They are a smaller batch.
        case smaller
        /// They are left out; if there are fewer examples than a batch has, all of them are one batch.
        case leftOut
    }

    /// The number of examples.
    package let count: Int
    /// The number of examples in a batch.
    package let batchSize: Int
    /// The rule for the rows that fill no batch.
    package let lastBatch: LastBatch
    /// The number of epochs that have begun.
    package private(set) var epoch: Int
    /// The generator after the newest epoch's order was drawn, and before.
    package private(set) var random: RandomState
    package private(set) var randomBefore: RandomState
    /// The next epoch's order and the generator after it, drawn ahead; `random` is unchanged until then, so that checkpoints do
    /// not depend on it.
    private var ahead: (order: [Int32], random: RandomState)?

    /// Creates a sampler of `count` examples.
    ///
    /// `epoch`: the number of epochs before, in a resumed run.
    ///
    /// - Precondition: `batchSize` is positive, `count` is not negative.
    public init(
        count: Int, batchSize: Int, lastBatch: LastBatch = .smaller, random: RandomState, epoch: Int = 0
    ) {
        require(batchSize > 0 && count >= 0, "batches of \(batchSize) from \(count) examples")
        self.count = count
        self.batchSize = lastBatch == .smaller ? batchSize : max(1, min(batchSize, count))
        self.lastBatch = lastBatch
        self.epoch = epoch
        (self.random, randomBefore) = (random, random)
    }

    /// The number of batches in an epoch.
    public var batchesPerEpoch: Int {
        lastBatch == .smaller ? (count + batchSize - 1) / batchSize : count / batchSize
    }

    /// Begins an epoch and returns its batches, in an order drawn for it.
    public mutating func nextEpoch() -> EpochBatches {
        randomBefore = random
        epoch += 1
        let order: [Int32]
        if let ahead {
            (order, random) = ahead
            self.ahead = nil
        } else {
            order = random.permutationIndices(count)
        }
        return EpochBatches(order: order, batchSize: batchSize, count: batchesPerEpoch)
    }

    /// Returns the batches of the next epoch without beginning it.
    mutating func upcomingEpoch() -> EpochBatches {
        var later = random
        let order = ahead?.order ?? later.permutationIndices(count)
        if ahead == nil { ahead = (order, later) }
        return EpochBatches(order: order, batchSize: batchSize, count: batchesPerEpoch)
    }
}

/// The batches of one epoch, as rows.
public struct EpochBatches: Sendable {
    private let order: [Int32]
    private let batchSize: Int
    /// The number of batches.
    package let count: Int

    /// Creates the batches of an order. `count`: nil for all of them, the last of which may be smaller.
    package init(order: [Int32], batchSize: Int, count: Int? = nil) {
        (self.order, self.batchSize) = (order, batchSize)
        self.count = count ?? (order.count + batchSize - 1) / batchSize
    }

    /// The rows of a batch; none after the last.
    package subscript(batch: Int) -> [Int32] {
        guard batch < count else { return [] }
        return Array(order[batch * batchSize..<min(order.count, (batch + 1) * batchSize)])
    }
}
