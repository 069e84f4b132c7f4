import Arrays
import Support

/// The complete list of names that a pickle may use: those by which NumPy writes arrays, and plain containers.
enum PickleGlobal: String {
    case reconstruct = "numpy.core.multiarray._reconstruct"
    case scalar = "numpy.core.multiarray.scalar"
    case frombuffer = "numpy.core.numeric._frombuffer"
    case ndarray = "numpy.ndarray"
    case dtype = "numpy.dtype"
    case encode = "_codecs.encode"
    case bytes = "builtins.bytes"
    case bytearray = "builtins.bytearray"
    case orderedDict = "collections.OrderedDict"

    /// NumPy 2 calls its core `numpy._core`, Python 2 its builtins `__builtin__`.
    init?(_ module: String, _ name: String) {
        let module =
            switch module {
            case "numpy._core.multiarray": "numpy.core.multiarray"
            case "numpy._core.numeric": "numpy.core.numeric"
            case "__builtin__": "builtins"
            default: module
            }
        self.init(rawValue: "\(module).\(name)")
    }
}

extension PickleMachine {
    /// Returns the result of Python's call of `global` with `arguments`, computed here.
    mutating func apply(_ global: PickleGlobal, _ arguments: [Item]) throws -> Item {
        switch global {
        case .reconstruct:
            // (ndarray, (0,), b'b'): an array without contents, regardless of the last two.
            guard arguments.count == 3, case .global(.ndarray) = arguments[0] else {
                throw failure("_reconstruct of something that is not numpy.ndarray")
            }
            return try add(.emptyArray)
        case .dtype:
            guard let name = arguments.first.flatMap(text) else { throw failure("a dtype without a name") }
            guard let type = NumPyType(name) else {
                return try add(
                    .unreadableType(
                        failure(
                            NumPyType.refusal, expected: NumPyType.readable, got: NumPyType.described(name))))
            }
            return try add(.type(type))
        case .scalar:
            if let error = arguments.first.flatMap(unreadableType) { return try add(.unreadable(error)) }
            guard arguments.count == 2, let type = type(arguments[0]) else {
                throw failure("a NumPy number without its type")
            }
            return try array(type, shape: [], isFortran: false, data: arguments[1])
        case .frombuffer:
            // (bytes, dtype, shape, order)
            if arguments.count == 4, let error = unreadableType(arguments[1]) {
                return try add(.unreadable(error))
            }
            guard arguments.count == 4, let type = type(arguments[1]), let shape = shape(arguments[2]),
                let order = text(arguments[3]), order == "C" || order == "F"
            else { throw failure("a broken array") }
            return try array(type, shape: shape, isFortran: order == "F", data: arguments[0])
        case .encode:
            // Python 3's form of bytes in protocols 0 to 2.
            guard arguments.count == 2, case .string(let string) = arguments[0],
                case .string(let encoding) = arguments[1], encoding == "latin1"
            else { throw failure("_codecs.encode other than latin1") }
            return .bytes(try latin1(string))
        case .bytes, .bytearray:
            switch arguments.count {
            case 0: return .bytes([])
            case 1:
                guard case .bytes(let bytes) = arguments[0] else { break }
                return .bytes(bytes)
            case 2:
                guard case .string(let string) = arguments[0], case .string("latin-1") = arguments[1] else {
                    break
                }
                return .bytes(try latin1(string))
            default: break
            }
            throw failure("\(global.rawValue) of something other than bytes")
        case .orderedDict:
            guard let first = arguments.first else { return try add(.dictionary([])) }
            // Python 2 gives the members as a list of lists.
            guard arguments.count == 1, let members = items(first) else {
                throw failure("a broken OrderedDict")
            }
            return try add(
                .dictionary(
                    try members.map { member in
                        guard let pair = items(member), pair.count == 2 else {
                            throw failure("a broken OrderedDict")
                        }
                        try checkKey(pair[0])
                        return (pair[0], pair[1])
                    }))
        case .ndarray:
            throw failure("a call of numpy.ndarray, which is not allowed")
        }
    }

    /// Sets the state of an object made by `_reconstruct` or `dtype`.
    mutating func build(_ item: Item, _ state: Item) throws {
        guard case .node(let index) = item, let state = tuple(state) else {
            throw failure("BUILD of something other than an array")
        }
        switch nodes[index] {
        case .type(var type):
            // (version, byte order, subtype, names, fields, item size, alignment, flags)
            guard state.count >= 5, let order = text(state[1]), ["<", ">", "|", "="].contains(order),
                case .none = state[2], case .none = state[3], case .none = state[4]
            else { throw failure("a structured dtype, which is not read here") }
            type.isBigEndian = order == ">"
            nodes[index] = .type(type)
        case .unreadableType:
            // Structured types have names of fields; dates have further items.
            if state.count >= 4, case .node = state[3] {
                nodes[index] = .unreadableType(failure("a structured dtype, which is not read here"))
            }
        case .emptyArray:
            // (version, shape, dtype, is Fortran, bytes); the first pickles had no version.
            let state = state.count == 5 ? Array(state[1...]) : state
            if state.count == 4, let error = unreadableType(state[1]) {
                nodes[index] = .unreadable(error)
                return
            }
            guard state.count == 4, let shape = shape(state[0]), let type = type(state[1]),
                let isFortran = flag(state[2])
            else { throw failure("a broken array") }
            guard case .node(let made) = try array(type, shape: shape, isFortran: isFortran, data: state[3])
            else {
                throw failure("a broken array")
            }
            nodes[index] = nodes[made]
        default: throw failure("BUILD of something other than an array")
        }
    }

    private mutating func array(
        _ type: NumPyType, shape: [Int], isFortran: Bool, data: Item
    ) throws -> Item {
        guard case .bytes(let bytes) = data else { throw failure("an array whose contents are not bytes") }
        guard let count = StoredArray.checkedCount(shape) else {
            throw failure("an impossible shape", got: "\(shape)")
        }
        guard count * type.size == bytes.count else {
            throw failure(
                "an array of another size than its shape \(shape)", expected: "\(count * type.size) bytes",
                got: "\(bytes.count)")
        }
        try charge(bytes.count)
        return try add(
            .array(
                try type.array(shape: shape, isFortran: isFortran, place: location) { target in
                    bytes.withUnsafeBytes { target.copyMemory(from: $0) }
                }))
    }

    private mutating func add(_ node: Node) throws -> Item {
        try take(Self.bytesPerNode)
        nodes.append(node)
        return .node(nodes.count - 1)
    }

    private mutating func latin1(_ string: String) throws -> [UInt8] {
        try charge(string.utf8.count)
        return try string.unicodeScalars.map { scalar in
            guard let byte = UInt8(exactly: scalar.value) else { throw failure("a byte above 255") }
            return byte
        }
    }

    // MARK: Arguments

    private func items(_ item: Item) -> [Item]? {
        guard case .node(let index) = item else { return nil }
        switch nodes[index] {
        case .list(let items), .tuple(let items): return items
        default: return nil
        }
    }

    /// A short string, which Python 2 wrote as bytes.
    private func text(_ item: Item) -> String? {
        switch item {
        case .string(let string): string
        case .bytes(let bytes) where bytes.count < 32: String(decoding: bytes, as: UTF8.self)
        default: nil
        }
    }

    private func flag(_ item: Item) -> Bool? {
        switch item {
        case .bool(let value): value
        case .int(let value): value != 0
        default: nil
        }
    }

    private func shape(_ item: Item) -> [Int]? {
        guard let items = tuple(item) else { return nil }
        var lengths: [Int] = []
        for item in items {
            guard case .int(let length) = item else { return nil }
            lengths.append(length)
        }
        return lengths
    }

    private func type(_ item: Item) -> NumPyType? {
        if case .node(let index) = item, case .type(let type) = nodes[index] { type } else { nil }
    }

    private func unreadableType(_ item: Item) -> DescentError? {
        if case .node(let index) = item, case .unreadableType(let error) = nodes[index] { error } else { nil }
    }
}
