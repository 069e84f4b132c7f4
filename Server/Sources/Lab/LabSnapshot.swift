/// What a run looks like at one moment, to be encoded as JSON. Bytes are base64, a figure that is not finite is nil.
public struct LabSnapshot: Encodable, Sendable {
    /// The steps so far.
    public var step = 0
    /// The passes over the training examples so far.
    public var epoch = 0.0
    /// The present learning rate.
    public var learningRate = 0.0
    /// The steps per second of training since the last snapshot.
    public var stepsPerSecond = 0.0
    /// Whether the run waits.
    public var isPaused = false
    /// Why the run has ended or waits, where nobody asked it to: `diverged`, `time`, `steps`.
    public var problem: String?
    /// The figures on training examples.
    public var train = Figures()
    /// The figures on test examples.
    public var test = Figures()
    /// The layers with weights, first to last.
    public var layers: [LayerFigures] = []
    /// The decisions over the plane; nil for other data.
    public var boundary: Boundary?
    /// The activity of the first units of each hidden layer over the plane.
    public var units: [[String]] = []
    /// The weights between the units that are shown, layer by layer: [from][to].
    public var edges: [[[Float]]] = []
    /// The first layer's weights as pictures; nil where the examples are none.
    public var filters: Filters?
    /// Test examples that are misread.
    public var misread: [Misread] = []

    /// Loss and accuracy.
    public struct Figures: Encodable, Equatable, Sendable {
        /// The mean loss.
        public var loss: Double?
        /// The share of examples whose class is found.
        public var accuracy = 0.0
        /// The number of examples that were looked at.
        public var count = 0
    }

    /// A layer's gradient and weights.
    public struct LayerFigures: Encodable, Equatable, Sendable {
        /// The number of units.
        public var units: Int
        /// The root of the mean square of the loss's gradient by the weights.
        public var gradient: Double?
        /// The root of the mean square of the weights.
        public var weight: Double?
    }

    /// The decisions at the points of a grid, row by row from below.
    public struct Boundary: Encodable, Sendable {
        /// The points of a side.
        public var size: Int
        /// The class at each point.
        public var classes: String
        /// The probability of that class at each point, 0 to 255.
        public var shares: String
    }

    /// Pictures of weights: 128 is 0, the largest of all has 0 or 255.
    public struct Filters: Encodable, Sendable {
        /// The height of a picture.
        public var height: Int
        /// The width of a picture.
        public var width: Int
        /// The pixels of each.
        public var pictures: [String]
    }

    /// A test example that is taken for another class.
    public struct Misread: Encodable, Sendable {
        /// Its number among the test examples.
        public var index: Int
        /// Its class.
        public var label: Int
        /// What it is taken for.
        public var said: Int
        /// With what probability.
        public var share: Float
        /// The pixels of a grey picture; nil for other examples.
        public var pixels: String?
    }
}

/// What a page needs to know of a run's data before it begins.
public struct LabDescription: Encodable, Sendable {
    /// What an example is: `plane`, `image` or `rows`.
    public var kind: String
    /// The names of the classes.
    public var classNames: [String]
    /// The number of examples to learn from.
    public var trainCount: Int
    /// The number of examples that are only looked at.
    public var testCount: Int
    /// The number of features.
    public var featureCount: Int
    /// The number of weights and biases.
    public var parameterCount: Int
    /// Height and width of a picture; nil for other data.
    public var imageSize: [Int]?
    /// The part of the plane that is shown: left, right, below, above; nil for other data.
    public var range: [Double]?
    /// The names of the plane's axes.
    public var axes: [String]
    /// Some points to learn from: x, y, class.
    public var trainPoints: [[Double]]
    /// Some points that are only looked at.
    public var testPoints: [[Double]]
    /// Notes on the data, a line each.
    public var notes: [String]
}
