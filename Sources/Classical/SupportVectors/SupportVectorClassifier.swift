import Arrays
import CKernels
import Classification
import ExampleData
import Support

/// A trained support vector machine.
///
/// For K classes there are K (K - 1) / 2 decision functions, (0, 1), (0, 2), ..., (1, 2), ...: positive for the first
/// class of the pair. Each gives its class a vote; the most votes win, the first class among equals.
public struct SupportVectorClassifier: StorableClassifier {
    /// `svm`.
    public static let kind = "svm"

    /// The names of the classes.
    public let classNames: [String]
    /// The kernel, its gamma a number.
    public let kernel: KernelFunction
    /// The factor on bytes.
    package let byteScale: Float
    /// Whether it was trained as nu-SVC.
    package let isNu: Bool
    /// The examples that the decisions rest on, class by class: [S, D].
    public let supportVectors: FeatureMatrix
    /// The number of support vectors of each class.
    public let supportCounts: [Int]
    /// y alpha of each support vector in the problems of its class against the others, in the order of the others:
    /// [K - 1, S], as in libsvm.
    public let coefficients: NDArray<Double>
    /// rho of each pair.
    public let thresholds: [Double]
    /// The sigmoids that turn each pair's decisions into probabilities; nil if they were not fitted.
    package let sigmoids: [DecisionSigmoid]?
    /// The rows of the training examples that became support vectors; nil after loading.
    package let supportIndices: [Int]?
    /// A report on the training; nil after loading.
    package let report: SupportVectorReport?
    /// The result of a search for its settings; nil without one, and after loading.
    package internal(set) var search: SupportVectorGridSearch.Result?

    private let engine: DecisionEngine

    init(
        classNames: [String], kernel: KernelFunction, byteScale: Float, isNu: Bool,
        supportVectors: FeatureMatrix,
        supportCounts: [Int], coefficients: NDArray<Double>, thresholds: [Double],
        sigmoids: [DecisionSigmoid]?,
        supportIndices: [Int]? = nil, report: SupportVectorReport? = nil
    ) {
        self.classNames = classNames
        self.kernel = kernel
        self.byteScale = byteScale
        self.isNu = isNu
        self.supportVectors = supportVectors
        self.supportCounts = supportCounts
        self.coefficients = coefficients
        self.thresholds = thresholds
        self.sigmoids = sigmoids
        self.supportIndices = supportIndices
        self.report = report
        engine = DecisionEngine(
            kernel: kernel, byteScale: byteScale, supportVectors: supportVectors,
            supportCounts: supportCounts,
            coefficients: coefficients, thresholds: thresholds)
    }

    /// Returns the values of all decision functions: [N, K (K - 1) / 2].
    ///
    /// - Throws: `badData` when the examples have another number of features, or one that is not finite, or are so far
    ///   away that a decision is not finite (kernel and row named).
    /// - Complexity: O(N S (D + K)), on all threads; O(N D K^2) for the linear kernel.
    package func decisionValues(of examples: FeatureMatrix) throws -> NDArray<Double> {
        let width = supportVectors.featureCount
        try ExampleChecks.require(examples, width: width, for: "support vector machine")
        return try engine.decisionValues(of: examples)
    }

    /// Returns the class with the most votes, and the fitted probabilities, or else each class's share of the votes, from
    /// the same decisions.
    ///
    /// - Throws: as `decisionValues(of:)`; `interrupted`.
    public func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers {
        try Cancellation.check(cancellation, at: "support vector machine")
        let decisions = try decisionValues(of: examples)
        return Answers(classes: winners(decisions), scores: shares(decisions))
    }

    /// Returns the classes alone: fitted probabilities take a system of equations for each example.
    public func classes(of examples: FeatureMatrix, cancellation: Cancellation?) throws -> [Int32] {
        try Cancellation.check(cancellation, at: "support vector machine")
        return winners(try decisionValues(of: examples))
    }

    /// Probabilities if they were fitted, else shares of the votes.
    public var scoreKind: ScoreKind {
        let count = classNames.count
        return sigmoids == nil ? .votes(most: count - 1, decisions: count * (count - 1) / 2) : .probabilities
    }

    /// The state in which the training ended; nil after loading.
    public var convergence: Convergence? {
        report.map { Convergence(isReached: $0.converged, description: "\($0)") }
    }

    /// `rbf:gamma=0.5, 80 support vectors`.
    public var summary: String {
        "\(kernel), \(Numerals.counted(supportVectors.count, "support vector"))"
    }

    /// Reports how the solver ended, and the number of support vectors.
    public func remarks(measuring rows: () throws -> FeatureMatrix) -> [String] {
        (convergence.map { ["\($0)"] } ?? [])
            + [Numerals.counted(supportCounts.reduce(0, +), "support vector")]
    }

    func winners(_ decisions: NDArray<Double>) -> [Int32] {
        decisions.withUnsafeElements { values in
            (0..<decisions.shape[0]).map { Int32(ScoreRows.largest(votes(values, $0))) }
        }
    }

    private func shares(_ decisions: NDArray<Double>) -> NDArray<Float> {
        let (rows, classCount) = (decisions.shape[0], classNames.count)
        return NDArray(shape: [rows, classCount]) { target in
            decisions.withUnsafeElements { values in
                for row in 0..<rows {
                    let shares =
                        sigmoids.map { coupled(values, row, $0) }
                        ?? self.votes(values, row).map {
                            Double($0) / Double(thresholds.count)
                        }
                    for (place, share) in shares.enumerated() {
                        target.initializeElement(at: row * classCount + place, to: Float(share))
                    }
                }
            }
        }
    }

    private func votes(_ values: UnsafeBufferPointer<Double>, _ row: Int) -> [Int] {
        var votes = [Int](repeating: 0, count: classNames.count)
        var place = row * thresholds.count
        for first in classNames.indices {
            for second in classNames.indices.dropFirst(first + 1) {
                votes[values[place] > 0 ? first : second] += 1
                place += 1
            }
        }
        return votes
    }

    private func coupled(
        _ values: UnsafeBufferPointer<Double>, _ row: Int, _ sigmoids: [DecisionSigmoid]
    ) -> [Double] {
        var pairwise = [[Double]](
            repeating: [Double](repeating: 0, count: classNames.count), count: classNames.count)
        var place = 0
        for first in classNames.indices {
            for second in classNames.indices.dropFirst(first + 1) {
                let value = values[row * thresholds.count + place]
                // No pair is quite sure, so that the coupling stays well posed.
                let p = min(max(sigmoids[place].probability(of: value), 1e-7), 1 - 1e-7)
                pairwise[first][second] = p
                pairwise[second][first] = 1 - p
                place += 1
            }
        }
        return PairwiseCoupling.couple(pairwise)
    }
}
