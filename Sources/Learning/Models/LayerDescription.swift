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
        switch activation {
        case .identity, .sigmoid, .tanh, .softplus, .softmax: .xavier
        default: .he
        }
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

    /// The shape of one example afterwards, and how many numbers the layer learns, found without making it: sizes from
    /// a file may be anything, and memory is taken only for networks that hold together.
    ///
    /// - Throws: `usage` that says what does not fit.
    func outcome(for shape: [Int]) throws -> (shape: [Int], parameters: Int) {
        let outcome = try fittedOutcome(for: shape)
        // A layer may keep what there is; only what it makes larger is bounded.
        guard Self.product(outcome.shape) <= max(Self.largestExample, Self.product(shape)) else {
            throw DescentError(
                .usage, "the layer makes too much of an example", at: typeName,
                expected: "at most \(Self.largestExample) numbers", got: "\(outcome.shape)")
        }
        return outcome
    }

    private func fittedOutcome(for shape: [Int]) throws -> (shape: [Int], parameters: Int) {
        func refuse(_ what: String, expected: String) -> DescentError {
            DescentError(.usage, what, at: typeName, expected: expected, got: "\(shape)")
        }
        func images(_ channels: Int?) throws {
            guard shape.count == 3, channels.map({ $0 == shape[0] }) ?? true else {
                throw refuse(
                    "images do not fit the layer", expected: "[\(channels.map(String.init) ?? "C"), H, W]")
            }
        }
        func windowed(_ windows: WindowGeometry) throws -> [Int] {
            guard let size = windows.windows(height: shape[1], width: shape[2]) else {
                throw refuse("images are smaller than the window", expected: "at least \(windows.kernel)")
            }
            return [size.height, size.width]
        }
        func pooled(_ windows: WindowGeometry, takingLargest: Bool) throws -> [Int] {
            do {
                let size = try windows.pooledSize(
                    height: shape[1], width: shape[2], takingLargest: takingLargest)
                return [size.height, size.width]
            } catch {
                throw DescentError(
                    error.kind, error.what, at: typeName, expected: error.expected,
                    got: error.got ?? "\(shape)")
            }
        }
        switch self {
        case .dense(let inputs, let outputs, _):
            guard shape == [inputs] else {
                throw refuse("examples do not fit the layer", expected: "[\(inputs)]")
            }
            return ([outputs], Self.product([inputs, outputs]) + outputs)
        case .convolution(let channels, let outputs, let windows, let groups, let hasBias, _):
            try images(channels)
            let weights = Self.product([
                outputs, channels / groups, windows.kernel.height, windows.kernel.width,
            ])
            return ([outputs] + (try windowed(windows)), weights + (hasBias ? outputs : 0))
        case .transposedConvolution(let channels, let outputs, let windows, let groups, _):
            try images(channels)
            guard let size = windows.transposedSize(height: shape[1], width: shape[2]) else {
                throw refuse("the padding leaves nothing", expected: "larger images")
            }
            let weights = Self.product([
                channels, outputs / groups, windows.kernel.height, windows.kernel.width,
            ])
            return ([outputs, size.height, size.width], weights + outputs)
        case .maxPooling(let windows), .averagePooling(let windows, _):
            try images(nil)
            return ([shape[0]] + (try pooled(windows, takingLargest: self == .maxPooling(windows))), 0)
        case .globalAveragePooling:
            try images(nil)
            return ([shape[0]], 0)
        case .batchNormalization(let channels, _, _):
            guard shape.count == 1 || shape.count == 3, shape[0] == channels else {
                throw refuse("channels do not fit", expected: "[\(channels)] or [\(channels), H, W]")
            }
            return (shape, 2 * channels)
        case .layerNormalization(let inner, _):
            guard !inner.isEmpty, shape.suffix(inner.count) == inner[...] else {
                throw refuse("examples do not fit the layer", expected: "[..., \(inner)]")
            }
            return (shape, 2 * Self.product(inner))
        case .dropout, .activation: return (shape, 0)
        case .flatten: return ([Self.product(shape)], 0)
        case .residual(let body, let projection):
            var (inside, parameters) = (shape, 0)
            for layer in body {
                let outcome = try layer.outcome(for: inside)
                (inside, parameters) = (outcome.shape, parameters + outcome.parameters)
            }
            let around = try projection?.outcome(for: shape) ?? (shape: shape, parameters: 0)
            guard inside == around.shape else {
                throw DescentError(
                    .usage, "the two ways through the block end in different shapes", at: typeName,
                    expected: "\(around.shape)", got: "\(inside)")
            }
            return (inside, parameters + around.parameters)
        case .reshape(let target):
            guard Self.product(target) == Self.product(shape) else {
                throw refuse("examples have another size", expected: "\(Self.product(target)) numbers")
            }
            return (target, 0)
        }
    }

    /// The product, held far from overflow.
    static func product(_ sizes: [Int]) -> Int {
        sizes.reduce(1) { total, size in
            let (product, overflow) = total.multipliedReportingOverflow(by: size)
            return overflow || product > Int.max / 8 ? Int.max / 8 : product
        }
    }
}
