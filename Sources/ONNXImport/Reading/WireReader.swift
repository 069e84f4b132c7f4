import Support

/// A cursor over one message in Protocol Buffers' wire format, which is a part of a file.
///
/// The messages of `ONNXMessages` are not used here, because they copy every weight: this reader knows where a weight lies in
/// the file and leaves it there. It takes no memory by a number that it reads, only by bytes that are there.
struct WireReader {
    let map: FileMap
    private(set) var position: Int
    let end: Int

    init(_ map: FileMap, _ range: Range<Int>) {
        self.map = map
        position = range.lowerBound
        end = range.upperBound
    }

    /// A field's number and how its value is written.
    struct Field {
        let number: Int
        let wire: Int
    }

    /// Returns the next field, nil at the message's end.
    mutating func next() throws -> Field? {
        guard position < end else { return nil }
        let key = try varint()
        guard let number = Int(exactly: key >> 3), number > 0 else { throw fault("a field without a number") }
        return Field(number: number, wire: Int(key & 7))
    }

    /// Passes over a field's value.
    mutating func skip(_ field: Field) throws {
        switch field.wire {
        case 0: _ = try varint()
        case 1: try advance(8)
        case 2: _ = try range()
        case 5: try advance(4)
        default: throw fault("a field of an unknown wire type, \(field.wire)")
        }
    }

    mutating func integer(_ field: Field) throws -> Int64 {
        try expect(field, 0)
        return Int64(bitPattern: try varint())
    }

    mutating func single(_ field: Field) throws -> Float {
        try expect(field, 5)
        let at = position
        try advance(4)
        return map.bytes.loadUnaligned(fromByteOffset: at, as: Float.self)
    }

    /// Returns where a length-delimited value lies in the file.
    mutating func span(_ field: Field) throws -> Range<Int> {
        try expect(field, 2)
        return try range()
    }

    mutating func text(_ field: Field) throws -> String {
        let span = try span(field)
        guard let text = String(validating: map.bytes[span], as: UTF8.self) else {
            throw fault("a name that is not UTF-8")
        }
        return text
    }

    mutating func message(_ field: Field) throws -> WireReader { WireReader(map, try span(field)) }

    /// Adds whole numbers, packed or single.
    mutating func integers(_ field: Field, to list: inout [Int64]) throws {
        guard field.wire == 2 else { return list.append(try integer(field)) }
        var inner = try message(field)
        while inner.position < inner.end { list.append(Int64(bitPattern: try inner.varint())) }
    }

    /// Adds numbers of a fixed width, packed or single.
    mutating func fixed<Number>(_ field: Field, to list: inout [Number]) throws {
        let width = MemoryLayout<Number>.size
        var span = position..<position
        if field.wire == 2 {
            span = try range()
        } else {
            try expect(field, width == 4 ? 5 : 1)
            let start = position
            try advance(width)
            span = start..<position
        }
        guard span.count % width == 0 else { throw fault("packed numbers that end in the middle of one") }
        for at in stride(from: span.lowerBound, to: span.upperBound, by: width) {
            list.append(map.bytes.loadUnaligned(fromByteOffset: at, as: Number.self))
        }
    }

    func fault(_ what: String) -> DescentError {
        DescentError(
            .badData, "not an ONNX file, or a damaged one: \(what)", at: "\(map.path), byte \(position)")
    }

    private mutating func expect(_ field: Field, _ wire: Int) throws {
        guard field.wire == wire else {
            throw fault("field \(field.number) has wire type \(field.wire), not \(wire)")
        }
    }

    private mutating func advance(_ count: Int) throws {
        guard count <= end - position else { throw fault("a value that goes on after its message's end") }
        position += count
    }

    private mutating func range() throws -> Range<Int> {
        guard let count = Int(exactly: try varint()), count <= end - position else {
            throw fault("a value that goes on after its message's end")
        }
        defer { position += count }
        return position..<position + count
    }

    private mutating func varint() throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < end else { throw fault("a number that goes on after its message's end") }
            let byte = map.bytes[position]
            position += 1
            if shift < 64 { value |= UInt64(byte & 0x7f) << shift }
            if byte < 0x80 { return value }
        }
        throw fault("a number of more than ten bytes")
    }
}
