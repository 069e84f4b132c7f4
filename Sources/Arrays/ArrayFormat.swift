import Support

/// The print options of arrays: NumPy's `printoptions`, as a value.
public struct ArrayFormat: Sendable, Equatable {
    /// The maximum number of digits after the point.
    public var precision = 8
    /// The number of elements above which an array is printed shortened.
    public var threshold = 1000
    /// The number of entries that a shortened axis shows at each end.
    public var edgeItems = 3
    /// The width after which a row is broken.
    public var lineWidth = 75
    /// Whether small numbers are printed as decimals with few digits and never with an exponent.
    public var suppressingSmall = false

    /// Creates print options; the defaults are NumPy's.
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
