import Arrays
import Classical
import CoreMLMessages
import Pipelines
import Support

/// A pipeline's row of features, made by a network of Core ML.
struct CoreMLRows {
    private var layers = CoreMLLayers()
    private let entrance: CoreMLEntrance
    private var value: String
    /// The number of features.
    private(set) var width: Int

    /// Begins with the examples themselves, as a row.
    init(of entrance: CoreMLEntrance) {
        self.entrance = entrance
        width = entrance.width
        // A row stays one: a network must have a layer.
        value = layers.flatten(entrance.name)
    }

    /// Adds a pipeline's transforms.
    ///
    /// - Throws: `usage` that names one that Core ML has no place for.
    mutating func add(_ transforms: [any RowTransform]) throws {
        for transform in transforms {
            switch transform {
            case let scaling as StandardScaling:
                let factors = scaling.scales.map { 1 / $0 }
                value = layers.scale(
                    value, by: factors.map { Float($0) },
                    plus: zip(scaling.means, factors).map { Float(-$0 * $1) })
            case let scaling as MinMaxScaling:
                let (low, span) = (
                    scaling.target.lowerBound, scaling.target.upperBound - scaling.target.lowerBound
                )
                let factors = scaling.ranges.map { span / $0 }
                value = layers.scale(
                    value, by: factors.map { Float($0) },
                    plus: zip(scaling.minima, factors).map { Float(low - $0 * $1) })
            case let components as PrincipalComponents:
                var matrix = components.components
                if components.isWhitening {
                    let deviations = components.explainedVariances.map { $0.squareRoot() }
                    matrix = matrix / NDArray(deviations).reshaped(deviations.count, 1)
                }
                let means = NDArray(components.means).reshaped(components.means.count, 1)
                value = layers.product(
                    value, matrix.T.contiguousCopy().asType(Float.self),
                    bias: matmul(matrix, means).elements.map { Float(-$0) })
            default:
                throw DescentError(
                    .usage, "a transform of rows that Core ML cannot be told", at: type(of: transform).kind,
                    expected: "standard, min-max or pca",
                    advice: "one of one's own has code that only Swift can run")
            }
            width = transform.outputCount
        }
    }

    /// Multiplies the row by one number.
    mutating func scale(by factor: Float) {
        if factor != 1 { value = layers.scale(value, by: [factor]) }
    }

    /// Puts the squares of the features behind them.
    mutating func addSquares() {
        value = layers.besideSquares(value)
        width *= 2
    }

    /// Ends the network.
    func add(to stages: inout CoreMLStages) -> CoreMLEntrance.Feature {
        let description = CoreMLEntrance.array(value, [width], "a row of features", isDouble: true)
        var network = CoreML_Specification_NeuralNetwork()
        (network.layers, network.preprocessing) = (layers.layers, entrance.preprocessing(scale: 1))
        stages.add("rows", [entrance.description], to: [description], .neuralNetwork(network))
        return description
    }
}
