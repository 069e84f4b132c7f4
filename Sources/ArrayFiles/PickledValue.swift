import Arrays
import Support

/// The contents of a pickle: arrays and plain values, no code.
///
/// ```swift
/// let weights = try PickledValue(contentsOf: "sample_weight.pkl").arrays()
/// print(weights["W1"]?.shape)   // [784, 50]
/// ```
///
/// A pickle is a program for a small stack machine, and Python's own reader calls whatever function a pickle names.
/// This reader calls nothing: it knows the few names by which NumPy writes its arrays, and rejects a file that contains
/// another, naming it in the error.
///
/// Source: Python's `pickletools.py`, which documents every opcode; NumPy's `__reduce__` of ndarray and dtype.
public indirect enum PickledValue: Sendable {
    /// `None`
    case none
    /// `True` or `False`
    case bool(Bool)
    /// An integer that fits in 64 bits.
    case int(Int)
    /// A float.
    case float(Double)
    /// A str.
    case string(String)
    /// Bytes, a bytearray, or Python 2's str.
    case bytes([UInt8])
    /// A list.
    case list([PickledValue])
    /// A tuple.
    case tuple([PickledValue])
    /// A dict or an OrderedDict, in its own order.
    case dictionary([(key: PickledValue, value: PickledValue)])
    /// A NumPy array, or a NumPy number (then without axes).
    case array(StoredArray)
    /// An array of an unsupported type (text, objects), with the error for reading it.
    case unreadable(DescentError)

    /// Reads the file at `path`, gzipped or not; protocols 0 to 5.
    ///
    /// Memory grows with the file: unpacked bytes, arrays and values may take 256 MiB, or 128 times the file's size up
    /// to 4 GiB; a small file that needs more is rejected.
    ///
    /// - Throws: `missingInput`, `inputOutput`; `badData` with the byte at which the file is invalid, or contains a
    ///   name that is not allowed.
    public init(contentsOf path: String) throws {
        self = try Self.read(ByteSource(path: path))
    }

    /// - Parameter limit: the memory limit in bytes; nil for the limit by the file's size.
    static func read(_ source: ByteSource, limit: Int? = nil) throws -> PickledValue {
        let reader = try UnpackingReader(source)
        let limit = limit ?? MemoryLimit.bytes(forFileOf: source.size)
        let bytes = try Gzip.contents(of: reader, limit: max(1, min(reader.largestPossibleSize, limit)))
        var machine = PickleMachine(bytes: bytes, path: source.path, memory: limit - bytes.count)
        return try machine.run()
    }

    /// The arrays of a dictionary by name; a NumPy number counts as an array without axes. Members that are not arrays,
    /// or that cannot be read, are left out: the error of `array(named:)` describes them.
    ///
    /// - Throws: `badData` when this is not a dictionary with strings as keys.
    public func arrays() throws -> NamedValues<StoredArray> {
        try members().compactMapValues { if case .array(let array) = $0 { array } else { nil } }
    }

    /// The array of that name in a dictionary.
    ///
    /// - Throws: `badData` when this is not a dictionary with strings as keys, or has no such array, or one of an
    ///   unsupported type.
    public func array(named name: String) throws -> StoredArray {
        let members = try members()
        switch members[name] {
        case .array(let array): return array
        case .unreadable(let error): throw error
        case let other?: throw DescentError(.badData, "\(shown(name)) is not an array", got: other.kind)
        case nil:
            let some = members.keys.prefix(8).joined(separator: ", ")
            throw DescentError(
                .badData, "there is no array \(shown(name))",
                got: members.isEmpty ? "an empty dictionary" : some + (members.count > 8 ? ", ..." : ""))
        }
    }

    private func members() throws -> NamedValues<PickledValue> {
        guard case .dictionary(let pairs) = self else {
            throw DescentError(.badData, "the pickle is not a dictionary of arrays", got: kind)
        }
        var members = NamedValues<PickledValue>()
        for (key, value) in pairs {
            switch key {
            case .string(let text): members[text] = value
            case .bytes(let bytes): members[String(decoding: bytes, as: UTF8.self)] = value
            default: throw DescentError(.badData, "a key of the dictionary is not a string", got: key.kind)
            }
        }
        return members
    }

    /// The name of the value's type in Python.
    var kind: String {
        switch self {
        case .none: "None"
        case .bool: "a bool"
        case .int: "an int"
        case .float: "a float"
        case .string: "a str"
        case .bytes: "bytes"
        case .list: "a list"
        case .tuple: "a tuple"
        case .dictionary: "a dict"
        case .array, .unreadable: "an array"
        }
    }
}
