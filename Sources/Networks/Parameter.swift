import Arrays
import Autodiff
import Support

/// A parameter of a network: a weight matrix, a bias.
///
/// A parameter is an object because it has an identity: the layer that uses it, the optimiser that changes it and the file
/// that stores it refer to the same one.
///
/// It has its first values from the start. They are drawn from a given generator, or else by NumPy's `RandomState(n)`, where
/// n is the parameter's index among those of the outermost ``Sequential`` that contains it, 0 without one: so equal layers
/// of a network begin with different values, and every run of a program with the same ones. (A network of one's own indexes
/// its parameters when it is trained or checked, if their values have not been used by then. A ``Sequential`` of some of a
/// network's layers changes no index.) The values are drawn when they
/// are first read, and not at all where they are replaced before: by a file's, or by `initialize(using:)`. Like all mutable
/// state, a parameter is not for several threads at once.
///
/// ```swift
/// for parameter in network.layers[0].parameters { parameter.isTrainable = false }   // keeps its values from now on
/// ```
public final class Parameter {
    /// The distribution from which first values are drawn, the next time that they are.
    package var initializer: Initializer
    /// Whether the layer itself measures its values (a running mean): stored and saved with the others, and never trained.
    package let isBuffer: Bool
    /// Whether training changes the parameter. A frozen parameter keeps its values and takes no gradient; a buffer is never
    /// trainable.
    public var isTrainable: Bool {
        get { !isBuffer && !isFrozen }
        set { isFrozen = !newValue }
    }
    private var isFrozen = false
    /// The length of each axis.
    public let shape: [Int]
    /// The number of values.
    public var count: Int { shape.reduce(1, *) }
    /// The values, of `shape`.
    public var value: NDArray<Float> {
        get {
            drawFirstValues()
            return values
        }
        // In place: an optimiser changes the array without a copy of it.
        _modify {
            drawFirstValues()
            defer { valuesChanged() }
            yield &values
        }
        set {
            firstSeed = nil
            values = newValue
            valuesChanged()
        }
    }
    /// Empty while `firstSeed` is set.
    private var values = NDArray<Float>(shape: [0], repeating: 0)
    /// The seed from which first values are drawn when they are first read; nil once there are values.
    private(set) var firstSeed: Int? = 0
    /// The network whose index `firstSeed` is; nil for none.
    private(set) var indexing: ParameterIndexing?

    /// The number of changes of the values, by which an `InferenceSession` knows when to pack them again.
    package private(set) var version: UInt = 0

    /// Creates a parameter of `shape`. `isBuffer`: the layer measures it, and training does not change it.
    public init(shape: [Int], initializer: Initializer, isBuffer: Bool = false) {
        self.shape = shape
        self.isBuffer = isBuffer
        self.initializer = initializer
    }

    /// Creates a parameter of `shape` whose first values are drawn from `random`.
    public convenience init(
        shape: [Int], initializer: Initializer, isBuffer: Bool = false, using random: inout RandomState
    ) {
        self.init(shape: shape, initializer: initializer, isBuffer: isBuffer)
        initialize(using: &random)
    }

    /// Has first values that are not drawn yet be drawn from this seed.
    func seedFirstValues(_ seed: Int, by indexing: ParameterIndexing) {
        self.indexing = indexing
        if firstSeed != nil { firstSeed = seed }
    }

    private func drawFirstValues() {
        guard let seed = firstSeed else { return }
        var random = RandomState(seed)
        values = initializer.values(shape: shape, using: &random)
        firstSeed = nil
        checkShape()
    }

    private func valuesChanged() {
        version &+= 1
        checkShape()
    }

    /// Values come from callers and from initialisers of other packages.
    private func checkShape() {
        require(values.shape == shape, "a parameter of shape \(shape) cannot become \(values.shape)")
    }

    /// Draws new first values.
    package func initialize(using random: inout RandomState) {
        value = initializer.values(shape: shape, using: &random)
    }
}

extension Tape {
    /// Returns the parameter as a variable of this tape, in the tape's own scalar; a frozen one takes no gradient.
    @specialized(where Scalar == Float)
    public func parameter(_ parameter: Parameter) -> Tensor<Scalar> {
        variable(for: parameter, isTrainable: parameter.isTrainable) {
            Scalar.kernels.fromSingle(parameter.value)
        }
    }
}
