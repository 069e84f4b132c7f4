import Networks

/// What a look through the gradient microscope has found.
public struct GradientReport: Sendable {
    /// Each parameter, in the network's order.
    public let parameters: [Parameter]
    /// The batch's loss.
    public let loss: Double
    /// Examples in the batch.
    public let rows: Int
    /// The size of the move.
    public let step: Double
    /// How far apart gradients may lie, as a part of their size.
    public let tolerance: Double
    /// What it took.
    public let seconds: Double
    /// What the whole says.
    public let findings: [GradientFinding]

    /// One parameter's numbers.
    public struct Parameter: Sendable {
        /// Its name in the network: "0.weight".
        public let name: String
        /// Its shape.
        public let shape: [Int]
        /// Which of its numbers were looked at, ascending.
        public let elements: [Int]
        /// The gradient by each of them that back-propagation gave.
        public internal(set) var gradient: [Double]
        /// The numerical ones.
        public internal(set) var numerical: [CentralDifference]
        /// Which of `elements`, by their index there, were looked at with all weights moved a little, because a slope jumps
        /// where they are: both their gradients are those of that place.
        public internal(set) var nudged: [Int] = []
        /// Which of `elements`, by their index there, lie at a kink that was not got away from: they say nothing.
        public internal(set) var unchecked: [Int] = []
        /// Which were measured with a tenth of the step, because a slope jumps within the whole one.
        var finer: Set<Int> = []
        /// |a - n| / size of each, where `size` is max(|a|, |n|, what gradients here usually are).
        public internal(set) var relative: [Double] = []
        /// Its pattern.
        public internal(set) var finding: GradientFinding = .agrees

        /// |a - n| of each.
        public var differences: [Double] { zip(gradient, numerical).map { abs($0 - $1.slope) } }
        /// The largest of them; not a number if one is.
        public var largest: Double { Self.largest(differences) }
        /// Their mean.
        public var mean: Double { differences.reduce(0, +) / Double(max(1, elements.count)) }
        /// The largest of `relative`.
        public var largestRelative: Double { Self.largest(relative) }

        /// The numbers of one parameter.
        public init(
            name: String, shape: [Int], elements: [Int], gradient: [Double], numerical: [CentralDifference]
        ) {
            self.name = name
            self.shape = shape
            self.elements = elements
            self.gradient = gradient
            self.numerical = numerical
        }

        // max() passes over NaN as it comes; here it must win.
        private static func largest(_ values: [Double]) -> Double {
            values.contains { $0.isNaN } ? .nan : values.max() ?? 0
        }
    }

    /// Whether back-propagation is right as far as this look can tell: every difference is small, or explained by a kink,
    /// and of every parameter some numbers were checked.
    public var agrees: Bool {
        parameters.allSatisfy { $0.finding.isHarmless } && uncheckedParameters.isEmpty
    }

    /// How many numbers were looked at.
    public var numberCount: Int { parameters.reduce(0) { $0 + $1.elements.count } }
    /// How many of them lie at a kink that was not got away from, and are not checked.
    public var uncheckedCount: Int { parameters.reduce(0) { $0 + $1.unchecked.count } }
    /// How many were looked at with all weights moved a little, away from a kink.
    public var nudgedCount: Int { parameters.reduce(0) { $0 + $1.nudged.count } }
    /// The parameters of which no number was checked.
    public var uncheckedParameters: [String] {
        parameters.filter { !$0.elements.isEmpty && $0.unchecked.count == $0.elements.count }.map(\.name)
    }

    /// What was found, a sentence for each kind, with the parameters that it is about.
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

    /// A report of what was measured.
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
