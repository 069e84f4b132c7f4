import Arrays
import Autodiff
import CKernels

/// An optimiser at work: its rule, and what it remembers of the steps so far.
///
/// In a step the gradients are first clipped, then the groups' L1 penalty and the weight decay are added, then the rule
/// changes the weights.
public struct OptimizerState {
    /// The rule; it may be changed between steps (another learning rate), but not for one that remembers more.
    public var optimizer: Optimizer {
        didSet {
            require(
                optimizer.memories == oldValue.memories,
                "\(oldValue.name) cannot become \(optimizer.name) half-way: what they remember differs")
        }
    }
    /// A limit on the gradients, if there is one.
    public var clipping: GradientClipping?
    /// The length of all gradients as one vector, before clipping, in the last step; nil unless clipped by norm.
    public private(set) var gradientNorm: Double?
    /// How many steps have been made.
    public internal(set) var stepCount = 0
    /// Which parameters are treated alike.
    public let groups: [ParameterGroup]
    var slots: [Slot]

    /// One parameter: its group, and up to two numbers for each weight: the velocity, or the mean gradient, and the mean
    /// squared gradient.
    struct Slot {
        let name: String
        let parameter: Parameter
        let group: Int
        var memory: Moments
    }

    struct Moments {
        var first: NDArray<Float>
        var second: NDArray<Float>
    }

    /// The state before the first step: all that is remembered is zero.
    ///
    /// - Precondition: no parameter is in the groups twice.
    public init(_ optimizer: Optimizer, groups: [ParameterGroup], clipping: GradientClipping? = nil) {
        self.optimizer = optimizer
        self.groups = groups
        self.clipping = clipping
        slots = groups.enumerated().flatMap { index, group in
            group.members.map { member in
                Slot(
                    name: member.name, parameter: member.parameter, group: index,
                    memory: Moments(
                        first: Self.zeros(member.parameter, optimizer.memories.count > 0),
                        second: Self.zeros(member.parameter, optimizer.memories.count > 1)))
            }
        }
        let distinct = Set(slots.map { ObjectIdentifier($0.parameter) })
        require(distinct.count == slots.count, "a parameter is in the groups twice")
    }

    /// The state before the first step, all parameters alike.
    public init(_ optimizer: Optimizer, for parameters: [Parameter], clipping: GradientClipping? = nil) {
        self.init(optimizer, groups: [ParameterGroup(parameters)], clipping: clipping)
    }

    /// The state before the first step, all that `network` learns alike.
    public init(_ optimizer: Optimizer, for network: any Layer, clipping: GradientClipping? = nil) {
        self.init(optimizer, groups: [ParameterGroup(network.uniqueNamedParameters)], clipping: clipping)
    }

    private static func zeros(_ parameter: Parameter, _ isNeeded: Bool) -> NDArray<Float> {
        NDArray(shape: isNeeded ? parameter.shape : [0], repeating: 0)
    }

    /// Changes every parameter by its gradient, in place. A parameter that the loss does not depend on stays.
    ///
    /// - Complexity: a pass over the weights, one more over the gradients for their norm, and one more where they are
    ///   clipped or an L1 penalty is added.
    public mutating func update(with gradients: Gradients<Float>) {
        stepCount += 1
        let (scale, limit) = clippingFactors(gradients)
        for index in slots.indices {
            let parameter = slots[index].parameter
            let group = groups[slots[index].group]
            let (rule, isPlain) = (rule(for: group), scale == 1 && limit == .infinity && group.l1Penalty == 0)
            if isPlain, case .sgd(let rate, let decay) = rule,
                gradients.descend(&parameter.value, of: parameter, rate: rate, decay: decay)
            {
                continue
            }
            guard let gradient = gradients[parameter] else { continue }
            Self.change(
                parameter,
                by: isPlain
                    ? gradient : adjusted(gradient, parameter.value, scale, limit, group.l1Penalty),
                rule: rule, step: stepCount, memory: &slots[index].memory)
        }
    }

    private func rule(for group: ParameterGroup) -> Optimizer {
        guard group.learningRateFactor != 1 || group.weightDecay != nil else { return optimizer }
        return optimizer.with(
            learningRate: optimizer.learningRate * group.learningRateFactor,
            weightDecay: group.weightDecay ?? optimizer.weightDecay)
    }

    /// What all gradients are multiplied by, and what each number is then held to.
    private mutating func clippingFactors(_ gradients: Gradients<Float>) -> (scale: Float, limit: Float) {
        gradientNorm = nil
        switch clipping {
        case nil: return (1, .infinity)
        case .value(let limit): return (1, Float(limit))
        case .norm(let limit):
            var squares = 0.0
            for slot in slots {
                gradients[slot.parameter]?.withUnsafeElements {
                    squares += ck_sum_of_squares_f32($0.count, $0.baseAddress)
                }
            }
            let norm = squares.squareRoot()
            gradientNorm = norm
            return (norm > limit ? Float(limit / (norm + 1e-6)) : 1, .infinity)
        }
    }

    private func adjusted(
        _ gradient: NDArray<Float>, _ weights: NDArray<Float>, _ scale: Float, _ limit: Float, _ l1: Float
    ) -> NDArray<Float> {
        NDArray(shape: gradient.shape) { target in
            gradient.withUnsafeElements { g in
                weights.withUnsafeElements { w in
                    ck_adjust_gradient_f32(
                        g.count, g.baseAddress, w.baseAddress, scale, limit, l1, target.baseAddress)
                }
            }
        }
    }

    // Static: a method of the state would hold the moments a second time while it changes them, and force a copy.
    private static func change(
        _ parameter: Parameter, by gradient: NDArray<Float>, rule: Optimizer, step: Int, memory: inout Moments
    ) {
        let count = gradient.count
        parameter.value.withUnsafeMutableElements { w in
            gradient.withUnsafeElements { g in
                let (w, g) = (w.baseAddress, g.baseAddress)
                switch rule {
                case .sgd(let rate, let decay):
                    ck_sgd_f32(count, w, g, rate, decay)
                case .momentum(let rate, let momentum, let decay):
                    memory.first.withUnsafeMutableElements {
                        ck_momentum_f32(count, w, g, $0.baseAddress, rate, momentum, 0, decay)
                    }
                case .nesterov(let rate, let momentum, let decay):
                    memory.first.withUnsafeMutableElements {
                        ck_momentum_f32(count, w, g, $0.baseAddress, rate, momentum, 1, decay)
                    }
                case .adaGrad(let rate, let epsilon, let decay):
                    memory.first.withUnsafeMutableElements {
                        ck_adagrad_f32(count, w, g, $0.baseAddress, rate, epsilon, decay)
                    }
                case .rmsProp(let rate, let smoothing, let epsilon, let decay):
                    memory.first.withUnsafeMutableElements {
                        ck_rmsprop_f32(count, w, g, $0.baseAddress, rate, smoothing, epsilon, decay)
                    }
                case .adam(let rate, let beta1, let beta2, let epsilon, let decay):
                    adam(count, w, g, &memory, step, rate, beta1, beta2, epsilon, decay, decoupled: false)
                case .adamW(let rate, let beta1, let beta2, let epsilon, let decay):
                    adam(count, w, g, &memory, step, rate, beta1, beta2, epsilon, decay, decoupled: true)
                }
            }
        }
    }

    private static func adam(
        _ count: Int, _ w: UnsafeMutablePointer<Float>?, _ g: UnsafePointer<Float>?,
        _ memory: inout Moments, _ step: Int, _ rate: Float, _ beta1: Float, _ beta2: Float, _ epsilon: Float,
        _ decay: Float, decoupled: Bool
    ) {
        // In double: 1 - beta2^t loses all its digits in float for the first steps.
        let correction1 = 1 - power(Double(beta1), step)
        let correction2 = 1 - power(Double(beta2), step)
        memory.first.withUnsafeMutableElements { m in
            memory.second.withUnsafeMutableElements { v in
                ck_adam_f32(
                    count, w, g, m.baseAddress, v.baseAddress, rate, beta1, beta2, epsilon,
                    Float(correction1), Float(correction2), decay, decoupled ? 1 : 0)
            }
        }
    }
}

/// base^exponent by repeated squaring.
private func power(_ base: Double, _ exponent: Int) -> Double {
    var (result, square, rest) = (1.0, base, exponent)
    while rest > 0 {
        if rest & 1 == 1 { result *= square }
        square *= square
        rest >>= 1
    }
    return result
}
