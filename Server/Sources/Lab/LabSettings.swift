import Descent

/// What a page asks of a run: data, network, optimiser. Every setting is bounded, so that no page takes more than its share of
/// the machine; a setting that is left out has its default.
public struct LabSettings: Codable, Equatable, Sendable {
    /// A point that a person has placed.
    public struct Point: Codable, Equatable, Sendable {
        /// Across, -1.5...1.5.
        public var x: Double
        /// Up, -1.5...1.5.
        public var y: Double
        /// The class, from 0.
        public var classIndex: Int

        /// Creates a point.
        public init(x: Double, y: Double, classIndex: Int) {
            (self.x, self.y, self.classIndex) = (x, y, classIndex)
        }
    }

    /// The name of the data: see `LabSource.names`.
    public var data = "spirals"
    /// The number of points in the plane.
    public var count = 450
    /// The noise on points in the plane.
    public var noise = 0.05
    /// The points of the data `points`.
    public var points: [Point] = []
    /// The number of training examples that are used; nil for all. Few are easily memorised.
    public var trainLimit: Int?
    /// The units of each hidden layer.
    public var hidden = [16, 16]
    /// The activation of the hidden layers.
    public var activation = "tanh"
    /// The optimiser.
    public var optimizer = "adam"
    /// The learning rate.
    public var learningRate = 0.01
    /// The examples of a step.
    public var batchSize = 32
    /// The weight decay.
    public var weightDecay = 0.0
    /// The share of hidden units that dropout leaves out.
    public var dropout = 0.0
    /// The seed of the data, the first weights and the order.
    public var seed = 1

    /// Creates the settings with which the page begins.
    public init() {}

    /// Decodes settings; what is missing keeps its default.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        func take<Value: Decodable>(_ key: CodingKeys, _ path: WritableKeyPath<Self, Value>) throws {
            if let value = try values.decodeIfPresent(Value.self, forKey: key) { self[keyPath: path] = value }
        }
        try take(.data, \.data)
        try take(.count, \.count)
        try take(.noise, \.noise)
        try take(.points, \.points)
        trainLimit = try values.decodeIfPresent(Int.self, forKey: .trainLimit)
        try take(.hidden, \.hidden)
        try take(.activation, \.activation)
        try take(.optimizer, \.optimizer)
        try take(.learningRate, \.learningRate)
        try take(.batchSize, \.batchSize)
        try take(.weightDecay, \.weightDecay)
        try take(.dropout, \.dropout)
        try take(.seed, \.seed)
    }
}

extension LabSettings {
    /// The activations that the page offers.
    public static let activations = [
        "relu", "tanh", "sigmoid", "leaky-relu", "elu", "gelu", "silu", "identity",
    ]
    /// The optimisers that the page offers.
    public static let optimizers = ["sgd", "momentum", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]
    /// The learning rates that are possible.
    public static let learningRates = 1e-6...10.0
    /// The most parameters of a network.
    static let parameterLimit = 4_000_000

    /// Checks every bound.
    ///
    /// - Throws: `usage` that names the setting, what is expected and what it is.
    public func check() throws(DescentError) {
        try Self.check("count", count, in: 20...2_000)
        try Self.check("noise", noise, in: 0...0.5)
        try Self.check("points", points.count, in: 0...1_000)
        for point in points {
            try Self.check("x", point.x, in: -1.5...1.5)
            try Self.check("y", point.y, in: -1.5...1.5)
            try Self.check("classIndex", point.classIndex, in: 0...5)
        }
        if let trainLimit { try Self.check("trainLimit", trainLimit, in: 10...60_000) }
        try Self.check("hidden", hidden.count, in: 0...6)
        for units in hidden { try Self.check("hidden", units, in: 1...512) }
        try Self.check("activation", activation, in: Self.activations)
        try Self.check("optimizer", optimizer, in: Self.optimizers)
        try Self.check("learningRate", learningRate, in: Self.learningRates)
        try Self.check("batchSize", batchSize, in: 1...1_000)
        try Self.check("weightDecay", weightDecay, in: 0...1)
        try Self.check("dropout", dropout, in: 0...0.9)
        try Self.check("seed", seed, in: 0...4_294_967_295)
    }

    static func check<Value: Comparable>(_ name: String, _ value: Value, in range: ClosedRange<Value>)
        throws(DescentError)
    {
        // Written so that a value that is not a number is refused.
        guard value >= range.lowerBound, value <= range.upperBound else {
            throw DescentError(
                .usage, "not a possible value", at: name,
                expected: "\(range.lowerBound) to \(range.upperBound)", got: "\(value)")
        }
    }

    static func check(_ name: String, _ value: String, in names: [String]) throws(DescentError) {
        guard names.contains(value) else {
            throw DescentError(
                .usage, "not a possible value", at: name, expected: names.joined(separator: ", "),
                got: String(value.prefix(40)))
        }
    }

    /// Creates the network for examples of so many features and classes, with its first weights.
    ///
    /// - Throws: `usage` for more parameters than a run may have.
    func makeNetwork(inputs: Int, classes: Int) throws -> Sequential {
        let sizes = [inputs] + hidden + [classes]
        let parameters = zip(sizes, sizes.dropFirst()).reduce(0) { $0 + ($1.0 + 1) * $1.1 }
        guard parameters <= Self.parameterLimit else {
            throw DescentError(
                .usage, "the network is too large", at: "hidden",
                expected: "at most \(Self.parameterLimit) parameters", got: "\(parameters)",
                advice: "take fewer units")
        }
        let function = try Activation(parsing: activation)
        let isRectifier = ["relu", "leaky-relu", "elu", "gelu", "silu"].contains(activation)
        var layers: [any Layer] = []
        for (index, units) in hidden.enumerated() {
            layers.append(
                Dense(sizes[index], units, activation: function, initializer: isRectifier ? .he : .xavier))
            if dropout > 0 { layers.append(Dropout(dropout)) }
        }
        layers.append(Dense(sizes[sizes.count - 2], classes, initializer: .xavier))
        let network = Sequential(layers)
        var random = RandomState(seed)
        network.initialize(using: &random)
        return network
    }

    /// Creates the step that trains `network`. Biases do not decay.
    func makeStep(for network: Sequential) -> TrainingStep {
        let (rate, decay) = (Float(learningRate), Float(weightDecay))
        let parameters = network.parameters
        let groups = [
            ParameterGroup(parameters.filter { $0.shape.count > 1 }, weightDecay: decay),
            ParameterGroup(parameters.filter { $0.shape.count <= 1 }, weightDecay: 0),
        ]
        func step(_ optimizer: some Optimizer) -> TrainingStep {
            var optimizer = optimizer
            (optimizer.learningRate, optimizer.weightDecay) = (rate, decay)
            return TrainingStep(network, optimizer: optimizer, groups: groups, seed: seed)
        }
        return switch optimizer {
        case "momentum": step(Momentum())
        case "nesterov": step(Nesterov())
        case "adagrad": step(AdaGrad())
        case "rmsprop": step(RMSProp())
        case "adam": step(Adam())
        case "adamw": step(AdamW())
        default: step(SGD())
        }
    }
}
