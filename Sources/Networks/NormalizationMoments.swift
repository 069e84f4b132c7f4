import Arrays
import Autodiff

/// Finds the running moments of a network's batch normalisations anew: their means over batches of `inputs`, in order.
///
/// Weights that were averaged never saw the numbers that the running moments come from. Nothing happens in a network
/// without batch normalisation. A last smaller batch is left out, unless it is the only one.
///
/// - Precondition: at least one example.
/// - Complexity: a forward pass over the examples.
///
/// Source: Izmailov et al. 2018, "Averaging weights leads to wider optima and better generalization", section 3.2.
public func findMoments(of network: any Layer, _ inputs: ByteRows, batchSize: Int) {
    guard network.parameters.contains(where: { !$0.isLearnt }) else { return }
    let batches = max(1, inputs.count / batchSize)
    for batch in 0..<batches {
        let rows = (batch * batchSize..<min(inputs.count, (batch + 1) * batchSize)).map { Int32($0) }
        let tape = Tape<Float>(recordsGradients: false, momentShare: 1 / Float(batch + 1))
        _ = network(tape.input(inputs, rows: rows)).value
    }
}
