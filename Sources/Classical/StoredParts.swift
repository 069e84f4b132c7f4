import ArrayFiles
import Arrays
import Classification
import ExampleData
import Support

// The reading and writing that the files of classifiers and transforms have in common.

extension SafeTensors {
    /// Puts class names under `prefix`: their UTF-8 bytes in one array, their lengths in another.
    public mutating func setClassNames(_ classNames: [String], prefix: String) {
        let texts = classNames.map { Array($0.utf8) }
        set(NDArray(texts.flatMap { $0 }), named: prefix + "labels")
        set(NDArray(texts.map(\.count)), named: prefix + "labels.lengths")
    }

    /// Returns the class names under `prefix`.
    ///
    /// - Throws: `badData` when they are missing, fewer than two, contradict each other or are not UTF-8.
    public func classNames(prefix: String) throws -> [String] {
        let bytes = try array(named: prefix + "labels", as: UInt8.self)
        let lengths = try array(named: prefix + "labels.lengths", as: Int.self)
        guard lengths.ndim == 1, bytes.ndim == 1,
            lengths.elements.allSatisfy({ (0...bytes.count).contains($0) }),
            lengths.elements.reduce(0, &+) == bytes.count
        else {
            throw wrong(prefix + "labels.lengths", expected: "lengths of \(bytes.count) bytes in all")
        }
        guard lengths.count >= 2 else {
            throw wrong(prefix + "labels", expected: "two classes or more", got: "\(lengths.count)")
        }
        let text = bytes.elements
        var start = 0
        return try lengths.elements.map { length in
            defer { start += length }
            guard let label = String(validating: text[start..<start + length], as: UTF8.self) else {
                throw wrong(prefix + "labels", expected: "UTF-8")
            }
            return label
        }
    }

    /// Returns the array `name`, which must have that shape; nil is any length.
    func array<Scalar: StoredScalar>(
        named name: String, as type: Scalar.Type = Scalar.self, shape: [Int?]
    ) throws -> NDArray<Scalar> {
        let found = try array(named: name, as: type)
        guard found.ndim == shape.count, zip(found.shape, shape).allSatisfy({ $1 == nil || $0 == $1 }) else {
            let wanted = shape.map { $0.map(String.init) ?? "any" }.joined(separator: ", ")
            throw wrong(name, expected: "shape [\(wanted)]", got: "\(found.shape)")
        }
        return found
    }

    /// Returns the values of an array of that shape, all finite.
    func finite<Scalar: StoredScalar & FloatingScalar>(
        named name: String, as type: Scalar.Type = Scalar.self, shape: [Int?]
    ) throws -> NDArray<Scalar> {
        let found = try array(named: name, as: type, shape: shape)
        guard found.elements.allSatisfy(\.isFinite) else { throw wrong(name, expected: "finite numbers") }
        return found
    }

    /// Returns the setting `key`.
    func setting(_ key: String) throws -> String {
        guard let text = metadata[key] else { throw wrong(key, expected: "a setting of this name") }
        return text
    }

    /// Returns the setting `key`, which must be one of a type's values.
    func setting<Value>(_ key: String, _ read: (String) throws -> Value?) throws -> Value {
        let text = try setting(key)
        guard let value = try? read(text) else {
            throw wrong(key, expected: "a known value", got: "'\(text)'")
        }
        return value
    }

    /// Returns the error for an entry of the file that is not as expected.
    func wrong(_ name: String, expected: String, got: String? = nil) -> DescentError {
        DescentError(
            .badData, "\(name) is not what the classifier stored", at: path, expected: expected, got: got,
            advice: "the file may have been changed")
    }
}

extension FeatureMatrix {
    /// Stores the examples under `name`, as bytes or floating-point features, with their shape.
    func store(in file: inout SafeTensors, name: String) {
        switch dense {
        case .bytes(let array): file.set(array, named: name)
        case .floats(let array): file.set(array, named: name)
        }
    }

    /// Reads the examples that were put under `name`.
    init(from file: SafeTensors, name: String) throws {
        if case .uint8(let array)? = file.arrays[name] {
            self = .bytes(array)
        } else {
            self = .floats(try file.array(named: name))
        }
        guard count > 0, featureCount > 0 else {
            throw file.wrong(name, expected: "examples", got: "\(shape)")
        }
        do {
            try ExampleChecks.requireFinite(self, for: name)
        } catch {
            throw file.wrong(name, expected: "finite numbers")
        }
    }

    /// Integers 0...255 as bytes; nil if there are other values.
    var asBytes: FeatureMatrix? {
        guard case .floats(let array) = dense else { return self }
        let isWhole = array.withUnsafeElements { values in
            values.allSatisfy { $0 >= 0 && $0 <= 255 && $0 == $0.rounded() }
        }
        return isWhole ? .bytes(array.asType()) : nil
    }
}
