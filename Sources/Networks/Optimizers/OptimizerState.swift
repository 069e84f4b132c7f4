import Arrays
import Autodiff
import CKernels
import Support

/// An optimiser and its state over the steps so far.
///
/// In a step the gradients are first clipped, then the groups' L1 penalty and the weight decay are added, then the rule
/// changes the weights.
package struct OptimizerState {
    /// The rule; it may be changed between steps (another learning rate), but not for one with more state arrays.
    package var optimizer: any Optimizer {
        didSet {
            let (new, old) = (type(of: optimizer), type(of: oldValue))
            require(
                new.stateNames == old.stateNames,
                "\(old.kind) cannot become \(new.kind) half-way: what they remember differs")
        }
    }
    /// The limit on the gradients; nil for none.
    package var clipping: GradientClipping?
    /// The norm of all gradients as one vector, before clipping, in the last step; nil unless clipped by norm.
    package private(set) var gradientNorm: Double?
    /// The number of steps made.
    package internal(set) var stepCount = 0
    /// The groups of parameters that are treated alike.
    package let groups: [ParameterGroup]
    var slots: [Slot]

    /// One parameter: its group, and the rule's state of it, an array for each of the rule's `stateNames`.
    struct Slot {
        let name: String
        let parameter: Parameter
        let group: Int
        var state: [NDArray<Float>]
    }

    /// Creates the state before the first step: all arrays are zero.
    ///
    /// - Precondition: no parameter is in the groups twice.
    package init(_ optimizer: some Optimizer, groups: [ParameterGroup], clipping: GradientClipping? = nil) {
        self.optimizer = optimizer
        self.groups = groups
        self.clipping = clipping
        let stateNames = type(of: optimizer).stateNames
        slots = groups.enumerated().flatMap { index, group in
            group.members.map { member in
                Slot(
                    name: member.name, parameter: member.parameter, group: index,
                    state: stateNames.map { _ in NDArray(shape: member.parameter.shape, repeating: 0) })
            }
        }
        let distinct = Set(slots.map { ObjectIdentifier($0.parameter) })
        require(distinct.count == slots.count, "a parameter is in the groups twice")
    }

    /// Creates the state before the first step, with all parameters alike.
    package init(_ optimizer: some Optimizer, for parameters: [Parameter], clipping: GradientClipping? = nil)
    {
        self.init(optimizer, groups: [ParameterGroup(parameters)], clipping: clipping)
    }

    /// Creates the state before the first step, with all parameters of `network` alike.
    package init(_ optimizer: some Optimizer, for network: any Layer, clipping: GradientClipping? = nil) {
        // A loop by hand over a network of one's own begins here: equal layers must be told apart.
        if !(network is Sequential) { network.seedFirstValues() }
        self.init(optimizer, groups: [ParameterGroup(network.uniqueNamedParameters)], clipping: clipping)
    }

    /// Changes every trainable parameter by its gradient, in place. One on which the loss does not depend stays.
    ///
    /// - Complexity: a pass over the weights, one more over the gradients for their norm, and one more where they are
    ///   clipped or an L1 penalty is added.
    package mutating func update(with gradients: Gradients<Float>) {
        stepCount += 1
        let (scale, limit) = clippingFactors(gradients)
        for index in slots.indices {
            let parameter = slots[index].parameter
            guard parameter.isTrainable else { continue }
            let group = groups[slots[index].group]
            let rule = rule(for: group)
            let isPlain = scale == 1 && limit == .infinity && group.l1Penalty == 0
            // In this order, because few gradients are deferred and a cast takes longer than a step has.
            if isPlain, gradients.isDeferred(parameter), let fused = rule as? any FusedUpdate,
                fused.update(parameter, from: gradients)
            {
                continue
            }
            guard let gradient = gradients[parameter] else { continue }
            // The state is passed in place: a copy would keep its arrays a second time while they change.
            rule.update(
                &parameter.value,
                gradient: isPlain
                    ? gradient : adjusted(gradient, parameter.value, scale, limit, group.l1Penalty),
                state: &slots[index].state, step: stepCount)
            // A rule of another package may have changed more than values, which only a checkpoint would show.
            rule.check(parameter.value, gradient, slots[index].state)
        }
    }

    private func rule(for group: ParameterGroup) -> any Optimizer {
        var rule = optimizer
        rule.learningRate *= group.learningRateFactor
        if let weightDecay = group.weightDecay { rule.weightDecay = weightDecay }
        return rule
    }

    /// Returns the factor of all gradients, and the limit to which each element is then clamped.
    private mutating func clippingFactors(_ gradients: Gradients<Float>) -> (scale: Float, limit: Float) {
        gradientNorm = nil
        switch clipping {
        case nil: return (1, .infinity)
        case .value(let limit): return (1, Float(limit))
        case .norm(let limit):
            var squares = 0.0
            for slot in slots where slot.parameter.isTrainable {
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
}
