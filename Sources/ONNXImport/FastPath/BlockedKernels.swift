import CGraph
import CInference
import CKernels
import Support

/// Operators on images in blocks of channels, between convolutions.
enum BlockedKernels {
    /// Pooling of two axes; nil where the operator's own kernel must do it.
    static func pool(
        _ x: ONNXTensor, _ windows: Windows, mean: Bool, countsPadding: Bool, _ budget: MemoryBudget
    ) throws -> ONNXTensor? {
        guard x.layout == BlockedLayout.code, windows.lengths.count == 2, windows.dilations == [1, 1] else {
            return nil
        }
        let y = try BlockedLayout.tensor([x.shape[0], x.shape[1]] + windows.results, budget)
        var form = ci_pooling(
            channels: x.shape[1], height: windows.lengths[0], width: windows.lengths[1],
            result_height: windows.results[0], result_width: windows.results[1],
            kernel_height: windows.kernel[0],
            kernel_width: windows.kernel[1], stride_height: windows.strides[0],
            stride_width: windows.strides[1],
            padding_top: windows.before[0], padding_left: windows.before[1], padding_bottom: windows.after[0],
            padding_right: windows.after[1], mean: mean ? 1 : 0, counts_padding: countsPadding ? 1 : 0,
            layout: x.layout)
        try ProductKernels.expectDone(
            ci_pool(
                &form, x.shape[0], x.base.assumingMemoryBound(to: Float.self),
                y.base.assumingMemoryBound(to: Float.self)))
        return y
    }

    /// Images joined along their channels; nil where that is not whole blocks.
    static func concatenate(_ parts: [ONNXTensor], _ budget: MemoryBudget) throws -> ONNXTensor? {
        guard let first = parts.first, parts.contains(where: { $0.layout != CK_LAYOUT_ROWS }) else {
            return nil
        }
        let lanes = BlockedLayout.lanes
        guard
            parts.allSatisfy({
                $0.type == .float32 && $0.rank == 4 && $0.shape[0] == first.shape[0]
                    && $0.shape[2] == first.shape[2]
                    && $0.shape[3] == first.shape[3]
            }), parts.dropLast().allSatisfy({ $0.shape[1] % lanes == 0 })
        else { return nil }
        let channels = parts.reduce(0) { $0 + $1.shape[1] }
        let y = try BlockedLayout.tensor([first.shape[0], channels, first.shape[2], first.shape[3]], budget)
        let row = y.memory.count / max(first.shape[0], 1)
        var start = 0
        for part in parts {
            let part = try BlockedLayout.blocked(part, budget)
            let bytes = part.memory.count / max(first.shape[0], 1)
            if bytes > 0 {
                cg_copy(
                    4, 2, [first.shape[0], bytes / 4], part.base, [bytes / 4, 1], y.base + start,
                    [row / 4, 1])
            }
            start += bytes
        }
        return y
    }

    /// The factor of each channel, with zeros where no channel is.
    static func padded(_ values: [Double]) -> [Float] {
        let lanes = BlockedLayout.lanes
        let rest = (lanes - values.count % lanes) % lanes
        return values.map { Float($0) } + [Float](repeating: 0, count: rest)
    }
}

/// A factor and a summand for each channel, and an activation: a normalisation that no convolution takes in.
struct ChannelScaling: Sendable {
    var factor: [Double]
    var summand: [Double]
    var activation = FusedActivation.none

    func callAsFunction(_ x: ONNXTensor, _ budget: MemoryBudget) throws -> ONNXTensor {
        try x.expect(.float32)
        try x.expectRank(2, orMore: true)
        guard x.shape[1] == factor.count else {
            throw DescentError(
                .badData, "another number of channels than of scales", expected: "\(factor.count)",
                got: "\(x.shape)")
        }
        guard x.layout != CK_LAYOUT_ROWS else {
            let channels = [factor.count]
            let y = try NormalizationKernels.affine(
                x, scale: ONNXTensor(factor.map { Float($0) }, shape: channels, budget),
                shift: ONNXTensor(summand.map { Float($0) }, shape: channels, budget), budget)
            return try activation.apply(y, budget)
        }
        let y = try BlockedLayout.tensor(x.shape, budget)
        let scale = BlockedKernels.padded(factor)
        let shift = BlockedKernels.padded(summand)
        var isRelu = false
        if case .relu(let slope) = activation { isRelu = slope == 0 }
        ci_scale(
            x.layout, x.shape[0], x.shape[1], x.shape[2] * x.shape[3],
            x.base.assumingMemoryBound(to: Float.self),
            scale, shift, isRelu ? 1 : 0, y.base.assumingMemoryBound(to: Float.self))
        return isRelu ? y : try activation.apply(y, budget)
    }
}
