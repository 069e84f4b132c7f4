import Foundation
import Support

/// The tensors of a file as values: checked against the bytes that are there, mapped where they can be.
struct TensorLoader {
    let map: FileMap
    let budget: MemoryBudget
    /// The maps of the files with external data, by path, so that each is mapped once.
    private var others: [String: FileMap] = [:]

    init(_ map: FileMap, _ budget: MemoryBudget) {
        self.map = map
        self.budget = budget
    }

    /// Returns the tensor that is described.
    ///
    /// - Throws: `badData` where its elements are not as many as its shape says, or of a type that is not known.
    mutating func tensor(_ description: TensorDescription) throws -> ONNXTensor {
        do {
            return try load(description)
        } catch let error as DescentError {
            throw error.place == nil ? error.at("\(map.path), tensor '\(description.name)'") : error
        }
    }

    /// The type, the shape and the bytes of a tensor: for strings their number.
    private func form(
        of description: TensorDescription
    ) throws -> (type: ONNXElementType, shape: [Int], bytes: Int) {
        guard !description.isSegment else { throw DescentError(.badData, "a tensor in segments") }
        guard let type = ONNXElementType(rawValue: description.type) else {
            throw DescentError(
                .badData, "a tensor of a type that is not supported", got: "ONNX's type \(description.type)")
        }
        let shape = try description.dimensions.map { length in
            guard let length = Int(exactly: length), length >= 0 else {
                throw DescentError(.badData, "a tensor with an axis of negative length", got: "\(length)")
            }
            return length
        }
        return (type, shape, try ONNXTensor.byteCount(type, shape))
    }

    private mutating func load(_ description: TensorDescription) throws -> ONNXTensor {
        let (type, shape, bytes) = try form(of: description)
        if type == .string {
            try expect(description.texts.count, bytes, "strings")
            return try ONNXTensor(texts: description.texts, shape: shape, budget)
        }
        if description.isExternal {
            let (file, span) = try external(description, bytes)
            return try mapped(file, span, type, shape)
        }
        if let raw = description.raw {
            try expect(raw.count, bytes, "bytes")
            return try mapped(map, raw, type, shape)
        }
        return try listed(description, type, shape, bytes / type.size)
    }

    /// Elements that are listed by the kind of their type.
    private func listed(
        _ description: TensorDescription, _ type: ONNXElementType, _ shape: [Int], _ count: Int
    ) throws -> ONNXTensor {
        func filled<Source, Scalar>(_ source: [Source], _ scalar: (Source) -> Scalar) throws -> ONNXTensor {
            try expect(source.count, count, "elements")
            let tensor = try ONNXTensor(type, shape, budget)
            let view = tensor.view(as: Scalar.self)
            for (index, value) in source.enumerated() { view[index] = scalar(value) }
            return tensor
        }
        switch type {
        case .float32: return try filled(description.floats) { $0 }
        case .float64: return try filled(description.doubles) { $0 }
        case .int64: return try filled(description.longs) { $0 }
        case .uint64: return try filled(description.longs) { $0 }
        case .uint32: return try filled(description.longs) { UInt32(truncatingIfNeeded: $0) }
        case .int32: return try filled(description.integers) { Int32(truncatingIfNeeded: $0) }
        case .int16: return try filled(description.integers) { Int16(truncatingIfNeeded: $0) }
        case .uint16, .float16, .bfloat16:
            return try filled(description.integers) { UInt16(truncatingIfNeeded: $0) }
        case .int8: return try filled(description.integers) { Int8(truncatingIfNeeded: $0) }
        case .uint8: return try filled(description.integers) { UInt8(truncatingIfNeeded: $0) }
        case .bool: return try filled(description.integers) { $0 != 0 ? UInt8(1) : 0 }
        case .string: throw DescentError(.badData, "a tensor without elements")
        }
    }

    /// Where a tensor's elements lie in another file.
    ///
    /// - Throws: as ``tensor(_:)``.
    mutating func externalSpan(of description: TensorDescription) throws -> (file: FileMap, span: Range<Int>)
    {
        do {
            let (_, _, bytes) = try form(of: description)
            return try external(description, bytes)
        } catch let error as DescentError {
            throw error.place == nil ? error.at("\(map.path), tensor '\(description.name)'") : error
        }
    }

    /// Elements in another file of the same folder, or of one below it.
    private mutating func external(
        _ description: TensorDescription, _ bytes: Int
    ) throws -> (file: FileMap, span: Range<Int>) {
        guard let location = description.external["location"] else {
            throw DescentError(.badData, "external data without a location")
        }
        let parts = location.split(separator: "/", omittingEmptySubsequences: false)
        guard !location.isEmpty, !location.contains("\0"),
            !parts.contains(where: { $0 == ".." || $0.isEmpty })
        else {
            throw DescentError(
                .badData, "external data whose path leaves the model's folder", got: location,
                advice: "only files beside the model, or in folders beside it, are read")
        }
        let file = try file(location)
        guard let offset = number(description.external["offset"], or: 0),
            let length = number(description.external["length"], or: bytes), offset <= file.bytes.count,
            length <= file.bytes.count - offset
        else {
            throw DescentError(
                .badData, "external data that is not in its file",
                expected: "within \(file.bytes.count) bytes",
                got: "offset \(description.external["offset"] ?? "0"), "
                    + "length \(description.external["length"] ?? "\(bytes)")")
        }
        try expect(length, bytes, "bytes")
        return (file, offset..<offset + length)
    }

    private mutating func file(_ location: String) throws -> FileMap {
        if let known = others[location] { return known }
        let folder = URL(fileURLWithPath: map.path).deletingLastPathComponent().resolvingSymlinksInPath()
        let file = folder.appendingPathComponent(location).resolvingSymlinksInPath()
        // A link could leave the folder, too.
        guard file.path.hasPrefix(folder.path == "/" ? "/" : folder.path + "/") else {
            throw DescentError(
                .badData, "external data whose path leaves the model's folder", got: location,
                advice: "only files beside the model, or in folders beside it, are read")
        }
        let opened = try FileMap(file.path)
        others[location] = opened
        return opened
    }

    private func number(_ text: String?, or standard: Int) -> Int? {
        guard let text else { return standard }
        guard let number = Int(text), number >= 0 else { return nil }
        return number
    }

    /// Bytes of a file as a tensor, where they lie if their address suits the type. (A bool is read as a byte that is not
    /// zero everywhere.)
    private func mapped(
        _ file: FileMap, _ range: Range<Int>, _ type: ONNXElementType, _ shape: [Int]
    ) throws -> ONNXTensor {
        if !range.isEmpty, let memory = TensorMemory(file, range),
            Int(bitPattern: memory.base) % type.size == 0
        {
            return ONNXTensor(type, shape, memory)
        }
        let tensor = try ONNXTensor(type, shape, budget)
        UnsafeMutableRawBufferPointer(start: tensor.base, count: range.count).copyBytes(
            from: file.bytes[range])
        return tensor
    }

    private func expect(_ got: Int, _ expected: Int, _ what: String) throws {
        guard got == expected else {
            throw DescentError(
                .badData, "a tensor with other \(what) than its shape needs", expected: "\(expected)",
                got: "\(got)")
        }
    }
}
