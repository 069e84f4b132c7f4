import Arrays
import Autodiff
import Networks

/// One layer in words: what must be known to make it again before its weights are put in.
public indirect enum LayerDescription: Equatable, Sendable {
    /// `activation(x W + b)`; W: [inputs, outputs].
    case dense(inputs: Int, outputs: Int, activation: Activation)
    /// A convolution of images.
    case convolution(
        channels: Int, outputs: Int, windows: WindowGeometry, groups: Int, hasBias: Bool,
        activation: Activation)
    /// A transposed convolution of images.
    case transposedConvolution(
        channels: Int, outputs: Int, windows: WindowGeometry, groups: Int, activation: Activation)
    /// The largest number of each window.
    case maxPooling(WindowGeometry)
    /// The mean of each window.
    case averagePooling(WindowGeometry, countsPadding: Bool)
    /// The mean of each channel.
    case globalAveragePooling
    /// Each channel brought to mean 0 and variance 1.
    case batchNormalization(channels: Int, momentum: Float, epsilon: Float)
    /// Each example's last axes brought to mean 0 and variance 1.
    case layerNormalization(shape: [Int], epsilon: Double)
    /// A share of the numbers left out in training.
    case dropout(rate: Double)
    /// A function of each number.
    case activation(Activation)
    /// All axes of an example made one.
    case flatten
    /// The same numbers in another shape.
    case reshape([Int])
    /// What the body gives, plus its input, or what the projection makes of it.
    case residual(body: [LayerDescription], projection: LayerDescription?)

    /// The largest number of units or channels that a layer may have, which keeps every size far from overflow.
    static let largestLayer = 1 << 20
    /// The most numbers that a layer may make of a smaller example: 256 MiB. A product of two extents of such an example
    /// or of a window is far from overflow.
    static let largestExample = 1 << 26

    /// What `layer` is in words; nil if a model folder cannot describe it.
    init?(_ layer: any Layer) {
        switch layer {
        case let layer as Dense:
            self = .dense(
                inputs: layer.weight.shape[0], outputs: layer.weight.shape[1], activation: layer.activation)
        case let layer as Convolution:
            self = .convolution(
                channels: layer.weight.shape[1] * layer.groups, outputs: layer.weight.shape[0],
                windows: layer.geometry, groups: layer.groups, hasBias: layer.bias != nil,
                activation: layer.activation)
        case let layer as TransposedConvolution:
            self = .transposedConvolution(
                channels: layer.weight.shape[0], outputs: layer.weight.shape[1] * layer.groups,
                windows: layer.geometry, groups: layer.groups, activation: layer.activation)
        case let layer as MaxPooling: self = .maxPooling(layer.geometry)
        case let layer as AveragePooling:
            self = .averagePooling(layer.geometry, countsPadding: layer.countsPadding)
        case is GlobalAveragePooling: self = .globalAveragePooling
        case let layer as BatchNormalization:
            self = .batchNormalization(
                channels: layer.scale.shape[0], momentum: layer.momentum, epsilon: layer.epsilon)
        case let layer as LayerNormalization:
            self = .layerNormalization(shape: layer.gain.shape, epsilon: layer.epsilon)
        case let layer as Dropout: self = .dropout(rate: layer.rate)
        case let layer as Activate: self = .activation(layer.activation)
        case is Flatten: self = .flatten
        case let layer as Reshape: self = .reshape(layer.shape)
        case let layer as Residual:
            let body = layer.body.layers.compactMap { LayerDescription($0) }
            let projection = layer.projection.map { LayerDescription($0) }
            guard body.count == layer.body.layers.count,
                projection == nil || projection.map({ $0 != nil }) == true
            else { return nil }
            self = .residual(body: body, projection: projection ?? nil)
        default: return nil
        }
    }

    /// The layer, its parameters not yet drawn; `initializer` for its weights unless the layer's own default stays.
    func makeLayer(initializer: Initializer? = nil) -> any Layer {
        switch self {
        case .dense(let inputs, let outputs, let activation):
            return Dense(
                inputs, outputs, activation: activation,
                initializer: initializer ?? Self.initializer(before: activation))
        case .convolution(let channels, let outputs, let windows, let groups, let hasBias, let activation):
            return Convolution(
                channels, outputs, kernel: windows.kernel, stride: windows.stride,
                padding: .pixels(windows.padding), dilation: windows.dilation, groups: groups,
                hasBias: hasBias,
                activation: activation, initializer: initializer ?? Self.initializer(before: activation))
        case .transposedConvolution(let channels, let outputs, let windows, let groups, let activation):
            return TransposedConvolution(
                channels, outputs, kernel: windows.kernel, stride: windows.stride,
                padding: .pixels(windows.padding), dilation: windows.dilation, groups: groups,
                activation: activation, initializer: initializer ?? Self.initializer(before: activation))
        case .maxPooling(let windows):
            return MaxPooling(windows.kernel, stride: windows.stride, padding: .pixels(windows.padding))
        case .averagePooling(let windows, let countsPadding):
            return AveragePooling(
                windows.kernel, stride: windows.stride, padding: .pixels(windows.padding),
                countsPadding: countsPadding)
        case .globalAveragePooling: return GlobalAveragePooling()
        case .batchNormalization(let channels, let momentum, let epsilon):
            return BatchNormalization(channels, momentum: momentum, epsilon: epsilon)
        case .layerNormalization(let shape, let epsilon):
            return LayerNormalization(shape: shape, epsilon: epsilon)
        case .dropout(let rate): return Dropout(rate)
        case .activation(let activation): return Activate(activation)
        case .flatten: return Flatten()
        case .reshape(let shape): return Reshape(shape)
        case .residual(let body, let projection):
            return Residual(projection: projection?.makeLayer(initializer: initializer)) {
                body.map { $0.makeLayer(initializer: initializer) }
            }
        }
    }

    /// What keeps the spread of a signal through `activation`.
    private static func initializer(before activation: Activation) -> Initializer {
        activation.isRectifier ? .he : .xavier
    }

    /// How many numbers the layer only measures, and keeps with its weights.
    var measuredCount: Int {
        switch self {
        case .batchNormalization(let channels, _, _): 2 * channels
        case .residual(let body, let projection):
            body.reduce(projection?.measuredCount ?? 0) { $0 + $1.measuredCount }
        default: 0
        }
    }
}
