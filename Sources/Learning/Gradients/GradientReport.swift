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
        public let gradient: [Double]
        /// The numerical ones.
        public let numerical: [CentralDifference]
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

    /// Whether back-propagation is right as far as this look can tell: every difference is small, or explained by a kink
    /// or by rounding.
    public var agrees: Bool { parameters.allSatisfy { $0.finding.isHarmless } }

    /// A report of what was measured.
    ///
    /// `again`: measures places once more with another step.
    init(
        _ measured: [Parameter], loss: Double, rows: Int, step: Double, tolerance: Double, seconds: Double,
        isKinked: Bool, again: ([ParameterPlace], Double) -> [CentralDifference]
    ) {
        let count = measured.reduce(0) { $0 + $1.elements.count }
        let squares = measured.reduce(0.0) { sum, one in
            sum + one.numerical.reduce(0) { $0 + $1.slope * $1.slope }
        }
        let usual = (squares / Double(max(1, count))).squareRoot()
        let judge = GradientJudge(
            rows: rows, step: step, tolerance: tolerance, usual: usual,
            noise: 16 * Double.ulpOfOne * max(abs(loss), 1) / step, isKinked: isKinked)
        parameters = measured.enumerated().map { index, parameter in
            var parameter = parameter
            parameter.relative = judge.relative(parameter)
            parameter.finding = judge.finding(parameter) { elements, step in
                again(elements.map { ParameterPlace(parameter: index, element: $0) }, step)
            }
            return parameter
        }
        findings = judge.together(parameters)
        (self.loss, self.rows, self.step, self.tolerance, self.seconds) = (
            loss, rows, step, tolerance, seconds
        )
    }
}
