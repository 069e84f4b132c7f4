import Arrays
import Support

/// An optimiser: a rule that changes parameters by their gradients.
///
/// A rule is a value with its settings; its state between steps is kept by `OptimizerState`, in arrays of the parameter's
/// shape. In the formulas of the conforming types g is the gradient, w a weight, and all products and roots are element by
/// element. Weight decay adds `weightDecay` w to g unless a type says otherwise.
///
/// A rule of one's own is one type:
///
/// ```swift
/// struct SignDescent: Optimizer {
///     static let kind = "sign"
///     var learningRate: Float = 0.001
///     var weightDecay: Float = 0
///     func update(
///         _ weights: inout NDArray<Float>, gradient: NDArray<Float>, state: inout [NDArray<Float>], step: Int
///     ) {
///         weights -= learningRate * sign(gradient + weightDecay * weights)
///     }
/// }
/// ```
public protocol Optimizer: Sendable, Equatable, Codable, CustomStringConvertible {
    /// The rule's name in flags and files.
    static var kind: String { get }

    /// The names of the state arrays that it has for each parameter, in their order; none by default.
    static var stateNames: [String] { get }

    /// The default learning rate.
    static var usualLearningRate: Float { get }

    /// The weight decay that suits where one is wanted.
    static var usualWeightDecay: Float { get }

    /// Creates the rule with its default settings.
    init()

    /// The learning rate. A schedule sets it before each step.
    var learningRate: Float { get set }

    /// The factor of the weight decay.
    var weightDecay: Float { get set }

    /// Changes one parameter's weights in place.
    ///
    /// - Parameters:
    ///   - weights: the parameter's values.
    ///   - gradient: the loss's derivative by each of them, of the same shape.
    ///   - state: an array of the same shape for each of `stateNames`, zero before the first step. Two of them cannot be
    ///     changed by one expression: take one out (`removeLast`) and insert it again at its index.
    ///   - step: the step's index, from 1.
    /// - Precondition: equal shapes, and as many arrays as names. `OptimizerState` checks them again afterwards.
    /// - Complexity: a pass over the weights.
    func update(
        _ weights: inout NDArray<Float>, gradient: NDArray<Float>, state: inout [NDArray<Float>], step: Int)

    /// The rule in NumPy, for exported scripts; nil, as by default, where it has no such form.
    var numPyUpdate: NumPyUpdate? { get }
}

extension Optimizer {
    /// The empty list.
    public static var stateNames: [String] { [] }

    /// nil.
    public var numPyUpdate: NumPyUpdate? { nil }

    /// The learning rate of the rule with its default settings.
    public static var usualLearningRate: Float { Self().learningRate }

    /// 0.0001.
    public static var usualWeightDecay: Float { 0.0001 }

    /// The rule with its settings in the order of their declaration: `sgd(learningRate: 0.1, weightDecay: 0.0)`.
    ///
    /// Checkpoints compare runs by it: a type with a description of its own must state all of its settings there, and after
    /// a stored property is moved or renamed, earlier runs count as other runs.
    public var description: String {
        let settings = Mirror(reflecting: self).children.map { "\($0.label ?? "_"): \($0.value)" }
        return "\(Self.initialLowercased("\(Self.self)"))(\(settings.joined(separator: ", ")))"
    }

    /// The rule and its main settings in words: "momentum, learning rate 0.01, momentum 0.9".
    public var summary: String {
        let text = "\(Self.kind), learning rate \(learningRate)"
        guard let rule = self as? any MomentumOptimizer else { return text }
        return text + ", momentum \(rule.momentum)"
    }

    /// Returns a type's name as a function of that name would be written: `SGD` is `sgd`, `RMSProp` is `rmsProp`.
    private static func initialLowercased(_ name: String) -> String {
        let capitals = name.prefix { $0.isUppercase }.count
        let lowered = capitals == name.count || capitals <= 1 ? max(1, capitals) : capitals - 1
        return name.prefix(lowered).lowercased() + name.dropFirst(lowered)
    }

    /// Checks the preconditions of an update that every rule has.
    func check(_ weights: NDArray<Float>, _ gradient: NDArray<Float>, _ state: [NDArray<Float>]) {
        require(
            gradient.shape == weights.shape && state.count == Self.stateNames.count
                && state.allSatisfy { $0.shape == weights.shape },
            "\(Self.kind): weights of shape \(weights.shape), a gradient of \(gradient.shape), and "
                + "\(state.count) arrays of state, \(Self.stateNames.count) expected")
    }
}
