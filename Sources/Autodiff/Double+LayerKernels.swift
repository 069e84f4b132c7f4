import Arrays
import CKernels

// Losses, layer normalisation and dropout. Bounds: the primitives make every buffer from shapes that they have
// checked; each kernel reads and writes exactly rows x columns numbers of it.

extension Double {
    /// See `DifferentiableScalar`.
    public static func softCrossEntropy(
        _ logits: UnsafeBufferPointer<Double>, targets: UnsafeBufferPointer<Double>, rows: Int,
        p: UnsafeMutableBufferPointer<Double>
    ) -> Double {
        ck_soft_cross_entropy_f64(
            rows, rows == 0 ? 0 : logits.count / rows, logits.baseAddress, targets.baseAddress,
            p.baseAddress)
    }

    /// See `DifferentiableScalar`.
    public static func softCrossEntropyGradient(
        p: UnsafeBufferPointer<Double>, targets: UnsafeBufferPointer<Double>, rows: Int, scale: Double,
        into delta: UnsafeMutableBufferPointer<Double>
    ) {
        ck_soft_cross_entropy_gradient_f64(
            rows, rows == 0 ? 0 : p.count / rows, p.baseAddress, targets.baseAddress, scale,
            delta.baseAddress)
    }

    /// See `DifferentiableScalar`.
    public static func elementLoss(
        _ loss: ElementLoss, parameter: Double, _ y: UnsafeBufferPointer<Double>,
        _ t: UnsafeBufferPointer<Double>,
        into delta: UnsafeMutableBufferPointer<Double>
    ) -> Double {
        ck_element_loss_f64(
            loss.code, parameter, delta.count, y.baseAddress, t.baseAddress, delta.baseAddress)
    }

    /// See `DifferentiableScalar`.
    public static func hinge(
        _ x: UnsafeBufferPointer<Double>, labels: UnsafeBufferPointer<Int32>, margin: Double,
        into delta: UnsafeMutableBufferPointer<Double>
    ) -> Double {
        let rows = labels.count
        return ck_hinge_f64(
            rows, rows == 0 ? 0 : x.count / rows, margin, x.baseAddress, labels.baseAddress,
            delta.baseAddress)
    }

    /// See `DifferentiableScalar`.
    public static func layerNorm(
        _ x: UnsafeBufferPointer<Double>, gain: UnsafeBufferPointer<Double>,
        shift: UnsafeBufferPointer<Double>,
        epsilon: Double, rows: Int, into y: UnsafeMutableBufferPointer<Double>,
        moments: UnsafeMutableBufferPointer<Double>
    ) {
        ck_layer_norm_f64(
            rows, gain.count, epsilon, x.baseAddress, gain.baseAddress, shift.baseAddress,
            y.baseAddress, moments.baseAddress)
    }

    /// See `DifferentiableScalar`.
    public static func layerNormGradient(
        _ x: UnsafeBufferPointer<Double>, gain: UnsafeBufferPointer<Double>,
        moments: UnsafeBufferPointer<Double>,
        upstream: UnsafeBufferPointer<Double>, into delta: UnsafeMutableBufferPointer<Double>
    ) {
        ck_layer_norm_gradient_f64(
            moments.count / 3, gain.count, x.baseAddress, gain.baseAddress, moments.baseAddress,
            upstream.baseAddress, delta.baseAddress)
    }

    /// See `DifferentiableScalar`.
    public static func layerNormSums(
        _ x: UnsafeBufferPointer<Double>, moments: UnsafeBufferPointer<Double>,
        upstream: UnsafeBufferPointer<Double>, gain: UnsafeMutableBufferPointer<Double>,
        shift: UnsafeMutableBufferPointer<Double>
    ) {
        ck_layer_norm_sums_f64(
            moments.count / 3, gain.count, x.baseAddress, moments.baseAddress,
            upstream.baseAddress, gain.baseAddress, shift.baseAddress)
    }

    /// See `DifferentiableScalar`.
    public static func dropout(
        _ x: UnsafeBufferPointer<Double>, threshold: UInt32, scale: Double, stream: RandomStream,
        into y: UnsafeMutableBufferPointer<Double>
    ) {
        var stream = stream.kernelForm
        ck_dropout_f64(y.count, x.baseAddress, threshold, scale, &stream, y.baseAddress)
    }
}
