import Support

/// How an array is printed: NumPy's `printoptions`, as a value.
public struct ArrayFormat: Sendable, Equatable {
    /// The most digits after the point.
    public var precision = 8
    /// An array of more elements than this is shortened.
    public var threshold = 1000
    /// How many entries a shortened axis shows at each end.
    public var edgeItems = 3
    /// The width after which a row is broken.
    public var lineWidth = 75
    /// Whether small numbers are printed as decimals with few digits and never with an exponent.
    public var suppressingSmall = false

    /// NumPy's defaults, or other values.
    public init(
        precision: Int = 8, threshold: Int = 1000, edgeItems: Int = 3, lineWidth: Int = 75,
        suppressingSmall: Bool = false
    ) {
        require(precision >= 0, "precision must be >= 0")
        require(edgeItems >= 1, "edgeitems must be >= 1")
        self.precision = precision
        self.threshold = threshold
        self.edgeItems = edgeItems
        self.lineWidth = lineWidth
        self.suppressingSmall = suppressingSmall
    }
}
