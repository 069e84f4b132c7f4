import Arrays
import Autodiff
import Classical
import ExampleData
import Inference
import Networks
import Regression
import Support
import Training

/// A trained network as a regressor: one output, brought back into the units of the targets.
///
/// It is immutable and may be called from any number of tasks at once.
public struct NetworkRegressor: TrainedRegressor {
    /// The network's architecture.
    package let architecture: Architecture
    /// The network, compiled for one row; it answers in deviations of the training targets.
    package let compiled: CompiledNetwork
    /// The values of its parameters.
    package let weights: [NamedWeights]
    /// What brings its outputs into the units of the targets.
    public let targetScaling: TargetScaling

    /// Creates a regressor with a network's present weights, which were trained on standardised targets.
    ///
    /// - Throws: `usage` when the network does not take the architecture's rows, has not one output, or has another number of
    ///   values than the architecture's `cost` says.
    package init(
        _ network: Sequential, architecture: Architecture, targetScaling: TargetScaling
    ) throws(DescentError) {
        self.architecture = architecture
        self.targetScaling = targetScaling
        compiled = try network.compiled(for: architecture.inputShape)
        weights = NamedWeights.all(of: network)
        guard compiled.outputShape == [1] else {
            throw DescentError(
                .usage, "the network has not one output", at: architecture.name, expected: "[1]",
                got: "\(compiled.outputShape)")
        }
        let counts = Dictionary(weights.map { ($0.name, $0.value.count) }) { $1 }
        let stored = counts.values.reduce(0, +)
        guard architecture.cost.storedValues == stored else {
            throw DescentError(
                .usage, "the network has another number of values than its architecture",
                at: architecture.name,
                expected: "\(architecture.cost.storedValues) by the layers' cost(for:)", got: "\(stored)")
        }
    }

    /// The architecture's name.
    public var name: String { architecture.name }
    /// The network's sizes: `10-64-1`.
    public var summary: String { architecture.sizes }
    /// The number of features of the rows that it takes.
    public var featureCount: Int { architecture.inputCount }
    /// The number of bytes of the weights, float32.
    public var storedByteCount: Int { 4 * architecture.parameterCount }

    /// Returns the number predicted for each row: [N, 1].
    ///
    /// - Throws: `badData` when the rows have another number of features, or one that is not finite; `interrupted`.
    public func values(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> NDArray<Float> {
        try check(examples)
        try Cancellation.check(cancellation, at: name)
        if let (row, column, value) = examples.firstNonFinite {
            throw DescentError(
                .badData, "a feature that is not finite", at: "\(name), row \(row), column \(column)",
                got: "\(value)")
        }
        try compiled.requireUnpackable(examples)
        let rows = examples.unscaledFloats.reshaped(examples.count, architecture.inputCount)
        let outputs = try compiled(rows)
        return NDArray(shape: [examples.count, 1], elements: targetScaling.restored(outputs.elements))
    }
}

/// A network for numbers with the settings of its training: targets are standardised, the loss compares numbers.
///
/// ```swift
/// let method = NetworkRegression("mlp:64", trainer: Trainer(optimizer: .adam(), epochs: 100))
/// let (regressor, history) = try method.fit(houses)
/// ```
public struct NetworkRegression: Sendable {
    /// The network's name, one of `Architecture.names` for rows.
    package var network: String
    /// The number of hidden units of `two-layer`; nil for 50.
    package var hidden: Int?
    /// The activation of the hidden layers; nil for the name's own.
    package var activation: Activation?
    /// The rate of dropout before the last layers; nil for what the name says.
    package var dropout: Double?
    /// The training. Its loss is in squared, or other, deviations of the training targets.
    package var trainer: Trainer

    /// Creates a method. Cross-entropy, a trainer's default, becomes the mean squared error.
    public init(
        _ network: String, hidden: Int? = nil, activation: Activation? = nil, dropout: Double? = nil,
        trainer: Trainer
    ) {
        (self.network, self.hidden, self.activation) = (network, hidden, activation)
        (self.dropout, self.trainer) = (dropout, trainer)
        if trainer.loss == .crossEntropy { self.trainer.loss = .meanSquaredError }
        self.trainer.reinitializesWeights = true
    }

    /// Returns the architecture for rows of so many features.
    ///
    /// - Throws: `usage` as `Architecture.init(named:)`.
    package func architecture(featureCount: Int) throws -> Architecture {
        let made = try Architecture(
            named: network, inputs: featureCount, classes: 1, hidden: hidden, activation: activation)
        return dropout.map(made.with(dropout:)) ?? made
    }

    /// Trains a new network.
    ///
    /// `validation`, `test`: as `Trainer.fit`'s; their losses are in the history.
    ///
    /// - Throws: as `Trainer.fit`; `badData` for targets that are classes, or several for each row.
    public func fit(
        _ examples: LabeledExamples, validating validation: LabeledExamples? = nil,
        testing test: LabeledExamples? = nil, cancellation: Cancellation? = nil,
        progress: ((TrainingEvent) -> Void)? = nil
    ) throws -> (regressor: NetworkRegressor, history: History) {
        let targets = try RegressionChecks.single(examples, for: network)
        let scaling = TargetScaling(fittedTo: targets)
        func scaled(_ part: LabeledExamples) throws -> LabeledExamples {
            LabeledExamples(
                part.features,
                values: NDArray(
                    scaling.standardized(try RegressionChecks.targets(of: part, for: network).elements)))
        }
        let architecture = try architecture(featureCount: examples.featureCount)
        let made = architecture.makeNetwork()
        let history = try trainer.fit(
            made, on: scaled(examples), validating: validation.map(scaled), testing: test.map(scaled),
            cancellation: cancellation, progress: progress)
        return (
            try NetworkRegressor(made, architecture: architecture, targetScaling: scaling), history
        )
    }
}
