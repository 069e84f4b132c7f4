import Arrays
import Autodiff

/// Layers as a `ForwardNetwork` takes them: what follows a product in the same pass is put to it.
struct ForwardLayout {
    /// Products with their activation and pooling.
    private(set) var layers: [ForwardLayer] = []
    /// Where the weights of each come from.
    private(set) var sources: [Source] = []
    /// One example's shape so far.
    private var shape: [Int]

    /// Nothing yet, for examples of `shape`.
    init(of shape: [Int]) { self.shape = shape }

    /// Where a layer's weights come from: its own parameters, and a normalisation that follows it.
    struct Source {
        let weight: Parameter
        let bias: Parameter?
        /// Along which axis of the weight its outputs lie.
        let outputAxis: Int
        var normalization: BatchNormalization?

        private var parameters: [Parameter] {
            [weight] + (bias.map { [$0] } ?? []) + (normalization?.namedParameters.map(\.parameter) ?? [])
        }

        /// How often each of the parameters has changed.
        var versions: [UInt] { parameters.map(\.version) }

        /// Whether these are still the versions; without a list of its own, because every call asks.
        func isOf(_ versions: [UInt]) -> Bool {
            guard normalization == nil else { return versions == self.versions }
            guard let first = versions.first, first == weight.version else { return false }
            return bias.map { $0.version == versions[1] } ?? true
        }

        /// The weights and biases that the product uses: with a normalisation, scale / sqrt(variance + epsilon) times them,
        /// and its shift added.
        func values() -> (weight: NDArray<Float>, bias: NDArray<Float>) {
            let outputs = weight.shape[outputAxis]
            let own = bias?.value ?? NDArray(shape: [outputs], repeating: 0)
            guard let normalization else { return (weight.value, own) }
            let factor =
                normalization.scale.value
                / Arrays.sqrt(normalization.runningVariance.value + normalization.epsilon)
            var axes = [Int](repeating: 1, count: weight.shape.count)
            axes[outputAxis] = outputs
            return (
                weight.value * factor.reshaped(to: axes),
                (own - normalization.runningMean.value) * factor + normalization.shift.value
            )
        }
    }

    /// Takes layers in order; false as soon as one is not known, or does not fit.
    mutating func add(_ layers: [any Layer]) -> Bool { layers.allSatisfy { add($0) } }

    private mutating func add(_ layer: any Layer) -> Bool {
        guard let next = try? layer.outputShape(for: shape) else { return false }
        let isKnown: Bool
        switch layer {
        case let layer as Sequential: return add(layer.layers)
        case let layer as Convolution: isKnown = add(layer)
        case let layer as Dense: isKnown = add(layer)
        case let layer as MaxPooling: isKnown = pool(layer.geometry)
        case let layer as BatchNormalization: isKnown = normalize(layer)
        case let layer as Activate: isKnown = activate(layer.activation)
        case is Dropout: isKnown = true
        // The same numbers in the same order; only a first layer gets images of another shape.
        case is Flatten: isKnown = true
        case is Reshape: isKnown = layers.isEmpty || next.count == 1
        default: isKnown = false
        }
        shape = next
        return isKnown
    }

    private mutating func add(_ layer: Convolution) -> Bool {
        let follows = layers.isEmpty || isImages(layers.count - 1)
        guard layer.groups == 1, follows, let activation = kernel(of: layer.activation), shape.count == 3
        else { return false }
        layers.append(
            ForwardLayer(
                .convolution(
                    channels: shape[0], size: Extent(shape[1], shape[2]), outputs: layer.weight.shape[0],
                    geometry: layer.geometry), activation: activation))
        sources.append(Source(weight: layer.weight, bias: layer.bias, outputAxis: 0))
        return true
    }

    private mutating func add(_ layer: Dense) -> Bool {
        guard let activation = kernel(of: layer.activation) else { return false }
        layers.append(
            ForwardLayer(
                .dense(inputs: layer.weight.shape[0], outputs: layer.weight.shape[1]),
                activation: activation))
        sources.append(Source(weight: layer.weight, bias: layer.bias, outputAxis: 1))
        return true
    }

    private mutating func pool(_ geometry: WindowGeometry) -> Bool {
        guard let last = layers.indices.last, isImages(last), layers[last].pooling == nil else {
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

    private func isImages(_ index: Int) -> Bool {
        guard case .convolution = layers[index].product else { return false }
        return true
    }

    /// The kernel of an activation, nil without one; a parameter below zero is refused where the tape refuses it.
    private func kernel(of activation: Activation) -> ActivationKernel? {
        activation.kernel.flatMap { $0.parameter >= 0 ? $0 : nil }
    }
}
