import Arrays
import Autodiff
import FoundationEssentials
import Networks
import Support

extension LayerDescription {
    /// The layer's `type` in `config.json`.
    var typeName: String {
        switch self {
        case .dense: "dense"
        case .convolution: "convolution"
        case .transposedConvolution: "transposed_convolution"
        case .maxPooling: "max_pooling"
        case .averagePooling: "average_pooling"
        case .globalAveragePooling: "global_average_pooling"
        case .batchNormalization: "batch_normalization"
        case .layerNormalization: "layer_normalization"
        case .dropout: "dropout"
        case .activation: "activation"
        case .flatten: "flatten"
        case .reshape: "reshape"
        case .residual: "residual"
        }
    }

    /// The layer as it stands in `config.json`.
    var json: JSONText {
        func windows(_ windows: WindowGeometry) -> [JSONText.Member] {
            func pair(_ extent: Extent) -> JSONText { [.integer(extent.height), .integer(extent.width)] }
            return [
                .init("kernel", pair(windows.kernel)), .init("stride", pair(windows.stride)),
                .init("padding", pair(windows.padding)), .init("dilation", pair(windows.dilation)),
            ]
        }
        var fields: [JSONText.Member] = [.init("type", .string(typeName))]
        switch self {
        case .dense(let inputs, let outputs, let activation):
            fields += [
                .init("inputs", .integer(inputs)), .init("outputs", .integer(outputs)),
                .init("activation", .string(activation.description)),
            ]
        case .convolution(let channels, let outputs, let geometry, let groups, let hasBias, let activation):
            fields +=
                [.init("channels", .integer(channels)), .init("outputs", .integer(outputs))]
                + windows(geometry)
            fields += [
                .init("groups", .integer(groups)), .init("bias", .bool(hasBias)),
                .init("activation", .string(activation.description)),
            ]
        case .transposedConvolution(let channels, let outputs, let geometry, let groups, let activation):
            fields +=
                [.init("channels", .integer(channels)), .init("outputs", .integer(outputs))]
                + windows(geometry)
            fields += [
                .init("groups", .integer(groups)), .init("activation", .string(activation.description)),
            ]
        case .maxPooling(let geometry): fields += windows(geometry)
        case .averagePooling(let geometry, let countsPadding):
            fields += windows(geometry) + [.init("counts_padding", .bool(countsPadding))]
        case .globalAveragePooling, .flatten: break
        case .layerNormalization(let shape, let epsilon):
            fields += [
                .init("shape", .array(shape.map(JSONText.integer))), .init("epsilon", .number(epsilon)),
            ]
        case .dropout(let rate): fields += [.init("rate", .number(rate))]
        case .activation(let activation): fields += [.init("activation", .string(activation.description))]
        case .residual(let body, let projection):
            fields += [.init("body", .array(body.map(\.json)))]
            if let projection { fields += [.init("projection", [projection.json])] }
        case .batchNormalization(let channels, let momentum, let epsilon):
            fields += [
                .init("channels", .integer(channels)), .init("momentum", .number(Double(momentum))),
                .init("epsilon", .number(Double(epsilon))),
            ]
        case .reshape(let shape): fields += [.init("shape", .array(shape.map(JSONText.integer)))]
        }
        return .object(fields)
    }

    /// A layer from `config.json`; what does not hold together is found by `outcome(for:)` later.
    ///
    /// - Throws: `badData` that names the file and the part.
    init(_ stored: Stored, path: String, depth: Int = 0) throws {
        guard depth < 8 else {
            throw DescentError(
                .badData, "blocks within blocks within blocks", at: path, expected: "at most 8 levels")
        }
        func missing(_ name: String) -> DescentError {
            DescentError(.badData, "'\(name)' of a \(stored.type) layer is missing", at: path)
        }
        func size(_ value: JSONFile.Whole?, _ name: String) throws -> Int {
            guard let value = value?.value else { throw missing(name) }
            guard (1...Self.largestLayer).contains(value) else {
                throw DescentError(
                    .badData, "impossible layer size", at: path, expected: "1 to \(Self.largestLayer)",
                    got: "\(name) \(value)")
            }
            return value
        }
        func extent(_ values: [JSONFile.Whole]?, _ name: String, least: Int) throws -> Extent {
            guard let values else { throw missing(name) }
            guard values.count == 2, values.allSatisfy({ (least...16384).contains($0.value) }) else {
                throw DescentError(
                    .badData, "impossible \(name) of a \(stored.type) layer", at: path,
                    expected: "two numbers, \(least) to 16384", got: "\(values.map(\.value))")
            }
            return Extent(values[0].value, values[1].value)
        }
        func windows() throws -> WindowGeometry {
            WindowGeometry(
                kernel: try extent(stored.kernel, "kernel", least: 1),
                stride: try extent(stored.stride, "stride", least: 1),
                padding: .pixels(try extent(stored.padding, "padding", least: 0)),
                dilation: try extent(stored.dilation, "dilation", least: 1))
        }
        func activation() throws -> Activation {
            guard let name = stored.activation else { throw missing("activation") }
            guard let activation = Activation(name) else {
                throw DescentError(.badData, "unknown activation", at: path, got: name)
            }
            return activation
        }
        func groups(_ channels: Int, _ outputs: Int) throws -> Int {
            let groups = try size(stored.groups, "groups")
            guard channels % groups == 0, outputs % groups == 0 else {
                throw DescentError(
                    .badData, "channels and outputs are not divisible by groups", at: path,
                    got: "\(channels), \(outputs), \(groups)")
            }
            return groups
        }
        switch stored.type {
        case "dense":
            self = .dense(
                inputs: try size(stored.inputs, "inputs"), outputs: try size(stored.outputs, "outputs"),
                activation: try activation())
        case "convolution", "transposed_convolution":
            let (channels, outputs) = (
                try size(stored.channels, "channels"), try size(stored.outputs, "outputs")
            )
            let (geometry, groups) = (try windows(), try groups(channels, outputs))
            if stored.type == "convolution" {
                guard let hasBias = stored.bias else { throw missing("bias") }
                self = .convolution(
                    channels: channels, outputs: outputs, windows: geometry, groups: groups, hasBias: hasBias,
                    activation: try activation())
            } else {
                self = .transposedConvolution(
                    channels: channels, outputs: outputs, windows: geometry, groups: groups,
                    activation: try activation())
            }
        case "max_pooling": self = .maxPooling(try windows())
        case "average_pooling":
            guard let countsPadding = stored.counts_padding else { throw missing("counts_padding") }
            self = .averagePooling(try windows(), countsPadding: countsPadding)
        case "global_average_pooling": self = .globalAveragePooling
        case "batch_normalization":
            guard let momentum = stored.momentum, let epsilon = stored.epsilon else {
                throw missing("epsilon")
            }
            // As the layer has it: what is no number in single precision is none here.
            guard (0...1).contains(momentum), Float(epsilon) > 0, Float(epsilon).isFinite else {
                throw DescentError(
                    .badData, "impossible momentum or epsilon", at: path, got: "\(momentum), \(epsilon)")
            }
            self = .batchNormalization(
                channels: try size(stored.channels, "channels"), momentum: Float(momentum),
                epsilon: Float(epsilon))
        case "layer_normalization":
            guard let shape = stored.shape, !shape.isEmpty else { throw missing("shape") }
            guard let epsilon = stored.epsilon, epsilon > 0, epsilon.isFinite else {
                throw missing("epsilon")
            }
            self = .layerNormalization(shape: try shape.map { try size($0, "shape") }, epsilon: epsilon)
        case "dropout":
            guard let rate = stored.rate, rate >= 0, rate < 1 else { throw missing("rate") }
            self = .dropout(rate: rate)
        case "activation": self = .activation(try activation())
        case "flatten": self = .flatten
        case "residual":
            guard let body = stored.body, !body.isEmpty else { throw missing("body") }
            self = .residual(
                body: try body.map { try LayerDescription($0, path: path, depth: depth + 1) },
                projection: try stored.projection?.first.map {
                    try LayerDescription($0, path: path, depth: depth + 1)
                })
        case "reshape":
            guard let shape = stored.shape, (1...8).contains(shape.count) else { throw missing("shape") }
            self = .reshape(try shape.map { try size($0, "shape") })
        default:
            throw DescentError(
                .badData, "unknown layer type", at: path, got: stored.type,
                advice: "use the version of Descent that wrote it")
        }
    }

    /// A layer as it lies in the file.
    struct Stored: Decodable {
        var type: String
        var inputs: JSONFile.Whole?
        var channels: JSONFile.Whole?
        var outputs: JSONFile.Whole?
        var activation: String?
        var kernel: [JSONFile.Whole]?
        var stride: [JSONFile.Whole]?
        var padding: [JSONFile.Whole]?
        var dilation: [JSONFile.Whole]?
        var groups: JSONFile.Whole?
        var bias: Bool?
        var counts_padding: Bool?
        var momentum: Double?
        var epsilon: Double?
        var shape: [JSONFile.Whole]?
        var rate: Double?
        var body: [Stored]?
        /// One layer, in a list because a value cannot hold itself.
        var projection: [Stored]?
    }
}
