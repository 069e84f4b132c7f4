import ArrayFiles
import Arrays
import Classification
import ExampleData
import Regression
import Support

/// The regressor that ``SupportVectorRegression`` fits: f(x) = sum_s c_s K(x_s, x) - rho.
public struct SupportVectorRegressor: StorableRegressor {
    /// `svr`.
    public static let kind = "svr"
    /// One number for each example.
    public let outputCount = 1
    /// Whether it comes from nu-SVR.
    package let isNu: Bool
    /// The half width of the tube in which errors cost nothing; nil where a model file of libsvm does not say it.
    package let tubeWidth: Double?
    /// The rows of the training examples that became support vectors; nil after loading.
    package let supportIndices: [Int]?
    /// The course of the training; nil after loading.
    package let report: SupportVectorSolution?
    let expansion: SupportVectorExpansion

    init(
        expansion: SupportVectorExpansion, isNu: Bool, tubeWidth: Double?, supportIndices: [Int]? = nil,
        report: SupportVectorSolution? = nil
    ) {
        (self.expansion, self.isNu, self.tubeWidth) = (expansion, isNu, tubeWidth)
        (self.supportIndices, self.report) = (supportIndices, report)
    }

    /// The kernel, its gamma a number.
    package var kernel: KernelFunction { expansion.kernel }
    /// The factor on bytes.
    package var byteScale: Float { expansion.byteScale }
    /// x_s, the examples that the answers rest on: [S, D]. None where all targets fit into one tube around a constant.
    public var supportVectors: FeatureMatrix { expansion.supportVectors }
    /// c_s = alpha_s - alpha*_s: S.
    public var coefficients: [Double] { expansion.coefficients }
    /// rho.
    public var threshold: Double { expansion.threshold }

    /// Returns f of each example: N.
    ///
    /// - Throws: `badData` when the examples have another number of features, or one that is not finite, or lie so far away
    ///   that f is no finite number (kernel and row named).
    /// - Complexity: O(N S D), on all threads; O(N D) for the linear kernel.
    package func decisionValues(of examples: FeatureMatrix) throws -> [Double] {
        try expansion.values(of: examples, nil, for: SupportVectorRegression.title)
    }

    /// Returns f of each example: [N, 1].
    ///
    /// - Throws: as `decisionValues(of:)`; `interrupted`.
    public func values(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> NDArray<Float> {
        let values = try expansion.values(of: examples, cancellation, for: SupportVectorRegression.title)
        return NDArray(shape: [values.count, 1], elements: values.map { Float($0) })
    }

    /// The end of the training; nil after loading.
    public var convergence: Convergence? {
        report.map { Convergence(isReached: $0.converged, description: "\($0)") }
    }

    /// `rbf:gamma=0.5, 80 support vectors`.
    public var summary: String { expansion.summary }

    /// Describes how the solver ended, and the number of support vectors.
    public var remarks: [String] {
        (convergence.map { ["\($0)"] } ?? []) + [Numerals.counted(coefficients.count, "support vector")]
    }

    /// Throws `usage` for a kernel of one's own.
    public func checkStorable() throws { try expansion.checkStorable() }

    /// Puts support vectors, coefficients and rho under `prefix`.
    public func store(in file: inout SafeTensors, prefix: String) {
        expansion.store(in: &file, prefix: prefix)
        file.metadata[prefix + "formulation"] = isNu ? "nu" : "epsilon"
        if let tubeWidth { file.metadata[prefix + "tube"] = "\(tubeWidth)" }
    }

    /// Restores the model from the entries that `store` wrote.
    public init(from file: SafeTensors, prefix: String) throws {
        let width =
            file.metadata[prefix + "tube"] == nil
            ? nil
            : try file.setting(prefix + "tube") { text in
                Double(text).flatMap { $0 >= 0 && $0.isFinite ? $0 : nil }
            }
        self.init(
            expansion: try SupportVectorExpansion(from: file, prefix: prefix),
            isNu: try file.setting(prefix + "formulation") { ["nu": true, "epsilon": false][$0] },
            tubeWidth: width)
    }

    // MARK: libsvm

    /// Reads a model that libsvm's `svm-train` wrote: epsilon-SVR or nu-SVR, of any kernel but a precomputed one.
    ///
    /// - `featureCount`: how many features examples have; nil for the largest index in the model.
    /// - `byteScale`: the factor on bytes; libsvm has floating-point features only.
    /// - Throws: `missingInput`; `badData` with the line.
    /// - Note: libsvm keeps support vectors in double precision, here they are `Float`.
    package init(libSVMModel path: String, featureCount: Int? = nil, byteScale: Float = 1) throws {
        var lines = try LibSVMLines(contentsOf: path)
        let header = try LibSVMModelHeader(&lines, allowing: [.epsilonSVR, .nuSVR])
        self.init(
            expansion: try SupportVectorExpansion(&lines, header, featureCount, byteScale),
            isNu: header.machine == .nuSVR, tubeWidth: nil)
    }

    /// Writes a model that libsvm's `svm-predict` reads, whole or not at all. Bytes are written as they are scaled.
    ///
    /// - Throws: `usage` for a kernel of one's own; `cannotCreate`, `inputOutput`.
    package func writeLibSVMModel(to path: String) throws {
        try expansion.writeLibSVMModel(isNu ? .nuSVR : .epsilonSVR, to: path)
    }
}
