import CGraph
import Support

/// Normalisation over a batch, over channels, over the last axes.
enum NormalizationKernels {
    /// x * scale[c] + shift[c] along axis 1.
    static func affine(
        _ x: ONNXTensor, scale: ONNXTensor, shift: ONNXTensor?, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        try x.expectRank(2, orMore: true)
        let channels = x.shape[1]
        let scale = try scale.cast(to: x.type, budget)
        let shift = try shift?.cast(to: x.type, budget)
        try scale.expectShape([channels])
        try shift?.expectShape([channels])
        let y = try ONNXTensor(x.type, x.shape, budget)
        guard
            cg_affine(
                x.type.rawValue, x.shape[0], channels, Shapes.product(x.shape[2...]), x.base, scale.base,
                shift?.base,
                y.base) == 1
        else { throw typeMisfit(x.type) }
        return y
    }

    /// The factor and the summand of each channel that a normalisation with fixed moments is.
    static func folded(
        scale: ONNXTensor, shift: ONNXTensor, mean: ONNXTensor, variance: ONNXTensor, epsilon: Float,
        _ budget: MemoryBudget
    ) throws -> (factor: [Double], summand: [Double]) {
        let (s, b) = (try scale.doubles(budget), try shift.doubles(budget))
        let (m, v) = (try mean.doubles(budget), try variance.doubles(budget))
        guard s.count == b.count, s.count == m.count, s.count == v.count else {
            throw DescentError(.badData, "scales, shifts, means and variances of different counts")
        }
        let factor = s.indices.map { s[$0] / (v[$0] + Double(epsilon)).squareRoot() }
        return (factor, s.indices.map { b[$0] - m[$0] * factor[$0] })
    }

    static let batch: OperatorMaker = { node in
        guard try node.flag("spatial", or: true) else {
            throw DescentError(.badData, "an attribute that is not supported", got: "'spatial' of 0")
        }
        let epsilon = try node.float("epsilon", or: 1e-5)
        let momentum = Double(try node.float("momentum", or: 0.9))
        let isTraining = try node.version >= 14 && node.flag("training_mode")
        return { arguments in
            let budget = arguments.budget
            let x = try arguments(0)
            let (scale, shift, mean, variance) = (
                try arguments(1), try arguments(2), try arguments(3), try arguments(4)
            )
            func channels(_ values: [Double], _ type: ONNXElementType) throws -> ONNXTensor {
                try ONNXTensor(values, shape: [values.count], budget).cast(to: type, budget)
            }
            func result(_ mean: ONNXTensor, _ variance: ONNXTensor) throws -> ONNXTensor {
                let (factor, summand) = try folded(
                    scale: scale, shift: shift, mean: mean, variance: variance, epsilon: epsilon, budget)
                return try affine(
                    x, scale: channels(factor, x.type), shift: channels(summand, x.type), budget)
            }
            guard isTraining else { return [try result(mean, variance)] }
            try x.expectRank(2, orMore: true)
            let wide = try x.cast(to: .float64, budget)
            let axes = x.shape.indices.filter { $0 != 1 }
            let own = try ReductionKernels.reduce(CG_MEAN, wide, axes, keepsAxes: true, budget)
            let rest = try ElementwiseKernels.binary(CG_SUB, wide, own, budget)
            let spread = try ReductionKernels.reduce(
                CG_MEAN, ElementwiseKernels.binary(CG_MUL, rest, rest, budget), axes, keepsAxes: false, budget
            )
            let (m, v) = (try own.doubles(budget), try spread.doubles(budget))
            let (oldMean, oldVariance) = (try mean.doubles(budget), try variance.doubles(budget))
            guard oldMean.count == m.count, oldVariance.count == v.count else {
                throw DescentError(.badData, "means of another count than channels")
            }
            return [
                try result(channels(m, .float64), channels(v, .float64)),
                try channels(m.indices.map { oldMean[$0] * momentum + m[$0] * (1 - momentum) }, mean.type),
                try channels(
                    v.indices.map { oldVariance[$0] * momentum + v[$0] * (1 - momentum) }, variance.type),
            ]
        }
    }

    /// Each row of `rows` of the same length to a mean of 0 and a variance of 1; the rows' means and inverse deviations.
    static func rows(
        _ x: ONNXTensor, _ rows: Int, epsilon: Float, _ budget: MemoryBudget, moments shape: [Int]? = nil
    ) throws -> [ONNXTensor] {
        let y = try ONNXTensor(x.type, x.shape, budget)
        let mean = try shape.map { try ONNXTensor(x.type, $0, budget) }
        let inverse = try shape.map { try ONNXTensor(x.type, $0, budget) }
        guard
            rows == 0 || x.count == 0
                || cg_normalize_rows(
                    x.type.rawValue, rows, x.count / rows, Double(epsilon), x.base, y.base, mean?.base,
                    inverse?.base) == 1
        else { throw typeMisfit(x.type) }
        return [y] + [mean, inverse].compactMap { $0 }
    }

    static let layer: OperatorMaker = { node in
        let axis = try node.int("axis", or: -1)
        let epsilon = try node.float("epsilon", or: 1e-5)
        return { arguments in
            let x = try arguments(0)
            let at = try Shapes.axis(axis, rank: x.rank)
            let moments = Array(x.shape[..<at]) + x.shape[at...].map { _ in 1 }
            var results = try rows(
                x, Shapes.product(x.shape[..<at]), epsilon: epsilon, arguments.budget, moments: moments)
            results[0] = try ElementwiseKernels.binary(CG_MUL, results[0], arguments(1), arguments.budget)
            if let bias = try arguments.optional(2) {
                results[0] = try ElementwiseKernels.binary(CG_ADD, results[0], bias, arguments.budget)
            }
            return results
        }
    }

    static let rootMeanSquare: OperatorMaker = { node in
        let axis = try node.int("axis", or: -1)
        let epsilon = Double(try node.float("epsilon", or: 1e-5))
        return { arguments in
            let budget = arguments.budget
            let x = try arguments(0)
            let at = try Shapes.axis(axis, rank: x.rank)
            let squares = try ElementwiseKernels.binary(CG_MUL, x, x, budget)
            let mean = try ReductionKernels.reduce(
                CG_MEAN, squares, Array(at..<x.rank), keepsAxes: true, budget)
            let small = try ONNXTensor([epsilon], shape: [], budget).cast(to: x.type, budget)
            let root = try UnaryKernels.apply(
                CG_SQRT, ElementwiseKernels.binary(CG_ADD, mean, small, budget), 0, 0, budget)
            let y = try ElementwiseKernels.binary(CG_DIV, x, root, budget)
            return [try ElementwiseKernels.binary(CG_MUL, y, arguments(1), budget)]
        }
    }

    static let instance: OperatorMaker = { node in
        let epsilon = try node.float("epsilon", or: 1e-5)
        return { arguments in
            let x = try arguments(0)
            try x.expectRank(2, orMore: true)
            let y = try rows(x, x.shape[0] * x.shape[1], epsilon: epsilon, arguments.budget)[0]
            return [try affine(y, scale: arguments(1), shift: arguments(2), arguments.budget)]
        }
    }

    static let group: OperatorMaker = { node in
        let epsilon = try node.float("epsilon", or: 1e-5)
        let groups = try node.int("num_groups", or: 0)
        return { arguments in
            let x = try arguments(0)
            try x.expectRank(2, orMore: true)
            guard groups > 0, x.shape[1] % groups == 0 else {
                throw DescentError(
                    .badData, "channels that no groups fill", got: "\(groups) of \(x.shape[1])")
            }
            let y = try rows(x, x.shape[0] * groups, epsilon: epsilon, arguments.budget)[0]
            let (scale, shift) = (try arguments(1), try arguments(2))
            guard scale.shape == [groups], scale.shape != [x.shape[1]] else {
                return [try affine(y, scale: scale, shift: shift, arguments.budget)]
            }
            // Before opset 21 a scale for each group.
            let each = x.shape[1] / groups
            func spread(_ values: ONNXTensor) throws -> ONNXTensor {
                try ShapeKernels.expand(values.reshaped([groups, 1]), [groups, each], arguments.budget)
                    .reshaped([groups * each])
            }
            return [try affine(y, scale: spread(scale), shift: spread(shift), arguments.budget)]
        }
    }

    static let localResponse: OperatorMaker = { node in
        let size = try node.int("size", or: 1)
        let alpha = try node.float("alpha", or: 0.0001)
        let beta = try node.float("beta", or: 0.75)
        let bias = try node.float("bias", or: 1)
        guard size > 0, size < 1 << 40 else {
            throw DescentError(.badData, "a size that is none", got: "\(size)")
        }
        return { arguments in
            let x = try arguments(0)
            try x.expect(.float32)
            try x.expectRank(2, orMore: true)
            let y = try arguments.tensor(.float32, x.shape)
            cg_local_response(
                x.shape[0], x.shape[1], Shapes.product(x.shape[2...]), size, alpha, beta, bias,
                x.base.assumingMemoryBound(to: Float.self), y.base.assumingMemoryBound(to: Float.self))
            return [y]
        }
    }

    /// x divided by its norm along an axis.
    static let norm: OperatorMaker = { node in
        let axis = try node.int("axis", or: -1)
        let op = try node.int("p", or: 2) == 1 ? CG_L1 : CG_L2
        return { arguments in
            let x = try arguments(0)
            let size = try ReductionKernels.reduce(op, x, [axis], keepsAxes: true, arguments.budget)
            let y = try ElementwiseKernels.binary(CG_DIV, x, size, arguments.budget)
            let zero = try ONNXTensor([Float(0)], shape: [], arguments.budget).cast(
                to: x.type, arguments.budget)
            let isZero = try ElementwiseKernels.binary(CG_EQUAL, size, zero, arguments.budget)
            return [try SelectionKernels.choose(isZero, zero, y, arguments.budget)]
        }
    }

    static let meanVariance: OperatorMaker = { node in
        let axes = try node.ints("axes") ?? [0, 2, 3]
        return { arguments in
            let budget = arguments.budget
            let x = try arguments(0)
            let mean = try ReductionKernels.reduce(CG_MEAN, x, axes, keepsAxes: true, budget)
            let rest = try ElementwiseKernels.binary(CG_SUB, x, mean, budget)
            let spread = try ReductionKernels.reduce(
                CG_MEAN, ElementwiseKernels.binary(CG_MUL, rest, rest, budget), axes, keepsAxes: true, budget)
            let small = try ONNXTensor([Float(1e-9)], shape: [], budget).cast(to: x.type, budget)
            let root = try UnaryKernels.apply(CG_SQRT, spread, 0, 0, budget)
            return [
                try ElementwiseKernels.binary(
                    CG_DIV, rest, ElementwiseKernels.binary(CG_ADD, root, small, budget), budget)
            ]
        }
    }
}

extension OperatorRegistry {
    static var normalizationOperators: Family {
        [
            ("BatchNormalization", 1, NormalizationKernels.batch),
            ("LayerNormalization", 1, NormalizationKernels.layer),
            ("RMSNormalization", 1, NormalizationKernels.rootMeanSquare),
            ("InstanceNormalization", 1, NormalizationKernels.instance),
            ("GroupNormalization", 18, NormalizationKernels.group),
            ("LRN", 1, NormalizationKernels.localResponse),
            ("LpNormalization", 1, NormalizationKernels.norm),
            ("MeanVarianceNormalization", 9, NormalizationKernels.meanVariance),
        ]
    }
}
