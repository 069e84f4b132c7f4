import ArgumentParser
import Descent

/// The tools of the trade that a training has besides an optimiser.
struct ToolOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What is made small: cross-entropy (as in cross-entropy:smoothing=0.1; weights=1/2/1 with a weight for each class), mean-squared-error, binary-cross-entropy, hinge, huber:1.",
            valueName: "name"), completion: .list(Completions.losses), transform: { try Loss(parsing: $0) })
    var loss = Loss.crossEntropy

    @Option(
        help: ArgumentHelp(
            "How the learning rate changes: constant, step:5, exponential:0.95, cosine, one-cycle, plateau, warm-up:100+cosine.",
            valueName: "name"), completion: .list(Completions.schedules),
        transform: { try Schedule(parsing: $0) })
    var schedule = Schedule.constant

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Draw weights towards zero; biases and normalisation are spared.", valueName: "rate"))
    var weightDecay: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Leave out this share of each hidden dense layer's outputs in training.", valueName: "rate"))
    var dropout: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Shorten all gradients together to this length if longer.", valueName: "length"))
    var clipNorm: Double?

    @Option(
        help: ArgumentHelp(
            "End after n epochs no better than the best (n:accuracy; by the validation loss unless told), whose weights are kept.",
            valueName: "n"), transform: { try Patience(parsing: $0) })
    var patience: Patience?

    @Option(
        help: ArgumentHelp(
            "Change the images each time: digits, photos, none, or of shift=2, rotate=10, scale=0.1, elastic=34, flip=0.5, colour=0.2 with commas between them (default: photos for colour pictures of your own).",
            valueName: "how"), completion: .list(Completions.augmentations),
        transform: { $0 == "none" ? Augmentation() : try Augmentation(parsing: $0) })
    var augment: Augmentation?

    @Option(
        help: ArgumentHelp(
            "Keep an average of the weights: ema:0.999, or swa:from=STEP,every=1.", valueName: "rule"),
        completion: .list(Completions.averages), transform: { try WeightAverage.Rule(parsing: $0) })
    var average: WeightAverage.Rule?

    @Option(
        help: ArgumentHelp(
            "What products are made in: float32 or bf16 (default: float32; a recipe's: bf16 where the processor gains by it).",
            valueName: "name"))
    var precision: Precision?

    /// Refuses values out of range.
    func check(optimizer: OptimizerName) throws {
        func check(_ flag: String, _ value: Double?, _ expected: String, _ isPossible: (Double) -> Bool)
            throws
        {
            guard let value, !isPossible(value) else { return }
            throw DescentError(.usage, "not a possible value", at: flag, expected: expected, got: "\(value)")
        }
        // Training computes in single precision: a value beyond its range would come out as another flag's mistake.
        let largest = Double(Float.greatestFiniteMagnitude)
        try check("--weight-decay", weightDecay, "0 to 3.4e38") { (0...largest).contains($0) }
        try check("--dropout", dropout, "0 or more, below 1") { $0 >= 0 && $0 < 1 }
        try check("--clip-norm", clipNorm, "1.2e-38 to 3.4e38", GradientClipping.limits.contains)
    }

    /// Puts the tools into the trainer.
    func apply(to trainer: inout Trainer) {
        trainer.loss = loss
        trainer.schedule = schedule
        if let weightDecay {
            trainer.optimizer.weightDecay = Float(weightDecay)
            trainer.decaysBiasesAndNorms = false
        }
        trainer.clipping = clipNorm.map { .norm($0) }
        if let precision { trainer.precision = precision }
        trainer.average = average
        trainer.patience = patience
        // `none` is no change, which is said by a flag so that it is no default either.
        trainer.augmentation = augment == Augmentation() ? nil : augment
    }
}

extension Precision: ExpressibleByArgument {}
