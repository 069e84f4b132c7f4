import CGraph
import Support

/// Numbers of 8 and 16 bits for float32, and the operators on them.
enum QuantizationKernels {
    /// A scale and a zero of each channel along an axis: [outer, channels, inner] of the tensor.
    struct Spread {
        var outer = 1
        var channels = 1
        var inner = 1
        var scale: [Float]
        var zero: [Int32]
    }

    /// `block`: the elements along the axis that share a scale; 0: all, or one each where there is a list.
    static func spread(
        _ x: ONNXTensor, _ scale: ONNXTensor, _ zero: ONNXTensor?, axis: Int, block: Int,
        _ budget: MemoryBudget
    ) throws -> Spread {
        let scales = try scale.floats(budget)
        let zeros =
            try zero.map { Array(try $0.cast(to: .int32, budget).view(as: Int32.self)) }
            ?? scales.map { _ in 0 }
        guard scales.count == zeros.count else {
            throw DescentError(
                .badData, "scales and zeros of different counts", got: "\(scales.count), \(zeros.count)")
        }
        var spread = Spread(scale: scales, zero: zeros)
        if scale.rank == 0 || (scale.shape == [1] && block == 0) {
            spread.inner = x.count
            return spread
        }
        let at = try Shapes.axis(axis, rank: x.rank)
        if block == 0 {
            guard scale.shape == [x.shape[at]] else {
                throw DescentError(
                    .badData, "another number of scales than of channels", expected: "[\(x.shape[at])]",
                    got: "\(scale.shape)")
            }
            spread.outer = Shapes.product(x.shape[..<at])
            spread.channels = x.shape[at]
            spread.inner = Shapes.product(x.shape[(at + 1)...])
            return spread
        }
        // A scale for each element then.
        guard scale.rank == x.rank, block > 0,
            x.shape.indices.allSatisfy({
                scale.shape[$0] == ($0 == at && x.shape[$0] > 0 ? (x.shape[$0] - 1) / block + 1 : x.shape[$0])
            })
        else {
            throw DescentError(.badData, "scales that blocks of \(block) do not fit", got: "\(scale.shape)")
        }
        let places = try ONNXTensor(.int64, [x.shape[at]], budget)
        let view = places.view(as: Int64.self)
        for index in view.indices { view[index] = Int64(index / block) }
        let all = try IndexingKernels.gather(scale.cast(to: .float32, budget), places, axis: at, budget)
        spread.scale = try all.floats(budget)
        let whole = try ONNXTensor(zeros, shape: scale.shape, budget)
        spread.zero = Array(try IndexingKernels.gather(whole, places, axis: at, budget).view(as: Int32.self))
        spread.channels = x.count
        return spread
    }

    static func quantize(
        _ x: ONNXTensor, _ spread: Spread, to type: ONNXElementType, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        let y = try ONNXTensor(type, x.shape, budget)
        let wide = try x.cast(to: .float32, budget)
        guard
            cg_quantize(
                type.rawValue, spread.outer, spread.channels, spread.inner,
                wide.base.assumingMemoryBound(to: Float.self), spread.scale, spread.zero, y.base) == 1
        else { throw typeMisfit(type) }
        return y
    }

    static func dequantize(_ x: ONNXTensor, _ spread: Spread, _ budget: MemoryBudget) throws -> ONNXTensor {
        try x.expect(.uint8, .int8, .uint16, .int16, .int32)
        let y = try ONNXTensor(.float32, x.shape, budget)
        let wide = try x.cast(to: .int32, budget)
        cg_dequantize(
            spread.outer, spread.channels, spread.inner, wide.base.assumingMemoryBound(to: Int32.self),
            spread.scale,
            spread.zero, y.base.assumingMemoryBound(to: Float.self))
        return y
    }

    /// x - zero in int32; the zero is one number, or one for each row or column along `axis`.
    static func shifted(
        _ x: ONNXTensor, _ zero: ONNXTensor?, axis: Int, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        try x.expect(.uint8, .int8)
        let wide = try x.cast(to: .int32, budget)
        guard let zero else { return wide }
        var shift = try zero.cast(to: .int32, budget)
        if shift.rank == 1, shift.count > 1 {
            let at = try Shapes.axis(axis, rank: x.rank)
            var shape = x.shape.map { _ in 1 }
            guard x.shape[at] == shift.count else {
                throw DescentError(.badData, "another number of zeros than of rows", got: "\(zero.shape)")
            }
            shape[at] = shift.count
            shift = shift.reshaped(shape)
        } else if shift.count == 1 {
            shift = shift.reshaped([])
        }
        return try ElementwiseKernels.binary(CG_SUB, wide, shift, budget)
    }

    /// Sums in int32 with the factor `scales`, rounded to `type`.
    static func requantized(
        _ sums: ONNXTensor, scales: [Float], axis: Int, _ y: ONNXTensor, _ zero: ONNXTensor,
        _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        let scale = try y.scalarDouble(budget)
        guard zero.count == 1 else { throw DescentError(.badData, "a zero that is no single number") }
        let whole = try sums.cast(to: .float64, budget)
        var factor = try ONNXTensor(scales.map { Double($0) / scale }, shape: [scales.count], budget)
        if scales.count > 1 {
            var shape = sums.shape.map { _ in 1 }
            shape[try Shapes.axis(axis, rank: sums.rank)] = scales.count
            factor = factor.reshaped(shape)
        }
        let product = try ElementwiseKernels.binary(CG_MUL, whole, factor, budget)
        let one = Spread(
            inner: product.count, scale: [1],
            zero: [try zero.cast(to: .int32, budget).view(as: Int32.self)[0]])
        return try quantize(product, one, to: zero.type, budget)
    }

    static let linearMatMul: OperatorMaker = { _ in
        { arguments in
            let budget = arguments.budget
            let a = try shifted(arguments(0), arguments(2), axis: -2, budget)
            let b = try shifted(arguments(3), arguments(5), axis: -1, budget)
            let sums = try ProductKernels.matmul(a, b, budget)
            let (left, right) = (try arguments(1).floats(budget), try arguments(4).floats(budget))
            guard left.count == 1 || right.count == 1 else {
                throw DescentError(.badData, "scales for rows and columns at once are not supported")
            }
            let scales = left.flatMap { l in right.map { l * $0 } }
            return [
                try requantized(
                    sums, scales: scales, axis: left.count > 1 ? -2 : -1, arguments(6), arguments(7), budget)
            ]
        }
    }

    static let linearConvolution: OperatorMaker = { node in
        let settings = try WindowSettings(node)
        let groups = try node.int("group", or: 1)
        return { arguments in
            let budget = arguments.budget
            let x = try shifted(arguments(0), arguments(2), axis: 0, budget)
            let weights = try shifted(arguments(3), arguments(5), axis: 0, budget)
            let bias = try arguments.optional(8)
            let windows = try ConvolutionKernels.windows(x, weights, bias, groups: groups, settings)
            let sums = try ConvolutionKernels.convolve(x, weights, bias, groups: groups, windows, budget)
            let scale = Float(try arguments(1).scalarDouble(budget))
            return [
                try requantized(
                    sums, scales: arguments(4).floats(budget).map { $0 * scale }, axis: 1, arguments(6),
                    arguments(7),
                    budget)
            ]
        }
    }

    static let dynamic: OperatorMaker = { _ in
        { arguments in
            let budget = arguments.budget
            let x = try arguments(0)
            try x.expect(.float32)
            let values = x.view(as: Float.self)
            let low = min(values.min() ?? 0, 0)
            let high = max(values.max() ?? 0, 0)
            let scale = (high - low) / 255
            let place = scale > 0 ? min(max((0 - low / scale).rounded(.toNearestOrEven), 0), 255) : 0
            guard place.isFinite, scale.isFinite else {
                throw DescentError(.badData, "numbers that are not finite")
            }
            let spread = Spread(inner: x.count, scale: [scale > 0 ? scale : 1], zero: [Int32(place)])
            return [
                try quantize(x, spread, to: .uint8, budget), try ONNXTensor([scale], shape: [], budget),
                try ONNXTensor([UInt8(place)], shape: [], budget),
            ]
        }
    }
}

extension OperatorRegistry {
    static var quantizationOperators: Family {
        [
            (
                "QuantizeLinear", 10,
                { node in
                    let axis = try node.int("axis", or: 1)
                    let block = try node.int("block_size", or: 0)
                    let number = try node.int("output_dtype", or: 0)
                    return { arguments in
                        let zero = try arguments.optional(2)
                        let spread = try QuantizationKernels.spread(
                            arguments(0), arguments(1), zero, axis: axis, block: block, arguments.budget)
                        let type =
                            zero?.type
                            ?? (number == 0
                                ? .uint8 : ONNXElementType(rawValue: Int32(truncatingIfNeeded: number)))
                        guard let type else { throw DescentError(.badData, "a type that is not supported") }
                        return [
                            try QuantizationKernels.quantize(arguments(0), spread, to: type, arguments.budget)
                        ]
                    }
                }
            ),
            (
                "DequantizeLinear", 10,
                { node in
                    let axis = try node.int("axis", or: 1)
                    let block = try node.int("block_size", or: 0)
                    return { arguments in
                        let spread = try QuantizationKernels.spread(
                            arguments(0), arguments(1), arguments.optional(2), axis: axis, block: block,
                            arguments.budget)
                        return [try QuantizationKernels.dequantize(arguments(0), spread, arguments.budget)]
                    }
                }
            ),
            ("QLinearMatMul", 10, QuantizationKernels.linearMatMul),
            ("QLinearConv", 10, QuantizationKernels.linearConvolution),
            ("DynamicQuantizeLinear", 11, QuantizationKernels.dynamic),
            (
                "MatMulInteger", 10,
                { _ in
                    { arguments in
                        let a = try QuantizationKernels.shifted(
                            arguments(0), arguments.optional(2), axis: -2, arguments.budget)
                        let b = try QuantizationKernels.shifted(
                            arguments(1), arguments.optional(3), axis: -1, arguments.budget)
                        return [try ProductKernels.matmul(a, b, arguments.budget)]
                    }
                }
            ),
            (
                "ConvInteger", 10,
                { node in
                    let settings = try WindowSettings(node)
                    let groups = try node.int("group", or: 1)
                    return { arguments in
                        let x = try QuantizationKernels.shifted(
                            arguments(0), arguments.optional(2), axis: 0, arguments.budget)
                        let weights = try QuantizationKernels.shifted(
                            arguments(1), arguments.optional(3), axis: 0, arguments.budget)
                        let windows = try ConvolutionKernels.windows(
                            x, weights, nil, groups: groups, settings)
                        return [
                            try ConvolutionKernels.convolve(
                                x, weights, nil, groups: groups, windows, arguments.budget)
                        ]
                    }
                }
            ),
        ]
    }
}
