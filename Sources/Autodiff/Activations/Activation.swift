import Arrays

/// An activation function, applied as a layer of its own or as a part of a dense one.
///
/// Each kind is a type that conforms to ``ActivationFunction``, in a file of its own.
///
/// ```swift
/// let network = Sequential {
///     Dense(784, 100, activation: .leakyReLU(slope: 0.1))
///     Dense(100, 10)
/// }
/// let chosen = try Activation(parsing: "elu:0.5")
/// ```
public struct Activation: Sendable {
    /// The function.
    package let function: any ActivationFunction

    /// The C kernel of the function; nil for a function composed of primitives.
    package let kernel: ActivationKernel?

    /// Creates the activation by `function`.
    public init(_ function: some ActivationFunction) {
        self.function = function
        kernel = (function as? any KernelActivation)?.kernel
    }

    /// Whether the function passes on about half of its input's variance, see ``ActivationFunction``.
    package var isRectifier: Bool { type(of: function).isRectifier }

    /// The kernel, if a layer can apply it to its result in place: element-wise, with the derivative from h(a).
    var fusedKernel: ActivationKernel? {
        guard let kernel, !kernel.gradientNeedsInput else { return nil }
        return kernel
    }
}

extension Activation: Hashable {
    /// Returns whether both compute the same function.
    public static func == (one: Activation, other: Activation) -> Bool {
        // A layer compares its activation in every call: kernels are compared without a box.
        if one.kernel != nil || other.kernel != nil { return one.kernel == other.kernel }
        return AnyHashable(one.function) == AnyHashable(other.function)
    }

    /// Hashes the kernel, or else the function.
    public func hash(into hasher: inout Hasher) {
        if let kernel { kernel.hash(into: &hasher) } else { function.hash(into: &hasher) }
    }
}

extension Tensor {
    /// Applies an activation to this tensor; the result has the same shape.
    ///
    /// - Precondition: the slope of a leaky ReLU and the alpha of an ELU are not negative.
    /// - Complexity: O(count) for those of this library.
    public func activated(_ activation: Activation) -> Tensor { activation.function(self) }
}
