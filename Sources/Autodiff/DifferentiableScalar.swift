import Arrays
import CKernels

/// A scalar that networks compute in: `Float` to train, `Double` to check gradients.
///
/// Its requirements are the vectorised loops that primitives are made of; see `ck_train.h` for their formulas.
public protocol DifferentiableScalar: FloatingScalar {
    /// z = activation(z + bias) for each of `rows` rows.
    static func addBias(
        _ bias: UnsafeBufferPointer<Self>?, activation: Activation, rows: Int,
        to z: UnsafeMutableBufferPointer<Self>)
    /// delta = upstream activation'(z), from y = activation(z).
    static func activationGradient(
        _ activation: Activation, y: UnsafeBufferPointer<Self>, upstream: UnsafeBufferPointer<Self>,
        into delta: UnsafeMutableBufferPointer<Self>)
    /// The sum of each column over `rows` rows.
    static func sumColumns(
        _ x: UnsafeBufferPointer<Self>, rows: Int, into sums: UnsafeMutableBufferPointer<Self>)
    /// The softmax of each row.
    static func softmax(_ x: UnsafeBufferPointer<Self>, rows: Int, into out: UnsafeMutableBufferPointer<Self>)
    /// The vector-Jacobian product of softmax.
    static func softmaxGradient(
        p: UnsafeBufferPointer<Self>, upstream: UnsafeBufferPointer<Self>, rows: Int,
        into delta: UnsafeMutableBufferPointer<Self>)
    /// The softmax of each row into `p`; returns the sum of -log p[i, labels[i]].
    static func softmaxCrossEntropy(
        _ logits: UnsafeBufferPointer<Self>, labels: UnsafeBufferPointer<Int32>,
        p: UnsafeMutableBufferPointer<Self>
    ) -> Double
    /// delta = (p - oneHot(labels)) scale.
    static func softmaxCrossEntropyGradient(
        p: UnsafeBufferPointer<Self>, labels: UnsafeBufferPointer<Int32>, scale: Self,
        into delta: UnsafeMutableBufferPointer<Self>)
    /// The index of each row's largest number.
    static func argMax(
        _ x: UnsafeBufferPointer<Self>, rows: Int, into places: UnsafeMutableBufferPointer<Int32>)
    /// y += x.
    static func accumulate(_ x: UnsafeBufferPointer<Self>, into y: UnsafeMutableBufferPointer<Self>)
    /// out[i] = table[bytes[rows[i]]], a row of `width` bytes each.
    static func gatherRows(
        _ bytes: UnsafeBufferPointer<UInt8>, width: Int, table: [Float], rows: [Int32],
        into out: UnsafeMutableBufferPointer<Self>)
    /// The windows of one image [C, H, W] as columns, see `ck_columns`.
    static func columns(
        _ windows: inout ck_windows, dilation: Extent, channels: Int, image: UnsafePointer<Self>,
        into columns: UnsafeMutablePointer<Self>)
    /// Adds columns to the pixels that they came from.
    static func addColumns(
        _ windows: inout ck_windows, dilation: Extent, channels: Int, columns: UnsafePointer<Self>,
        to image: UnsafeMutablePointer<Self>)
    /// The mean of each window of planes [H, W].
    static func windowMeans(
        _ windows: inout ck_windows, countsPadding: Bool, planes: Int, of x: UnsafeBufferPointer<Self>,
        into means: UnsafeMutableBufferPointer<Self>)
    /// The gradient by the planes.
    static func windowMeanGradient(
        _ windows: inout ck_windows, countsPadding: Bool, planes: Int, upstream: UnsafeBufferPointer<Self>,
        into gradient: UnsafeMutableBufferPointer<Self>)
    /// The kernels over the channels of images.
    static var channelKernels: ChannelKernels<Self> { get }
    /// Whether a product with compressed rows exists for this type.
    static var multipliesCompressedRows: Bool { get }
}

extension Activation {
    /// The kernels' name for the activation.
    var code: Int32 {
        switch self {
        case .identity: Int32(CK_ACTIVATION_IDENTITY.rawValue)
        case .sigmoid: Int32(CK_ACTIVATION_SIGMOID.rawValue)
        case .relu: Int32(CK_ACTIVATION_RELU.rawValue)
        case .tanh: Int32(CK_ACTIVATION_TANH.rawValue)
        }
    }
}
