import Arrays
import Autodiff
import Datasets
import Dispatch
import Synchronization

/// Makes augmented batches while the step before runs, on a thread beside the pool: one batch ahead of need.
///
/// What comes out follows from the seed, the epoch and the rows; when it was made decides nothing.
final class BatchPreparation: Sendable {
    /// A batch and what it was made from.
    private struct Prepared: Sendable {
        let epoch: Int
        let rows: [Int32]
        let inputs: ByteRows
    }

    private let images: NDArray<UInt8>
    private let augmentation: Augmentation
    private let seed: Int
    private let queue = DispatchQueue(label: "descent.batches", qos: .userInitiated)
    private let prepared = Mutex<Prepared?>(nil)

    init(_ images: NDArray<UInt8>, _ augmentation: Augmentation, seed: Int) {
        self.images = images
        self.augmentation = augmentation
        self.seed = seed
    }

    /// The batch of these rows: the prepared one if it is that, after waiting for it if need be.
    func take(_ rows: [Int32], epoch: Int) -> ByteRows {
        if let ready = ready(rows, epoch: epoch) { return ready }
        // Nothing runs beside: the pool is free.
        return make(rows, epoch, parts: 16)
    }

    /// The batch of these rows if it was prepared, after waiting for it if need be; nil otherwise.
    func ready(_ rows: [Int32], epoch: Int) -> ByteRows? {
        // What was begun has ended after this.
        guard let ready = queue.sync(execute: { prepared.withLock { $0 } }), ready.epoch == epoch,
            ready.rows == rows
        else { return nil }
        return ready.inputs
    }

    /// Begins with the batch of these rows.
    func prepare(_ rows: [Int32], epoch: Int) {
        guard !rows.isEmpty else { return }
        queue.async { [self] in
            // In one part: the pool belongs to the step that runs meanwhile.
            let inputs = make(rows, epoch, parts: 1)
            prepared.withLock { $0 = Prepared(epoch: epoch, rows: rows, inputs: inputs) }
        }
    }

    private func make(_ rows: [Int32], _ epoch: Int, parts: Int) -> ByteRows {
        ByteRows(augmentation.images(images, rows: rows, seed: seed, epoch: epoch, parts: parts))
    }
}
