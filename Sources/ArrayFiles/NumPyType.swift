import Arrays
import Support

/// A NumPy type of element, as npy headers and pickles write it: byte order, kind, bytes per element ("<f4").
///
/// Types that `NDArray` does not support are widened to the smallest supported type that holds every value: float16 and
/// bfloat16 (which only safetensors has) to `Float`; int8, int16, uint16 to `Int32`; uint32 to `Int`; uint64 to `Int`
/// if the values fit.
///
/// Source: NumPy reference, "Data type objects (dtype)", array-protocol type strings.
package struct NumPyType: Equatable, Sendable {
    package enum Kind: Sendable {
        case boolean
        case signed
        case unsigned
        case float
        /// The upper half of a float32; NumPy has no letter for it.
        case bfloat

        /// The kind of NumPy's letter.
        init?(_ letter: Character) {
            switch letter {
            case "b": self = .boolean
            case "i": self = .signed
            case "u": self = .unsigned
            case "f": self = .float
            default: return nil
            }
        }
    }

    let kind: Kind
    /// Bytes per element.
    package let size: Int
    var isBigEndian: Bool

    /// Unsigned bytes.
    static let byte = NumPyType(kind: .unsigned, size: 1, isBigEndian: false)

    init(kind: Kind, size: Int, isBigEndian: Bool = false) {
        self.kind = kind
        self.size = size
        self.isBigEndian = isBigEndian
    }

    /// Parses a type; nil for types that are not numeric, or not supported.
    init?(_ text: String) {
        var rest = Substring(text)
        isBigEndian = rest.first == ">"
        if let first = rest.first, "<>|=".contains(first) { rest.removeFirst() }
        guard let first = rest.first, let kind = Kind(first), let size = Int(rest.dropFirst())
        else {
            return nil
        }
        let sizes: [Int] =
            switch kind {
            case .boolean: [1]
            case .signed, .unsigned: [1, 2, 4, 8]
            case .float: [2, 4, 8]
            case .bfloat: []
            }
        guard sizes.contains(size), rest.dropFirst().count == 1 else { return nil }
        self.kind = kind
        self.size = size
    }

    /// The type of the IDX code `code`; nil for unknown codes.
    package init?(idxCode code: UInt8) {
        switch code {
        case 0x08: self.init(kind: .unsigned, size: 1)
        case 0x09: self.init(kind: .signed, size: 1)
        case 0x0B: self.init(kind: .signed, size: 2, isBigEndian: true)
        case 0x0C: self.init(kind: .signed, size: 4, isBigEndian: true)
        case 0x0D: self.init(kind: .float, size: 4, isBigEndian: true)
        case 0x0E: self.init(kind: .float, size: 8, isBigEndian: true)
        default: return nil
        }
    }

    /// The message of errors about an unsupported type.
    static let refusal = "a type of element that is not read here"
    /// The types that are read, for an error.
    static let readable = "booleans, integers, float16, float32 or float64"

    /// An unsupported type, with a description of its contents.
    static func described(_ text: String) -> String {
        let letter = text.first { !"<>|=".contains($0) }
        let words =
            switch letter {
            case "U", "S", "a": "text"
            case "O": "Python objects"
            case "c": "complex numbers"
            case "M", "m": "dates or times"
            case "V": "raw bytes"
            case "f": "longer floats"
            default: ""
            }
        let shown = PathText.prefix(of: text, bytes: 40)
        return words.isEmpty ? shown : "\(shown), \(words)"
    }

    /// The text of an element type in an npy header.
    static func text(_ type: ElementType) -> String {
        switch type {
        case .float32: "<f4"
        case .float64: "<f8"
        case .int32: "<i4"
        case .int64: "<i8"
        case .uint8: "|u1"
        case .bool: "|b1"
        }
    }

    /// The element type of arrays read from this type.
    package var element: ElementType {
        switch (kind, size) {
        case (.boolean, _): .bool
        case (.unsigned, 1): .uint8
        case (.signed, 8), (.unsigned, 4), (.unsigned, 8): .int64
        case (.signed, _), (.unsigned, _): .int32
        case (.float, 8): .float64
        case (.float, _), (.bfloat, _): .float32
        }
    }

    /// Creates an array from `count` elements that `fill` writes in the file's layout.
    ///
    /// - Parameters:
    ///   - isFortran: the first axis is the fastest.
    ///   - place: the location of the elements, for an error.
    /// - Precondition: `StoredArray.checkedCount` has passed the shape.
    package func array(
        shape: [Int], isFortran: Bool, place: String,
        filling fill: (UnsafeMutableRawBufferPointer) throws -> Void
    ) throws -> StoredArray {
        // In Fortran order the bytes are those of the array with its axes reversed.
        let stored = isFortran ? shape.reversed() : shape
        let array: StoredArray
        if size == element.size && !(kind == .unsigned && size == 8) {
            array = try StoredArray(element, shape: stored) { target in
                try fill(target)
                if isBigEndian { swapBytes(target) }
            }
        } else {
            let count = shape.reduce(1, *)
            let raw = try [UInt8](unsafeUninitializedCapacity: count * size) { buffer, filled in
                let target = UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count * size)
                try fill(target)
                if isBigEndian { swapBytes(target) }
                filled = count * size
            }
            array = try widened(raw, stored, place)
        }
        return isFortran && shape.count > 1 ? array.reversingAxes() : array
    }

    private func widened(_ raw: [UInt8], _ shape: [Int], _ place: String) throws -> StoredArray {
        func map<Source: BitwiseCopyable, Target: ArrayScalar>(
            _: Source.Type, _ transform: (Source) throws -> Target
        ) rethrows -> NDArray<Target> {
            try NDArray(shape: shape) { target in
                try raw.withUnsafeBytes { source in
                    for index in target.indices {
                        let value = source.loadUnaligned(
                            fromByteOffset: index * MemoryLayout<Source>.size, as: Source.self)
                        target.initializeElement(at: index, to: try transform(value))
                    }
                }
            }
        }
        switch (kind, size) {
        case (.float, _): return .float32(map(UInt16.self) { Float(Float16(bitPattern: $0)) })
        case (.bfloat, _): return .float32(map(UInt16.self) { Float(bitPattern: UInt32($0) << 16) })
        case (.signed, 1): return .int32(map(Int8.self) { Int32($0) })
        case (.signed, _): return .int32(map(Int16.self) { Int32($0) })
        case (.unsigned, 2): return .int32(map(UInt16.self) { Int32($0) })
        case (.unsigned, 4): return .int64(map(UInt32.self) { Int($0) })
        default:
            return .int64(
                try map(UInt64.self) { value in
                    guard let number = Int(exactly: value) else {
                        throw DescentError(
                            .badData, "a uint64 that is too large", at: place, expected: "at most \(Int.max)",
                            got: "\(value)")
                    }
                    return number
                })
        }
    }

    private func swapBytes(_ bytes: UnsafeMutableRawBufferPointer) {
        for start in stride(from: 0, to: bytes.count, by: size) {
            bytes[start..<start + size].reverse()
        }
    }
}

extension StoredArray {
    /// The array with its axes reversed, row-major.
    func reversingAxes() -> StoredArray {
        switch self {
        case .float32(let array): .float32(Self.reversingAxes(array))
        case .float64(let array): .float64(Self.reversingAxes(array))
        case .int32(let array): .int32(Self.reversingAxes(array))
        case .int64(let array): .int64(Self.reversingAxes(array))
        case .uint8(let array): .uint8(Self.reversingAxes(array))
        case .bool(let array): .bool(Self.reversingAxes(array))
        }
    }

    private static func reversingAxes<Scalar>(_ array: NDArray<Scalar>) -> NDArray<Scalar> {
        let shape: [Int] = array.shape.reversed()
        // The step, in the source, of each axis of the result.
        var steps = [Int](repeating: 1, count: shape.count)
        for axis in shape.indices.dropFirst() { steps[axis] = steps[axis - 1] * shape[axis - 1] }
        return NDArray(shape: shape) { target in
            array.withUnsafeElements { source in
                var index = [Int](repeating: 0, count: shape.count)
                var place = 0
                for position in target.indices {
                    target.initializeElement(at: position, to: source[place])
                    var axis = shape.count - 1
                    while axis >= 0 {
                        index[axis] += 1
                        place += steps[axis]
                        if index[axis] < shape[axis] { break }
                        place -= steps[axis] * shape[axis]
                        index[axis] = 0
                        axis -= 1
                    }
                }
            }
        }
    }
}
