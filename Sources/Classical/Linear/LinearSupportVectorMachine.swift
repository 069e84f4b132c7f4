import Arrays
import CKernels
import Classification
import ExampleData
import Support

/// A linear support vector machine, trained by dual coordinate descent: for many examples, and for many features.
///
/// ```swift
/// let classifier = try LinearSupportVectorMachine(cost: 1).fit(digits)
/// ```
///
/// One class against the rest: minimise 1/2 |w|^2 + C sum of max(0, 1 - y (w x + b))^p, p = 1 or 2, for each class; the
/// largest w x + b wins. As liblinear does, b counts into |w|^2.
///
/// Zeros cost nothing, and eight classes are solved in the lanes of one vector.
///
/// - Complexity: O(non-zero features x K / 8) a pass.
///
/// Source: C.-J. Hsieh et al., "A dual coordinate descent method for large-scale linear SVM", ICML (2008); K. Crammer, Y.
/// Singer, JMLR 2 (2001), by S. S. Keerthi et al., KDD (2008).
public struct LinearSupportVectorMachine: Learner {
    /// The loss of the margin.
    public enum Loss: String, Sendable, CaseIterable {
        /// max(0, 1 - y f): L1.
        case hinge
        /// Its square: L2.
        case squaredHinge = "squared-hinge"
    }

    /// The reduction of several classes to problems of two.
    public enum Strategy: String, Sendable, CaseIterable {
        /// Each class against all others.
        case oneVersusRest = "one-versus-rest"
        /// One problem over all classes (Crammer and Singer); hinge loss.
        case crammerSinger = "crammer-singer"
    }

    /// C, above 0.
    public var cost: Double
    /// The loss of the margin; Crammer and Singer's problem has the hinge.
    public var loss = Loss.hinge
    /// The reduction of several classes to problems of two.
    public var strategy = Strategy.oneVersusRest
    /// The factor on bytes; floating-point features are taken as they are.
    public var byteScale: Float = 1 / 255
    /// The value of one more feature of all examples, so that hyperplanes need not pass through the origin; 0 for none.
    public var bias: Float = 1
    /// The factor on the cost of a class, by its name.
    public var classWeights: ClassWeights = [:]
    /// The range of the projected gradient at which a solution is good enough: liblinear's 0.1.
    public var tolerance = 0.1
    /// The most passes over the examples. What one class against the rest has not solved after 300 of them, or only so that
    /// its value may be off by more than 0.4 %, is solved in double precision where N D^2 is at most 2^30: the squared hinge
    /// by Newton's method, the hinge by an interior point method, whose steps count as passes.
    public var passLimit = 1000
    /// Draws the order of the examples.
    public var seed = 1

    /// Creates one class against the rest, with the hinge loss.
    public init(cost: Double = 1) { self.cost = cost }

    /// `support vector machine with flat borders`.
    public static let title = "support vector machine with flat borders"

    /// The settings that `init(from:)` reads.
    public static let settingNames = [
        "c", "squared-hinge", "multiclass", "class-weights", "tolerance", "seed",
    ]

    /// Creates a machine with the settings of a text; C is 0.1 by default.
    public init(from settings: inout SettingText) throws {
        self.init(cost: try settings.single("c", called: "cost") ?? 0.1)
        if let strategy: Strategy = try settings.choice("multiclass") { self.strategy = strategy }
        if try settings.isOn("squared-hinge") {
            guard strategy != .crammerSinger else {
                throw DescentError(
                    .usage, "Crammer and Singer's problem has the hinge loss", at: "squared-hinge",
                    advice: "leave it out, or take 'multiclass' one-versus-rest")
            }
            loss = .squaredHinge
        }
        classWeights = try settings.classWeights() ?? [:]
        tolerance = try settings.positive("tolerance", called: "tolerance") ?? tolerance
        seed = try settings.seed() ?? seed
    }

    /// C, and the settings that differ from the defaults; nil for those that text cannot express.
    public var settings: [LearnerSetting]? {
        let usual = LinearSupportVectorMachine()
        guard byteScale == usual.byteScale, bias == usual.bias, passLimit == usual.passLimit,
            let weights = classWeights.settings
        else { return nil }
        var settings = [LearnerSetting("c", cost)]
        if loss != usual.loss { settings.append(LearnerSetting("squared-hinge", "true")) }
        if strategy != usual.strategy { settings.append(LearnerSetting("multiclass", strategy.rawValue)) }
        settings += weights
        if tolerance != usual.tolerance { settings.append(LearnerSetting("tolerance", tolerance)) }
        if seed != usual.seed { settings.append(LearnerSetting("seed", "\(seed)")) }
        return settings
    }

    /// `linear support vector machine, C 0.1`.
    public func summary(of classifier: LinearSupportVectorClassifier) -> String {
        let way =
            switch (strategy, loss) {
            case (.crammerSinger, _): ", Crammer and Singer"
            case (.oneVersusRest, .squaredHinge): ", squared hinge"
            case (.oneVersusRest, .hinge): ""
            }
        return "linear support vector machine\(way), C \(Numerals.number(cost))"
    }

    /// Learns from examples [N, ...] of two classes or more.
    ///
    /// - Throws: `usage` or `badData` before work starts: an impossible setting, one class only, a class without
    ///   examples, a value that is not finite (row and column), features that are all constant; `interrupted` within a
    ///   second of `cancellation`.
    public func fit(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> LinearSupportVectorClassifier {
        try check(examples)
        let training = LinearTraining(self, examples)
        let (weights, report) =
            switch strategy {
            case .oneVersusRest: try training.oneVersusRest(cancellation, progress)
            case .crammerSinger: try training.crammerSinger(cancellation, progress)
            }
        guard report.violation.isFinite, weights.weights.elements.allSatisfy(\.isFinite) else {
            throw DescentError(
                .badData, "the weights have become too large for a Float",
                at: "linear support vector machine",
                expected: "finite numbers", advice: "scale the features, or take a smaller cost")
        }
        progress?(LearningProgress(activity: "\(report)", fraction: 1, violation: report.violation))
        return LinearSupportVectorClassifier(
            classNames: examples.classNames, byteScale: byteScale, columns: weights.weights,
            biases: weights.biases,
            report: report)
    }

    private func check(_ examples: LabeledExamples) throws {
        func usage(_ what: String, _ expected: String, _ got: some Any) -> DescentError {
            DescentError(.usage, what, at: "linear support vector machine", expected: expected, got: "\(got)")
        }
        guard cost > 0 && cost <= 1e30 else {
            throw usage("impossible cost", "a number above 0, at most 1e30", cost)
        }
        guard tolerance > 0 && tolerance <= 1e30 else {
            throw usage("impossible tolerance", "a number above 0, at most 1e30", tolerance)
        }
        guard passLimit >= 1 else { throw usage("impossible pass limit", "1 or more", passLimit) }
        guard byteScale > 0 && byteScale <= 1e30 else {
            throw usage("impossible scale of bytes", "a number above 0, at most 1e30", byteScale)
        }
        try examples.features.requireWeights(classCount: examples.classNames.count)
        guard abs(bias) <= 1e30 else { throw usage("impossible bias", "-1e30 to 1e30", bias) }
        guard UInt32(exactly: seed) != nil else { throw usage("impossible seed", "0..<2^32", seed) }
        if strategy == .crammerSinger {
            guard loss == .hinge else {
                throw usage("Crammer and Singer's problem has another loss", "hinge", loss)
            }
            guard examples.classNames.count <= Int(CK_CRAMMER_SINGER_CLASSES) else {
                throw usage(
                    "too many classes for Crammer and Singer", "at most \(CK_CRAMMER_SINGER_CLASSES)",
                    examples.classNames.count)
            }
        }
        try classWeights.check(examples, for: "linear support vector machine")
        try examples.checkForMargins("linear support vector machine")
    }
}

/// A report on the training of a linear support vector machine.
package struct LinearSupportVectorReport: Sendable, Equatable, CustomStringConvertible {
    /// Passes over the examples, the most of all groups of classes, and steps in double precision.
    package let passes: Int
    /// The largest range of the projected gradient at the end.
    package let violation: Double
    /// Whether it is below the tolerance, or what was solved in double precision is known to be within a millionth of the
    /// least value; if not, the pass limit was reached.
    package let converged: Bool
    /// The value of the dual problem, all classes together.
    package let objective: Double

    /// One line.
    package var description: String {
        converged
            ? "solved in \(passes) passes"
            : "reached the limit of \(passes) passes with a violation of \(violation)"
    }
}

extension FeatureMatrix {
    /// Requires memory for the weights of a linear machine, before it is taken: sparse text may name features by the thousand
    /// million.
    ///
    /// - Throws: `badData` that says how much they would take.
    fileprivate func requireWeights(classCount: Int) throws {
        // While they are solved, and as they are kept. Columns below 2^31, few classes: no overflow.
        let bytes = 8 * classCount * featureCount
        guard bytes > Self.unpackingLimit else { return }
        throw DescentError(
            .badData, "the weights would take too much memory", at: "linear support vector machine",
            expected: "at most \(Numerals.grouped(Self.unpackingLimit)) bytes",
            got: "\(Numerals.grouped(bytes)) for \(Numerals.grouped(featureCount)) features",
            advice: "number the features that occur from 1 on, without gaps")
    }
}
