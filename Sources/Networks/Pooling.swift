import Arrays
import Autodiff

/// The largest number of each window.
///
/// Shapes: [N, C, H, W] to [N, C, P, Q]. Straight after a convolution the two are computed in one pass.
///
/// ```swift
/// let halved = MaxPooling(2)
/// ```
public struct MaxPooling: Layer {
    /// Where the windows lie.
    public let geometry: WindowGeometry

    /// Windows of `kernel`, side by side unless a stride is given.
    public init(_ kernel: Extent, stride: Extent? = nil, padding: Padding = 0) {
        geometry = WindowGeometry(kernel: kernel, stride: stride ?? kernel, padding: padding)
    }

    /// The pooled images.
    @specialized(where Scalar == Float)
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        input.maxPooling(geometry)
    }

    /// [C, P, Q].
    public func outputShape(for shape: [Int]) throws -> [Int]? {
        try ShapeRules.located("MaxPooling(\(geometry.kernel))") {
            try ShapeRules.pooling(shape, windows: geometry, takingLargest: true)
        }
    }
}

/// The mean of each window.
///
/// Shapes: [N, C, H, W] to [N, C, P, Q].
public struct AveragePooling: Layer {
    /// Where the windows lie.
    public let geometry: WindowGeometry
    /// Whether the zeros of the padding count as numbers.
    public let countsPadding: Bool

    /// Windows of `kernel`, side by side unless a stride is given.
    public init(_ kernel: Extent, stride: Extent? = nil, padding: Padding = 0, countsPadding: Bool = true) {
        geometry = WindowGeometry(kernel: kernel, stride: stride ?? kernel, padding: padding)
        self.countsPadding = countsPadding
    }

    /// The pooled images.
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        input.averagePooling(geometry, countsPadding: countsPadding)
    }

    /// [C, P, Q].
    public func outputShape(for shape: [Int]) throws -> [Int]? {
        try ShapeRules.located("AveragePooling(\(geometry.kernel))") {
            try ShapeRules.pooling(shape, windows: geometry, takingLargest: false)
        }
    }
}

/// The mean of each channel: [N, C, H, W] to [N, C].
///
/// Source: Lin, Chen and Yan 2014, section 3.2.
public struct GlobalAveragePooling: Layer {
    /// A layer without parameters.
    public init() {}

    /// The channels' means.
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        input.globalAveragePooling()
    }

    /// [C].
    public func outputShape(for shape: [Int]) throws -> [Int]? {
        try ShapeRules.located("GlobalAveragePooling()") { try ShapeRules.globalPooling(shape) }
    }
}
