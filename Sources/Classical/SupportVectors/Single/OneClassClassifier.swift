import ArrayFiles
import Arrays
import Classification
import ExampleData
import Support

/// The classifier that ``OneClassMachine`` fits: f(x) = sum_s alpha_s K(x_s, x) - rho, above 0 where examples like those learned from lie.
///
/// As a classifier it has two classes, `inlier` and `outlier`. Its scores are 1 / (1 + exp(-f)) and the rest to 1: in the order
/// of f, but no probabilities.
public struct OneClassClassifier: StorableClassifier {
    /// `one-class`.
    public static let kind = "one-class"
    /// `inlier`, `outlier`.
    public let classNames = ["inlier", "outlier"]
    /// The rows of the training examples that became support vectors; nil after loading.
    package let supportIndices: [Int]?
    /// The course of the training; nil after loading.
    package let report: SupportVectorSolution?
    let expansion: SupportVectorExpansion

    init(
        expansion: SupportVectorExpansion, supportIndices: [Int]? = nil, report: SupportVectorSolution? = nil
    ) {
        (self.expansion, self.supportIndices, self.report) = (expansion, supportIndices, report)
    }

    /// The kernel, its gamma a number.
    package var kernel: KernelFunction { expansion.kernel }
    /// The factor on bytes.
    package var byteScale: Float { expansion.byteScale }
    /// x_s: [S, D].
    package var supportVectors: FeatureMatrix { expansion.supportVectors }
    /// alpha_s: S.
    package var coefficients: [Double] { expansion.coefficients }
    /// rho.
    public var threshold: Double { expansion.threshold }

    /// Returns f of each example: N.
    ///
    /// - Throws: `badData` when the examples have another number of features, or one that is not finite, or lie so far away
    ///   that f is no finite number (kernel and row named).
    /// - Complexity: O(N S D), on all threads; O(N D) for the linear kernel.
    public func decisionValues(of examples: FeatureMatrix) throws -> [Double] {
        try expansion.values(of: examples, nil, for: OneClassMachine.title)
    }

    /// Returns whether each example is inside: f above 0.
    ///
    /// - Throws: as `decisionValues(of:)`.
    public func isInlier(_ examples: FeatureMatrix) throws -> [Bool] {
        try decisionValues(of: examples).map { $0 > 0 }
    }

    /// Returns `inlier` where f is above 0.
    ///
    /// - Throws: as `decisionValues(of:)`; `interrupted`.
    public func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers {
        let values = try expansion.values(of: examples, cancellation, for: OneClassMachine.title)
        return Answers(
            classes: values.map { $0 > 0 ? 0 : 1 },
            scores: ScoreRows.softmax(values.flatMap { [$0, 0] }, classCount: 2))
    }

    /// In the order of the decisions.
    public var scoreKind: ScoreKind { .scores }

    /// The end of the training; nil after loading.
    public var convergence: Convergence? {
        report.map { Convergence(isReached: $0.converged, description: "\($0)") }
    }

    /// `rbf:gamma=0.5, 80 support vectors`.
    public var summary: String { expansion.summary }

    /// Describes how the solver ended, and the number of support vectors.
    public func remarks(measuring rows: () throws -> FeatureMatrix) -> [String] {
        (convergence.map { ["\($0)"] } ?? []) + [Numerals.counted(coefficients.count, "support vector")]
    }

    /// Throws `usage` for a kernel of one's own.
    public func checkStorable() throws { try expansion.checkStorable() }

    /// Puts support vectors, coefficients and rho under `prefix`.
    public func store(in file: inout SafeTensors, prefix: String) {
        expansion.store(in: &file, prefix: prefix)
    }

    /// Restores the model from the entries that `store` wrote.
    public init(from file: SafeTensors, prefix: String) throws {
        self.init(expansion: try SupportVectorExpansion(from: file, prefix: prefix))
    }

    // MARK: libsvm

    /// Reads a one-class model that libsvm's `svm-train` wrote, of any kernel but a precomputed one.
    ///
    /// - `featureCount`: how many features examples have; nil for the largest index in the model.
    /// - `byteScale`: the factor on bytes; libsvm has floating-point features only.
    /// - Throws: `missingInput`; `badData` with the line.
    /// - Note: libsvm keeps support vectors in double precision, here they are `Float`.
    package init(libSVMModel path: String, featureCount: Int? = nil, byteScale: Float = 1) throws {
        var lines = try LibSVMLines(contentsOf: path)
        let header = try LibSVMModelHeader(&lines, allowing: [.oneClass])
        self.init(expansion: try SupportVectorExpansion(&lines, header, featureCount, byteScale))
    }

    /// Writes a model that libsvm's `svm-predict` reads, whole or not at all. Bytes are written as they are scaled.
    ///
    /// - Throws: `usage` for a kernel of one's own; `cannotCreate`, `inputOutput`.
    package func writeLibSVMModel(to path: String) throws {
        try expansion.writeLibSVMModel(.oneClass, to: path)
    }
}
