import Autodiff
import Networks

/// Where numbers that are none first appeared in a step, in words: "layer 2 (Dense), forward".
package enum NonFinite {
    /// Runs the step's forward pass once more, with the same random numbers, and looks at every value on the way.
    ///
    /// Weights that are no longer finite say more than what follows from them: a gradient goes back from the last layer to
    /// the first, so the last layer that has such weights is the one where it overflowed.
    static func place(
        in network: any Layer, _ inputs: ByteRows, rows: [Int32], step: TrainingStep
    ) -> String {
        let named = network.uniqueNamedParameters
        let broken = named.filter { !$0.parameter.isBuffer && !isFinite($0.parameter.value.elements) }
        if let last = broken.last {
            return "\(words(for: last.name, in: network)), whose weights an earlier step's gradient made so"
        }
        // Running moments must not move by this.
        let kept = named.map(\.parameter.value)
        defer { for (member, value) in zip(named, kept) { member.parameter.value = value } }
        let tape = Tape<Float>(
            recordsGradients: false, precision: step.precision, seed: step.seed, step: step.state.stepCount)
        let input = tape.input(inputs, rows: rows)
        if let sequence = network as? Sequential {
            var output = input
            for (index, layer) in sequence.layers.enumerated() {
                output = layer(output)
                if !isFinite(output.value.elements) { return "layer \(index) (\(typeName(layer))), forward" }
            }
            return "the loss"
        }
        let output = network(input)
        guard let object = tape.parameterOfFirstNonFiniteValue() else {
            return isFinite(output.value.elements) ? "the loss" : "the network, forward"
        }
        let name = named.first { $0.parameter === object }?.name ?? "the network"
        return "\(words(for: name, in: network)), forward"
    }

    /// The layer that a parameter's name leads to: "layer 0 (Dense)", "hidden".
    static func words(for name: String, in network: any Layer) -> String {
        let path = name.split(separator: ".")
        if let sequence = network as? Sequential, let first = path.first, let index = Int(first),
            sequence.layers.indices.contains(index)
        {
            let inner = path.dropFirst().dropLast().joined(separator: ".")
            return "layer \(index) (\(typeName(sequence.layers[index])))"
                + (inner.isEmpty ? "" : ", '\(inner)'")
        }
        let layer = path.dropLast().joined(separator: ".")
        return layer.isEmpty ? "'\(name)'" : "'\(layer)'"
    }

    private static func typeName(_ layer: any Layer) -> String {
        String("\(type(of: layer))".prefix { $0 != "<" })
    }

    /// Whether all numbers of the parameters are finite, running moments among them.
    package static func areWeightsFinite(_ parameters: [Parameter]) -> Bool {
        parameters.allSatisfy { $0.value.withUnsafeElements { $0.allSatisfy(\.isFinite) } }
    }

    private static func isFinite(_ numbers: [Float]) -> Bool { numbers.allSatisfy(\.isFinite) }
}
