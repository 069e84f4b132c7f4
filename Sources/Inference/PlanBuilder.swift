import Arrays
import Autodiff
import Networks

/// The layers of a network in the form of an `InferencePlan`: an activation, a pooling or a normalisation becomes part of
/// the product that it follows.
struct PlanBuilder {
    /// The products with their activation and pooling.
    private(set) var layers: [PlanLayer] = []
    /// The parameters of each product.
    private(set) var sources: [WeightSource] = []
    /// One example's shape so far.
    private var shape: [Int]

    /// Creates the plan's layers for a network on examples of `shape`; nil where a layer is not supported, or does not fit.
    init?(_ network: any Layer, for shape: [Int]) {
        self.shape = shape
        guard add(network) else { return nil }
    }

    private mutating func add(_ layer: any Layer) -> Bool {
        guard let next = try? layer.outputShape(for: shape) else { return false }
        let isKnown: Bool
        switch layer {
        case let layer as Sequential: return layer.layers.allSatisfy { add($0) }
        case let layer as Convolution: isKnown = add(layer)
        case let layer as Dense: isKnown = add(layer)
        case let layer as MaxPooling: isKnown = pool(layer.geometry)
        case let layer as BatchNormalization: isKnown = normalize(layer)
        case let layer as ActivationLayer: isKnown = activate(layer.activation)
        case is Dropout: isKnown = true
        // The same elements in the same order; only a first layer gets images of another shape.
        case is Flatten: isKnown = true
        case is Reshape: isKnown = layers.isEmpty || next.count == 1
        default: isKnown = false
        }
        shape = next
        return isKnown
    }

    private mutating func add(_ layer: Convolution) -> Bool {
        let follows = layers.isEmpty || layers.last?.isConvolution == true
        guard layer.groups == 1, follows, let activation = kernel(of: layer.activation), shape.count == 3
        else { return false }
        layers.append(
            PlanLayer(
                .convolution(
                    channels: shape[0], size: Extent(shape[1], shape[2]), outputs: layer.weight.shape[0],
                    geometry: layer.geometry), activation: activation))
        sources.append(WeightSource(weight: layer.weight, bias: layer.bias, outputAxis: 0))
        return true
    }

    private mutating func add(_ layer: Dense) -> Bool {
        guard let activation = kernel(of: layer.activation) else { return false }
        layers.append(
            PlanLayer(
                .dense(inputs: layer.weight.shape[0], outputs: layer.weight.shape[1]),
                activation: activation))
        sources.append(WeightSource(weight: layer.weight, bias: layer.bias, outputAxis: 1))
        return true
    }

    private mutating func pool(_ geometry: WindowGeometry) -> Bool {
        guard let last = layers.indices.last, layers[last].isConvolution, layers[last].pooling == nil else {
            return false
        }
        layers[last].pooling = geometry
        return true
    }

    private mutating func normalize(_ layer: BatchNormalization) -> Bool {
        guard let last = layers.indices.last, layers[last].isBare, sources[last].normalization == nil,
            layer.scale.shape == [sources[last].weight.shape[sources[last].outputAxis]]
        else { return false }
        sources[last].normalization = layer
        return true
    }

    private mutating func activate(_ activation: Activation) -> Bool {
        guard let last = layers.indices.last, layers[last].isBare, let kernel = kernel(of: activation) else {
            return false
        }
        layers[last].activation = kernel
        return true
    }

    /// Returns the kernel of an activation, nil without one; a parameter below zero is refused where the tape refuses it.
    private func kernel(of activation: Activation) -> ActivationKernel? {
        activation.kernel.flatMap { $0.parameter >= 0 ? $0 : nil }
    }
}
