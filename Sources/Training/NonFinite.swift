import Autodiff
import ExampleData
import Networks

/// A search for the first values in a step that are not finite, with its result in words: "layer 2 (Dense), forward".
package enum NonFinite {
    /// Runs the step's forward pass once more, with the same random numbers, and looks at every value on the way.
    ///
    /// Weights that are no longer finite say more than what follows from them: a gradient goes back from the last layer to
    /// the first, so the last layer that has such weights is the one where it overflowed.
    static func place(in network: any Layer, _ batch: Batch, step: TrainingStep) -> String {
        let named = network.uniqueNamedParameters
        let broken = named.filter { !$0.parameter.isBuffer && !isFinite($0.parameter.value.elements) }
        if let last = broken.last {
            return
                "\(network.layerName(ofParameter: last.name)), whose weights an earlier step's gradient made so"
        }
        // The running moments must not change by this.
        let kept = named.map(\.parameter.value)
        defer { for (member, value) in zip(named, kept) { member.parameter.value = value } }
        let tape = Tape<Float>(
            recordsGradients: false, precision: step.precision, seed: step.seed, step: step.state.stepCount)
        let input = tape.input(batch)
        if let sequence = network as? Sequential {
            var output = input
            for (index, layer) in sequence.layers.enumerated() {
                output = layer(output)
                if !isFinite(output.value.elements) { return "layer \(index) (\(layer.typeName)), forward" }
            }
            return "the loss"
        }
        let output = network(input)
        guard let object = tape.parameterOfFirstNonFiniteValue() else {
            return isFinite(output.value.elements) ? "the loss" : "the network, forward"
        }
        let name = named.first { $0.parameter === object }?.name ?? "the network"
        return "\(network.layerName(ofParameter: name)), forward"
    }

    /// Returns whether all values of the parameters are finite, running moments among them.
    package static func areWeightsFinite(_ parameters: [Parameter]) -> Bool {
        parameters.allSatisfy { $0.value.withUnsafeElements { $0.allSatisfy(\.isFinite) } }
    }

    private static func isFinite(_ numbers: [Float]) -> Bool { numbers.allSatisfy(\.isFinite) }
}
