import Arrays
import CKernels

// Losses, layer normalisation and dropout. Bounds: the primitives make every buffer from shapes that they have
// checked; each kernel reads and writes exactly rows x columns numbers of it.

extension Float {
    /// See `DifferentiableScalar`.
    public static func softCrossEntropy(
        _ logits: UnsafeBufferPointer<Float>, targets: UnsafeBufferPointer<Float>, rows: Int,
        p: UnsafeMutableBufferPointer<Float>
    ) -> Double {
        ck_soft_cross_entropy_f32(
            rows, rows == 0 ? 0 : logits.count / rows, logits.baseAddress, targets.baseAddress,
            p.baseAddress)
    }

    /// See `DifferentiableScalar`.
    public static func softCrossEntropyGradient(
        p: UnsafeBufferPointer<Float>, targets: UnsafeBufferPointer<Float>, rows: Int, scale: Float,
        into delta: UnsafeMutableBufferPointer<Float>
    ) {
        ck_soft_cross_entropy_gradient_f32(
            rows, rows == 0 ? 0 : p.count / rows, p.baseAddress, targets.baseAddress, scale,
            delta.baseAddress)
    }

    /// See `DifferentiableScalar`.
    public static func elementLoss(
        _ loss: ElementLoss, parameter: Float, _ y: UnsafeBufferPointer<Float>,
        _ t: UnsafeBufferPointer<Float>,
        into delta: UnsafeMutableBufferPointer<Float>
    ) -> Double {
        ck_element_loss_f32(
            loss.code, parameter, delta.count, y.baseAddress, t.baseAddress, delta.baseAddress)
    }

    /// See `DifferentiableScalar`.
    public static func hinge(
        _ x: UnsafeBufferPointer<Float>, labels: UnsafeBufferPointer<Int32>, margin: Float,
        into delta: UnsafeMutableBufferPointer<Float>
    ) -> Double {
        let rows = labels.count
        return ck_hinge_f32(
            rows, rows == 0 ? 0 : x.count / rows, margin, x.baseAddress, labels.baseAddress,
            delta.baseAddress)
    }

    /// See `DifferentiableScalar`.
    public static func layerNorm(
        _ x: UnsafeBufferPointer<Float>, gain: UnsafeBufferPointer<Float>, shift: UnsafeBufferPointer<Float>,
        epsilon: Float, rows: Int, into y: UnsafeMutableBufferPointer<Float>,
        moments: UnsafeMutableBufferPointer<Float>
    ) {
        ck_layer_norm_f32(
            rows, gain.count, epsilon, x.baseAddress, gain.baseAddress, shift.baseAddress,
            y.baseAddress, moments.baseAddress)
    }

    /// See `DifferentiableScalar`.
    public static func layerNormGradient(
        _ x: UnsafeBufferPointer<Float>, gain: UnsafeBufferPointer<Float>,
        moments: UnsafeBufferPointer<Float>,
        upstream: UnsafeBufferPointer<Float>, into delta: UnsafeMutableBufferPointer<Float>
    ) {
        ck_layer_norm_gradient_f32(
            moments.count / 3, gain.count, x.baseAddress, gain.baseAddress, moments.baseAddress,
            upstream.baseAddress, delta.baseAddress)
    }

    /// See `DifferentiableScalar`.
    public static func layerNormSums(
        _ x: UnsafeBufferPointer<Float>, moments: UnsafeBufferPointer<Float>,
        upstream: UnsafeBufferPointer<Float>, gain: UnsafeMutableBufferPointer<Float>,
        shift: UnsafeMutableBufferPointer<Float>
    ) {
        ck_layer_norm_sums_f32(
            moments.count / 3, gain.count, x.baseAddress, moments.baseAddress,
            upstream.baseAddress, gain.baseAddress, shift.baseAddress)
    }

    /// See `DifferentiableScalar`.
    public static func dropout(
        _ x: UnsafeBufferPointer<Float>, threshold: UInt32, scale: Float, stream: RandomStream,
        into y: UnsafeMutableBufferPointer<Float>
    ) {
        var stream = stream.kernelForm
        ck_dropout_f32(y.count, x.baseAddress, threshold, scale, &stream, y.baseAddress)
    }
}
