import CKernels
import Support

/// What operators read of small tensors: lists of axes, lengths, scalars.
extension ONNXTensor {
    /// The tensor with images in rows.
    func inRows(_ budget: MemoryBudget) throws -> ONNXTensor {
        guard layout != CK_LAYOUT_ROWS else { return self }
        // One pixel in whole blocks lies as in rows.
        if shape[2] * shape[3] == 1, shape[1] % BlockedLayout.lanes == 0 {
            return ONNXTensor(type, shape, memory)
        }
        let rows = try ONNXTensor(type, shape, budget)
        ck_relayout(
            shape[0], shape[1], shape[2] * shape[3], layout, base.assumingMemoryBound(to: Float.self),
            CK_LAYOUT_ROWS, rows.base.assumingMemoryBound(to: Float.self))
        return rows
    }

    /// The bytes of one element; strings are moved as numbers of their places.
    var elementSize: Int { type.size }

    /// Returns whole numbers of 32 or 64 bits as a list.
    func ints() throws -> [Int] {
        switch type {
        case .int64: return withExtendedLifetime(self) { view(as: Int64.self).map { Int($0) } }
        case .int32: return withExtendedLifetime(self) { view(as: Int32.self).map { Int($0) } }
        default:
            throw DescentError(.badData, "whole numbers of another type", expected: "int64", got: "\(type)")
        }
    }

    /// Returns the elements of a floating tensor in float64.
    func doubles(_ budget: MemoryBudget) throws -> [Double] {
        let wide = try cast(to: .float64, budget)
        return withExtendedLifetime(wide) { Array(wide.view(as: Double.self)) }
    }

    /// Returns the elements in float32.
    func floats(_ budget: MemoryBudget) throws -> [Float] {
        let wide = try cast(to: .float32, budget)
        return withExtendedLifetime(wide) { Array(wide.view(as: Float.self)) }
    }

    /// Returns the only element as a whole number.
    func scalarInt() throws -> Int {
        guard count == 1 else {
            throw DescentError(.badData, "a tensor of one element is needed", got: "shape \(shape)")
        }
        return try ints()[0]
    }

    /// Returns the only element in float64.
    func scalarDouble(_ budget: MemoryBudget) throws -> Double {
        guard count == 1 else {
            throw DescentError(.badData, "a tensor of one element is needed", got: "shape \(shape)")
        }
        return try doubles(budget)[0]
    }

    func expectRank(_ rank: Int, orMore: Bool = false) throws {
        guard self.rank == rank || (orMore && self.rank > rank) else {
            throw DescentError(
                .badData, "a tensor with another number of axes",
                expected: orMore ? "at least \(rank)" : "\(rank)", got: "shape \(shape)")
        }
    }

    func expect(_ types: ONNXElementType...) throws {
        guard types.contains(type) else {
            throw DescentError(
                .badData, "a tensor of another type than the operator takes",
                expected: types.map(\.description).joined(separator: ", "), got: "\(type)")
        }
    }

    func expectShape(_ shape: [Int]) throws {
        guard self.shape == shape else {
            throw DescentError(
                .badData, "a tensor of another shape", expected: "\(shape)", got: "\(self.shape)")
        }
    }
}

/// An operator does not know a type.
func typeMisfit(_ type: ONNXElementType) -> DescentError {
    DescentError(.badData, "a type that the operator does not take here", got: "\(type)")
}

extension Node {
    /// Returns a reader of the list that was an attribute before `version` and is an input since.
    func list(_ name: String, input: Int, since version: Int) throws -> @Sendable (Arguments) throws -> [Int]?
    {
        guard self.version >= version else {
            let value = try ints(name)
            return { _ in value }
        }
        return { try $0.optional(input)?.ints() }
    }
}
