import Arrays
import Support

/// An interpreter of the stack machine of pickles that cannot call functions.
///
/// Containers are stored in one list and refer to each other by index, so that a deep or cyclic value neither overflows
/// the stack when it is freed nor leaks.
struct PickleMachine {
    /// A value on the stack: a small value, or the index of a container.
    enum Item {
        case none
        case bool(Bool)
        case int(Int)
        case float(Double)
        case string(String)
        case bytes([UInt8])
        case global(PickleGlobal)
        case node(Int)
    }

    enum Node {
        case list([Item])
        case tuple([Item])
        case dictionary([(Item, Item)])
        case type(NumPyType)
        /// The result of `_reconstruct`; BUILD sets its contents.
        case emptyArray
        case array(StoredArray)
        /// An unsupported element type, with the error for reading an array of it.
        case unreadableType(DescentError)
        /// An array of such a type.
        case unreadable(DescentError)
    }

    var stack: [Item] = []
    var marks: [Int] = []
    var nodes: [Node] = []
    private var memo: [Int: Item] = [:]
    private var input: PickleInput
    /// The bytes that arrays and decoded strings may still take, so that a short file cannot copy a long string again
    /// and again: a legitimate file holds each byte once, or twice.
    private var budget: Int
    /// The bytes that values may still take.
    private var memory: Int
    /// The end of the current frame; nil outside frames.
    private var frameEnd: Int?
    /// The position of the current opcode.
    private var place = 0

    /// The bytes that a step may allocate: a slot on the stack, one in a container, the resulting value.
    private static let bytesPerStep = 112
    /// The further bytes of a container.
    static let bytesPerNode = 192

    /// - Parameter memory: the bytes that values may take beside those that the pickle has itself.
    init(bytes: [UInt8], path: String, memory: Int) {
        input = PickleInput(bytes: bytes, path: path)
        budget = 4 * bytes.count
        self.memory = memory
    }

    /// Runs the program to its end and returns its result.
    mutating func run() throws -> PickledValue {
        while true {
            place = input.index
            let opcode = try input.byte()
            if opcode == UInt8(ascii: ".") { break }
            try take(Self.bytesPerStep)
            try step(opcode)
            if let end = frameEnd, input.index >= end {
                guard input.index == end else {
                    throw failure("a value that runs over the end of its frame", expected: "byte \(end)")
                }
                frameEnd = nil
            }
        }
        var done: [Int: PickledValue] = [:]
        return try value(of: try pop(), depth: 0, &done)
    }

    private mutating func step(_ opcode: UInt8) throws {
        switch Unicode.Scalar(opcode) {
        // The frame around it
        case "\u{80}":
            let version = try input.byte()
            guard version <= 5 else { throw failure("protocol \(version)", expected: "0 to 5") }
        case "\u{95}":
            let length = try input.number(8)
            guard frameEnd == nil else { throw failure("a frame within a frame") }
            guard length >= 0, length <= input.remaining else {
                throw failure(
                    "a frame that is longer than the file", expected: "at most \(input.remaining) bytes",
                    got: length < 0 ? "more than \(Int.max)" : "\(length)")
            }
            frameEnd = input.index + length

        // Values
        case "N": stack.append(.none)
        case "\u{88}": stack.append(.bool(true))
        case "\u{89}": stack.append(.bool(false))
        case "I", "L": stack.append(try input.decimal(isLong: opcode == UInt8(ascii: "L")))
        case "J": stack.append(.int(Int(Int32(truncatingIfNeeded: try input.number(4)))))
        case "K": stack.append(.int(try input.number(1)))
        case "M": stack.append(.int(try input.number(2)))
        case "\u{8A}": stack.append(.int(try input.long(length: try input.number(1))))
        case "\u{8B}": stack.append(.int(try input.long(length: try input.number(4))))
        case "F": stack.append(.float(try input.float()))
        case "G":
            stack.append(
                .float(Double(bitPattern: UInt64(bitPattern: Int64(try input.number(8).byteSwapped)))))
        case "V": stack.append(.string(try input.escapedText()))
        case "X": stack.append(.string(try input.text(try input.number(4))))
        case "\u{8C}": stack.append(.string(try input.text(try input.number(1))))
        case "\u{8D}": stack.append(.string(try input.text(try input.number(8))))
        case "S": stack.append(.bytes(try input.quotedBytes()))
        case "T", "B": stack.append(.bytes(try input.bytes(try input.number(4))))
        case "U", "C": stack.append(.bytes(try input.bytes(try input.number(1))))
        case "\u{8E}", "\u{96}": stack.append(.bytes(try input.bytes(try input.number(8))))

        // Containers
        case "]": try push(.list([]))
        case ")": try push(.tuple([]))
        case "}": try push(.dictionary([]))
        case "l": try push(.list(popMarked()))
        case "t": try push(.tuple(popMarked()))
        case "\u{85}": try push(.tuple(pop(1)))
        case "\u{86}": try push(.tuple(pop(2)))
        case "\u{87}": try push(.tuple(pop(3)))
        case "d": try push(.dictionary(pairs(try popMarked())))
        case "a": try append(try pop(1))
        case "e": try append(try popMarked())
        case "s": try insert(try pop(2))
        case "u": try insert(try popMarked())

        // The stack and the memory
        case "(": marks.append(stack.count)
        case "0":
            if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop() }
        case "1": _ = try popMarked()
        case "2": stack.append(try top())
        case "p": try put(try input.index(try input.line()))
        case "q": try put(try input.number(1))
        case "r": try put(try input.number(4))
        case "\u{94}": try put(memo.count)
        case "g": try get(try input.index(try input.line()))
        case "h": try get(try input.number(1))
        case "j": try get(try input.number(4))

        // Names
        case "c":
            let module = try input.line()
            let name = try input.line()
            stack.append(.global(try global(module, name)))
        case "\u{93}":
            let names = try pop(2)
            guard case .string(let module) = names[0], case .string(let name) = names[1] else {
                throw failure("STACK_GLOBAL without two strings")
            }
            stack.append(.global(try global(module, name)))
        case "R":
            let operands = try pop(2)
            guard case .global(let global) = operands[0], let arguments = tuple(operands[1]) else {
                throw failure("REDUCE without a name and a tuple")
            }
            stack.append(try apply(global, arguments))
        case "b":
            let state = try pop()
            try build(try top(), state)
        default:
            throw failure(
                "an opcode that is not allowed", expected: "arrays, dictionaries, lists and plain values",
                got: PickleInput.name(of: opcode))
        }
    }

    private func global(_ module: String, _ name: String) throws -> PickleGlobal {
        guard let global = PickleGlobal(module, name) else {
            throw failure(
                "the pickle names \(module).\(name), which is not allowed",
                expected: "NumPy arrays and plain containers", advice: "nothing of it was run")
        }
        return global
    }

    // MARK: The stack

    mutating func push(_ node: Node) throws {
        try take(Self.bytesPerNode)
        nodes.append(node)
        stack.append(.node(nodes.count - 1))
    }

    private func top() throws -> Item {
        guard let item = stack.last, stack.count > marks.last ?? 0 else { throw failure("an empty stack") }
        return item
    }

    private mutating func pop() throws -> Item {
        let item = try top()
        stack.removeLast()
        return item
    }

    private mutating func pop(_ count: Int) throws -> [Item] {
        guard stack.count - count >= marks.last ?? 0 else { throw failure("an empty stack") }
        defer { stack.removeLast(count) }
        return Array(stack.suffix(count))
    }

    private mutating func popMarked() throws -> [Item] {
        guard let mark = marks.popLast() else { throw failure("there is no MARK") }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }

    private mutating func put(_ index: Int) throws {
        if memo.updateValue(try top(), forKey: index) == nil { try take(Self.bytesPerStep) }
    }

    private mutating func get(_ index: Int) throws {
        guard let item = memo[index] else { throw failure("nothing was put in place \(index) of the memo") }
        stack.append(item)
    }

    // MARK: Containers

    func tuple(_ item: Item) -> [Item]? {
        if case .node(let index) = item, case .tuple(let items) = nodes[index] { items } else { nil }
    }

    private mutating func append(_ items: [Item]) throws {
        guard case .node(let index) = try top(), case .list(var list) = nodes[index] else {
            throw failure("APPEND without a list")
        }
        // Moved out while it grows, or each item would copy the list.
        nodes[index] = .list([])
        list += items
        nodes[index] = .list(list)
    }

    private mutating func insert(_ items: [Item]) throws {
        guard case .node(let index) = try top(), case .dictionary(var members) = nodes[index] else {
            throw failure("SETITEM without a dictionary")
        }
        nodes[index] = .dictionary([])
        members += try pairs(items)
        nodes[index] = .dictionary(members)
    }

    func pairs(_ items: [Item]) throws -> [(Item, Item)] {
        guard items.count.isMultiple(of: 2) else { throw failure("a key without a value") }
        for index in stride(from: 0, to: items.count, by: 2) { try checkKey(items[index]) }
        return stride(from: 0, to: items.count, by: 2).map { (items[$0], items[$0 + 1]) }
    }

    // MARK: Limits and errors

    /// Takes `count` bytes from the memory that values may have.
    mutating func take(_ count: Int) throws {
        guard memory >= count else { throw failure("too many values for a file of this size") }
        memory -= count
    }

    /// Takes `count` bytes from the budget.
    mutating func charge(_ count: Int) throws {
        guard count <= budget, count <= memory else { throw failure("the arrays are larger than the file") }
        budget -= count
        memory -= count
    }

    /// The opcode's location, for errors.
    var location: String { "\(input.path), byte \(place)" }

    func failure(
        _ what: String, expected: String? = nil, got: String? = nil, advice: String? = nil
    ) -> DescentError {
        DescentError(
            .badData, "pickle: \(what)", at: location, expected: expected, got: got, advice: advice)
    }
}
