import Arrays
import Foundation
import TestSupport

/// The NumPy vectors of one file in Vectors/ (made by make_vectors.py).
struct VectorFile {
    let numpy: String
    private let content: [String: Any]

    struct Missing: Error { let name: String }

    init(_ name: String) throws {
        let data = try vectorData(name)
        guard let content = try JSONSerialization.jsonObject(with: data) as? [String: Any],
            let numpy = content["numpy"] as? String
        else { throw Missing(name: name) }
        self.content = content
        self.numpy = numpy
    }

    var keys: [String] { content.keys.filter { $0 != "numpy" }.sorted() }

    func object(_ name: String) throws -> [String: Any] {
        guard let object = content[name] as? [String: Any] else { throw Missing(name: name) }
        return object
    }

    func list(_ name: String) throws -> [[String: Any]] {
        guard let list = content[name] as? [[String: Any]] else { throw Missing(name: name) }
        return list
    }

    func doubles(_ name: String) throws -> NDArray<Double> { try Self.doubles(try object(name), name) }

    func integers(_ name: String) throws -> NDArray<Int> { try Self.integers(try object(name), name) }

    static func doubles(_ object: [String: Any], _ name: String = "") throws -> NDArray<Double> {
        guard let shape = object["shape"] as? [Int], let data = object["data"] as? [Any] else {
            throw Missing(name: name)
        }
        let values = data.map { item -> Double in
            if let text = item as? String { return Double(text) ?? .nan }
            return (item as? NSNumber)?.doubleValue ?? .nan
        }
        return NDArray(shape: shape, elements: values)
    }

    static func integers(_ object: [String: Any], _ name: String = "") throws -> NDArray<Int> {
        guard let shape = object["shape"] as? [Int], let data = object["data"] as? [NSNumber] else {
            throw Missing(name: name)
        }
        return NDArray(shape: shape, elements: data.map(\.intValue))
    }
}

/// Shape and bits, so that two arrays compare with -0.0, NaN and the last bit told apart.
struct Bits: Equatable, CustomStringConvertible {
    let shape: [Int]
    let values: [Double]

    init(_ array: NDArray<Double>) {
        shape = array.shape
        values = array.elements
    }

    static func == (a: Bits, b: Bits) -> Bool {
        a.shape == b.shape
            && a.values.elementsEqual(b.values) { $0.bitPattern == $1.bitPattern || ($0.isNaN && $1.isNaN) }
    }

    var description: String { "\(shape) \(values)" }
}
