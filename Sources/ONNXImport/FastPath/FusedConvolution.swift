import CGraph
import CInference
import CKernels
import COneDNN
import Support
import Synchronization

/// What follows a convolution in its pass.
enum FusedActivation: Sendable, Equatable {
    case none
    /// max(0, x), or `slope` x below zero.
    case relu(slope: Float)
    case clip(Float, Float)
    case sigmoid
    case swish
    case hardSwish

    func code(adds: Bool) -> cdnn_after {
        var after = cdnn_after(adds: adds ? 1 : 0, activation: CDNN_AFTER_NOTHING, alpha: 0, beta: 0)
        switch self {
        case .none: break
        case .relu(let slope): (after.activation, after.alpha) = (CDNN_AFTER_RELU, slope)
        case .clip(let low, let high):
            (after.activation, after.alpha, after.beta) = (CDNN_AFTER_CLIP, low, high)
        case .sigmoid: after.activation = CDNN_AFTER_SIGMOID
        case .swish: (after.activation, after.alpha) = (CDNN_AFTER_SWISH, 1)
        case .hardSwish: after.activation = CDNN_AFTER_HARD_SWISH
        }
        return after
    }

    func apply(_ x: ONNXTensor, _ budget: MemoryBudget) throws -> ONNXTensor {
        switch self {
        case .none: x
        case .relu(let slope):
            try UnaryKernels.apply(slope == 0 ? CG_RELU : CG_LEAKY_RELU, x, Double(slope), 0, budget)
        case .clip(let low, let high): try UnaryKernels.apply(CG_CLIP, x, Double(low), Double(high), budget)
        case .sigmoid: try UnaryKernels.apply(CG_SIGMOID, x, 0, 0, budget)
        case .swish: try UnaryKernels.apply(CG_SWISH, x, 1, 0, budget)
        case .hardSwish: try UnaryKernels.apply(CG_HARD_SWISH, x, 0, 0, budget)
        }
    }
}

/// The layout in which this processor's convolutions are fast.
enum BlockedLayout {
    static let code = ck_this_processor().pointee.vector_bits >= 512 ? CK_LAYOUT_BLOCKED : CK_LAYOUT_EIGHTS
    static let lanes = code == CK_LAYOUT_BLOCKED ? 16 : 8

    /// The bytes of float32 images in blocks of channels.
    static func byteCount(_ shape: [Int]) -> Int {
        shape[0] * ((shape[1] + lanes - 1) / lanes * lanes) * shape[2] * shape[3] * 4
    }

    /// Makes images in blocks whose elements are not set yet.
    static func tensor(_ shape: [Int], _ budget: MemoryBudget) throws -> ONNXTensor {
        _ = try ONNXTensor.byteCount(.float32, [shape[0], shape[1] + lanes, shape[2], shape[3]])
        return ONNXTensor(.float32, shape, try TensorMemory(byteCount(shape), budget), layout: code)
    }

    static func blocked(_ x: ONNXTensor, _ budget: MemoryBudget) throws -> ONNXTensor {
        guard x.layout == CK_LAYOUT_ROWS else { return x }
        let y = try tensor(x.shape, budget)
        ck_relayout(
            x.shape[0], x.shape[1], x.shape[2] * x.shape[3], CK_LAYOUT_ROWS,
            x.base.assumingMemoryBound(to: Float.self), code, y.base.assumingMemoryBound(to: Float.self))
        return y
    }
}

/// A convolution over planes of two axes in float32 whose weights do not change, with what follows it: on the inference
/// engine where that has a kernel, else by the operators' own.
final class FusedConvolution: Sendable {
    let settings: WindowSettings
    let groups: Int
    /// [K, C / groups, R, S], as the file has them.
    let weights: ONNXTensor
    /// What a normalisation multiplies each output with; nil for none.
    let factor: [Double]?
    let bias: [Double]
    let activation: FusedActivation

    /// Packed weights and primitives for images of one size.
    private final class Prepared: @unchecked Sendable {
        // Proof of Sendable: C never changes it after it is made.
        let handle: OpaquePointer
        init(_ handle: OpaquePointer) { self.handle = handle }
        deinit { ci_convolution_free(handle) }
    }

    private struct Key: Hashable {
        var height: Int
        var width: Int
        var source: Int32
        var result: Int32
        var adds: Bool
    }

    /// nil for a size that the engine has no kernel for.
    private let prepared = Mutex<[Key: Prepared?]>([:])
    /// The most sizes that are kept.
    private static let mostSizes = 8

    init(
        _ settings: WindowSettings, groups: Int, weights: ONNXTensor, factor: [Double]?, bias: [Double],
        _ activation: FusedActivation
    ) {
        self.settings = settings
        self.groups = groups
        self.weights = weights
        self.factor = factor
        self.bias = bias
        self.activation = activation
    }

    /// Convolves `x`; adds `summand` before the activation.
    ///
    /// - Parameter isOwned: whether nobody else has the summand's memory, so that the sum may be made in it.
    func callAsFunction(
        _ x: ONNXTensor, adding summand: ONNXTensor?, isOwned: Bool, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        let windows = try ConvolutionKernels.windows(x, weights, nil, groups: groups, settings)
        try x.expect(.float32)
        let shape = [x.shape[0], weights.shape[0]] + windows.results
        let adds = summand?.shape == shape && summand?.type == .float32
        if x.count > 0, Shapes.product(shape) > 0, summand == nil || adds,
            let y = try engine(x, windows, shape, summand, isOwned: isOwned, budget)
        {
            return y
        }
        var y = try ConvolutionKernels.convolve(
            x.inRows(budget), scaledWeights(budget),
            ONNXTensor(bias.map { Float($0) }, shape: [bias.count], budget),
            groups: groups, windows, budget)
        if let summand { y = try ElementwiseKernels.binary(CG_ADD, y, summand, budget) }
        return try activation.apply(y, budget)
    }

    /// The weights as they are multiplied.
    private func scaledWeights(_ budget: MemoryBudget) throws -> ONNXTensor {
        guard let factor else { return weights }
        let scaled = try ONNXTensor(.float32, weights.shape, budget)
        let scale = factor.map { Float($0) }
        _ = cg_affine(
            CG_FLOAT32, 1, factor.count, weights.count / max(factor.count, 1), weights.base, scale, nil,
            scaled.base)
        return scaled
    }

    /// The ways to lay images out, the fastest first.
    private func layouts(_ x: ONNXTensor) -> [(source: Int32, result: Int32)] {
        let lanes = BlockedLayout.lanes
        let (channels, outputs) = (x.shape[1], weights.shape[0])
        let rows = (CK_LAYOUT_ROWS, CK_LAYOUT_ROWS)
        let blocked = (BlockedLayout.code, BlockedLayout.code)
        if groups == 1 {
            return channels <= 4 ? [(CK_LAYOUT_ROWS, BlockedLayout.code), rows] : [blocked, rows]
        }
        let isDepthwise = groups == channels && groups == outputs
        return isDepthwise || (channels / groups % lanes == 0 && outputs / groups % lanes == 0)
            ? [blocked, rows] : [rows]
    }

    private func engine(
        _ x: ONNXTensor, _ windows: Windows, _ shape: [Int], _ summand: ONNXTensor?, isOwned: Bool,
        _ budget: MemoryBudget
    ) throws -> ONNXTensor? {
        for (source, result) in layouts(x) {
            let key = Key(
                height: x.shape[2], width: x.shape[3], source: source, result: result, adds: summand != nil)
            guard let prepared = try prepare(key, x.shape[1], windows, budget) else { continue }
            let from = source == CK_LAYOUT_ROWS ? try x.inRows(budget) : try BlockedLayout.blocked(x, budget)
            let y = try place(shape, result, summand, isOwned: isOwned, budget)
            try ProductKernels.expectDone(
                ci_convolution_run(
                    prepared.handle, shape[0], from.base.assumingMemoryBound(to: Float.self),
                    y.base.assumingMemoryBound(to: Float.self)))
            return y
        }
        return nil
    }

    /// Where the result goes: with a summand its memory, or a copy of it.
    private func place(
        _ shape: [Int], _ layout: Int32, _ summand: ONNXTensor?, isOwned: Bool, _ budget: MemoryBudget
    ) throws -> ONNXTensor {
        guard let summand else {
            return layout == CK_LAYOUT_ROWS
                ? try ONNXTensor(.float32, shape, budget) : try BlockedLayout.tensor(shape, budget)
        }
        let laid =
            layout == CK_LAYOUT_ROWS ? try summand.inRows(budget) : try BlockedLayout.blocked(summand, budget)
        if laid.memory !== summand.memory || isOwned { return laid }
        let copy = ONNXTensor(.float32, shape, try TensorMemory(laid.memory.count, budget), layout: layout)
        copy.base.copyMemory(from: laid.base, byteCount: laid.memory.count)
        return copy
    }

    private func prepare(
        _ key: Key, _ channels: Int, _ windows: Windows, _ budget: MemoryBudget
    ) throws -> Prepared? {
        if let known = prepared.withLock({ $0[key] }) { return known }
        var geometry = cdnn_geometry()
        geometry.channels = channels
        (geometry.height, geometry.width) = (key.height, key.width)
        geometry.outputs = weights.shape[0]
        (geometry.kernel_height, geometry.kernel_width) = (windows.kernel[0], windows.kernel[1])
        (geometry.stride_height, geometry.stride_width) = (windows.strides[0], windows.strides[1])
        (geometry.padding_top, geometry.padding_left) = (windows.before[0], windows.before[1])
        (geometry.result_height, geometry.result_width) = (windows.results[0], windows.results[1])
        (geometry.dilation_height, geometry.dilation_width) = (windows.dilations[0], windows.dilations[1])
        (geometry.padding_bottom, geometry.padding_right) = (windows.after[0], windows.after[1])
        geometry.groups = groups
        (geometry.source_layout, geometry.result_layout) = (key.source, key.result)
        geometry.bias = 1
        geometry.winograd = groups == 1 ? cdnn_suits_winograd(&geometry) : 0
        // Sizes that only a damaged file has are left to the operator's own kernel.
        let sizes = windows.lengths + windows.results + windows.kernel + windows.before + windows.strides
        var made: Prepared?
        if sizes.allSatisfy({ $0 < 1 << 24 }), windows.dilations.allSatisfy({ $0 < 1 << 24 }) {
            var after = activation.code(adds: key.adds)
            let scaled = try scaledWeights(budget)
            made = withExtendedLifetime(scaled) {
                ci_convolution_make(
                    &geometry, &after, scaled.base.assumingMemoryBound(to: Float.self), bias.map { Float($0) }
                ).map(Prepared.init)
            }
        }
        prepared.withLock {
            if $0.count >= Self.mostSizes { $0.removeAll() }
            $0[key] = .some(made)
        }
        return made
    }
}
