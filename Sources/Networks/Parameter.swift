import Arrays
import Autodiff
import Support

/// A parameter of a network: a weight matrix, a bias.
///
/// A parameter is an object because everyone means the same one: the layer that uses it, the optimiser that
/// changes it and the file that keeps it.
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
        didSet {
            version &+= 1
            require(value.shape == shape, "a parameter of shape \(shape) cannot become \(value.shape)")
        }
    }

    /// How often the values have changed: who has packed them sees whether they are still the same.
    private(set) var version: UInt = 0

    /// A parameter of `shape`, zero until it is initialised. `isBuffer`: the layer measures it and nothing trains it.
    public init(shape: [Int], initializer: Initializer, isBuffer: Bool = false) {
        self.shape = shape
        self.isBuffer = isBuffer
        self.initializer = initializer
        value = NDArray(shape: shape, repeating: 0)
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
            if let value = parameter.value as? NDArray<Scalar> { return value }
            return NDArray(shape: parameter.shape, elements: parameter.value.elements.map { Scalar($0) })
        }
    }
}
