import Arrays
import CKernels

/// The kernels of one scalar, the one seam between the primitives and C: C functions, and, below them, the operations
/// whose algorithm depends on the scalar.
///
/// The formulas are documented in `ck_nn.h`. Primitives call the functions of `Kernels+Calls.swift`, which take
/// buffers. Only its name is public, because a requirement of a public protocol is public; it has no public member. A
/// class rather than a struct: a table passed by value would be copied. Arguments are `Double` where C takes a scalar
/// by value, so that no function of the table needs a thunk.
public final class _Kernels<Scalar: DifferentiableScalar>: Sendable {
    typealias Input = UnsafePointer<Scalar>?
    typealias Output = UnsafeMutablePointer<Scalar>?
    typealias Windows = UnsafePointer<ck_windows>?
    typealias Layout = Int32

    /// The functions of C.
    struct Functions: Sendable {
        // Activations: code, parameter, then rows and columns or a count.
        let biasActivation: @Sendable (Int32, Double, Int, Int, Input, Output) -> Void
        let activate: @Sendable (Int32, Double, Int, Input, Output) -> Void
        let activationGradient: @Sendable (Int32, Double, Int, Input, Input, Output) -> Void
        // Rows and columns.
        let columnSums: @Sendable (Int, Int, Input, Output) -> Void
        let softmax: @Sendable (Int, Int, Input, Output) -> Void
        let softmaxGradient: @Sendable (Int, Int, Input, Input, Output) -> Void
        let softmaxCrossEntropy: @Sendable (Int, Int, Input, UnsafePointer<Int32>?, Output) -> Double
        let softmaxCrossEntropyGradient:
            @Sendable (Int, Int, Input, UnsafePointer<Int32>?, Double, Output) -> Void
        let softCrossEntropy: @Sendable (Int, Int, Input, Input, Output) -> Double
        let softCrossEntropyGradient: @Sendable (Int, Int, Input, Input, Double, Output) -> Void
        let argMax: @Sendable (Int, Int, Input, UnsafeMutablePointer<Int32>?) -> Void
        // Losses: code, parameter, count; rows, columns, margin.
        let elementLoss: @Sendable (Int32, Double, Int, Input, Input, Output) -> Double
        let hinge: @Sendable (Int, Int, Double, Input, UnsafePointer<Int32>?, Output) -> Double
        // Layer normalisation: rows, columns, then x, gain, shift or moments, the results last.
        let layerNorm: @Sendable (Int, Int, Double, Input, Input, Input, Output, Output) -> Void
        let layerNormGradient: @Sendable (Int, Int, Input, Input, Input, Input, Output) -> Void
        let layerNormSums: @Sendable (Int, Int, Input, Input, Input, Output, Output) -> Void
        // Element-wise functions.
        let dropout: @Sendable (Int, Input, UInt32, Double, UnsafePointer<ck_philox_stream>?, Output) -> Void
        let accumulate: @Sendable (Int, Input, Output) -> Void
        /// Bytes, width, table of 256 values, rows, their count, target.
        let gatherRows:
            @Sendable (UnsafePointer<UInt8>?, Int, Input, UnsafePointer<Int32>?, Int, Output) -> Void
        // Windows of images, see `ck_windows`: dilation's height and width, channels; whether padding counts, planes.
        let columns: @Sendable (Windows, Int, Int, Int, Input, Output) -> Void
        let addColumns: @Sendable (Windows, Int, Int, Int, Input, Output) -> Void
        let windowMeans: @Sendable (Windows, Int32, Int, Input, Output) -> Void
        let windowMeanGradient: @Sendable (Windows, Int32, Int, Input, Output) -> Void
        // Channels of images: images, channels, pixels, layout.
        /// x, mean, rest, variance.
        let channelMoments: @Sendable (Int, Int, Int, Layout, Input, Output, Output, Output) -> ck_status
        /// x, centre, scale, shift, y.
        let channelAffine: @Sendable (Int, Int, Int, Layout, Input, Input, Input, Input, Output) -> ck_status
        /// x, g, mean, rest, sum, product.
        let channelGradientSums:
            @Sendable (Int, Int, Int, Layout, Input, Input, Input, Input, Output, Output) -> ck_status
        /// x, g, centre, a, b, d, out.
        let channelCombine:
            @Sendable (Int, Int, Int, Layout, Input, Input, Input, Input, Input, Input, Output) -> ck_status
        /// What follows a normalisation in one pass with it; nil for a scalar whose passes are separate.
        let joined: JoinedChannels?
    }

    /// The passes of a normalisation together with a sum and max(0, y) that follow.
    struct JoinedChannels: Sendable {
        /// x, centre, scale, shift, addend or nil, whether max(0, y) follows, y.
        let apply:
            @Sendable (Int, Int, Int, Layout, Input, Input, Input, Input, Input, Int32, Output) -> ck_status
        /// x, g, mean, rest, scale, shift, result, masked, sum, product.
        let gradientSums:
            @Sendable (
                Int, Int, Int, Layout, Input, Input, Input, Input, Input, Input, Input, Output, Output, Output
            ) -> ck_status
        /// x, g, centre, a, b, d, scale, shift, out.
        let combine:
            @Sendable (
                Int, Int, Int, Layout, Input, Input, Input, Input, Input, Input, Input, Input, Output
            ) -> ck_status
    }

    let functions: Functions

    /// Converts an array of single precision to this scalar; for `Float` it returns the array itself.
    package let fromSingle: @Sendable (NDArray<Float>) -> NDArray<Scalar>
    /// op(A) op(B), see `_FloatingKernels.Product`.
    let multiply:
        @Sendable (
            Bool, Bool, Int, Int, Int, UnsafePointer<Scalar>, Int, UnsafePointer<Scalar>, Int,
            UnsafeMutablePointer<Scalar>
        ) -> Void
    /// The layers whose algorithm depends on the scalar.
    let layers: Layers

    /// The layers whose algorithm depends on the scalar.
    struct Layers: Sendable {
        /// The algorithm of a dense layer for an input and weights.
        let dense: @Sendable (Tensor<Scalar>, Tensor<Scalar>) -> any DenseKernel<Scalar>
        /// A convolution of images by weights, and a bias if there is one.
        let convolution:
            @Sendable (
                Tensor<Scalar>, ConvolutionShape, Tensor<Scalar>, Tensor<Scalar>?, ConvolutionCache
            ) -> Tensor<Scalar>
        /// A transposed convolution without a bias.
        let transposedConvolution:
            @Sendable (Tensor<Scalar>, ConvolutionShape, Tensor<Scalar>, ConvolutionCache) -> Tensor<Scalar>
        /// Max pooling.
        let maxPooling: @Sendable (Tensor<Scalar>, WindowGeometry, Extent) -> Tensor<Scalar>
        /// Converts images to another layout; nil for a scalar whose images are always stored as rows.
        let relayout: (@Sendable (LayoutArray<Scalar>, ImageLayout) -> LayoutArray<Scalar>)?
    }

    init(
        functions: Functions, layers: Layers,
        fromSingle: @escaping @Sendable (NDArray<Float>) -> NDArray<Scalar>,
        multiply:
            @escaping @Sendable (
                Bool, Bool, Int, Int, Int, UnsafePointer<Scalar>, Int, UnsafePointer<Scalar>, Int,
                UnsafeMutablePointer<Scalar>
            ) -> Void
    ) {
        self.functions = functions
        self.layers = layers
        self.fromSingle = fromSingle
        self.multiply = multiply
    }
}
