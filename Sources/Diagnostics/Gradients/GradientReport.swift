import Networks

/// The report of a gradient check.
public struct GradientReport: Sendable {
    /// The parameters, in the network's order.
    public let parameters: [Parameter]
    /// The batch's loss.
    public let loss: Double
    /// The number of examples in the batch.
    package let rows: Int
    /// The step h of the finite differences.
    package let step: Double
    /// The largest difference of gradients that counts as agreement, relative to their size.
    package let tolerance: Double
    /// The seconds that the check took.
    package let seconds: Double
    /// The findings about the whole network.
    public let findings: [GradientFinding]

    /// The gradients of one parameter.
    public struct Parameter: Sendable {
        /// The parameter's name in the network: "0.weight".
        public let name: String
        /// The parameter's shape.
        public let shape: [Int]
        /// The indices of the checked elements, ascending.
        public let elements: [Int]
        /// The back-propagated gradient by each of them.
        package internal(set) var gradient: [Double]
        /// The central differences of each of them.
        package internal(set) var numerical: [CentralDifference]
        /// The elements, by their index in `elements`, that were measured with all weights moved a little, because a slope
        /// jumps where they are: both their gradients are those of the moved weights.
        package internal(set) var nudged: [Int] = []
        /// The elements, by their index in `elements`, that stayed at a kink: they say nothing.
        package internal(set) var unchecked: [Int] = []
        /// The elements that were measured with a tenth of the step, because a slope jumps within the whole one.
        var finer: Set<Int> = []
        /// The relative differences |a - n| / size, where `size` is max(|a|, |n|, the usual size of gradients here).
        package internal(set) var relative: [Double] = []
        /// The pattern of the differences.
        public internal(set) var finding: GradientFinding = .agrees

        /// The numerical gradient by each of the checked elements.
        package var numericalGradient: [Double] { numerical.map(\.slope) }

        /// The absolute differences |a - n|.
        package var differences: [Double] { zip(gradient, numerical).map { abs($0 - $1.slope) } }
        /// The largest absolute difference; NaN if one is.
        public var largest: Double { Self.largest(differences) }
        /// The mean absolute difference.
        package var mean: Double { differences.reduce(0, +) / Double(max(1, elements.count)) }
        /// The largest relative difference.
        package var largestRelative: Double { Self.largest(relative) }

        /// Creates the gradients of one parameter.
        package init(
            name: String, shape: [Int], elements: [Int], gradient: [Double], numerical: [CentralDifference]
        ) {
            self.name = name
            self.shape = shape
            self.elements = elements
            self.gradient = gradient
            self.numerical = numerical
        }

        // max() depends on the order where a NaN is; here it must win.
        private static func largest(_ values: [Double]) -> Double {
            values.contains { $0.isNaN } ? .nan : values.max() ?? 0
        }
    }

    /// Whether back-propagation is right as far as this check can tell: every difference is small, or explained by a kink,
    /// and some elements of every parameter were checked.
    public var agrees: Bool {
        parameters.allSatisfy { $0.finding.isHarmless } && uncheckedParameters.isEmpty
    }

    /// The number of elements measured.
    package var numberCount: Int { parameters.reduce(0) { $0 + $1.elements.count } }
    /// The number of elements that stayed at a kink, and are not checked.
    public var uncheckedCount: Int { parameters.reduce(0) { $0 + $1.unchecked.count } }
    /// The number of elements measured with all weights moved a little, away from a kink.
    package var nudgedCount: Int { parameters.reduce(0) { $0 + $1.nudged.count } }
    /// The parameters without a checked element.
    public var uncheckedParameters: [String] {
        parameters.filter { !$0.elements.isEmpty && $0.unchecked.count == $0.elements.count }.map(\.name)
    }

    /// The findings, a sentence for each kind, with the parameters that it is about.
    public var sentences: [String] {
        var kinds: [(finding: GradientFinding, about: [String])] = []
        for parameter in parameters where parameter.finding != .agrees {
            let about = parameter.name + (parameter.finding.share.map { " (\($0))" } ?? "")
            if let known = kinds.firstIndex(where: { $0.finding.isLike(parameter.finding) }) {
                kinds[known].about.append(about)
            } else {
                kinds.append((parameter.finding, [about]))
            }
        }
        let about = kinds.map { kind in
            let names =
                kind.about.count > 1 && kind.about.count == parameters.count && kind.finding.share == nil
                ? "all \(kind.about.count) parameters" : kind.about.joined(separator: ", ")
            return "\(names): \(kind.finding.clause)"
        }
        return about + findings.filter(\.isOfTheWhole).map(\.words)
    }

    /// Creates a report of measured gradients.
    ///
    /// `again`: measures places once more with another step.
    init(
        _ measured: [Parameter], loss: Double, rows: Int, step: Double, tolerance: Double, seconds: Double,
        isKinked: Bool, again: ([ParameterPlace], Double) -> [CentralDifference]
    ) {
        let judge = GradientJudge(
            of: measured, rows: rows, step: step, tolerance: tolerance, loss: loss, isKinked: isKinked)
        parameters = measured.enumerated().map { index, parameter in
            var parameter = parameter
            parameter.relative = judge.relative(parameter)
            parameter.finding = judge.finding(parameter) { elements, step in
                again(elements.map { ParameterPlace(parameter: index, element: $0) }, step)
            }
            if case .kinks = parameter.finding { parameter.unchecked = judge.wrong(parameter) }
            return parameter
        }
        findings = judge.together(parameters)
        (self.loss, self.rows, self.step, self.tolerance, self.seconds) = (
            loss, rows, step, tolerance, seconds
        )
    }
}
