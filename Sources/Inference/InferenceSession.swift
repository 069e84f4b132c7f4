import Arrays
import Autodiff
import ExampleData
import Networks

/// A reusable plan for the scoring of a network that still trains: primitives are created once, and weights are packed again
/// when they have changed.
///
/// A training run owns one. It reads the parameters at each call, so it is not for several tasks; a network that no longer
/// changes is compiled (``CompiledNetwork``).
package final class InferenceSession {
    private let network: any Layer
    private let precision: Precision
    private let chunk: Int
    private let plan: InferencePlan?
    private let sources: [WeightSource]
    /// The versions of each source's parameters when it was packed.
    private var versions: [[UInt]]

    /// Creates a session for examples of `shape`, which must fit the network.
    package init(_ network: any Layer, for shape: [Int], precision: Precision = .float32) {
        self.network = network
        self.precision = precision
        chunk = network.examplesTogether
        let builder = PlanBuilder(network, for: shape)
        plan = builder.flatMap { InferencePlan($0.layers, precision: precision) }
        sources = plan == nil ? [] : builder?.sources ?? []
        versions = [[UInt]](repeating: [], count: sources.count)
    }

    /// Predicts the classes of all examples of `source` and sums their loss, with the network's present weights.
    ///
    /// - Throws: what reading the source throws.
    package func predictions(for source: any ExampleSource, loss: Loss) throws -> BatchPrediction {
        var pass = PredictionPass(
            of: source.count, classes: 0, targets: source.targets, loss: loss, probabilities: false)
        refresh()
        try pass.run(0..<source.count, chunk: chunk) {
            let (features, rows) = try source.rows($0)
            return scores(of: features, rows: rows)
        }
        return pass.result
    }

    /// Packs the weights that have changed, and no others.
    private func refresh() {
        guard let plan else { return }
        for index in sources.indices where !sources[index].isOf(versions[index]) {
            let (weight, bias) = sources[index].packed()
            plan.set(layer: index, weight: weight, bias: bias)
            versions[index] = sources[index].versions
        }
    }

    private func scores(of inputs: FeatureMatrix, rows: [Int32]) -> NDArray<Float> {
        let tape = Tape<Float>(recordsGradients: false, isTraining: false, precision: precision)
        let input = tape.input(inputs, rows: rows)
        return plan?(input.value) ?? network(input).value
    }
}
