import Support

/// A model as one file: what lies in files beside it put in the place of what names it.
struct ExternalData {
    private let map: FileMap
    private var loader: TensorLoader
    /// How many bytes may be added yet.
    private var rest: Int
    private let limit: Int

    /// The messages that hold tensors, with the numbers of their fields.
    private enum Message {
        case model, function, graph, node, attribute, tensor

        func inner(_ number: Int) -> Message? {
            switch (self, number) {
            case (.model, 7): .graph
            case (.model, 25): .function
            case (.function, 7), (.graph, 1): .node
            case (.graph, 5), (.attribute, 5): .tensor
            case (.node, 5): .attribute
            case (.attribute, 6): .graph
            default: nil
            }
        }
    }

    /// Returns the bytes of the model at `path`, with its weights.
    ///
    /// - Throws: `missingInput`; `badData` where it cannot be read, names a file outside its folder, or takes more than `limit` bytes.
    static func bytes(of path: String, limit: Int) throws -> [UInt8] {
        let map = try FileMap(path)
        guard map.bytes.count <= limit else { throw tooLarge(path, limit) }
        var reader = WireReader(map, 0..<map.bytes.count)
        guard try reader.model().hasExternalData else { return Array(map.bytes) }
        var whole = ExternalData(
            map: map, loader: TensorLoader(map, MemoryBudget(limit: limit)), rest: limit - map.bytes.count,
            limit: limit)
        return try whole.rewritten(0..<map.bytes.count, .model)
    }

    private static func tooLarge(_ path: String, _ limit: Int) -> DescentError {
        DescentError(
            .badData, "a network that is too large for one file", at: path,
            expected: "at most \(limit) bytes with its weights")
    }

    private mutating func rewritten(_ range: Range<Int>, _ message: Message) throws -> [UInt8] {
        if case .tensor = message { return try tensor(range) }
        var reader = WireReader(map, range)
        var result: [UInt8] = []
        var start = reader.position
        while let field = try reader.next() {
            if field.wire == 2, let inner = message.inner(field.number) {
                Self.append(field.number, try rewritten(reader.span(field), inner), to: &result)
            } else {
                try reader.skip(field)
                result += map.bytes[start..<reader.position]
            }
            start = reader.position
        }
        return result
    }

    private mutating func tensor(_ range: Range<Int>) throws -> [UInt8] {
        var reader = WireReader(map, range)
        let description = try reader.tensor()
        guard description.isExternal else { return Array(map.bytes[range]) }
        let (file, span) = try loader.externalSpan(of: description)
        rest -= span.count
        guard rest >= 0 else { throw Self.tooLarge(map.path, limit) }
        reader = WireReader(map, range)
        var result: [UInt8] = []
        var start = reader.position
        while let field = try reader.next() {
            try reader.skip(field)
            // Its own bytes, where others are, and that they are there.
            if ![9, 13, 14].contains(field.number) { result += map.bytes[start..<reader.position] }
            start = reader.position
        }
        Self.append(9, Array(file.bytes[span]), to: &result)
        return result
    }

    private static func append(_ number: Int, _ body: [UInt8], to result: inout [UInt8]) {
        for value in [number << 3 | 2, body.count] {
            var rest = value
            while rest > 0x7f {
                result.append(UInt8(rest & 0x7f) | 0x80)
                rest >>= 7
            }
            result.append(UInt8(rest))
        }
        result += body
    }
}

extension ONNXModel {
    /// Returns the bytes of a file, with the weights that lie in files beside it put in.
    ///
    /// - Throws: `missingInput`; `badData` where it cannot be read, names a file outside its folder, or takes more than `limit` bytes.
    package static func wholeBytes(of path: String, limit: Int) throws -> [UInt8] {
        try ExternalData.bytes(of: path, limit: limit)
    }
}
