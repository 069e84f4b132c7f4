/// The binary form of tensors: elements one after another, little-endian; texts each after its length in 4 bytes.
///
/// Source: Triton Inference Server, "Binary Tensor Data Extension".
enum BinaryTensor {
    /// Returns the elements that some bytes hold.
    ///
    /// - Throws: `ServingError` 400 where there are not as many as the shape says.
    static func elements(
        _ bytes: UnsafeRawBufferPointer, _ datatype: TensorDatatype, count: Int, named name: String
    ) throws(ServingError) -> Tensor.Elements {
        guard let size = datatype.byteCount else {
            return .texts(try texts(bytes, count: count, named: name))
        }
        guard bytes.count == count * size else {
            throw ServingError(
                400,
                "input '\(name)': \(count) elements of \(datatype.rawValue) are \(count * size) bytes, not \(bytes.count)"
            )
        }
        func read<Number: BitwiseCopyable>(_: Number.Type, _ convert: (Number) -> Double) -> Tensor.Elements {
            .doubles(
                (0..<count).map { convert(bytes.loadUnaligned(fromByteOffset: $0 * size, as: Number.self)) })
        }
        switch datatype {
        case .uint8: return .bytes(Array(bytes))
        case .float32:
            return .floats((0..<count).map { bytes.loadUnaligned(fromByteOffset: $0 * 4, as: Float.self) })
        case .float16:
            return .floats(
                (0..<count).map { Float(bytes.loadUnaligned(fromByteOffset: $0 * 2, as: Float16.self)) })
        case .boolean: return read(UInt8.self) { $0 == 0 ? 0 : 1 }
        case .uint16: return read(UInt16.self, Double.init)
        case .uint32: return read(UInt32.self, Double.init)
        case .uint64: return read(UInt64.self) { Double($0) }
        case .int8: return read(Int8.self, Double.init)
        case .int16: return read(Int16.self, Double.init)
        case .int32: return read(Int32.self, Double.init)
        case .int64: return read(Int64.self) { Double($0) }
        case .float64: return read(Double.self, \.self)
        case .bytes: return .texts([])
        }
    }

    private static func texts(
        _ bytes: UnsafeRawBufferPointer, count: Int, named name: String
    ) throws(ServingError) -> [String] {
        var (texts, position) = ([String](), 0)
        // Each text has four bytes at least, so that a shape alone reserves nothing.
        guard count <= bytes.count / 4 else {
            throw ServingError(400, "input '\(name)': \(bytes.count) bytes are too few for \(count) texts")
        }
        while position < bytes.count {
            guard position + 4 <= bytes.count else {
                throw ServingError(400, "input '\(name)': its bytes end within a text's length")
            }
            let length = Int(bytes.loadUnaligned(fromByteOffset: position, as: UInt32.self))
            position += 4
            guard length <= bytes.count - position else {
                throw ServingError(
                    400, "input '\(name)': a text of \(length) bytes, and \(bytes.count - position) follow")
            }
            guard let text = String(validating: bytes[position..<position + length], as: UTF8.self) else {
                throw ServingError(400, "input '\(name)': a text that is no UTF-8")
            }
            texts.append(text)
            position += length
        }
        return texts
    }

    /// Appends the elements in their binary form, and returns the number of bytes.
    static func append(_ tensor: Tensor, to bytes: inout [UInt8]) -> Int {
        let start = bytes.count
        switch tensor.elements {
        case .bytes(let elements): bytes += elements
        case .floats(let elements): elements.withUnsafeBytes { bytes += $0 }
        case .doubles(let elements): elements.withUnsafeBytes { bytes += $0 }
        case .texts(let elements):
            for text in elements {
                withUnsafeBytes(of: UInt32(text.utf8.count).littleEndian) { bytes += $0 }
                bytes += text.utf8
            }
        }
        return bytes.count - start
    }
}
