import Arrays
import CKernels

/// A scalar that networks compute in: `Float` to train, `Double` to check gradients.
///
/// Its requirements are the vectorised loops that primitives are made of; see `ck_nn.h` for their formulas.
public protocol DifferentiableScalar: FloatingScalar {
    /// z = activation(z + bias) for each of `rows` rows.
    static func addBias(
        _ bias: UnsafeBufferPointer<Self>?, activation: Activation, rows: Int,
        to z: UnsafeMutableBufferPointer<Self>)
    /// y = activation(z).
    static func activate(
        _ activation: Activation, _ z: UnsafeBufferPointer<Self>, into y: UnsafeMutableBufferPointer<Self>)
    /// delta = upstream activation'(z), from y = activation(z); for activations whose `gradientNeedsInput`, `y` is z.
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
    /// The softmax of each row into `p`; returns the sum of -targets log p.
    static func softCrossEntropy(
        _ logits: UnsafeBufferPointer<Self>, targets: UnsafeBufferPointer<Self>, rows: Int,
        p: UnsafeMutableBufferPointer<Self>
    ) -> Double
    /// delta = (p sum(targets of the row) - targets) scale.
    static func softCrossEntropyGradient(
        p: UnsafeBufferPointer<Self>, targets: UnsafeBufferPointer<Self>, rows: Int, scale: Self,
        into delta: UnsafeMutableBufferPointer<Self>)
    /// The sum of the losses of y against t, number by number, and their derivatives; see `ck_nn.h`.
    static func elementLoss(
        _ loss: ElementLoss, parameter: Self, _ y: UnsafeBufferPointer<Self>, _ t: UnsafeBufferPointer<Self>,
        into delta: UnsafeMutableBufferPointer<Self>
    ) -> Double
    /// The sum of the hinge losses of rows of scores, and their derivatives.
    static func hinge(
        _ x: UnsafeBufferPointer<Self>, labels: UnsafeBufferPointer<Int32>, margin: Self,
        into delta: UnsafeMutableBufferPointer<Self>
    ) -> Double
    /// y = (x - mean) inverse gain + shift for each row; `moments` gets of each the mean, what it is
    /// beyond its rounding, and inverse: 3 N numbers.
    static func layerNorm(
        _ x: UnsafeBufferPointer<Self>, gain: UnsafeBufferPointer<Self>, shift: UnsafeBufferPointer<Self>,
        epsilon: Self, rows: Int, into y: UnsafeMutableBufferPointer<Self>,
        moments: UnsafeMutableBufferPointer<Self>)
    /// The gradient of `layerNorm` by x.
    static func layerNormGradient(
        _ x: UnsafeBufferPointer<Self>, gain: UnsafeBufferPointer<Self>, moments: UnsafeBufferPointer<Self>,
        upstream: UnsafeBufferPointer<Self>, into delta: UnsafeMutableBufferPointer<Self>)
    /// The gradients of `layerNorm` by gain and shift.
    static func layerNormSums(
        _ x: UnsafeBufferPointer<Self>, moments: UnsafeBufferPointer<Self>,
        upstream: UnsafeBufferPointer<Self>, gain: UnsafeMutableBufferPointer<Self>,
        shift: UnsafeMutableBufferPointer<Self>)
    /// y = x scale where the stream's word is at least `threshold`, else 0.
    static func dropout(
        _ x: UnsafeBufferPointer<Self>, threshold: UInt32, scale: Self, stream: RandomStream,
        into y: UnsafeMutableBufferPointer<Self>)
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
    /// Whether dense layers can skip the zeros of their input in this type.
    static var skipsZeros: Bool { get }
}

/// Losses that compare two numbers at a time.
public enum ElementLoss: Sendable {
    /// (y - t)^2 / 2.
    case squared
    /// (y - t)^2 / 2 near zero, a straight line beyond the parameter.
    case huber
    /// -t log s - (1 - t) log(1 - s), s the sigmoid of y.
    case binary
    /// max(0, parameter - (2t - 1) y).
    case hinge

    /// The kernels' name for the loss.
    package var code: Int32 {
        switch self {
        case .squared: Int32(CK_LOSS_SQUARED.rawValue)
        case .huber: Int32(CK_LOSS_HUBER.rawValue)
        case .binary: Int32(CK_LOSS_BINARY.rawValue)
        case .hinge: Int32(CK_LOSS_HINGE.rawValue)
        }
    }
}

extension Activation {
    /// The kernels' name for the activation; softmax, which works on rows, has none.
    package var code: Int32 {
        switch self {
        case .identity, .softmax: Int32(CK_ACTIVATION_IDENTITY.rawValue)
        case .sigmoid: Int32(CK_ACTIVATION_SIGMOID.rawValue)
        case .relu: Int32(CK_ACTIVATION_RELU.rawValue)
        case .tanh: Int32(CK_ACTIVATION_TANH.rawValue)
        case .leakyReLU: Int32(CK_ACTIVATION_LEAKY_RELU.rawValue)
        case .elu: Int32(CK_ACTIVATION_ELU.rawValue)
        case .gelu: Int32(CK_ACTIVATION_GELU.rawValue)
        case .geluTanh: Int32(CK_ACTIVATION_GELU_TANH.rawValue)
        case .silu: Int32(CK_ACTIVATION_SILU.rawValue)
        case .softplus: Int32(CK_ACTIVATION_SOFTPLUS.rawValue)
        }
    }

    /// The kernels' parameter: the slope of leaky ReLU, the alpha of ELU.
    package var parameter: Double {
        switch self {
        case .leakyReLU(let slope): slope
        case .elu(let alpha): alpha
        default: 0
        }
    }
}
