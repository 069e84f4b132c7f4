import Arrays
import Autodiff

/// Numbers that a network learns: a weight matrix, a bias.
///
/// A parameter is an object because everyone means the same one: the layer that uses it, the optimiser that
/// changes it and the file that keeps it.
public final class Parameter {
    /// How its first values are drawn.
    public let initializer: Initializer
    /// Whether an optimiser changes it. What a layer only measures (a running mean) is kept and saved like the rest.
    public let isLearnt: Bool
    /// The length of each axis.
    public let shape: [Int]
    /// The numbers, of `shape`.
    public var value: NDArray<Float> {
        didSet {
            version &+= 1
            require(value.shape == shape, "a parameter of shape \(shape) cannot become \(value.shape)")
        }
    }

    /// How often the numbers have changed, by which an `InferenceSession` knows when to pack them again.
    package private(set) var version: UInt = 0

    /// A parameter of `shape`, zero until it is initialised.
    public init(shape: [Int], initializer: Initializer, isLearnt: Bool = true) {
        self.shape = shape
        self.isLearnt = isLearnt
        self.initializer = initializer
        value = NDArray(shape: shape, repeating: 0)
    }

    /// Draws new first values.
    public func initialize(using random: inout RandomState) {
        value = initializer.values(shape: shape, using: &random)
    }
}

extension Tape {
    /// The parameter as a variable of this tape, in the tape's own scalar.
    @specialized(where Scalar == Float)
    public func parameter(_ parameter: Parameter) -> Tensor<Scalar> {
        variable(for: parameter) {
            if let value = parameter.value as? NDArray<Scalar> { return value }
            return NDArray(shape: parameter.shape, elements: parameter.value.elements.map { Scalar($0) })
        }
    }
}
