import Datasets
import ExampleData
import Networks

extension Trainer {
    /// Creates a trainer whose settings follow from the examples: from how many there are, and what they are.
    ///
    /// Few examples are seen more often and in smaller batches, so that there are some hundred steps at least; Adam's
    /// learning rate rises and falls once (Smith and Topin 2019, "Super-convergence"); images are changed a little each time,
    /// photographs also mirrored and lit otherwise, grey images not, because they may be characters. Nothing is measured, so
    /// equal examples give equal settings.
    ///
    /// ```swift
    /// let model = try TrainableNetwork(named: "auto", for: photos.train)
    /// try Trainer.automatic(for: photos.train).fit(model.network, on: photos.train)
    /// ```
    ///
    /// - Parameters:
    ///   - examples: the training set.
    ///   - seed: the seed of everything random, 0 ..< 2^32.
    /// - Complexity: O(1).
    public static func automatic(for examples: some ExampleSource, seed: Int = 1) -> Trainer {
        let count = max(examples.count, 1)
        let isImage = FeatureMatrix.isImage(examples.exampleShape)
        let batchSize = count < 4_000 ? 32 : count < 20_000 ? 64 : 128
        // Examples seen in all: 40,000, but no less than ten times each, and no more often than sixty.
        let epochs = min(max((40_000 + count - 1) / count, 10), 60)
        let loss: Loss =
            examples.classNames.isEmpty
            ? .meanSquaredError : isImage ? .crossEntropy(smoothing: 0.05) : .crossEntropy
        var trainer = Trainer(
            optimizer: .adam(learningRate: 0.005), loss: loss,
            batchSize: batchSize, epochs: epochs, seed: seed, reinitializesWeights: true)
        trainer.schedule = .oneCycle()
        trainer.augmentation = isImage ? augmentation(for: examples.exampleShape) : nil
        // Measuring all would be a third of the time.
        if count > 5_000 { trainer.trainingSample = 2_000 }
        return trainer
    }

    /// The changes that images of this shape stand: none of them mirrors grey images or moves them far.
    private static func augmentation(for shape: [Int]) -> Augmentation {
        if shape.count == 3 { return .photographs }
        var changes = Augmentation(rotation: 8, scaling: 0.1)
        changes.shiftShare = 0.08
        return changes
    }
}
