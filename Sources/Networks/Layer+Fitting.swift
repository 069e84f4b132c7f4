import Arrays
import Autodiff
import Support

extension Layer {
    /// Returns the shape of one example's output, as the layers state it or else as a trial finds it: one example of zeros,
    /// computed as in evaluation. A network of one's own needs no `outputShape` for its misfits to be reported.
    ///
    /// - Throws: `usage` that names the layer, with the shapes expected and got.
    /// - Complexity: at most a forward pass of one example.
    package func fittedOutputShape(for shape: [Int]) throws(DescentError) -> [Int] {
        do {
            if let known = try outputShape(for: shape) { return known }
        } catch let error as DescentError {
            throw error
        } catch {
            throw DescentError(.usage, "examples do not fit the network: \(error)", got: "\(shape)")
        }
        // The trial reads the weights, so equal layers must be told apart before.
        if !(self is Sequential) { seedFirstValues() }
        // In single precision: in double every parameter would be converted, which takes longer than the pass.
        let tape = Tape<Float>(recordsGradients: false, isTraining: false)
        let trial = ShapeTrial()
        tape.trial = trial
        let output = self(tape.constant(NDArray(shape: [1] + shape, repeating: 0)))
        guard let misfit = trial.misfit else { return Array(output.shape.dropFirst()) }
        let name = uniqueNamedParameters.first { $0.parameter === misfit.object }?.name
        throw DescentError(
            .usage,
            "\(misfit.isOwn ? "examples do not fit the layer" : "shapes do not fit") (\(misfit.message))",
            at: name.map { (misfit.isOwn ? "" : "after ") + layerName(ofParameter: $0) } ?? "the network",
            expected: misfit.expected.map { "shape \($0)" }, got: misfit.got)
    }

    /// Returns the layer that a parameter's name leads to: "layer 0 (Dense)", "hidden".
    package func layerName(ofParameter name: String) -> String {
        let path = name.split(separator: ".")
        if let sequence = self as? Sequential, let first = path.first, let index = Int(first),
            sequence.layers.indices.contains(index)
        {
            let inner = path.dropFirst().dropLast().joined(separator: ".")
            return "layer \(index) (\(sequence.layers[index].typeName))"
                + (inner.isEmpty ? "" : ", '\(inner)'")
        }
        let layer = path.dropLast().joined(separator: ".")
        return layer.isEmpty ? "'\(name)'" : "'\(layer)'"
    }

    /// The name of the layer's type, without its generic arguments.
    package var typeName: String { String("\(type(of: self))".prefix { $0 != "<" }) }
}
