import CKernels
import Support

/// Values that are no single tensor: sequences of tensors, and optional values.
extension ONNXTensor {
    /// What a sequence's list takes for each member besides the member itself.
    private static let memberBytes = 128

    /// The tensors of a sequence; nil for a tensor.
    public var members: [ONNXTensor]? {
        guard case .sequence(let members) = form else { return nil }
        return members
    }

    /// Creates a sequence of tensors.
    ///
    /// - Throws: `badData` where they are of several types, or no tensors.
    init(sequence members: [ONNXTensor], type: ONNXElementType? = nil, _ budget: MemoryBudget) throws {
        let type = type ?? members.first?.type ?? .float32
        for (index, member) in members.enumerated() {
            guard try member.asTensor(index).type == type else {
                throw DescentError(
                    .badData, "tensors of two types in a sequence", got: "\(type) and \(member.type)")
            }
        }
        // A loop can make any number of lists: they count.
        let memory = try TensorMemory(members.count * Self.memberBytes, budget)
        self.init(type, [members.count], memory, form: .sequence(members))
    }

    /// An optional value that is not there.
    static func nothing(_ budget: MemoryBudget) throws -> ONNXTensor {
        ONNXTensor(.float32, [0], try TensorMemory(0, budget), form: .nothing)
    }

    /// Returns the value if it is one tensor.
    ///
    /// - Throws: `badData` for another.
    func asTensor(_ index: Int) throws -> ONNXTensor {
        guard case .tensor = form else {
            throw DescentError(
                .badData, "a sequence where a tensor is needed", expected: "input \(index), a tensor")
        }
        return self
    }
}

extension Arguments {
    /// Returns an input of any form.
    ///
    /// - Throws: `badData` where there is none.
    func any(_ index: Int) throws -> ONNXTensor {
        guard let value = value(index) else {
            throw DescentError(.badData, "a missing input", expected: "input \(index)")
        }
        return value
    }
}
