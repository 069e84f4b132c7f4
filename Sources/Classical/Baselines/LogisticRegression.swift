import ArrayFiles
import Arrays
import Classification
import ExampleData
import Support

/// Linear scores of the classes, made probabilities by softmax: P(k | x) = exp(w_k.x + b_k) / sum_j exp(w_j.x + b_j).
///
/// Minimises C sum_n -v_y log P(y_n | x_n) + 1/2 sum_k |w_k|^2, the intercepts b free, v the weights of the classes, by L-BFGS
/// with a preconditioner from the features' second moments: scikit-learn's `LogisticRegression`. Weights are those of a
/// ``LinearClassifier``.
///
/// ```swift
/// let classifier = try LogisticRegression(inverseStrength: 1).fit(scaled)
/// if classifier.convergence?.isReached == false { print(classifier.report) }
/// ```
public struct LogisticRegression: Learner, Equatable {
    /// The path to the optimum. Both end near the same one; before the end they differ.
    package enum Path: String, CaseIterable, Sendable {
        /// L-BFGS with a preconditioner, to a gradient a hundred times smaller than scikit-learn's in as much time.
        case preconditioned
        /// L-BFGS from zeros as SciPy has it, step by step, for what scikit-learn itself answers: where it stops by default, at
        /// a derivative of 1e-4, the odd example of two classes that are all but equally probable is not decided yet as it is at
        /// the optimum (1 of 900 handwritten digits, in seven of twenty splits).
        case plain
    }

    /// C: how much the examples count against the penalty, above 0.
    public var inverseStrength: Double
    /// The factor on bytes; floating-point features are taken as they are.
    public var byteScale: Float = 1 / 255
    /// The most iterations.
    public var maximumIterations: Int
    /// Ends when no derivative of the mean loss (the objective divided by C N) is larger.
    public var tolerance: Double
    /// The factors on the losses of each class's examples.
    public var classWeights: ClassWeights = [:]
    /// The path to the optimum.
    package var path = Path.preconditioned

    /// Creates a regression with those settings.
    public init(inverseStrength: Double = 1, maximumIterations: Int = 1000, tolerance: Double = 1e-6) {
        (self.inverseStrength, self.maximumIterations) = (inverseStrength, maximumIterations)
        self.tolerance = tolerance
    }

    /// Returns what scikit-learn 1.9's `LogisticRegression(C: C, max_iter: maximumIterations)` computes: its path, and its tolerance of
    /// 1e-4.
    public static func asInScikitLearn(inverseStrength: Double = 1, maximumIterations: Int = 100) -> Self {
        var regression = Self(
            inverseStrength: inverseStrength, maximumIterations: maximumIterations, tolerance: 1e-4)
        regression.path = .plain
        return regression
    }

    /// `logistic regression`.
    public static let title = "logistic regression"

    /// The settings that `init(from:)` reads.
    public static let settingNames = ["c", "class-weights"]

    /// Creates a regression with the settings of a text.
    public init(from settings: inout SettingText) throws {
        self.init(inverseStrength: try settings.single("c", called: "cost") ?? 1)
        classWeights = try settings.classWeights() ?? [:]
    }

    /// C, and the weights of the classes where they differ; nil for settings that text cannot express.
    public var settings: [LearnerSetting]? {
        let usual = LogisticRegression()
        guard path == usual.path, byteScale == usual.byteScale, maximumIterations == usual.maximumIterations,
            tolerance == usual.tolerance, let weights = classWeights.settings
        else { return nil }
        return [LearnerSetting("c", inverseStrength)] + weights
    }

    /// `logistic regression`.
    public func summary(of classifier: LogisticRegressionClassifier) -> String { Self.title }

    /// Learns the weights.
    ///
    /// `progress` gets the largest derivative as the activity's number, and at the end whether that was small enough.
    ///
    /// - Throws: `usage` for impossible settings; `badData` for one class only, a class without examples, no features or
    ///   one that is not finite; `interrupted`.
    /// - Complexity: O(N D K) an iteration.
    public func fit(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> LogisticRegressionClassifier {
        let place = "logistic regression"
        guard inverseStrength > 0, inverseStrength <= 1e30, maximumIterations >= 1, tolerance > 0,
            tolerance <= 1e30, byteScale > 0, byteScale <= 1e30
        else {
            throw DescentError(
                .usage, "impossible settings", at: place,
                expected: "C, tolerance and scale of bytes above 0, at most 1e30; 1 iteration or more",
                got:
                    "C \(inverseStrength), \(maximumIterations) iterations, tolerance \(tolerance), scale \(byteScale)"
            )
        }
        try ExampleChecks.require(examples, for: place)
        // Each thread keeps the scores of one example on its stack.
        guard examples.classNames.count <= 1 << 14 else {
            throw DescentError(
                .badData, "too many classes", at: place, expected: "at most 16,384",
                got: "\(examples.classNames.count)", advice: "are the labels numbers to predict?")
        }
        try classWeights.check(examples, for: place)
        let objective = LogisticObjective(
            examples, inverseStrength: inverseStrength, byteScale: byteScale, classWeights: classWeights,
            keepsOrigin: path == .plain)
        var solver: LimitedMemoryBFGS
        switch path {
        case .plain: solver = LimitedMemoryBFGS()
        case .preconditioned:
            let preconditioner = objective.preconditioner()
            solver = LimitedMemoryBFGS(rounding: objective.rounding) { preconditioner($0) }
        }
        var iteration = 0
        let start = [Double](repeating: 0, count: objective.parameterCount)
        let solution = try solver.minimize(
            from: start, tolerance: tolerance, iterations: maximumIterations,
            largest: { LimitedMemoryBFGS.largest(objective.original($0)) }
        ) { point in
            try objective.value(at: point, cancellation)
        } report: { gradient in
            iteration += 1
            progress?(
                LearningProgress(
                    activity: "iteration \(iteration), gradient \(gradient)",
                    fraction: Double(iteration) / Double(maximumIterations)))
        }
        let (rows, width) = (objective.rows, objective.width)
        let weights = NDArray(shape: [rows, width], elements: Array(solution.point[..<(rows * width)]))
        var intercepts = Array(solution.point[(rows * width)...])
        for row in 0..<rows {
            for column in 0..<width {
                intercepts[row] -= solution.point[row * width + column] * objective.origin[column]
            }
        }
        guard solution.value.isFinite, intercepts.allSatisfy(\.isFinite) else {
            throw DescentError(
                .badData, "the weights have become too large", at: place, expected: "finite numbers",
                advice: "scale the features")
        }
        let classifier = LogisticRegressionClassifier(
            classNames: examples.classNames, byteScale: byteScale, weights: weights, intercepts: intercepts,
            iterations: solution.iterations, gradientNorm: solution.gradientNorm,
            converged: solution.gradientNorm <= tolerance)
        progress?(LearningProgress(activity: classifier.report, fraction: 1))
        return classifier
    }
}

/// The classifier that ``LogisticRegression`` fits.
public struct LogisticRegressionClassifier: LinearClassifier {
    /// The name of the type in a file.
    public static let kind = "logistic"
    /// The names of the classes.
    public let classNames: [String]
    /// The factor on bytes.
    public let byteScale: Float
    /// The weights of each class: [K, D]; of two classes those of the second, [1, D].
    public let weights: NDArray<Double>
    /// The intercepts: K; 1 for two classes.
    public let intercepts: [Double]
    /// The number of iterations.
    package let iterations: Int
    /// The largest derivative of the mean loss at the end.
    package let gradientNorm: Double
    /// Whether that is below the tolerance; if not, the iterations had ended, or rounding allowed no further step.
    package let converged: Bool

    /// The state in which the training ended.
    public var convergence: Convergence? { Convergence(isReached: converged, description: report) }

    /// A report on the training, in one line.
    package var report: String {
        converged
            ? "converged in \(iterations) iterations"
            : "not converged: stopped after \(iterations) iterations, the largest derivative \(gradientNorm)"
    }

    init(
        classNames: [String], byteScale: Float, weights: NDArray<Double>, intercepts: [Double],
        iterations: Int,
        gradientNorm: Double, converged: Bool
    ) {
        (self.classNames, self.byteScale, self.weights, self.intercepts) = (
            classNames, byteScale, weights, intercepts
        )
        (self.iterations, self.gradientNorm, self.converged) = (iterations, gradientNorm, converged)
    }

    /// w x + b: [N, K]; of two classes [N, 1], positive for the second.
    ///
    /// - Throws: `badData` for another number of features than in training, or one that is not finite.
    public func decisionValues(of examples: FeatureMatrix) throws -> NDArray<Double> {
        let (rows, width) = (weights.shape[0], weights.shape[1])
        try ExampleChecks.require(examples, width: width, for: "logistic regression")
        var values: [Double] = []
        values.reserveCapacity(examples.count * rows)
        let scale: Double = if case .bytes = examples.storage { Double(byteScale) } else { 1 }
        for first in stride(from: 0, to: examples.count, by: 4096) {
            let block =
                examples[first..<min(first + 4096, examples.count)].unscaledFloats.asType(Double.self) * scale
            values += (matmul(block, weights.T) + NDArray(intercepts)).elements
        }
        return NDArray(shape: [examples.count, rows], elements: values)
    }

    /// Returns the most probable class, the first of equals, and how probable each is, from the same scores.
    ///
    /// - Throws: as `decisionValues(of:)`; `interrupted`.
    public func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers {
        try Cancellation.check(cancellation, at: "logistic regression")
        var scores = try decisionValues(of: examples).elements
        // Of two classes the first has score 0.
        if weights.shape[0] == 1 { scores = scores.flatMap { [0, $0] } }
        return Answers(
            classes: ScoreRows.largest(scores, classCount: classNames.count),
            scores: ScoreRows.softmax(scores, classCount: classNames.count))
    }

    /// Puts weights and intercepts under `prefix`.
    public func store(in file: inout SafeTensors, prefix: String) {
        file.setClassNames(classNames, prefix: prefix)
        file.set(weights, named: prefix + "weights")
        file.set(NDArray(intercepts), named: prefix + "intercepts")
        file.set(NDArray([gradientNorm]), named: prefix + "gradient")
        file.metadata[prefix + "byte-scale"] = "\(byteScale)"
        file.metadata[prefix + "iterations"] = "\(iterations)"
        file.metadata[prefix + "converged"] = "\(converged)"
    }

    /// Restores the classifier from the entries that `store` wrote.
    public init(from file: SafeTensors, prefix: String) throws {
        classNames = try file.classNames(prefix: prefix)
        let rows = classNames.count == 2 ? 1 : classNames.count
        weights = try file.finite(named: prefix + "weights", as: Double.self, shape: [rows, nil])
        intercepts = try file.finite(named: prefix + "intercepts", as: Double.self, shape: [rows]).elements
        gradientNorm = try file.finite(named: prefix + "gradient", as: Double.self, shape: [1]).elements[0]
        // Files of before took bytes as they are.
        byteScale =
            file.metadata[prefix + "byte-scale"] == nil
            ? 1
            : try file.setting(prefix + "byte-scale") {
                Float($0).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
            }
        iterations = try file.setting(prefix + "iterations") { Int($0) }
        converged = try file.setting(prefix + "converged") { Bool($0) }
    }
}
