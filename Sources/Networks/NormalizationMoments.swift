import Arrays
import Autodiff

extension Layer {
    /// Recomputes the running moments of the network's batch normalisations: their means over batches of `inputs`, in order.
    ///
    /// Averaged weights have never produced the activations that the running moments come from. A network without batch
    /// normalisation is left as it is. A last smaller batch is left out, unless it is the only one. Where batches have one
    /// element a channel, as batches of one example [N, C] do, their variance is undefined: then batches of 1,000 examples,
    /// or of as many as there are, are used.
    ///
    /// - Precondition: at least one example, and a batch of at least one.
    /// - Complexity: a forward pass over the examples.
    ///
    /// Source: Izmailov et al. 2018, "Averaging weights leads to wider optima and better generalization", section 3.2.
    public func recalibrateMoments(on inputs: ByteRows, batchSize: Int) {
        guard parameters.contains(where: \.isBuffer) else { return }
        // The pass reads the weights: equal layers must be told apart before.
        if !(self is Sequential) { seedFirstValues() }
        func batch(_ number: Int, _ size: Int) -> Tape<Float> {
            let rows = (number * size..<min(inputs.count, (number + 1) * size)).map { Int32($0) }
            let tape = Tape<Float>(recordsGradients: false, momentShare: 1 / Float(number + 1))
            _ = self(tape.input(inputs, rows: rows)).value
            return tape
        }
        var size = batchSize
        if min(size, inputs.count) == 1, batch(0, size).hasSingleMoments { size = min(1000, inputs.count) }
        for number in 0..<max(1, inputs.count / size) { _ = batch(number, size) }
    }

    /// Returns whether batches of one such example leave a batch normalisation one element a channel: such batches do not
    /// change it.
    ///
    /// `inputs`: at least one example that fits the network.
    ///
    /// - Complexity: a forward pass of one example.
    package func isBlindToSingleExamples(_ inputs: ByteRows) -> Bool {
        let measured = parameters.filter(\.isBuffer)
        guard !measured.isEmpty else { return false }
        if !(self is Sequential) { seedFirstValues() }
        let kept = measured.map(\.value)
        defer { for (parameter, value) in zip(measured, kept) { parameter.value = value } }
        let tape = Tape<Float>(recordsGradients: false)
        _ = self(tape.input(inputs, rows: [0])).value
        return tape.hasSingleMoments
    }
}
