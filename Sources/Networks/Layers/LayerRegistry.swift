import Support

/// The registry of the kinds of layers that a model folder may describe.
public typealias LayerRegistry = ComponentRegistry<any LayerConfiguration.Type>

extension ComponentRegistry where Kind == any LayerConfiguration.Type {
    /// The layers of this library.
    public static let standard: LayerRegistry = {
        var registry = LayerRegistry(of: "layer type")
        let kinds: [any LayerConfiguration.Type] = [
            Dense.Configuration.self, Convolution.Configuration.self,
            TransposedConvolution.Configuration.self,
            MaxPooling.Configuration.self, AveragePooling.Configuration.self,
            GlobalAveragePooling.Configuration.self, BatchNormalization.Configuration.self,
            LayerNormalization.Configuration.self, Dropout.Configuration.self,
            ActivationLayer.Configuration.self,
            Flatten.Configuration.self, Reshape.Configuration.self, Residual.Configuration.self,
        ]
        for kind in kinds { registry.register(kind) }
        return registry
    }()

    /// Adds a kind of layer under its `kind`; replaces one of that name.
    public mutating func register(_ layer: any LayerConfiguration.Type) { register(layer, named: layer.kind) }
}

extension CodingUserInfoKey {
    /// The key under which a decoder has the `LayerRegistry` by which it reads layers; without it the standard one is used.
    package static let layerRegistry = CodingUserInfoKey(rawValue: "descent.layers")
}

extension LayerDescription: Codable {
    private enum Key: String, CodingKey {
        case type
    }

    /// Reads `type`, and then the settings that its kind has written; refuses impossible ones.
    ///
    /// - Throws: `badData` for a type that is not in the decoder's registry, or blocks within blocks without end; `usage`
    ///   that names an impossible setting.
    public init(from decoder: any Decoder) throws {
        // Each level is an element of a list within the one above.
        guard decoder.codingPath.count(where: { $0.intValue != nil }) <= 8 else {
            throw DescentError(.badData, "blocks within blocks within blocks", expected: "at most 8 levels")
        }
        let registry =
            CodingUserInfoKey.layerRegistry.flatMap { decoder.userInfo[$0] as? LayerRegistry } ?? .standard
        let name = try decoder.container(keyedBy: Key.self).decode(String.self, forKey: .type)
        guard let kind = registry[name] else {
            throw DescentError(
                .badData, "unknown \(registry.component)", expected: registry.names.joined(separator: ", "),
                got: "'\(name)'",
                advice:
                    "load it with a registry in which the layer is registered (LayerRegistry), or use the "
                    + "version of Descent that wrote it")
        }
        let configuration = try kind.init(from: decoder)
        try configuration.check()
        self.configuration = configuration
    }

    /// Writes `type` and then the settings.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(kind, forKey: .type)
        try configuration.encode(to: encoder)
    }
}
