import Arrays
import Autodiff
import Networks
import Support

extension GraphBuilder {
    /// Adds the layers of a network; returns the name of its output. `place`: where the layers stand, for errors.
    mutating func add(
        _ layers: [any Layer], to input: String, _ shape: [Int], at place: String = ""
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

    private static func unknown(_ layer: any Layer, _ place: String) -> DescentError {
        DescentError(
            .usage, "a layer that ONNX cannot be told", at: place,
            expected: "a layer of Descent's own", got: "\(type(of: layer))",
            advice: "a layer of one's own has code that only Swift can run")
    }

    /// Adds one layer; `shape`: that of one example of its input.
    private mutating func add(
        _ layer: any Layer, to value: String, _ shape: [Int], at place: String
    ) throws -> String {
        switch layer {
        case let layer as Dense:
            let product = add(
                "Gemm", value, constant(layer.weight.value, "weight"), constant(layer.bias.value, "bias"))
            return try add(layer.activation, to: product, at: place)
        case let layer as Convolution: return try add(layer, to: value, at: place)
        case let layer as TransposedConvolution: return try add(layer, to: value, at: place)
        case let layer as MaxPooling:
            return add("MaxPool", value, attributes: Self.windows(layer.geometry))
        case let layer as AveragePooling: return add(layer, to: value)
        case is GlobalAveragePooling:
            return reshape(add("GlobalAveragePool", value), to: [shape[0]])
        case let layer as BatchNormalization:
            return add(
                "BatchNormalization", value, constant(layer.scale.value, "scale"),
                constant(layer.shift.value, "shift"), constant(layer.runningMean.value, "mean"),
                constant(layer.runningVariance.value, "variance"),
                attributes: ["epsilon": .float(layer.epsilon)])
        case let layer as LayerNormalization:
            return add(
                "LayerNormalization", value, constant(layer.gain.value, "gain"),
                constant(layer.shift.value, "shift"),
                attributes: ["axis": .int(-layer.gain.shape.count), "epsilon": .float(Float(layer.epsilon))])
        case let layer as ActivationLayer: return try add(layer.activation, to: value, at: place)
        case is Dropout: return value
        case is Flatten: return shape.count == 1 ? value : reshape(value, to: [shape.reduce(1, *)])
        case let layer as Reshape: return layer.shape == shape ? value : reshape(value, to: layer.shape)
        case let layer as Residual:
            let changed = try add(layer.body.layers, to: value, shape, at: "\(place), residual ")
            let kept =
                try layer.projection.map { try add($0, to: value, shape, at: "\(place), projection") }
                ?? value
            return add("Add", changed, kept)
        case let layer as Sequential: return try add(layer.layers, to: value, shape, at: "\(place), ")
        default: throw Self.unknown(layer, place)
        }
    }

    private mutating func add(_ layer: Convolution, to value: String, at place: String) throws -> String {
        let (dilation, geometry) = (layer.geometry.dilation, layer.geometry)
        let name = fresh("conv")
        add(
            "Conv",
            inputs: [value, constant(layer.weight.value, "weight")]
                + (layer.bias.map { [constant($0.value, "bias")] } ?? []), outputs: [name],
            attributes: [
                "kernel_shape": .ints(geometry.kernel.pair), "strides": .ints(geometry.stride.pair),
                "pads": .ints(geometry.padding.pair + geometry.padding.pair),
                "dilations": .ints(dilation.pair), "group": .int(layer.groups),
            ])
        return try add(layer.activation, to: name, at: place)
    }

    private mutating func add(_ layer: TransposedConvolution, to value: String, at place: String) throws
        -> String
    {
        let geometry = layer.geometry
        let name = add(
            "ConvTranspose", value, constant(layer.weight.value, "weight"),
            constant(layer.bias.value, "bias"),
            attributes: [
                "kernel_shape": .ints(geometry.kernel.pair), "strides": .ints(geometry.stride.pair),
                "pads": .ints(geometry.padding.pair + geometry.padding.pair),
                "dilations": .ints(geometry.dilation.pair), "group": .int(layer.groups),
            ])
        return try add(layer.activation, to: name, at: place)
    }

    private mutating func add(_ layer: AveragePooling, to value: String) -> String {
        let geometry = layer.geometry
        return add(
            "AveragePool", value,
            attributes: [
                "kernel_shape": .ints(geometry.kernel.pair), "strides": .ints(geometry.stride.pair),
                "pads": .ints(geometry.padding.pair + geometry.padding.pair),
                "count_include_pad": .int(layer.countsPadding ? 1 : 0),
            ])
    }

    private static func windows(_ geometry: WindowGeometry) -> KeyValuePairs<String, Attribute> {
        [
            "kernel_shape": .ints(geometry.kernel.pair), "strides": .ints(geometry.stride.pair),
            "pads": .ints(geometry.padding.pair + geometry.padding.pair),
        ]
    }

    /// Adds an activation. Those that the chosen operator set lacks are composed.
    private mutating func add(_ activation: Activation, to x: String, at place: String) throws -> String {
        let parts = activation.description.split(separator: ":", maxSplits: 1).map(String.init)
        // `elu:0.5`, `elu:alpha=0.5`
        let parameter = parts.count > 1 ? parts[1].split(separator: "=").last.flatMap { Float($0) } : nil
        guard ActivationRegistry.standard.names.contains(parts[0]) else {
            throw DescentError(
                .usage, "an activation that ONNX cannot be told", at: place,
                expected: "one of \(ActivationRegistry.standard.names.joined(separator: ", "))",
                got: parts[0])
        }
        switch parts[0] {
        case "identity": return x
        case "sigmoid": return add("Sigmoid", x)
        case "tanh": return add("Tanh", x)
        case "relu": return add("Relu", x)
        case "leaky-relu": return add("LeakyRelu", x, attributes: ["alpha": .float(parameter ?? 0.01)])
        case "elu": return add("Elu", x, attributes: ["alpha": .float(parameter ?? 1)])
        case "softplus": return add("Softplus", x)
        case "softmax": return softmax(x)
        case "silu": return add("Mul", x, add("Sigmoid", x))
        case "gelu":
            // x (1 + erf(x / sqrt 2)) / 2
            let inner = add("Erf", add("Mul", x, scalar(Float(0.5.squareRoot()))))
            return add("Mul", add("Mul", x, scalar(Float(0.5))), add("Add", inner, scalar(Float(1))))
        case "gelu-tanh":
            // x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2
            let cube = add("Mul", add("Mul", x, x), x)
            let sum = add("Add", x, add("Mul", cube, scalar(Float(0.044715))))
            let inner = add("Tanh", add("Mul", sum, scalar(Float((2 / Double.pi).squareRoot()))))
            return add("Mul", add("Mul", x, scalar(Float(0.5))), add("Add", inner, scalar(Float(1))))
        default:
            throw DescentError(
                .usage, "the activation has no form in ONNX yet", at: place, got: activation.description)
        }
    }
}

extension Extent {
    fileprivate var pair: [Int] { [height, width] }
}
