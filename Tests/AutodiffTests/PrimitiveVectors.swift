import Arrays
import Foundation

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
