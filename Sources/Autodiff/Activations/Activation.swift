import Arrays

/// A function that a layer applies to its output, as a layer of its own or as a part of a dense one.
///
/// The kinds stand beside this file, one type each (`ActivationFunction`).
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
    public let function: any ActivationFunction

    /// The kernel that computes it; nil for a function made of primitives.
    package let kernel: ActivationKernel?

    /// The activation by `function`.
    public init(_ function: some ActivationFunction) {
        self.function = function
        kernel = (function as? any KernelActivation)?.kernel
    }

    /// Whether it passes on about half of its input's variance, see `ActivationFunction`.
    public var isRectifier: Bool { type(of: function).isRectifier }

    /// The kernel, if a layer can apply it to its result in place: each element by itself, the derivative from h(a).
    var fusedKernel: ActivationKernel? {
        guard let kernel, !kernel.gradientNeedsInput else { return nil }
        return kernel
    }
}

extension Activation: Hashable {
    /// Equal if they compute the same.
    public static func == (one: Activation, other: Activation) -> Bool {
        // A layer compares its activation in every call: kernels are compared without a box.
        if one.kernel != nil || other.kernel != nil { return one.kernel == other.kernel }
        return AnyHashable(one.function) == AnyHashable(other.function)
    }

    /// As the kernel, or the function.
    public func hash(into hasher: inout Hasher) {
        if let kernel { kernel.hash(into: &hasher) } else { function.hash(into: &hasher) }
    }
}

extension Tensor {
    /// The activation of this tensor, of the same shape.
    ///
    /// - Precondition: the slope of a leaky ReLU and the alpha of an ELU are not negative.
    /// - Complexity: O(count) for those of this library.
    public func activated(_ activation: Activation) -> Tensor { activation.function(self) }
}
