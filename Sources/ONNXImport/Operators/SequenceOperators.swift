import Support

/// Operators on sequences of tensors and on optional values.
enum SequenceKernels {
    /// Returns a place in a sequence, counted from the front. `beyond`: one more, for a place behind the last.
    private static func place(_ index: Int, _ count: Int, beyond: Int = 0) throws -> Int {
        guard index >= -count, index < count + beyond else {
            throw DescentError(
                .badData, "an index outside the sequence", expected: "\(-count)..<\(count + beyond)",
                got: "\(index)")
        }
        return index < 0 ? index + count : index
    }

    /// Parts of a tensor along an axis.
    static let split: OperatorMaker = { node in
        let axis = try node.int("axis", or: 0)
        let keepsAxis = try node.flag("keepdims", or: true)
        return { arguments in
            let budget = arguments.budget
            let x = try arguments(0)
            let at = try Shapes.axis(axis, rank: x.rank)
            let length = x.shape[at]
            let given = try arguments.optional(1)
            // A list as long as the axis: the places of its parts count as memory first.
            _ = try ONNXTensor(.int64, [length, 16], budget)
            var lengths = [Int](repeating: 1, count: length)
            // A length that is given keeps the axis, but not a single 1, as onnxruntime has it and PyTorch means it.
            var drops = given == nil && !keepsAxis
            if let given, given.rank == 0 {
                let each = try given.scalarInt()
                drops = each == 1 && !keepsAxis
                guard each > 0 else { throw DescentError(.badData, "parts of no length", got: "\(each)") }
                lengths = stride(from: 0, to: length, by: each).map { min(each, length - $0) }
            } else if let given {
                lengths = try given.ints()
            }
            var parts = try JoiningKernels.split(x, axis: at, lengths, budget)
            if drops { parts = try parts.map { try ShapeKernels.squeezed($0, [at]) } }
            return [try ONNXTensor(sequence: parts, type: x.type, budget)]
        }
    }

    /// One tensor of all, along an axis that is there or (`new_axis`) is made.
    static let concatenate: OperatorMaker = { node in
        guard let axis = try node.int("axis") else {
            throw DescentError(.badData, "a missing attribute", expected: "'axis'")
        }
        let isNew = try node.flag("new_axis")
        return { arguments in
            let members = try arguments.sequence(0)
            let parts = try isNew ? members.map { try ShapeKernels.unsqueezed($0, [axis]) } : members
            return [try JoiningKernels.concatenate(parts, axis: axis, arguments.budget)]
        }
    }

    static let insert: Operator = { arguments in
        var members = try arguments.sequence(0)
        let tensor = try arguments(1)
        let count = members.count
        let at = try arguments.optional(2)?.scalarInt() ?? count
        members.insert(tensor, at: try place(at, count, beyond: 1))
        return [try ONNXTensor(sequence: members, arguments.budget)]
    }

    static let erase: Operator = { arguments in
        var members = try arguments.sequence(0)
        let type = try arguments.any(0).type
        let at = try arguments.optional(1)?.scalarInt() ?? -1
        members.remove(at: try place(at, members.count))
        return [try ONNXTensor(sequence: members, type: type, arguments.budget)]
    }

    static let element: Operator = { arguments in
        let members = try arguments.sequence(0)
        return [members[try place(arguments(1).scalarInt(), members.count)]]
    }

    static let length: Operator = { arguments in
        [try ONNXTensor([Int64(arguments.sequence(0).count)], shape: [], arguments.budget)]
    }

    static let construct: Operator = { arguments in
        let members = try arguments.inputs.indices.map { try arguments($0) }
        return [try ONNXTensor(sequence: members, arguments.budget)]
    }

    static let empty: OperatorMaker = { node in
        let number = try node.int("dtype", or: 1)
        guard let type = ONNXElementType(rawValue: Int32(truncatingIfNeeded: number)) else {
            throw DescentError(.badData, "a type that is not supported", got: "ONNX's type \(number)")
        }
        return { [try ONNXTensor(sequence: [], type: type, $0.budget)] }
    }

    /// Whether an optional value is there.
    static let has: Operator = { arguments in
        var isThere = false
        if let value = arguments.value(0) {
            isThere = true
            if case .nothing = value.form { isThere = false }
        }
        let result = try arguments.tensor(.bool, [])
        result.view(as: UInt8.self)[0] = isThere ? 1 : 0
        return [result]
    }

    static let get: Operator = { arguments in
        let value = try arguments.any(0)
        if case .nothing = value.form { throw DescentError(.badData, "an optional value that is not there") }
        return [value]
    }

    /// A graph for each element of a sequence; other inputs are sequences as long, or the same for each.
    static let map: OperatorMaker = { node in
        let body = try node.graph("body")
        let explicit = node.inputCount
        let outputs = body.program.outputSlots.count
        return { arguments in
            let budget = arguments.budget
            let first = try arguments.sequence(0)
            var results = [[ONNXTensor]](repeating: [], count: outputs)
            for index in first.indices {
                try budget.countPass()
                let inputs = try (0..<explicit).map { input -> ONNXTensor in
                    let value = try arguments.any(input)
                    guard case .sequence(let members) = value.form else { return value }
                    guard members.count == first.count else {
                        throw DescentError(
                            .badData, "sequences of two lengths", expected: "\(first.count)",
                            got: "\(members.count)")
                    }
                    return members[index]
                }
                for (output, value) in try body.run(inputs, arguments).enumerated() {
                    results[output].append(value)
                }
            }
            return try results.enumerated().map { output, members in
                try ONNXTensor(
                    sequence: members, type: members.first?.type ?? body.outputForms[output].type, budget)
            }
        }
    }
}

extension OperatorRegistry {
    static var sequenceOperators: Family {
        [
            ("SplitToSequence", 11, SequenceKernels.split),
            ("ConcatFromSequence", 11, SequenceKernels.concatenate),
            ("SequenceInsert", 11, { _ in SequenceKernels.insert }),
            ("SequenceErase", 11, { _ in SequenceKernels.erase }),
            ("SequenceAt", 11, { _ in SequenceKernels.element }),
            ("SequenceLength", 11, { _ in SequenceKernels.length }),
            ("SequenceConstruct", 11, { _ in SequenceKernels.construct }),
            ("SequenceEmpty", 11, SequenceKernels.empty),
            ("SequenceMap", 17, SequenceKernels.map),
            ("Optional", 15, { _ in { try [$0.value(0) ?? .nothing($0.budget)] } }),
            ("OptionalHasElement", 15, { _ in SequenceKernels.has }),
            ("OptionalGetElement", 15, { _ in SequenceKernels.get }),
        ]
    }
}
