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
