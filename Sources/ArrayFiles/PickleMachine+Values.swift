import Arrays

extension PickleMachine {
    /// Rejects a key that Python would reject: a mutable object, or a tuple that contains one.
    func checkKey(_ key: Item) throws {
        var seen: Set<Int> = []
        try checkKey(key, &seen, depth: 0)
    }

    private func checkKey(_ key: Item, _ seen: inout Set<Int>, depth: Int) throws {
        // Tuples may share their items: each is checked once.
        guard case .node(let index) = key, seen.insert(index).inserted else { return }
        switch nodes[index] {
        case .list: throw failure("a list as a key of a dictionary")
        case .dictionary: throw failure("a dictionary as a key of a dictionary")
        case .array(let array) where !array.shape.isEmpty: throw failure("an array as a key of a dictionary")
        case .emptyArray, .unreadable: throw failure("an array as a key of a dictionary")
        case .tuple(let items):
            guard depth <= 64 else {
                throw failure("nested too deeply, or in a circle", expected: "64 levels")
            }
            for item in items { try checkKey(item, &seen, depth: depth + 1) }
        case .array, .type, .unreadableType: break
        }
    }

    /// Converts to the resulting value. Containers that are used twice are converted once.
    func value(of item: Item, depth: Int, _ done: inout [Int: PickledValue]) throws -> PickledValue {
        // A cycle has no bounded depth.
        guard depth <= 64 else { throw failure("nested too deeply, or in a circle", expected: "64 levels") }
        switch item {
        case .none: return .none
        case .bool(let value): return .bool(value)
        case .int(let value): return .int(value)
        case .float(let value): return .float(value)
        case .string(let value): return .string(value)
        case .bytes(let value): return .bytes(value)
        case .global(let global): throw failure("\(global.rawValue) where a value must be")
        case .node(let index):
            if let value = done[index] { return value }
            let value: PickledValue
            switch nodes[index] {
            case .list(let items):
                value = .list(try items.map { try self.value(of: $0, depth: depth + 1, &done) })
            case .tuple(let items):
                value = .tuple(try items.map { try self.value(of: $0, depth: depth + 1, &done) })
            case .dictionary(let members):
                value = .dictionary(
                    try members.map { key, value in
                        (
                            try self.value(of: key, depth: depth + 1, &done),
                            try self.value(of: value, depth: depth + 1, &done)
                        )
                    })
            case .array(let array): value = .array(array)
            case .unreadable(let error): value = .unreadable(error)
            case .type, .unreadableType: throw failure("numpy.dtype where a value must be")
            case .emptyArray: throw failure("an array that was never filled")
            }
            done[index] = value
            return value
        }
    }
}
