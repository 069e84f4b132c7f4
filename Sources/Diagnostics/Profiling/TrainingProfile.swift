import Arrays
import Autodiff
import Datasets
import ExampleData
import Models
import Networks
import Support
import Training

/// A profile of training steps: the time of the data, of each layer forward and backward, of the loss and of the update.
///
/// ```swift
/// let profile = try TrainingProfile.measure(network, trainer, on: mnist.train, steps: 200)
/// for part in profile.layers { print(part.name, part.forward, part.backward) }
/// ```
public struct TrainingProfile: Sendable {
    /// The time and work of one layer.
    public struct LayerPart: Equatable, Sendable {
        /// The layer's index, in a list of one.
        public var indices: [Int]
        /// The layer's type and settings: "Dense", "Convolution 5x5, relu".
        public var name: String
        /// The seconds a step of the forward pass.
        public var forward: Double
        /// The seconds a step of the backward pass.
        public var backward: Double
        /// The floating-point operations of a whole batch, as `NetworkSummary` counts them; nil when unknown.
        public var forwardOperations: Double?
        /// The same, backward: by the weights, and by the inputs where their gradient is needed.
        public var backwardOperations: Double?
        /// The bytes of a batch's inputs, outputs and weights.
        public var bytes: Double?
    }

    /// The layers, first to last.
    public internal(set) var layers: [LayerPart] = []
    /// The seconds a step in which batches were drawn, gathered and converted.
    public internal(set) var data = 0.0
    /// The seconds a step in the loss, forward.
    public internal(set) var lossForward = 0.0
    /// The seconds a step in the loss, backward.
    public internal(set) var lossBackward = 0.0
    /// The seconds a step in the optimiser.
    public internal(set) var update = 0.0
    /// The seconds a step from its beginning to its end.
    public internal(set) var step = 0.0
    /// The seconds a step without a measurement inside it: a convolution and the pooling after it are one pass then.
    package internal(set) var plainStep = 0.0
    /// The number of steps that were measured.
    public internal(set) var steps = 0
    /// The number of examples in a step.
    public internal(set) var batchSize = 0
    /// The roofline of the machine.
    public internal(set) var roofline: Roofline

    /// The seconds a step that are accounted for.
    package var accounted: Double {
        data + lossForward + lossBackward + update + layers.reduce(0) { $0 + $1.forward + $1.backward }
    }

    /// The seconds a step in none of the parts: the tape, memory, the measurement itself.
    public var rest: Double { max(0, step - accounted) }

    /// The operations of a whole step; nil when a layer's are unknown.
    public var operations: Double? {
        layers.reduce(0 as Double?) { sum, layer in
            guard let sum, let forward = layer.forwardOperations, let backward = layer.backwardOperations
            else { return nil }
            return sum + forward + backward
        }
    }

    /// Returns the share of the roofline that some work of a layer reached: 1 is the machine's limit.
    ///
    /// Above 1 where values stayed in the caches, or zeros were skipped instead of multiplied.
    public func share(operations: Double?, bytes: Double?, seconds: Double) -> Double? {
        guard let operations, let bytes, operations > 0, seconds > 0 else { return nil }
        return roofline.seconds(operations: operations, bytes: bytes) / seconds
    }

    /// Trains `network` from new weights for a while and measures; the weights are of no use afterwards.
    ///
    /// `steps`: the number of measured steps; nil for as many as take about a second, 20 at least. Steps with a measurement
    /// inside and steps without one take turns of ten, so that a busy machine disturbs both alike.
    ///
    /// - Throws: `badData` without examples, `usage` when they do not fit the network.
    public static func measure(
        _ network: Sequential, _ trainer: Trainer, on examples: any ExampleSource, steps: Int? = nil,
        cancellation: Cancellation? = nil
    ) throws -> TrainingProfile {
        let loader = try trainer.endlessBatches(for: network, of: examples)
        var work = trainer.makeStep(for: network)
        let summary = try NetworkSummary(of: network, inputShape: [examples.featureCount])
        var profile = TrainingProfile(roofline: Roofline.measure())
        profile.batchSize = loader.sampler.batchSize
        let observer = TapeObserver()
        let clock = ContinuousClock()

        func advance(observed: Bool) throws -> Double {
            work.observer = observed ? observer : nil
            let start = clock.now
            let batch = try loader.next()
            if observed { observer.addData(since: start) }
            _ = work(batch)
            return (clock.now - start).inSeconds
        }
        // Primitives and buffers are made in the first steps.
        for _ in 0..<5 { _ = try advance(observed: false) }
        let start = clock.now
        var plain = 0
        while cancellation?.isCancelled != true {
            for _ in 0..<10 where steps.map({ profile.steps < $0 }) ?? true {
                profile.step += try advance(observed: true)
                profile.steps += 1
            }
            for _ in 0..<10 {
                profile.plainStep += try advance(observed: false)
                plain += 1
            }
            if let steps {
                if profile.steps >= steps { break }
            } else if profile.steps >= 20, (clock.now - start).inSeconds > 2 {
                break
            }
        }
        guard profile.steps > 0 else { throw Cancellation.stopped(after: "0 steps") }
        profile.take(observer, summary, network, plainSteps: plain)
        return profile
    }

    /// Converts the sums to means.
    private mutating func take(
        _ observer: TapeObserver, _ summary: NetworkSummary, _ network: Sequential, plainSteps: Int
    ) {
        let count = Double(steps)
        step /= count
        plainStep /= Double(max(1, plainSteps))
        (data, update) = (observer.dataSeconds / count, observer.updateSeconds / count)
        (lossForward, lossBackward) = (observer.lossForward / count, observer.lossBackward / count)
        var (shape, learnsBefore) = (summary.inputShape as [Int]?, false)
        for (layer, time) in zip(summary.layers, observer.layers) {
            var part = LayerPart(
                indices: [layer.index], name: layer.type + (layer.detail.isEmpty ? "" : " \(layer.detail)"),
                forward: time.forward / count, backward: time.backward / count)
            if let input = shape, let output = layer.outputShape, let operations = layer.operations {
                let numbers = input.reduce(1, *) + output.reduce(1, *)
                let work = Double(operations * batchSize)
                part.bytes = 4 * Double(layer.parameterCount + layer.frozenCount + batchSize * numbers)
                part.forwardOperations = work
                // By the weights, and by the inputs unless nothing before the layer is trained.
                part.backwardOperations = layer.parameterCount == 0 ? 0 : work * (learnsBefore ? 2 : 1)
            }
            learnsBefore = learnsBefore || layer.parameterCount > 0
            shape = layer.outputShape
            layers.append(part)
        }
    }
}
