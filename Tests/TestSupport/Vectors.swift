import Arrays
import Foundation

/// Reads a file of reference values, which is made by a script beside it, from the folder `Vectors` next to the caller's
/// file.
package func vectors<Value: Decodable>(
    _ name: String, as type: Value.Type = Value.self, beside file: String = #filePath
) throws -> Value {
    try JSONDecoder().decode(type, from: vectorData(name, beside: file))
}

/// The bytes of a file of reference values.
package func vectorData(_ name: String, beside file: String = #filePath) throws -> Data {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent()
    return try Data(contentsOf: folder.appendingPathComponent("Vectors/\(name)"))
}

/// An array in a file of reference values: its shape and its elements in row-major order.
package struct ListedArray: Decodable, Sendable {
    /// The length of each axis.
    package let shape: [Int]
    /// The elements, the last axis first.
    package let elements: [Double]

    /// The array in double precision.
    package var value: NDArray<Double> { NDArray(shape: shape, elements: elements) }

    /// The array in a scalar type.
    package func array<Scalar: FloatingScalar>(_ type: Scalar.Type = Scalar.self) -> NDArray<Scalar> {
        NDArray(shape: shape, elements: elements.map { Scalar($0) })
    }
}
