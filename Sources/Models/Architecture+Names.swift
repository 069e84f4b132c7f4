import Arrays
import Autodiff
import Networks
import Support

extension Architecture {
    /// The name by which a network is chosen by the examples.
    package static let automatic = "auto"

    /// The names that `init(named:)` accepts, with a line on each.
    public static let names: [(name: String, summary: String)] = [
        (
            automatic,
            "a small residual network for images, by their size and number; two hidden layers for rows"
        ),
        ("two-layer", "the notebook's: one hidden layer of 50, sigmoid"),
        ("mlp:256,128", "hidden layers of these sizes, ReLU"),
        ("lenet", "conv 6@5x5, pool, conv 16@5x5, pool, 120, 84"),
        ("simple-conv", "the textbook's: conv 30@5x5, pool, 100"),
        ("deep-conv", "the textbook's eight layers: six convolutions of 3x3, 50"),
        ("wide-conv", "conv 32@3x3, conv 64@3x3, pool, 128"),
        (
            "conv:16@5,pool,64",
            "layers of your own: 16@5, 16@5p2, 16@5s2, 16@5/2; 16@3n with normalisation; pool, dropout0.3, 64"
        ),
        ("residual", "three residual blocks of 16, 32 and 64 channels with batch normalisation"),
        (
            "residual:s2,32x2,64x2",
            "residual blocks of your own: two of 32 channels, two of 64; s2 or s4 first makes images smaller"
        ),
    ]

    /// Creates an architecture by its name, see `names`.
    ///
    /// - Parameters:
    ///   - name: one of `names`, or sizes spelled out as in `mlp:256,128`.
    ///   - inputs: the number of elements of one example.
    ///   - imageShape: [C, H, W] of one example, for convolutional networks; a grey square image unless given.
    ///   - classes: the number of outputs.
    ///   - exampleCount: the number of examples that it will be trained on, by which `auto` chooses.
    ///   - hidden: the number of hidden units of `two-layer`; nil for 50.
    ///   - activation: that of the hidden layers; nil for sigmoid in `two-layer`, else ReLU.
    /// - Throws: `usage` when no architecture has this name, a size is not in 1...1,048,576, the images are too small
    ///   for it, or the network would have more than 2^28 parameters.
    public init(
        named name: String, inputs: Int, imageShape: [Int]? = nil, classes: Int, exampleCount: Int = 0,
        hidden: Int? = nil, activation: Activation? = nil
    ) throws {
        var name = name
        if name == Self.automatic {
            name =
                imageShape.map { shape in
                    Self.automaticName(
                        height: shape[shape.count - 2], width: shape[shape.count - 1], classes: classes,
                        count: exampleCount)
                } ?? "mlp:128,64"
        }
        guard hidden == nil || name == "two-layer" else {
            throw DescentError(
                .usage, "`hidden` is for two-layer", at: "`hidden`",
                advice: "an mlp has its sizes in its name, as in mlp:256,128")
        }
        var builder = ArchitectureBuilder(
            inputs: inputs, activation: activation ?? (name == "two-layer" ? .sigmoid : .relu))
        switch name {
        case "two-layer":
            builder.dense(try Self.checked([hidden ?? 50], name: name))
        case _ where name.hasPrefix("mlp:"):
            builder.dense(try Self.checked(Self.sizes(of: name), name: name))
        case "lenet", "simple-conv", "deep-conv", "wide-conv", "residual":
            try builder.images(imageShape ?? Self.square(inputs))
            try builder.convolutional(name)
        case _ where name.hasPrefix("residual:"):
            try builder.images(imageShape ?? Self.square(inputs))
            try builder.residual(spelled: name)
        case _ where name.hasPrefix("conv:"):
            try builder.images(imageShape ?? Self.square(inputs))
            try builder.convolutional(spelled: name)
        default:
            throw DescentError(
                .usage, "there is no model of this name", at: "`named`",
                expected: Self.names.map(\.name).joined(separator: ", "), got: "'\(name)'")
        }
        builder.output(classes)
        self.init(name: Self.canonicalName(name), inputShape: [inputs], layers: builder.layers)
        do {
            _ = try shapes()
        } catch let error as DescentError {
            throw DescentError(
                .usage, "\(name) does not fit the examples: \(error.what)", at: "`named`",
                expected: error.expected,
                got: error.got, advice: "use larger images, or a two-layer network")
        }
        do {
            try checkSize()
        } catch let error as DescentError {
            throw error.at(name == "two-layer" ? "`hidden`" : "`named`")
        }
    }

    /// Returns whether there are architectures of this name: one of `names`, or sizes after a colon that one of them has
    /// too. The sizes themselves are not checked.
    package static func hasName(_ name: String) -> Bool {
        names.contains { known, _ in
            guard let colon = known.firstIndex(of: ":") else { return name == known }
            return name.hasPrefix(known[...colon])
        }
    }

    /// Returns the same network with dropout of this rate after each hidden dense layer; before the output of a network
    /// without hidden dense layers. Existing dropout layers get the rate; a rate of 0 removes them.
    ///
    /// - Precondition: 0 <= rate < 1.
    package func with(dropout rate: Double) -> Architecture {
        require((0..<1).contains(rate), "dropout: rate \(rate) is not in 0 ..< 1")
        var plain = layers.filter { !($0.configuration is Dropout.Configuration) }
        var changed = self
        if rate > 0 {
            let hidden = plain.indices.dropLast().filter { plain[$0].configuration is Dense.Configuration }
            if hidden.isEmpty, !plain.isEmpty { plain.insert(.dropout(rate: rate), at: plain.count - 1) }
            for index in hidden.reversed() { plain.insert(.dropout(rate: rate), at: index + 1) }
        }
        changed.layers = plain
        return changed
    }

    /// Checks that the name and the sizes in it are possible, before the data are known.
    ///
    /// - Throws: as `init(named:)`.
    package static func check(name: String, hidden: Int?, activation: Activation?) throws {
        let dense = name == "two-layer" || name.hasPrefix("mlp:")
        _ = try Architecture(
            named: name, inputs: dense ? 1 : 28 * 28, classes: 1, hidden: hidden, activation: activation)
    }

    private static func square(_ inputs: Int) throws -> [Int] {
        let side = Int(Double(inputs).squareRoot())
        guard side * side == inputs else {
            throw DescentError(
                .usage, "only images can be convolved", at: "`named`",
                expected: "examples with height and width",
                got: "\(inputs) values", advice: "use two-layer or mlp:256,128")
        }
        return [1, side, side]
    }

    private static func checked(_ sizes: [Int], name: String) throws -> [Int] {
        guard sizes.allSatisfy({ (1...LayerDescription.largestLayer).contains($0) }) else {
            throw DescentError(
                .usage, "a hidden layer has an impossible size",
                at: name == "two-layer" ? "`hidden`" : "`named`",
                expected: "1 to \(LayerDescription.largestLayer) units",
                got: name == "two-layer" ? "\(sizes[0])" : "'\(name)'")
        }
        guard sizes.count <= 64 else {
            throw DescentError(
                .usage, "too many layers", at: "`named`", expected: "at most 64 hidden layers",
                got: "\(sizes.count)")
        }
        return sizes
    }
}

/// A builder that appends layers and keeps the shape of their output.
struct ArchitectureBuilder {
    var layers: [LayerDescription] = []
    /// The shape of one example so far.
    var shape: [Int]
    let activation: Activation

    init(inputs: Int, activation: Activation) {
        shape = [inputs]
        self.activation = activation
    }

    mutating func add(_ layer: LayerDescription) throws {
        shape = try layer.outputShape(for: shape)
        layers.append(layer)
    }

    mutating func dense(_ sizes: [Int]) {
        for size in sizes {
            layers.append(.dense(inputs: shape[0], outputs: size, activation: activation))
            shape = [size]
        }
    }

    mutating func output(_ classes: Int) {
        layers.append(.dense(inputs: shape[0], outputs: classes, activation: .identity))
        shape = [classes]
    }

    mutating func images(_ shape: [Int]) throws { try add(.reshape(shape)) }

    mutating func flatten() throws { try add(.flatten) }

    mutating func convolution(_ outputs: Int, _ kernel: Extent, padding: Padding = 0) throws {
        try add(
            .convolution(
                channels: shape[0], outputs: outputs,
                windows: WindowGeometry(kernel: kernel, padding: padding),
                groups: 1, hasBias: true, activation: activation))
    }

    mutating func pool() throws { try add(.maxPooling(WindowGeometry(kernel: 2, stride: 2))) }

    mutating func convolutional(_ name: String) throws {
        switch name {
        case "lenet":
            // LeCun et al. 1998, figure 2, with ReLU and max pooling.
            try convolution(6, 5, padding: 2)
            try pool()
            try convolution(16, 5)
            try pool()
            try flatten()
            dense([120, 84])
        case "simple-conv":
            // Saitoh 2016, section 7.5.
            try convolution(30, 5)
            try pool()
            try flatten()
            dense([100])
        case "deep-conv":
            // Saitoh 2016, section 8.1.
            try convolution(16, 3, padding: 1)
            try convolution(16, 3, padding: 1)
            try pool()
            try convolution(32, 3, padding: 1)
            try convolution(32, 3, padding: 2)
            try pool()
            try convolution(64, 3, padding: 1)
            try convolution(64, 3, padding: 1)
            try pool()
            try flatten()
            dense([50])
            try add(.dropout(rate: 0.5))
        case "wide-conv":
            try convolution(32, 3)
            try convolution(64, 3)
            try pool()
            try flatten()
            dense([128])
        default: try residual(ResidualSizes(stages: [(16, 1), (32, 1), (64, 1)]))
        }
    }

    private func plain(_ channels: Int, _ outputs: Int, kernel: Extent, stride: Extent) -> LayerDescription {
        // Batch normalisation would subtract a bias before it again.
        .convolution(
            channels: channels, outputs: outputs,
            windows: WindowGeometry(kernel: kernel, stride: stride, padding: .same), groups: 1,
            hasBias: false,
            activation: .identity)
    }

    func norm(_ channels: Int) -> LayerDescription {
        .batchNormalization(channels: channels, momentum: 0.1, epsilon: 1e-5)
    }

    mutating func normalized(_ outputs: Int, stride: Extent) throws {
        try add(plain(shape[0], outputs, kernel: 3, stride: stride))
        try add(norm(outputs))
        try add(.activation(activation))
    }

    mutating func block(_ outputs: Int, stride: Extent) throws {
        let inputs = shape[0]
        let changes = inputs != outputs || stride != 1
        try add(
            .residual(
                body: [
                    plain(inputs, outputs, kernel: 3, stride: stride), norm(outputs), .activation(activation),
                    plain(outputs, outputs, kernel: 3, stride: 1), norm(outputs),
                ], projection: changes ? plain(inputs, outputs, kernel: 1, stride: stride) : nil))
        try add(.activation(activation))
    }
}
