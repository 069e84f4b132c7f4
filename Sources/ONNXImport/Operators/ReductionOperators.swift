import CGraph
import Support

/// Reductions along axes.
enum ReductionKernels {
    static func reduce(
        _ op: cg_reduction, _ x: ONNXTensor, _ axes: [Int], keepsAxes: Bool, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        let dropped = Set(try axes.map { try Shapes.axis($0, rank: x.rank) })
        let shape = x.shape.indices.compactMap { axis in
            dropped.contains(axis) ? (keepsAxes ? 1 : nil) : x.shape[axis]
        }
        let y = try ONNXTensor(x.type, shape, budget)
        // Axes side by side are one; others are put side by side first.
        let sorted = dropped.sorted()
        var source = x
        var (outer, reduced, inner) = (1, 1, 1)
        if let first = sorted.first, let last = sorted.last, last - first + 1 != sorted.count {
            let kept = x.shape.indices.filter { !dropped.contains($0) }
            source = try ShapeKernels.transpose(x, kept + sorted, budget)
            outer = Shapes.product(kept.map { x.shape[$0] })
            reduced = Shapes.product(sorted.map { x.shape[$0] })
        } else {
            let first = sorted.first ?? x.rank
            outer = Shapes.product(x.shape[..<first])
            reduced = Shapes.product(sorted.map { x.shape[$0] })
            inner = Shapes.product(x.shape[(first + sorted.count)...])
        }
        guard cg_reduce(op, x.type.rawValue, outer, reduced, inner, source.base, y.base) == 1 else {
            throw typeMisfit(x.type)
        }
        return y
    }

    static func maker(_ op: cg_reduction, listSince version: Int = 18) -> OperatorMaker {
        { node in
            let list = try node.list("axes", input: 1, since: version)
            let keepsAxes = try node.flag("keepdims", or: true)
            let isIdentity = try node.flag("noop_with_empty_axes")
            return { arguments in
                let x = try arguments(0)
                let axes = try list(arguments) ?? []
                if axes.isEmpty, isIdentity {
                    guard
                        op == CG_SUM || op == CG_MEAN || op == CG_LARGEST || op == CG_SMALLEST
                            || op == CG_PRODUCT
                    else { return [try reduce(op, x, [], keepsAxes: true, arguments.budget)] }
                    return [x]
                }
                return [
                    try reduce(
                        op, x, axes.isEmpty ? Array(0..<x.rank) : axes, keepsAxes: keepsAxes, arguments.budget
                    )
                ]
            }
        }
    }

    static func place(smallest: Bool) -> OperatorMaker {
        { node in
            let axis = try node.int("axis", or: 0)
            let keepsAxes = try node.flag("keepdims", or: true)
            let last = try node.flag("select_last_index")
            return { arguments in
                let x = try arguments(0)
                let at = try Shapes.axis(axis, rank: x.rank)
                guard x.shape[at] > 0 else { throw DescentError(.badData, "the largest of no elements") }
                var shape = x.shape
                if keepsAxes { shape[at] = 1 } else { shape.remove(at: at) }
                let y = try arguments.tensor(.int64, shape)
                guard
                    cg_place(
                        smallest ? 1 : 0, last ? 1 : 0, x.type.rawValue, Shapes.product(x.shape[..<at]),
                        x.shape[at], Shapes.product(x.shape[(at + 1)...]), x.base,
                        y.base.assumingMemoryBound(to: Int64.self)) == 1
                else { throw typeMisfit(x.type) }
                return [y]
            }
        }
    }
}

extension OperatorRegistry {
    static var reductionOperators: Family {
        [
            ("ReduceSum", 1, ReductionKernels.maker(CG_SUM, listSince: 13)),
            ("ReduceMean", 1, ReductionKernels.maker(CG_MEAN)),
            ("ReduceMax", 1, ReductionKernels.maker(CG_LARGEST)),
            ("ReduceMin", 1, ReductionKernels.maker(CG_SMALLEST)),
            ("ReduceProd", 1, ReductionKernels.maker(CG_PRODUCT)),
            ("ReduceSumSquare", 1, ReductionKernels.maker(CG_SQUARES)),
            ("ReduceL1", 1, ReductionKernels.maker(CG_L1)), ("ReduceL2", 1, ReductionKernels.maker(CG_L2)),
            ("ReduceLogSum", 1, ReductionKernels.maker(CG_LOG_SUM)),
            ("ReduceLogSumExp", 1, ReductionKernels.maker(CG_LOG_SUM_EXP)),
            ("ArgMax", 1, ReductionKernels.place(smallest: false)),
            ("ArgMin", 1, ReductionKernels.place(smallest: true)),
            (
                "CumSum", 11,
                { node in
                    let isExclusive = try node.flag("exclusive")
                    let isReversed = try node.flag("reverse")
                    return { arguments in
                        let x = try arguments(0)
                        let at = try Shapes.axis(arguments(1).scalarInt(), rank: x.rank)
                        let y = try arguments.tensor(x.type, x.shape)
                        let (length, inner) = (x.shape[at], Shapes.product(x.shape[(at + 1)...]))
                        let size = x.elementSize
                        let zero: [UInt64] = [0]
                        for row in 0..<(length == 0 ? 0 : Shapes.product(x.shape[..<at])) {
                            for step in 0..<length {
                                func place(_ k: Int) -> Int {
                                    (row * length + (isReversed ? length - 1 - k : k)) * inner * size
                                }
                                let to = y.base + place(step)
                                let from = x.base + place(isExclusive ? max(step - 1, 0) : step)
                                if step == 0, isExclusive {
                                    zero.withUnsafeBytes { cg_fill(size, inner, $0.baseAddress, to) }
                                } else if step == 0 {
                                    to.copyMemory(from: from, byteCount: inner * size)
                                } else {
                                    guard
                                        cg_binary(
                                            CG_ADD, x.type.rawValue, 1, [inner], y.base + place(step - 1),
                                            [1],
                                            from, [1], to) == 1
                                    else { throw typeMisfit(x.type) }
                                }
                            }
                        }
                        return [y]
                    }
                }
            ),
        ]
    }
}
