import Arrays
import CKernels

// Bounds: the primitives make every buffer from shapes that they have checked; each kernel reads and writes
// exactly rows x columns numbers of it.

extension Float: DifferentiableScalar {
    /// See the protocol.
    public static func addBias(
        _ bias: UnsafeBufferPointer<Float>?, activation: Activation, rows: Int,
        to z: UnsafeMutableBufferPointer<Float>
    ) {
        ck_bias_activation_f32(
            activation.code, Float(activation.parameter), rows, rows == 0 ? 0 : z.count / rows,
            bias?.baseAddress,
            z.baseAddress)
    }

    /// See the protocol.
    public static func activate(
        _ activation: Activation, _ z: UnsafeBufferPointer<Float>, into y: UnsafeMutableBufferPointer<Float>
    ) {
        ck_activate_f32(
            activation.code, Float(activation.parameter), y.count, z.baseAddress, y.baseAddress)
    }

    /// See the protocol.
    public static func activationGradient(
        _ activation: Activation, y: UnsafeBufferPointer<Float>, upstream: UnsafeBufferPointer<Float>,
        into delta: UnsafeMutableBufferPointer<Float>
    ) {
        ck_activation_gradient_f32(
            activation.code, Float(activation.parameter), delta.count, y.baseAddress,
            upstream.baseAddress, delta.baseAddress)
    }

    /// See the protocol.
    public static func sumColumns(
        _ x: UnsafeBufferPointer<Float>, rows: Int, into sums: UnsafeMutableBufferPointer<Float>
    ) {
        ck_column_sums_f32(rows, sums.count, x.baseAddress, sums.baseAddress)
    }

    /// See the protocol.
    public static func softmax(
        _ x: UnsafeBufferPointer<Float>, rows: Int, into out: UnsafeMutableBufferPointer<Float>
    ) {
        ck_softmax_rows_f32(
            rows, rows == 0 ? 0 : x.count / rows, x.baseAddress, out.baseAddress)
    }

    /// See the protocol.
    public static func softmaxGradient(
        p: UnsafeBufferPointer<Float>, upstream: UnsafeBufferPointer<Float>, rows: Int,
        into delta: UnsafeMutableBufferPointer<Float>
    ) {
        ck_softmax_gradient_f32(
            rows, rows == 0 ? 0 : p.count / rows, p.baseAddress, upstream.baseAddress,
            delta.baseAddress)
    }

    /// See the protocol.
    public static func softmaxCrossEntropy(
        _ logits: UnsafeBufferPointer<Float>, labels: UnsafeBufferPointer<Int32>,
        p: UnsafeMutableBufferPointer<Float>
    ) -> Double {
        let rows = labels.count
        return ck_softmax_cross_entropy_f32(
            rows, rows == 0 ? 0 : logits.count / rows, logits.baseAddress, labels.baseAddress,
            p.baseAddress)
    }

    /// See the protocol.
    public static func softmaxCrossEntropyGradient(
        p: UnsafeBufferPointer<Float>, labels: UnsafeBufferPointer<Int32>, scale: Float,
        into delta: UnsafeMutableBufferPointer<Float>
    ) {
        let rows = labels.count
        ck_softmax_cross_entropy_gradient_f32(
            rows, rows == 0 ? 0 : p.count / rows, p.baseAddress, labels.baseAddress, scale,
            delta.baseAddress)
    }

    /// See the protocol.
    public static func argMax(
        _ x: UnsafeBufferPointer<Float>, rows: Int, into places: UnsafeMutableBufferPointer<Int32>
    ) {
        ck_argmax_rows_f32(
            rows, rows == 0 ? 0 : x.count / rows, x.baseAddress, places.baseAddress)
    }

    /// See the protocol.
    public static func accumulate(
        _ x: UnsafeBufferPointer<Float>, into y: UnsafeMutableBufferPointer<Float>
    ) {
        ck_accumulate_f32(y.count, x.baseAddress, y.baseAddress)
    }

    /// See the protocol.
    public static func gatherRows(
        _ bytes: UnsafeBufferPointer<UInt8>, width: Int, table: [Float], rows: [Int32],
        into out: UnsafeMutableBufferPointer<Float>
    ) {
        ck_gather_rows_u8_f32(
            bytes.baseAddress, width, table, rows, rows.count, out.baseAddress)
    }

    /// Yes.
    public static var skipsZeros: Bool { true }
}
