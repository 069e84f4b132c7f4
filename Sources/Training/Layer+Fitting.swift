import Arrays
import Autodiff
import Networks
import Support

extension Layer {
    /// The shape of one example's output, found by the layers' own accounts or else by a trial: one example of zeros, in
    /// double precision, as in evaluation. A network of one's own needs no `outputShape` to be told what does not fit.
    ///
    /// - Throws: `usage` that names the layer, with the shapes expected and got.
    /// - Complexity: at most a forward pass of one example.
    public func fittedOutputShape(for shape: [Int]) throws -> [Int] {
        if let known = try outputShape(for: shape) { return known }
        // The trial asks for weights: equal layers are told apart before.
        seedFirstValues()
        let tape = Tape<Double>(recordsGradients: false, isTraining: false)
        let trial = ShapeTrial()
        tape.trial = trial
        let output = self(tape.constant(NDArray(shape: [1] + shape, repeating: 0)))
        guard let misfit = trial.misfit else { return Array(output.shape.dropFirst()) }
        let name = uniqueNamedParameters.first { $0.parameter === misfit.object }?.name
        throw DescentError(
            .usage,
            "\(misfit.isOwn ? "examples do not fit the layer" : "shapes do not fit") (\(misfit.message))",
            at: name.map { (misfit.isOwn ? "" : "after ") + NonFinite.words(for: $0, in: self) }
                ?? "the network",
            expected: misfit.expected.map { "shape \($0)" }, got: misfit.got)
    }
}
