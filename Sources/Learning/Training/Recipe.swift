import Autodiff
import Datasets
import Networks

/// A network and all settings of its training, found to be good at MNIST in some time.
///
/// They were chosen on 10,000 of the training images, held back; the test images were not looked at. Training scores are of
/// 2,000 examples; `descent train --recipe` uses the test images once, at the end.
///
/// ```swift
/// let recipe = Recipe.named("fast-99")
/// ```
public struct Recipe: Sendable, Equatable {
    /// What it is called.
    public let name: String
    /// What it is for.
    public let summary: String
    /// The network's name, see `Architecture.init(named:)`.
    public let model: String
    /// How it is trained; the seed is the caller's.
    public let trainer: Trainer

    private init(
        _ name: String, _ summary: String, model: String, rate: Float, batchSize: Int, epochs: Int,
        augmentation: Augmentation? = nil
    ) {
        (self.name, self.summary, self.model) = (name, summary, model)
        var trainer = Trainer(optimizer: .adam(learningRate: rate), batchSize: batchSize, epochs: epochs)
        trainer.schedule = .oneCycle(rise: 0.2, startDivisor: 5)
        trainer.augmentation = augmentation
        // Eight bits of fraction are enough for these networks, and twice as fast where the processor has them.
        trainer.precision = Precision.bfloat16.isAvailable ? .bfloat16 : .float32
        // Measuring all 60,000 would be a third of the time.
        trainer.trainingSample = 2000
        self.trainer = trainer
    }

    /// All of them.
    public static let all = [
        Recipe(
            "fast-99", "99 % soon: two convolutions, one epoch of small batches",
            model: "conv:16@5,pool,32@5n,pool,64", rate: 0.005, batchSize: 32, epochs: 1),
        Recipe(
            "fast-994", "99.4 % soon: two wider convolutions, six epochs of images moved and turned a little",
            model: "conv:24@5n,pool,48@5n,pool,128", rate: 0.004, batchSize: 100, epochs: 6,
            augmentation: Augmentation(shift: 1, rotation: 6, scaling: 0.06)),
        Recipe(
            "best-996", "towards 99.6 %: two wider convolutions, dropout, sixteen epochs of distorted images",
            model: "conv:24@5n,pool,48@5n,pool,dropout0.3,128", rate: 0.004, batchSize: 100, epochs: 16,
            augmentation: Augmentation(shift: 2, rotation: 10, scaling: 0.1, elastic: 10)),
        Recipe(
            "mlp-993", "towards 99.3 % without convolutions: one hidden layer of 800 and elastic distortions",
            model: "mlp:800", rate: 0.001, batchSize: 100, epochs: 60,
            augmentation: Augmentation(shift: 2, rotation: 10, scaling: 0.1, elastic: 20)),
    ]

    /// The recipe of that name; nil when there is none.
    public static func named(_ name: String) -> Recipe? { all.first { $0.name == name } }
}
