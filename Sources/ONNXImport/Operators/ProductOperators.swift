import CGraph
import COneDNN
import Support

/// Products of matrices.
enum ProductKernels {
    /// The product of one matrix M x K with one of K x N.
    static func product(
        _ type: ONNXElementType, _ m: Int, _ n: Int, _ k: Int, _ a: UnsafeRawPointer, _ b: UnsafeRawPointer,
        _ c: UnsafeMutableRawPointer
    ) throws {
        guard m > 0, n > 0 else { return }
        if k == 0 {
            let zero: [UInt64] = [0]
            zero.withUnsafeBytes { cg_fill(type.size, m * n, $0.baseAddress, c) }
        } else if type == .float32 {
            try expectDone(
                cdnn_matmul_f32(
                    0, 0, m, n, k, a.assumingMemoryBound(to: Float.self), k,
                    b.assumingMemoryBound(to: Float.self), n, 0, c.assumingMemoryBound(to: Float.self), n))
        } else {
            guard cg_matmul(type.rawValue, m, n, k, a, b, c) == 1 else { throw typeMisfit(type) }
        }
    }

    static func expectDone(_ status: ck_status) throws {
        guard status == CK_OK else {
            throw DescentError(
                .unavailable, status == CK_NO_MEMORY ? "no memory for an operator" : "oneDNN failed",
                got: "status \(status.rawValue)")
        }
    }

    static func matmul(_ a: ONNXTensor, _ b: ONNXTensor, _ budget: MemoryBudget) throws -> ONNXTensor {
        guard a.type == b.type else {
            throw DescentError(.badData, "tensors of two types", got: "\(a.type) and \(b.type)")
        }
        try a.expectRank(1, orMore: true)
        try b.expectRank(1, orMore: true)
        let left = a.rank == 1 ? [1] + a.shape : a.shape
        let right = b.rank == 1 ? b.shape + [1] : b.shape
        let (m, k, n) = (left[left.count - 2], left[left.count - 1], right[right.count - 1])
        guard right[right.count - 2] == k else {
            throw DescentError(
                .badData, "matrices that cannot be multiplied", got: "\(a.shape) and \(b.shape)")
        }
        let batch = try Shapes.broadcast(Array(left.dropLast(2)), Array(right.dropLast(2)))
        var shape = batch
        if a.rank > 1 { shape.append(m) }
        if b.rank > 1 { shape.append(n) }
        let y = try ONNXTensor(a.type, shape, budget)
        let size = a.elementSize
        // Rows of all matrices at once where the right one is the same for all.
        if right.count == 2 {
            try product(a.type, Shapes.product(left.dropLast()), n, k, a.base, b.base, y.base)
            return y
        }
        let aSteps = Shapes.strides(Array(left.dropLast(2)), repeatedTo: batch)
        let bSteps = Shapes.strides(Array(right.dropLast(2)), repeatedTo: batch)
        let own = Shapes.strides(batch)
        for index in 0..<Shapes.product(batch) {
            var (i, j) = (0, 0)
            for axis in batch.indices {
                let place = index / own[axis] % batch[axis]
                i += place * aSteps[axis]
                j += place * bSteps[axis]
            }
            try product(
                a.type, m, n, k, a.base + i * m * k * size, b.base + j * k * n * size,
                y.base + index * m * n * size)
        }
        return y
    }

    /// alpha op(A) op(B) + beta C.
    static func gemm(
        _ a: ONNXTensor, _ b: ONNXTensor, _ c: ONNXTensor?, alpha: Float, beta: Float, transposesA: Bool,
        transposesB: Bool, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        try a.expectRank(2)
        try b.expectRank(2)
        let (m, k) = transposesA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
        let n = transposesB ? b.shape[0] : b.shape[1]
        guard a.type == b.type, (transposesB ? b.shape[1] : b.shape[0]) == k else {
            throw DescentError(
                .badData, "matrices that cannot be multiplied", got: "\(a.shape) and \(b.shape)")
        }
        var y: ONNXTensor
        if a.type == .float32, k > 0 {
            y = try ONNXTensor(.float32, [m, n], budget)
            if y.count > 0 {
                let view = { (t: ONNXTensor) in t.base.assumingMemoryBound(to: Float.self) }
                try expectDone(
                    cdnn_matmul_f32(
                        transposesA ? 1 : 0, transposesB ? 1 : 0, m, n, k, view(a), a.shape[1], view(b),
                        b.shape[1],
                        0, view(y), n))
            }
        } else {
            y = try matmul(
                transposesA ? ShapeKernels.transpose(a, [1, 0], budget) : a,
                transposesB ? ShapeKernels.transpose(b, [1, 0], budget) : b, budget)
        }
        func scaled(_ x: ONNXTensor, _ factor: Float) throws -> ONNXTensor {
            guard factor != 1 else { return x }
            let factor = try ONNXTensor([factor], shape: [], budget).cast(to: x.type, budget)
            return try ElementwiseKernels.binary(CG_MUL, x, factor, budget)
        }
        y = try scaled(y, alpha)
        guard let c else { return y }
        guard try Shapes.broadcast(c.shape, [m, n]) == [m, n] else {
            throw DescentError(
                .badData, "a summand that does not fit", expected: "\([m, n])", got: "\(c.shape)")
        }
        return try ElementwiseKernels.binary(CG_ADD, y, scaled(c, beta), budget)
    }
}

extension OperatorRegistry {
    static var productOperators: Family {
        [
            ("MatMul", 1, { _ in { [try ProductKernels.matmul($0(0), $0(1), $0.budget)] } }),
            (
                "Gemm", 6,
                { node in
                    if node.version < 7 { try node.refuse("broadcast") }
                    let alpha = try node.float("alpha", or: 1)
                    let beta = try node.float("beta", or: 1)
                    let transposesA = try node.flag("transA")
                    let transposesB = try node.flag("transB")
                    return {
                        [
                            try ProductKernels.gemm(
                                $0(0), $0(1), $0.optional(2), alpha: alpha, beta: beta,
                                transposesA: transposesA,
                                transposesB: transposesB, $0.budget)
                        ]
                    }
                }
            ),
        ]
    }
}
