import Autodiff
import Support

/// Dropout: in training each element becomes 0 with probability `rate` and is divided by 1 - rate otherwise; in evaluation
/// the input passes unchanged.
///
/// The mask follows from the tape's seed and step and from the order of the layers, on any number of threads:
/// ``TrainingStep`` has the seed.
///
/// Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting".
public struct Dropout: DescribedLayer {
    /// The probability that an element is dropped.
    package let rate: Double

    /// Creates a layer that drops a share of `rate`.
    ///
    /// - Precondition: 0 <= rate < 1.
    public init(_ rate: Double) {
        require(rate >= 0 && rate < 1, "dropout: rate \(rate) is not in 0 ..< 1")
        self.rate = rate
    }

    /// Returns x with some elements dropped if the tape is training, else x.
    public func callAsFunction<Scalar: DifferentiableScalar>(_ input: Tensor<Scalar>) -> Tensor<Scalar> {
        input.dropout(rate: rate)
    }

    /// No parameters.
    public var namedParameters: [NamedParameter] { [] }

    /// The rate.
    public var configuration: any LayerConfiguration { Configuration(rate: rate) }
}

extension Dropout: ReentrantLayer {}

extension Dropout {
    /// The settings; any shape is mapped to the same.
    package struct Configuration: LayerConfiguration {
        package static let kind = "dropout"

        package let rate: Double

        package func check() throws {
            guard (0..<1).contains(rate) else {
                throw impossible("rate", expected: "0 or more, below 1", got: "\(rate)")
            }
        }

        package func outputShape(for shape: [Int]) throws -> [Int] { shape }

        package func cost(for shape: [Int]) throws -> LayerCost {
            LayerCost(elementOperations: LayerCost.product(shape))
        }

        package func makeLayer() -> any Layer { Dropout(rate) }

        package var description: String { "Dropout(\(rate))" }
    }
}

extension LayerDescription {
    /// Dropout of a share of the elements in training.
    package static func dropout(rate: Double) -> LayerDescription {
        LayerDescription(Dropout.Configuration(rate: rate))
    }
}
