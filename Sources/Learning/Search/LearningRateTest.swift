import Arrays
import Autodiff
import Datasets
import Networks

/// A range test: what learning rate suits a network, found in one short run in which the rate grows step by step.
///
/// The rate of step i of n is least (most / least)^(i / (n - 1)). At rates that are too small the loss stays, at good
/// ones it falls, at too large ones it grows again; where that has clearly happened the test ends.
///
/// ```swift
/// let curve = try LearningRateTest(optimizer: .adam(), batchSize: 100).run(network, on: mnist.train)
/// print(curve.suggestion?.rate ?? 0)
/// ```
///
/// Source: Smith 2017, "Cyclical learning rates for training neural networks", section 3.3; with exponential growth, as
/// Gugger 2018 has it.
public struct LearningRateTest: Sendable {
    /// The rule that changes the weights; its own rate is not used.
    public var optimizer: Optimizer
    /// What is made small.
    public var loss: Loss
    /// Examples per step.
    public var batchSize: Int
    /// The seed of the first weights and of the order.
    public var seed: Int
    /// The rates of the first and of the last step.
    public var range: ClosedRange<Double>
    /// Steps; nil for one pass over the examples, but 100 at least.
    public var steps: Int?

    /// A test with its settings.
    ///
    /// - Precondition: a positive batch size, at least two steps, and rates above zero.
    public init(
        optimizer: Optimizer, loss: Loss = .crossEntropy, batchSize: Int = 100, seed: Int = 1,
        range: ClosedRange<Double> = 1e-6...10, steps: Int? = nil
    ) {
        precondition(
            batchSize > 0 && range.lowerBound > 0 && steps ?? 2 >= 2,
            "a range test needs steps and positive rates")
        self.optimizer = optimizer
        self.loss = loss
        self.batchSize = batchSize
        self.seed = seed
        self.range = range
        self.steps = steps
    }

    /// Makes the test. The network's weights are drawn anew, and are of no use afterwards.
    ///
    /// - Throws: `badData` without examples, `usage` when they do not fit the network.
    /// - Complexity: `steps` training steps.
    public func run(
        _ network: any Layer, on examples: LabeledImages, cancellation: Cancellation? = nil
    ) throws -> LearningRateCurve {
        guard examples.count > 0 else { throw DescentError(.badData, "there are no examples to learn from") }
        let width = examples.images.shape.dropFirst().reduce(1, *)
        if let output = try network.outputShape(for: [width]) {
            try loss.check(outputs: output[0], classes: examples.classNames.count)
        }
        let count = steps ?? max(100, (examples.count + batchSize - 1) / batchSize)
        let labels = examples.labels.elements.map(Int32.init)
        let inputs = ByteRows(examples.images)
        var random = RandomState(seed)
        network.initialize(using: &random)
        var batches = BatchOrder(count: examples.count, size: batchSize)
        var step = TrainingStep(network, loss: loss, optimizer: optimizer, seed: seed)
        var curve = LearningRateCurve(range: range, steps: count)
        while curve.ending == nil, curve.points.count < count, cancellation?.isCancelled != true {
            let rate = curve.rate(ofStep: curve.points.count)
            step.state.optimizer.learningRate = Float(rate)
            curve.add(
                rate: rate, loss: Double(step(inputs, labels: labels, rows: batches.next(using: &random))))
        }
        return curve
    }
}

/// Batches over one fresh order after the other, for as long as they are asked for.
struct BatchOrder {
    let count: Int
    let size: Int
    private var order: [Int32] = []
    private var place = 0

    init(count: Int, size: Int) {
        self.count = count
        self.size = size
    }

    /// The next batch; the last one of an order may be smaller.
    mutating func next(using random: inout RandomState) -> [Int32] {
        if place >= order.count { (order, place) = (random.permutationIndices(count), 0) }
        defer { place += size }
        return Array(order[place..<min(order.count, place + size)])
    }
}
