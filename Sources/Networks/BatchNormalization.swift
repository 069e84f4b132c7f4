import Arrays
import Autodiff

/// Batch normalisation: each channel brought to mean 0 and variance 1, then scaled and shifted by what is learnt.
///
/// y = scale (x - mean) / sqrt(variance + epsilon) + shift. Training uses the batch's moments and keeps a running mean
/// of them, running = (1 - momentum) running + momentum measured (the variance with n - 1), which evaluation uses. One
/// number a channel (one example of [N, C], or of images of one pixel) has no such variance: it moves neither.
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
        require(channels > 0, "batch normalisation of \(channels) channels")
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
            let tape = input.tape
            let moments = ChannelMoments<Scalar>(
                mean: tape.knownValue(for: runningMean) ?? runningMean.values(),
                variance: tape.knownValue(for: runningVariance) ?? runningVariance.values())
            return input.batchNormalization(
                scale: scale, shift: shift, epsilon: Scalar(epsilon), moments: moments
            ).0
        }
        let (result, measured) = input.batchNormalization(
            scale: scale, shift: shift, epsilon: Scalar(epsilon))
        let count = Double(input.shape[0] * input.shape.dropFirst(2).reduce(1, *))
        // The variance of one number, by n - 1, is 0 / 0.
        guard count > 1 else { return result }
        let means = zip(measured.mean.elements, measured.rest.elements).map { Double($0) + Double($1) }
        let variances = measured.variance.elements.map { Double($0) * (count / (count - 1)) }
        // A batch that went astray is not learnt from; it must not spoil what all later evaluations use either.
        guard means.allSatisfy(\.isFinite), variances.allSatisfy(\.isFinite) else { return result }
        if let share = input.tape.momentShare {
            runningMean.move(towards: means, by: Double(share), arriving: false)
            runningVariance.move(towards: variances, by: Double(share), arriving: false)
        } else {
            runningMean.move(towards: means, by: Double(momentum), arriving: true)
            runningVariance.move(towards: variances, by: Double(momentum), arriving: true)
        }
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

    /// value += share (target - value). `arriving`: also where that share is less than half of the last digit, so that
    /// what stays the same is reached, and not only neared: 1e7 has neighbours as far away as 1.
    fileprivate func move(towards target: [Double], by share: Double, arriving: Bool) {
        value.withUnsafeMutableElements { running in
            for channel in running.indices {
                let (old, wanted) = (running[channel], Float(target[channel]))
                let new = Float(Double(old) + share * (target[channel] - Double(old)))
                let isStuck = arriving && new == old && wanted != old && share > 0
                running[channel] = isStuck ? (wanted > old ? old.nextUp : old.nextDown) : new
            }
        }
    }
}
