import Arrays
import Autodiff
import Testing

/// PyTorch's values of primitives and losses (`Vectors/make_primitive_vectors.py`; its version is in the file).
package struct PrimitiveVectors: Decodable, Sendable {
    /// A computation's inputs, its result, and the gradients of sum(result weights) by its inputs, with the weights of
    /// `weighed`.
    package struct Case: Decodable, Sendable {
        package let inputs: [ListedArray]
        package let result: ListedArray
        package let gradients: [ListedArray]
    }
    /// By name.
    package let cases: [String: Case]
    /// The classes of the losses' cases.
    package let labels: [Int32]
    /// What the losses' cases compare with: any numbers, distributions, zeros and ones.
    package let targets, probabilities, binary: ListedArray

    /// Reads the file.
    package static func load() throws -> PrimitiveVectors { try vectors("primitives.json") }

    /// Expects PyTorch's result of a computation and its gradients by the inputs.
    package func compare<Scalar: DifferentiableScalar>(
        _ name: String, in scalar: Scalar.Type, tolerance: Double,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ computation: ([Tensor<Scalar>]) throws -> Tensor<Scalar>
    ) throws {
        let known = try #require(cases[name], "\(name)", sourceLocation: sourceLocation)
        let tape = Tape<Scalar>()
        let variables = known.inputs.map { tape.variable($0.array(scalar)) }
        let result = try computation(variables)
        let gradients = tape.gradients(of: weighed(result).sum())
        expectClose(
            result.value, known.result.value, absolute: tolerance, relative: tolerance,
            "\(name) in \(scalar), PyTorch", sourceLocation: sourceLocation)
        let pairs = paired(variables, known.gradients, sourceLocation: sourceLocation)
        for (index, (variable, gradient)) in pairs.enumerated() {
            expectClose(
                gradients[variable], gradient.value, absolute: tolerance, relative: tolerance,
                "\(name) in \(scalar), gradient \(index), PyTorch", sourceLocation: sourceLocation)
        }
    }
}
