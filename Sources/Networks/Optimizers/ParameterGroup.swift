import Arrays
import Support

/// A group of parameters that an optimiser treats alike, with their own learning-rate factor and their own penalties.
///
/// ```swift
/// var step = TrainingStep(network, optimizer: .adamW(), groups: ParameterGroup.sparingVectors(of: network))
/// ```
public struct ParameterGroup {
    /// The parameters, with their names in the network.
    package let members: [NamedParameter]
    /// The factor of the learning rate.
    package var learningRateFactor: Float
    /// The weight decay in place of the optimiser's; nil for the optimiser's.
    package var weightDecay: Float?
    /// The L1 penalty: adds `l1Penalty` sign(w) to the gradient, the gradient of l1Penalty |w|.
    package var l1Penalty: Float

    /// Creates a group with its settings.
    ///
    /// - Precondition: no setting is negative.
    public init(
        _ members: [NamedParameter], learningRateFactor: Float = 1, weightDecay: Float? = nil,
        l1Penalty: Float = 0
    ) {
        require(
            learningRateFactor >= 0 && (weightDecay ?? 0) >= 0 && l1Penalty >= 0,
            "a parameter group with factor \(learningRateFactor), decay \(weightDecay ?? 0), L1 \(l1Penalty)")
        self.members = members
        self.learningRateFactor = learningRateFactor
        self.weightDecay = weightDecay
        self.l1Penalty = l1Penalty
    }

    /// Creates a group of parameters without names, which are numbered.
    public init(
        _ parameters: [Parameter], learningRateFactor: Float = 1, weightDecay: Float? = nil,
        l1Penalty: Float = 0
    ) {
        self.init(
            parameters.enumerated().map { NamedParameter("\($0)", $1) },
            learningRateFactor: learningRateFactor, weightDecay: weightDecay, l1Penalty: l1Penalty)
    }

    /// Returns all parameters of a network in two groups: matrices and filters, to which the penalties apply, and parameters
    /// of one axis (biases, the gains of normalisation), to which they do not.
    package static func sparingVectors(
        of network: any Layer, weightDecay: Float? = nil, l1Penalty: Float = 0
    ) -> [ParameterGroup] {
        let members = network.uniqueNamedParameters
        return [
            ParameterGroup(
                members.filter { $0.parameter.shape.count > 1 }, weightDecay: weightDecay,
                l1Penalty: l1Penalty),
            ParameterGroup(members.filter { $0.parameter.shape.count <= 1 }, weightDecay: 0),
        ].filter { !$0.members.isEmpty }
    }
}

extension Layer {
    /// The layer's parameters by name, each once, under the first of its names.
    package var uniqueNamedParameters: [NamedParameter] {
        var seen: Set<ObjectIdentifier> = []
        return namedParameters.filter { seen.insert(ObjectIdentifier($0.parameter)).inserted }
    }
}
