import Arrays
import CKernels

// Bounds: the primitives make every buffer from shapes that they have checked; each kernel reads and writes
// exactly rows x columns numbers of it.

extension Double: DifferentiableScalar {
    /// See the protocol.
    public static func addBias(
        _ bias: UnsafeBufferPointer<Double>?, activation: Activation, rows: Int,
        to z: UnsafeMutableBufferPointer<Double>
    ) {
        ck_bias_activation_f64(
            activation.code, activation.parameter, rows, rows == 0 ? 0 : z.count / rows,
            bias?.baseAddress,
            z.baseAddress)
    }

    /// See the protocol.
    public static func activate(
        _ activation: Activation, _ z: UnsafeBufferPointer<Double>, into y: UnsafeMutableBufferPointer<Double>
    ) {
        ck_activate_f64(
            activation.code, activation.parameter, y.count, z.baseAddress, y.baseAddress)
    }

    /// See the protocol.
    public static func activationGradient(
        _ activation: Activation, y: UnsafeBufferPointer<Double>, upstream: UnsafeBufferPointer<Double>,
        into delta: UnsafeMutableBufferPointer<Double>
    ) {
        ck_activation_gradient_f64(
            activation.code, activation.parameter, delta.count, y.baseAddress, upstream.baseAddress,
            delta.baseAddress)
    }

    /// See the protocol.
    public static func sumColumns(
        _ x: UnsafeBufferPointer<Double>, rows: Int, into sums: UnsafeMutableBufferPointer<Double>
    ) {
        ck_column_sums_f64(rows, sums.count, x.baseAddress, sums.baseAddress)
    }

    /// See the protocol.
    public static func softmax(
        _ x: UnsafeBufferPointer<Double>, rows: Int, into out: UnsafeMutableBufferPointer<Double>
    ) {
        ck_softmax_rows_f64(
            rows, rows == 0 ? 0 : x.count / rows, x.baseAddress, out.baseAddress)
    }

    /// See the protocol.
    public static func softmaxGradient(
        p: UnsafeBufferPointer<Double>, upstream: UnsafeBufferPointer<Double>, rows: Int,
        into delta: UnsafeMutableBufferPointer<Double>
    ) {
        ck_softmax_gradient_f64(
            rows, rows == 0 ? 0 : p.count / rows, p.baseAddress, upstream.baseAddress,
            delta.baseAddress)
    }

    /// See the protocol.
    public static func softmaxCrossEntropy(
        _ logits: UnsafeBufferPointer<Double>, labels: UnsafeBufferPointer<Int32>,
        p: UnsafeMutableBufferPointer<Double>
    ) -> Double {
        let rows = labels.count
        return ck_softmax_cross_entropy_f64(
            rows, rows == 0 ? 0 : logits.count / rows, logits.baseAddress, labels.baseAddress,
            p.baseAddress)
    }

    /// See the protocol.
    public static func softmaxCrossEntropyGradient(
        p: UnsafeBufferPointer<Double>, labels: UnsafeBufferPointer<Int32>, scale: Double,
        into delta: UnsafeMutableBufferPointer<Double>
    ) {
        let rows = labels.count
        ck_softmax_cross_entropy_gradient_f64(
            rows, rows == 0 ? 0 : p.count / rows, p.baseAddress, labels.baseAddress, scale,
            delta.baseAddress)
    }

    /// See the protocol.
    public static func argMax(
        _ x: UnsafeBufferPointer<Double>, rows: Int, into places: UnsafeMutableBufferPointer<Int32>
    ) {
        ck_argmax_rows_f64(
            rows, rows == 0 ? 0 : x.count / rows, x.baseAddress, places.baseAddress)
    }

    /// See the protocol.
    public static func accumulate(
        _ x: UnsafeBufferPointer<Double>, into y: UnsafeMutableBufferPointer<Double>
    ) {
        ck_accumulate_f64(y.count, x.baseAddress, y.baseAddress)
    }

    /// See the protocol.
    public static func gatherRows(
        _ bytes: UnsafeBufferPointer<UInt8>, width: Int, table: [Float], rows: [Int32],
        into out: UnsafeMutableBufferPointer<Double>
    ) {
        ck_gather_rows_u8_f64(
            bytes.baseAddress, width, table.map(Double.init), rows, rows.count, out.baseAddress)
    }

    /// No: products in `Double` are for checking gradients.
    public static var skipsZeros: Bool { false }
}
