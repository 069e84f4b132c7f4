import Arrays
import Autodiff
import CoreMLMessages
import Networks
import Support

/// The layers of a Core ML network, one after the other; each has one output, which the next one takes.
struct CoreMLLayers {
    typealias Layer = CoreML_Specification_NeuralNetworkLayer

    /// The layers so far.
    private(set) var layers: [Layer] = []
    /// The version of the format that has all of them: 1 is iOS 11's and macOS 10.13's, 4 iOS 13's and macOS 10.15's.
    private(set) var version: Int32 = 1

    /// Adds a layer that takes `inputs`; returns its output's name.
    mutating func add(_ inputs: String..., as kind: Layer.OneOf_Layer, named name: String? = nil) -> String {
        var layer = Layer()
        layer.name = name ?? "layer_\(layers.count)"
        (layer.input, layer.output, layer.layer) = (inputs, [layer.name], kind)
        layers.append(layer)
        return layer.name
    }

    /// Adds weights [D, K] of D inputs and K outputs.
    mutating func product(
        _ input: String, _ weight: NDArray<Float>, bias: [Float], named name: String? = nil
    ) -> String {
        var product = CoreML_Specification_InnerProductLayerParams()
        product.inputChannels = UInt64(weight.shape[0])
        product.outputChannels = UInt64(weight.shape[1])
        product.hasBias_p = true
        product.weights.floatValue = weight.T.contiguousCopy().elements
        product.bias.floatValue = bias
        return add(input, as: .innerProduct(product), named: name)
    }

    /// Adds a factor for each channel, and a term where there is one.
    mutating func scale(
        _ input: String, by factors: [Float], plus terms: [Float]? = nil, named name: String? = nil
    ) -> String {
        var scale = CoreML_Specification_ScaleLayerParams()
        (scale.shapeScale, scale.scale.floatValue) = ([UInt64(factors.count)], factors)
        if let terms {
            scale.hasBias_p = true
            (scale.shapeBias, scale.bias.floatValue) = ([UInt64(terms.count)], terms)
        }
        return add(input, as: .scale(scale), named: name)
    }

    /// Adds the squares of all channels behind them.
    mutating func besideSquares(_ input: String) -> String {
        var square = CoreML_Specification_UnaryFunctionLayerParams()
        (square.type, square.alpha, square.scale) = (.power, 2, 1)
        return add(input, add(input, as: .unary(square)), as: .concat(.init()))
    }

    /// Adds the layer that makes one row of channels, rows and columns, in this order.
    mutating func flatten(_ input: String) -> String {
        var flatten = CoreML_Specification_FlattenLayerParams()
        flatten.mode = .channelFirst
        return add(input, as: .flatten(flatten))
    }

    /// Adds the layers of a network; returns the name of its output. `place`: where the layers stand, for errors.
    mutating func add(
        _ layers: [any Networks.Layer], to input: String, _ shape: [Int], at place: String = ""
    ) throws -> String {
        var (value, shape) = (input, shape)
        for (index, layer) in layers.enumerated() {
            let own = "\(place)layer \(index)"
            value = try add(layer, to: value, shape, at: own)
            guard let next = try layer.outputShape(for: shape) else { throw Self.unknown(layer, own) }
            shape = next
        }
        return value
    }

    private static func unknown(_ layer: any Networks.Layer, _ place: String) -> DescentError {
        DescentError(
            .usage, "a layer that Core ML cannot be told", at: place,
            expected: "one of Descent's own layers; of `Reshape`, to three axes",
            got: "\(type(of: layer))", advice: "export it as onnx")
    }

    /// Adds one layer; `shape`: that of one example of its input.
    private mutating func add(
        _ layer: any Networks.Layer, to value: String, _ shape: [Int], at place: String
    ) throws -> String {
        switch layer {
        case let layer as Dense:
            let sum = product(value, layer.weight.value, bias: layer.bias.value.elements)
            return try add(layer.activation, to: sum, at: place)
        case let layer as Convolution:
            return try add(layer.activation, to: add(layer, to: value, shape), at: place)
        case let layer as TransposedConvolution:
            return try add(layer.activation, to: add(layer, to: value), at: place)
        case let layer as MaxPooling:
            return add(value, as: .pooling(Self.pooling(.max, layer.geometry)))
        case let layer as AveragePooling:
            var pooling = Self.pooling(.average, layer.geometry)
            pooling.avgPoolExcludePadding = !layer.countsPadding
            return add(value, as: .pooling(pooling))
        case is GlobalAveragePooling:
            var pooling = CoreML_Specification_PoolingLayerParams()
            (pooling.type, pooling.globalPooling) = (.average, true)
            return add(value, as: .pooling(pooling))
        case let layer as BatchNormalization:
            var normalization = CoreML_Specification_BatchnormLayerParams()
            normalization.channels = UInt64(layer.scale.value.count)
            normalization.epsilon = layer.epsilon
            normalization.gamma.floatValue = layer.scale.value.elements
            normalization.beta.floatValue = layer.shift.value.elements
            normalization.mean.floatValue = layer.runningMean.value.elements
            normalization.variance.floatValue = layer.runningVariance.value.elements
            return add(value, as: .batchnorm(normalization))
        case let layer as ActivationLayer: return try add(layer.activation, to: value, at: place)
        case let layer as LayerNormalization: return add(layer, to: value, shape)
        case is Dropout: return value
        case is Flatten: return shape.count == 1 ? value : flatten(value)
        case let layer as Reshape where layer.shape.count == 3:
            guard layer.shape != shape else { return value }
            var reshape = CoreML_Specification_ReshapeLayerParams()
            (reshape.targetShape, reshape.mode) = (layer.shape.map(Int64.init), .channelFirst)
            return add(value, as: .reshape(reshape))
        case let layer as Residual:
            let changed = try add(layer.body.layers, to: value, shape, at: "\(place), residual ")
            let kept =
                try layer.projection.map { try add($0, to: value, shape, at: "\(place), projection") }
                ?? value
            return add(changed, kept, as: .add(.init()))
        case let layer as Sequential: return try add(layer.layers, to: value, shape, at: "\(place), ")
        default: throw Self.unknown(layer, place)
        }
    }

    private mutating func add(_ layer: Convolution, to value: String, _ shape: [Int]) -> String {
        let (weight, geometry) = (layer.weight.value, layer.geometry)
        var convolution = CoreML_Specification_ConvolutionLayerParams()
        convolution.outputChannels = UInt64(weight.shape[0])
        convolution.kernelChannels = UInt64(weight.shape[1])
        convolution.nGroups = UInt64(layer.groups)
        convolution.kernelSize = geometry.kernel.pair
        convolution.stride = geometry.stride.pair
        convolution.dilationFactor = geometry.dilation.pair
        convolution.valid.paddingAmounts = Self.padding(geometry)
        convolution.weights.floatValue = weight.contiguousCopy().elements
        if let bias = layer.bias {
            convolution.hasBias_p = true
            convolution.bias.floatValue = bias.value.elements
        }
        return add(value, as: .convolution(convolution))
    }

    private mutating func add(_ layer: TransposedConvolution, to value: String) -> String {
        let (weight, geometry) = (layer.weight.value, layer.geometry)
        var convolution = CoreML_Specification_ConvolutionLayerParams()
        convolution.isDeconvolution = true
        convolution.outputChannels = UInt64(weight.shape[1] * layer.groups)
        convolution.kernelChannels = UInt64(weight.shape[0])
        convolution.nGroups = UInt64(layer.groups)
        convolution.kernelSize = geometry.kernel.pair
        convolution.stride = geometry.stride.pair
        convolution.dilationFactor = geometry.dilation.pair
        convolution.valid.paddingAmounts = Self.padding(geometry)
        convolution.weights.floatValue = weight.contiguousCopy().elements
        convolution.hasBias_p = true
        convolution.bias.floatValue = layer.bias.value.elements
        return add(value, as: .convolution(convolution))
    }

    /// Normalisation over the last axes; a row's features are channels of 1 x 1 here.
    private mutating func add(_ layer: LayerNormalization, to value: String, _ shape: [Int]) -> String {
        var normalization = CoreML_Specification_LayerNormalizationLayerParams()
        normalization.normalizedShape =
            (shape.count == 1 ? layer.gain.shape + [1, 1] : layer.gain.shape).map(Int64.init)
        normalization.eps = Float(layer.epsilon)
        normalization.gamma.floatValue = layer.gain.value.elements
        normalization.beta.floatValue = layer.shift.value.elements
        version = 4
        return add(value, as: .layerNormalization(normalization))
    }

    private static func pooling(
        _ kind: CoreML_Specification_PoolingLayerParams.PoolingType, _ geometry: WindowGeometry
    ) -> CoreML_Specification_PoolingLayerParams {
        var pooling = CoreML_Specification_PoolingLayerParams()
        (pooling.type, pooling.kernelSize, pooling.stride) = (
            kind, geometry.kernel.pair, geometry.stride.pair
        )
        pooling.valid.paddingAmounts = padding(geometry)
        return pooling
    }

    private static func padding(_ geometry: WindowGeometry) -> CoreML_Specification_BorderAmounts {
        var amounts = CoreML_Specification_BorderAmounts()
        amounts.borderAmounts = geometry.padding.pair.map { size in
            var edge = CoreML_Specification_BorderAmounts.EdgeSizes()
            (edge.startEdgeSize, edge.endEdgeSize) = (size, size)
            return edge
        }
        return amounts
    }

    private mutating func add(_ activation: Activation, to value: String, at place: String) throws -> String {
        let parts = activation.description.split(separator: ":", maxSplits: 1).map(String.init)
        // `elu:0.5`, `elu:alpha=0.5`
        let parameter = parts.count > 1 ? parts[1].split(separator: "=").last.flatMap { Float($0) } : nil
        var kind = CoreML_Specification_ActivationParams()
        switch parts[0] {
        case "identity": return value
        case "softmax": return add(value, as: .softmax(.init()))
        case "relu": kind.reLu = .init()
        case "sigmoid": kind.sigmoid = .init()
        case "tanh": kind.tanh = .init()
        case "softplus": kind.softplus = .init()
        case "leaky-relu": kind.leakyReLu.alpha = parameter ?? 0.01
        case "elu": kind.elu.alpha = parameter ?? 1
        case "silu":
            kind.sigmoid = .init()
            return add(value, add(value, as: .activation(kind)), as: .multiply(.init()))
        case "gelu", "gelu-tanh":
            var gelu = CoreML_Specification_GeluLayerParams()
            gelu.mode = parts[0] == "gelu" ? .exact : .tanhApproximation
            version = 4
            return add(value, as: .gelu(gelu))
        default:
            throw DescentError(
                .usage, "an activation that Core ML cannot be told", at: place,
                expected:
                    "identity, relu, sigmoid, tanh, softplus, leaky-relu, elu, silu, gelu, gelu-tanh or softmax",
                got: activation.description, advice: "export it as onnx")
        }
        return add(value, as: .activation(kind))
    }
}

extension Extent {
    fileprivate var pair: [UInt64] { [UInt64(height), UInt64(width)] }
}
