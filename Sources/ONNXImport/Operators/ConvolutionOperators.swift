import CGraph
import Support

/// Convolutions by their definition, for what the inference engine does not take.
enum ConvolutionKernels {
    /// The lengths of a convolution, checked: images [N, C, ...], weights [K, C / groups, ...], bias [K].
    static func windows(
        _ x: ONNXTensor, _ weights: ONNXTensor, _ bias: ONNXTensor?, groups: Int, _ settings: WindowSettings
    ) throws -> Windows {
        try x.expectRank(3, orMore: true)
        try weights.expectRank(x.rank)
        guard groups > 0, weights.shape[0] % groups == 0, weights.shape[1] > 0,
            weights.shape[1].multipliedReportingOverflow(by: groups) == (x.shape[1], false)
        else {
            throw DescentError(
                .badData, "weights that do not fit the channels",
                expected: "[K, \(x.shape[1]) / \(groups), ...]", got: "\(weights.shape)")
        }
        if let bias { try bias.expectShape([weights.shape[0]]) }
        return try settings.windows(over: Array(x.shape[2...]), kernel: Array(weights.shape[2...]))
    }

    static func convolve(
        _ x: ONNXTensor, _ weights: ONNXTensor, _ bias: ONNXTensor?, groups: Int, _ windows: Windows,
        _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        guard x.type == weights.type, bias == nil || bias?.type == x.type else {
            throw typeMisfit(weights.type)
        }
        let y = try ONNXTensor(x.type, [x.shape[0], weights.shape[0]] + windows.results, budget)
        let done = windows.withForm {
            cg_convolve(
                x.type.rawValue, x.shape[0], x.shape[1], weights.shape[0], groups, $0, x.base, weights.base,
                bias?.base, y.base)
        }
        guard done == 1 else { throw typeMisfit(x.type) }
        return y
    }

    static let transposed: OperatorMaker = { node in
        let settings = try WindowSettings(node)
        let groups = try node.int("group", or: 1)
        let outputPadding = try node.ints("output_padding")
        let outputShape = try node.ints("output_shape")
        return { arguments in
            let (x, weights, bias) = (try arguments(0), try arguments(1), try arguments.optional(2))
            try x.expectRank(3, orMore: true)
            try weights.expectRank(x.rank)
            guard x.type == weights.type, groups > 0, x.shape[1] % groups == 0, weights.shape[0] == x.shape[1]
            else {
                throw DescentError(
                    .badData, "weights that do not fit the channels", expected: "[\(x.shape[1]), K, ...]",
                    got: "\(weights.shape)")
            }
            let outputs = try Shapes.checkedProduct([weights.shape[1], groups])
            if let bias { try bias.expectShape([outputs]) }
            let lengths = Array(x.shape[2...])
            let rank = lengths.count
            let kernel = Array(weights.shape[2...])
            guard rank <= Int(CG_MAX_AXES), settings.kernel == nil || settings.kernel == kernel else {
                throw DescentError(.badData, "weights of another kernel than the node says", got: "\(kernel)")
            }
            let strides = try settings.list(settings.strides, rank, 1, "strides")
            let dilations = try settings.list(settings.dilations, rank, 1, "dilations")
            let extra = try settings.list(outputPadding, rank, 0, "output_padding")
            let pads = try settings.list(settings.pads, 2 * rank, 0, "pads")
            var windows = Windows(
                lengths: lengths, results: lengths, kernel: kernel, strides: strides,
                before: lengths.map { _ in 0 },
                after: lengths.map { _ in 0 }, dilations: dilations)
            for axis in 0..<rank {
                guard kernel[axis] > 0, extra[axis] >= 0, extra[axis] < 1 << 40 else {
                    throw DescentError(.badData, "a window that is none", got: "\(kernel)")
                }
                let reach = try WindowSettings.reach(kernel[axis], dilations[axis])
                let step = try Shapes.checkedProduct([strides[axis], max(lengths[axis] - 1, 0)])
                guard step < 1 << 60 else { throw DescentError(.badData, "a size that overflows") }
                let whole = step + extra[axis] + reach
                var wanted: Int?
                if let outputShape {
                    guard outputShape.count == rank || outputShape.count == x.rank else {
                        throw DescentError(
                            .badData, "a shape of another number of axes", got: "\(outputShape)")
                    }
                    wanted = outputShape[outputShape.count - rank + axis]
                } else if settings.autoPad.hasPrefix("SAME") {
                    wanted = try Shapes.checkedProduct([lengths[axis], strides[axis]])
                }
                if let wanted {
                    guard wanted >= 0, wanted < 1 << 40 else {
                        throw DescentError(.badData, "a negative length", got: "\(wanted)")
                    }
                    let total = max(0, whole - wanted)
                    windows.before[axis] = settings.autoPad == "SAME_UPPER" ? total / 2 : total - total / 2
                    windows.lengths[axis] = wanted
                } else {
                    let isFree = settings.autoPad == "VALID"
                    windows.before[axis] = isFree ? 0 : pads[axis]
                    windows.lengths[axis] = whole - (isFree ? 0 : pads[axis] + pads[axis + rank])
                }
                guard windows.lengths[axis] >= 0 else {
                    throw DescentError(.badData, "pads that cut more than there is", got: "\(pads)")
                }
            }
            let y = try arguments.tensor(x.type, [x.shape[0], outputs] + windows.lengths)
            let done = windows.withForm {
                cg_convolve_transposed(
                    x.type.rawValue, x.shape[0], x.shape[1], outputs, groups, $0, x.base, weights.base,
                    bias?.base,
                    y.base)
            }
            guard done == 1 else { throw typeMisfit(x.type) }
            return [y]
        }
    }
}

extension OperatorRegistry {
    static var convolutionOperators: Family {
        [
            (
                "Conv", 1,
                { node in
                    let settings = try WindowSettings(node)
                    let groups = try node.int("group", or: 1)
                    return { arguments in
                        let (x, weights, bias) = (
                            try arguments(0), try arguments(1), try arguments.optional(2)
                        )
                        let windows = try ConvolutionKernels.windows(
                            x, weights, bias, groups: groups, settings)
                        return [
                            try ConvolutionKernels.convolve(
                                x, weights, bias, groups: groups, windows, arguments.budget)
                        ]
                    }
                }
            ),
            ("ConvTranspose", 1, ConvolutionKernels.transposed),
        ]
    }
}
