import Arrays
import CKernels

// The kernels as primitives call them. Bounds: the primitives make every buffer from shapes that they have checked;
// each kernel reads and writes exactly rows x columns elements of it.
extension _Kernels {
    typealias Numbers = UnsafeBufferPointer<Scalar>
    typealias Target = UnsafeMutableBufferPointer<Scalar>

    /// z = activation(z + bias) for each of `rows` rows.
    func addBias(_ bias: Numbers?, activation: ActivationKernel, rows: Int, to z: Target) {
        functions.biasActivation(
            activation.code, activation.parameter, rows, rows == 0 ? 0 : z.count / rows, bias?.baseAddress,
            z.baseAddress)
    }

    /// y = activation(z).
    func activate(_ activation: ActivationKernel, _ z: Numbers, into y: Target) {
        functions.activate(
            activation.code, activation.parameter, y.count, z.baseAddress, y.baseAddress)
    }

    /// delta = upstream activation'(z), from y = activation(z); for activations whose `gradientNeedsInput`, `y` is z.
    func activationGradient(
        _ activation: ActivationKernel, y: Numbers, upstream: Numbers, into delta: Target
    ) {
        functions.activationGradient(
            activation.code, activation.parameter, delta.count, y.baseAddress, upstream.baseAddress,
            delta.baseAddress)
    }

    /// The sum of each column over `rows` rows.
    func sumColumns(_ x: Numbers, rows: Int, into sums: Target) {
        functions.columnSums(rows, sums.count, x.baseAddress, sums.baseAddress)
    }

    /// The softmax of each row.
    func softmax(_ x: Numbers, rows: Int, into out: Target) {
        functions.softmax(rows, rows == 0 ? 0 : x.count / rows, x.baseAddress, out.baseAddress)
    }

    /// The vector-Jacobian product of softmax.
    func softmaxGradient(p: Numbers, upstream: Numbers, rows: Int, into delta: Target) {
        functions.softmaxGradient(
            rows, rows == 0 ? 0 : p.count / rows, p.baseAddress, upstream.baseAddress, delta.baseAddress)
    }

    /// The softmax of each row into `p`; returns the sum of -log p[i, labels[i]].
    func softmaxCrossEntropy(_ logits: Numbers, labels: UnsafeBufferPointer<Int32>, p: Target) -> Double {
        let rows = labels.count
        return functions.softmaxCrossEntropy(
            rows, rows == 0 ? 0 : logits.count / rows, logits.baseAddress, labels.baseAddress, p.baseAddress)
    }

    /// delta = (p - oneHot(labels)) scale.
    func softmaxCrossEntropyGradient(
        p: Numbers, labels: UnsafeBufferPointer<Int32>, scale: Double, into delta: Target
    ) {
        let rows = labels.count
        functions.softmaxCrossEntropyGradient(
            rows, rows == 0 ? 0 : p.count / rows, p.baseAddress, labels.baseAddress, scale,
            delta.baseAddress)
    }

    /// The softmax of each row into `p`; returns the sum of -targets log p.
    func softCrossEntropy(_ logits: Numbers, targets: Numbers, rows: Int, p: Target) -> Double {
        functions.softCrossEntropy(
            rows, rows == 0 ? 0 : logits.count / rows, logits.baseAddress, targets.baseAddress,
            p.baseAddress)
    }

    /// delta = (p sum(targets of the row) - targets) scale.
    func softCrossEntropyGradient(
        p: Numbers, targets: Numbers, rows: Int, scale: Double, into delta: Target
    ) {
        functions.softCrossEntropyGradient(
            rows, rows == 0 ? 0 : p.count / rows, p.baseAddress, targets.baseAddress, scale,
            delta.baseAddress)
    }

    /// The sum of the losses of y against t, element by element, and their derivatives.
    func elementLoss(
        _ loss: ElementLoss, parameter: Double, _ y: Numbers, _ t: Numbers, into delta: Target
    ) -> Double {
        functions.elementLoss(
            loss.code, parameter, delta.count, y.baseAddress, t.baseAddress, delta.baseAddress)
    }

    /// The sum of the hinge losses of rows of scores, and their derivatives.
    func hinge(
        _ x: Numbers, labels: UnsafeBufferPointer<Int32>, margin: Double, into delta: Target
    ) -> Double {
        let rows = labels.count
        return functions.hinge(
            rows, rows == 0 ? 0 : x.count / rows, margin, x.baseAddress, labels.baseAddress,
            delta.baseAddress)
    }

    /// y = (x - mean) inverse gain + shift for each row; `moments` gets the mean, its rounding error, and inverse of
    /// each row: 3 N elements.
    func layerNorm(
        _ x: Numbers, gain: Numbers, shift: Numbers, epsilon: Double, rows: Int, into y: Target,
        moments: Target
    ) {
        functions.layerNorm(
            rows, gain.count, epsilon, x.baseAddress, gain.baseAddress, shift.baseAddress, y.baseAddress,
            moments.baseAddress)
    }

    /// The gradient of `layerNorm` by x.
    func layerNormGradient(
        _ x: Numbers, gain: Numbers, moments: Numbers, upstream: Numbers, into delta: Target
    ) {
        functions.layerNormGradient(
            moments.count / 3, gain.count, x.baseAddress, gain.baseAddress, moments.baseAddress,
            upstream.baseAddress, delta.baseAddress)
    }

    /// The gradients of `layerNorm` by gain and shift.
    func layerNormSums(
        _ x: Numbers, moments: Numbers, upstream: Numbers, gain: Target, shift: Target
    ) {
        functions.layerNormSums(
            moments.count / 3, gain.count, x.baseAddress, moments.baseAddress, upstream.baseAddress,
            gain.baseAddress, shift.baseAddress)
    }

    /// y = x scale where the stream's word is at least `threshold`, else 0.
    func dropout(
        _ x: Numbers, threshold: UInt32, scale: Double, stream: RandomStream, into y: Target
    ) {
        var stream = stream.kernelForm
        functions.dropout(y.count, x.baseAddress, threshold, scale, &stream, y.baseAddress)
    }

    /// The index of each row's largest element.
    func argMax(_ x: Numbers, rows: Int, into places: UnsafeMutableBufferPointer<Int32>) {
        functions.argMax(rows, rows == 0 ? 0 : x.count / rows, x.baseAddress, places.baseAddress)
    }

    /// y += x.
    func accumulate(_ x: Numbers, into y: Target) {
        functions.accumulate(y.count, x.baseAddress, y.baseAddress)
    }

    /// out[i] = table[bytes[rows[i]]], a row of `width` bytes each.
    func gatherRows(
        _ bytes: UnsafeBufferPointer<UInt8>, width: Int, table: [Float], rows: [Int32],
        into out: Target
    ) {
        fromSingle(NDArray(shape: [table.count], elements: table)).withUnsafeElements { table in
            functions.gatherRows(
                bytes.baseAddress, width, table.baseAddress, rows, rows.count, out.baseAddress)
        }
    }

    /// The windows of one image [C, H, W] as columns, see `ck_columns`.
    func columns(
        _ windows: inout ck_windows, dilation: Extent, channels: Int, image: UnsafePointer<Scalar>,
        into columns: UnsafeMutablePointer<Scalar>
    ) {
        functions.columns(&windows, dilation.height, dilation.width, channels, image, columns)
    }

    /// Adds columns to the pixels that they came from.
    func addColumns(
        _ windows: inout ck_windows, dilation: Extent, channels: Int, columns: UnsafePointer<Scalar>,
        to image: UnsafeMutablePointer<Scalar>
    ) {
        functions.addColumns(&windows, dilation.height, dilation.width, channels, columns, image)
    }

    /// The mean of each window of planes [H, W].
    func windowMeans(
        _ windows: inout ck_windows, countsPadding: Bool, planes: Int, of x: Numbers, into means: Target
    ) {
        functions.windowMeans(&windows, countsPadding ? 1 : 0, planes, x.baseAddress, means.baseAddress)
    }

    /// The gradient by the planes.
    func windowMeanGradient(
        _ windows: inout ck_windows, countsPadding: Bool, planes: Int, upstream: Numbers,
        into gradient: Target
    ) {
        functions.windowMeanGradient(
            &windows, countsPadding ? 1 : 0, planes, upstream.baseAddress, gradient.baseAddress)
    }
}
