import Descent

/// A network that learns in steps of Adam, one random batch for each call.
struct NetworkTraining {
    private let loader: BatchLoader
    private let network: Sequential
    private var learn: TrainingStep

    init(
        _ name: String, _ examples: LabeledExamples, imageShape: [Int]? = nil, batch: Int,
        precision: Precision
    ) throws {
        var random = RandomState(1)
        network = try Architecture(
            named: name, inputs: examples.features.featureCount, imageShape: imageShape, classes: 10
        ).makeNetwork(using: &random)
        learn = TrainingStep(network, optimizer: .adam(), precision: precision)
        loader = BatchLoader(
            examples,
            sampler: BatchSampler(
                count: examples.count, batchSize: batch, lastBatch: .leftOut, random: random))
    }

    mutating func step() {
        // Nothing that is in memory throws.
        guard let batch = try? loader.next() else { return }
        _ = learn(batch)
    }

    /// On the first 2,000 images, as the peers have it: enough to see that it learns.
    func accuracy(on images: LabeledExamples) -> Double {
        let rows = 0..<min(2000, images.count)
        let said = (try? network.predictions(for: .bytes(images.images), rows: rows))?.labels ?? []
        let correct = zip(said, images.classes).count { $0 == $1 }
        return Double(correct) / Double(said.count)
    }
}
