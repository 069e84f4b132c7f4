import Arrays
import Autodiff

/// Batch normalisation: each channel brought to mean 0 and variance 1, then scaled and shifted by what is learnt.
///
/// y = scale (x - mean) / sqrt(variance + epsilon) + shift. Training uses the batch's moments and keeps a running mean
/// of them, running = (1 - momentum) running + momentum measured (the variance with n - 1), which evaluation uses.
///
/// Shapes: x [N, C, H, W] or [N, C]; y as x.
///
/// Source: Ioffe and Szegedy 2015.
public struct BatchNormalization: Layer {
    /// What normalised numbers are multiplied by, shape [C].
    public let scale: Parameter
    /// What is added to them, shape [C].
    public let shift: Parameter
    /// The mean that evaluation uses, shape [C].
    public let runningMean: Parameter
    /// The variance that evaluation uses, shape [C].
    public let runningVariance: Parameter
    /// How much of a new batch goes into the running moments.
    public let momentum: Float
    /// What keeps the root away from zero.
    public let epsilon: Float

    /// A layer for `channels` channels.
    ///
    /// - Precondition: at least one channel.
    public init(_ channels: Int, momentum: Float = 0.1, epsilon: Float = 1e-5) {
        precondition(channels > 0, "batch normalisation of \(channels) channels")
        scale = Parameter(shape: [channels], initializer: .constant(1))
        shift = Parameter(shape: [channels], initializer: .zeros)
        runningMean = Parameter(shape: [channels], initializer: .zeros, isLearnt: false)
        runningVariance = Parameter(shape: [channels], initializer: .constant(1), isLearnt: false)
        self.momentum = momentum
        self.epsilon = epsilon
    }

    /// The normalised numbers. In training the running moments move.
    @specialized(where Scalar == Float)
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        let (scale, shift) = (input.tape.parameter(scale), input.tape.parameter(shift))
        guard input.tape.isTraining else {
            let moments = ChannelMoments<Scalar>(
                mean: runningMean.values(), variance: runningVariance.values())
            return input.batchNormalization(
                scale: scale, shift: shift, epsilon: Scalar(epsilon), moments: moments
            ).0
        }
        let (result, measured) = input.batchNormalization(
            scale: scale, shift: shift, epsilon: Scalar(epsilon))
        let count = Float(input.shape[0] * input.shape.dropFirst(2).reduce(1, *))
        let share = input.tape.momentShare ?? momentum
        runningMean.move(towards: measured.mean, by: share, times: 1)
        runningVariance.move(
            towards: measured.variance, by: share, times: count > 1 ? count / (count - 1) : 1)
        return result
    }

    /// `scale`, `shift`, and the running moments, which are saved but not learnt.
    public var namedParameters: [NamedParameter] {
        [
            NamedParameter("scale", scale), NamedParameter("shift", shift),
            NamedParameter("runningMean", runningMean), NamedParameter("runningVariance", runningVariance),
        ]
    }

    /// The same shape.
    public func outputShape(for shape: [Int]) throws -> [Int]? {
        let channels = scale.shape[0]
        return try ShapeRules.located("BatchNormalization(\(channels))") {
            try ShapeRules.batchNormalization(shape, channels: channels)
        }
    }
}

extension Parameter {
    fileprivate func values<Scalar: DifferentiableScalar>() -> NDArray<Scalar> {
        if let value = value as? NDArray<Scalar> { return value }
        return NDArray(shape: shape, elements: value.elements.map { Scalar($0) })
    }

    fileprivate func move<Scalar: DifferentiableScalar>(
        towards measured: NDArray<Scalar>, by momentum: Float, times factor: Float
    ) {
        let target = measured.elements.map { Float($0) }
        // A batch that went astray is not learnt from; it must not spoil what all later evaluations use either.
        guard target.allSatisfy(\.isFinite) else { return }
        value.withUnsafeMutableElements { running in
            for channel in running.indices {
                running[channel] = (1 - momentum) * running[channel] + momentum * factor * target[channel]
            }
        }
    }
}
