import Arrays
import Autodiff
import ExampleData

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
    package func recalibrateMoments(on inputs: FeatureMatrix, batchSize: Int) {
        recalibrateMoments(count: inputs.count, batchSize: batchSize) { range in
            (inputs, range.map { Int32($0) })
        }
    }

    /// Does the same for `count` examples that `batch` gives, as rows of features.
    package func recalibrateMoments(
        count: Int, batchSize: Int, batch: (Range<Int>) throws -> (features: FeatureMatrix, rows: [Int32])
    ) rethrows {
        guard parameters.contains(where: \.isBuffer) else { return }
        // The pass reads the weights: equal layers must be told apart before.
        if !(self is Sequential) { seedFirstValues() }
        func pass(_ number: Int, _ size: Int) throws -> Tape<Float> {
            let (features, rows) = try batch(number * size..<min(count, (number + 1) * size))
            let tape = Tape<Float>(recordsGradients: false, momentShare: 1 / Float(number + 1))
            _ = self(tape.input(features, rows: rows)).value
            return tape
        }
        var size = batchSize
        if min(size, count) == 1, try pass(0, size).hasSingleMoments { size = min(1000, count) }
        for number in 0..<max(1, count / size) { _ = try pass(number, size) }
    }

    /// Returns whether batches of one such example leave a batch normalisation one element a channel: such batches do not
    /// change it.
    ///
    /// `inputs`: at least one example that fits the network.
    ///
    /// - Complexity: a forward pass of one example.
    package func isBlindToSingleExamples(_ inputs: FeatureMatrix) -> Bool {
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
