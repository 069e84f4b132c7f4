import Arrays
import Foundation
import Support
import Testing

@testable import Autodiff

/// PyTorch's values of primitives (`Vectors/make_primitive_vectors.py`; its version is in the file).
struct PrimitiveVectors: Decodable {
    struct Array: Decodable {
        let shape: [Int]
        let elements: [Double]
        var value: NDArray<Double> { NDArray(shape: shape, elements: elements) }
    }
    struct Case: Decodable {
        let inputs: [Array]
        let result: Array
        let gradients: [Array]
    }
    let cases: [String: Case]

    static func load() throws -> PrimitiveVectors {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appendingPathComponent("Vectors/primitives.json"))
        return try JSONDecoder().decode(PrimitiveVectors.self, from: data)
    }
}

extension PrimitiveVectors {
    /// Compares a computation's result, and the gradients of sum(result weights) by its inputs, with PyTorch's; weights as
    /// the script has them.
    func compare<Scalar: DifferentiableScalar>(
        _ name: String, in scalar: Scalar.Type, tolerance: Double,
        _ computation: ([Tensor<Scalar>]) throws -> Tensor<Scalar>
    ) throws {
        let known = try #require(cases[name], "\(name)")
        let tape = Tape<Scalar>()
        let variables = known.inputs.map {
            tape.variable(NDArray(shape: $0.shape, elements: $0.elements.map { Scalar($0) }))
        }
        let result = try computation(variables)
        let weights = (0..<result.value.count).map { Scalar(0.3 + 0.7 * Double($0 % 5)) }
        let weighed = (result * tape.constant(NDArray(shape: result.shape, elements: weights))).sum()
        let gradients = tape.gradients(of: weighed)
        #expect(variables.count == known.gradients.count)
        expectClose(result.value, known.result, tolerance, "\(name) in \(scalar)")
        for (index, (variable, gradient)) in zip(variables, known.gradients).enumerated() {
            expectClose(gradients[variable], gradient, tolerance, "\(name) in \(scalar), gradient \(index)")
        }
    }

    private func expectClose<Scalar: DifferentiableScalar>(
        _ found: NDArray<Scalar>, _ wanted: Array, _ tolerance: Double, _ what: String
    ) {
        #expect(found.shape == wanted.shape, "\(what)")
        for (place, (a, b)) in zip(found.elements.map { Double($0) }, wanted.elements).enumerated() {
            #expect(abs(a - b) <= tolerance * max(1, abs(b)), "\(what)[\(place)]: \(a), PyTorch \(b)")
        }
    }
}
