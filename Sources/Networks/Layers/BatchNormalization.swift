import Arrays
import Autodiff
import Support

/// Batch normalisation: each channel is brought to mean 0 and variance 1, then scaled and shifted by parameters.
///
/// y = scale (x - mean) / sqrt(variance + epsilon) + shift. Training uses the batch's moments and keeps a running mean of
/// them, running = (1 - momentum) running + momentum measured (the variance with n - 1), which evaluation uses. With one
/// element a channel (one example of [N, C], or of images of one pixel) that variance is undefined: the running moments
/// stay.
///
/// Shapes: x [N, C, H, W] or [N, C]; y as x.
///
/// Source: Ioffe and Szegedy 2015.
public struct BatchNormalization: DescribedLayer {
    /// The factor of the normalised elements, shape [C].
    package let scale: Parameter
    /// The term that is added to them, shape [C].
    package let shift: Parameter
    /// The mean that evaluation uses, a buffer of shape [C].
    package let runningMean: Parameter
    /// The variance that evaluation uses, a buffer of shape [C].
    package let runningVariance: Parameter
    /// The share of a new batch in the running moments.
    package let momentum: Float
    /// The term under the root that keeps it from zero.
    package let epsilon: Float

    /// Creates a layer for `channels` channels.
    ///
    /// - Precondition: at least one channel.
    public init(_ channels: Int, momentum: Float = 0.1, epsilon: Float = 1e-5) {
        require(channels > 0, "batch normalisation of \(channels) channels")
        scale = Parameter(shape: [channels], initializer: .constant(1))
        shift = Parameter(shape: [channels], initializer: .zeros)
        runningMean = Parameter(shape: [channels], initializer: .zeros, isBuffer: true)
        runningVariance = Parameter(shape: [channels], initializer: .constant(1), isBuffer: true)
        self.momentum = momentum
        self.epsilon = epsilon
    }

    /// Returns the normalised elements. In training the running moments are updated.
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
        // The variance of one element, by n - 1, is 0 / 0.
        guard count > 1 else { return result }
        let means = zip(measured.mean.elements, measured.rest.elements).map { Double($0) + Double($1) }
        let variances = measured.variance.elements.map { Double($0) * (count / (count - 1)) }
        // A batch that diverged changes no parameter; it must not spoil what all later evaluations use either.
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

    /// `scale`, `shift`, and the running moments, which are saved but not trained.
    public var namedParameters: [NamedParameter] {
        [
            NamedParameter("scale", scale), NamedParameter("shift", shift),
            NamedParameter("runningMean", runningMean), NamedParameter("runningVariance", runningVariance),
        ]
    }

    /// Channels, momentum and epsilon.
    public var configuration: any LayerConfiguration {
        Configuration(channels: scale.shape[0], momentum: momentum, epsilon: epsilon)
    }
}

extension BatchNormalization: ReentrantLayer {}

extension BatchNormalization {
    /// The settings; [C, H, W] or [C] is mapped to the same shape.
    package struct Configuration: LayerConfiguration {
        package static let kind = "batch_normalization"

        let channels: Int
        let momentum: Float
        let epsilon: Float

        package func check() throws {
            try check(channels, "channels")
            guard (0...1).contains(momentum) else {
                throw impossible("momentum", expected: "0 to 1", got: "\(momentum)")
            }
            // In the layer's own precision: what is 0 or infinite in single precision is so here.
            guard epsilon > 0, epsilon.isFinite else {
                throw impossible(
                    "epsilon", expected: "a number above 0 in single precision", got: "\(epsilon)")
            }
        }

        package func outputShape(for shape: [Int]) throws -> [Int] {
            guard shape.count == 1 || shape.count == 3, shape[0] == channels else {
                throw DescentError(
                    .usage, "channels do not fit the layer",
                    expected: "[\(channels), H, W] or [\(channels)]", got: "\(shape)")
            }
            return shape
        }

        package func cost(for shape: [Int]) throws -> LayerCost {
            LayerCost(
                parameters: 2 * channels, storedValues: 4 * channels,
                elementOperations: LayerCost.product(shape))
        }

        package func makeLayer() -> any Layer {
            BatchNormalization(channels, momentum: momentum, epsilon: epsilon)
        }

        package var shortName: String? { "norm" }
        package var description: String { "BatchNormalization(\(channels))" }
    }
}

extension LayerDescription {
    /// Batch normalisation: each channel is brought to mean 0 and variance 1.
    package static func batchNormalization(
        channels: Int, momentum: Float = 0.1, epsilon: Float = 1e-5
    ) -> LayerDescription {
        LayerDescription(
            BatchNormalization.Configuration(channels: channels, momentum: momentum, epsilon: epsilon))
    }
}

extension Parameter {
    fileprivate func values<Scalar: DifferentiableScalar>() -> NDArray<Scalar> {
        Scalar.kernels.fromSingle(value)
    }

    /// Adds share (target - value). `arriving`: also where that share is less than half of the last digit, so that a
    /// constant target is reached, and not only approached: the neighbours of 1e7 are 1 away.
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
