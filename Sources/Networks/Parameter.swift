import Arrays
import Autodiff
import Support

/// A parameter of a network: a weight matrix, a bias.
///
/// A parameter is an object because everyone means the same one: the layer that uses it, the optimiser that
/// changes it and the file that keeps it.
///
/// It has its first values from the start. They are drawn from a generator that it is given, or else by NumPy's
/// `RandomState(n)`, n being the parameter's place among those of the outermost `Sequential` that it stands in, 0 without
/// one: so equal layers of a network begin with different values, and every run of a program with the same ones. (A network
/// of one's own counts its parameters when it is trained or checked, if their values have not been used by then.)
/// The drawing waits until the values are asked for, and is left out where they are replaced before: by a file's, or by
/// `initialize(using:)`. Like everything that changes, a parameter is not for several threads at once.
///
/// ```swift
/// for parameter in network.layers[0].parameters { parameter.isTrainable = false }   // keeps its values from now on
/// ```
public final class Parameter {
    /// How its first values are drawn, the next time that they are.
    public var initializer: Initializer
    /// Whether the layer itself measures its values (a running mean): kept and saved with the others, and never trained.
    public let isBuffer: Bool
    /// Whether training changes it. A frozen parameter keeps its values and takes no gradient; a buffer is never trainable.
    public var isTrainable: Bool {
        get { !isBuffer && !isFrozen }
        set { isFrozen = !newValue }
    }
    private var isFrozen = false
    /// The length of each axis.
    public let shape: [Int]
    /// How many values it has.
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
    /// No values yet, while `firstSeed` is there.
    private var values = NDArray<Float>(shape: [0], repeating: 0)
    /// The seed that first values are drawn from once they are asked for; nil when there are values.
    private var firstSeed: Int? = 0

    /// How often the values have changed, by which an `InferenceSession` knows when to pack them again.
    package private(set) var version: UInt = 0

    /// A parameter of `shape`. `isBuffer`: the layer measures it and nothing trains it.
    public init(shape: [Int], initializer: Initializer, isBuffer: Bool = false) {
        self.shape = shape
        self.isBuffer = isBuffer
        self.initializer = initializer
    }

    /// A parameter of `shape` whose first values are drawn from `random`.
    public convenience init(
        shape: [Int], initializer: Initializer, isBuffer: Bool = false, using random: inout RandomState
    ) {
        self.init(shape: shape, initializer: initializer, isBuffer: isBuffer)
        initialize(using: &random)
    }

    /// Has first values that are not drawn yet be drawn from this seed.
    func seedFirstValues(_ seed: Int) { if firstSeed != nil { firstSeed = seed } }

    private func drawFirstValues() {
        guard let seed = firstSeed else { return }
        var random = RandomState(seed)
        values = initializer.values(shape: shape, using: &random)
        firstSeed = nil
    }

    private func valuesChanged() {
        version &+= 1
        require(values.shape == shape, "a parameter of shape \(shape) cannot become \(values.shape)")
    }

    /// Draws new first values.
    public func initialize(using random: inout RandomState) {
        value = initializer.values(shape: shape, using: &random)
    }
}

extension Tape {
    /// The parameter as a variable of this tape, in the tape's own scalar; a frozen one takes no gradient.
    @specialized(where Scalar == Float)
    public func parameter(_ parameter: Parameter) -> Tensor<Scalar> {
        variable(for: parameter, isTrainable: parameter.isTrainable) {
            Scalar.kernels.fromSingle(parameter.value)
        }
    }
}
