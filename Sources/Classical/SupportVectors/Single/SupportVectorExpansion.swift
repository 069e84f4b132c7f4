import ArrayFiles
import Arrays
import Classification
import ExampleData
import Support

/// One decision function of a trained machine: f(x) = sum_s c_s K(x_s, x) - rho.
///
/// What the machines without classes are made of: regressions and the one-class machine.
struct SupportVectorExpansion: Sendable {
    /// The kernel, its gamma a number.
    let kernel: KernelFunction
    /// The factor on bytes.
    let byteScale: Float
    /// x_s: [S, D]; S may be 0, and then f is constant.
    let supportVectors: FeatureMatrix
    /// c_s: S.
    let coefficients: [Double]
    /// rho.
    let threshold: Double
    /// nil without support vectors.
    private let engine: DecisionEngine?

    init(
        kernel: KernelFunction, byteScale: Float, supportVectors: FeatureMatrix, coefficients: [Double],
        threshold: Double
    ) {
        (self.kernel, self.byteScale, self.supportVectors) = (kernel, byteScale, supportVectors)
        (self.coefficients, self.threshold) = (coefficients, threshold)
        // As the pair of a class with all support vectors and one with none.
        engine =
            coefficients.isEmpty
            ? nil
            : DecisionEngine(
                kernel: kernel, byteScale: byteScale, supportVectors: supportVectors,
                supportCounts: [coefficients.count, 0],
                coefficients: NDArray(shape: [1, coefficients.count], elements: coefficients),
                thresholds: [threshold])
    }

    /// What the solver found on `rows`, which are those of `features`.
    init(
        _ solution: BinarySolution, kernel: KernelFunction, byteScale: Float, features: FeatureMatrix
    ) {
        let support = solution.coefficients.indices.filter { solution.coefficients[$0] != 0 }
        self.init(
            kernel: kernel, byteScale: byteScale,
            supportVectors: features.gathered(support.map { Int32($0) }).shaped([features.featureCount]),
            coefficients: support.map { solution.coefficients[$0] }, threshold: solution.rho)
    }

    /// Returns f of each example: N.
    ///
    /// - Throws: `badData` when the examples have another number of features, one that is not finite, or lie so far away
    ///   that f is no finite number; `interrupted`.
    func values(
        of examples: FeatureMatrix, _ cancellation: Cancellation?, for place: String
    ) throws -> [Double] {
        try Cancellation.check(cancellation, at: place)
        try ExampleChecks.require(examples, width: supportVectors.featureCount, for: place)
        guard let engine else { return [Double](repeating: -threshold, count: examples.count) }
        // Some thousand rows at a time, so that it can be stopped.
        var values: [Double] = []
        values.reserveCapacity(examples.count)
        let chunk = 8192
        for first in stride(from: 0, to: examples.count, by: chunk) {
            if first > 0 { try Cancellation.check(cancellation, at: place) }
            let end = min(examples.count, first + chunk)
            values += try engine.decisionValues(of: examples[first..<end]).elements
        }
        return values
    }

    /// `rbf:gamma=0.5, 80 support vectors`.
    var summary: String { "\(kernel), \(Numerals.counted(coefficients.count, "support vector"))" }

    // MARK: In a file

    /// Throws `usage` for a kernel of one's own.
    func checkStorable() throws {
        guard case .custom = kernel else { return }
        throw DescentError(
            .usage, "a kernel function of one's own cannot be stored", got: "\(kernel)",
            advice: "train with linear, polynomial, rbf or sigmoid")
    }

    func store(in file: inout SafeTensors, prefix: String) {
        file.metadata[prefix + "kernel"] = "\(kernel)"
        file.metadata[prefix + "byte-scale"] = "\(byteScale)"
        file.metadata[prefix + "features"] = "\(supportVectors.featureCount)"
        if !coefficients.isEmpty { supportVectors.store(in: &file, name: prefix + "support") }
        file.set(NDArray(shape: [coefficients.count], elements: coefficients), named: prefix + "coefficients")
        file.set(NDArray([threshold]), named: prefix + "threshold")
    }

    init(from file: SafeTensors, prefix: String) throws {
        let kernel = try file.setting(prefix + "kernel") { text in
            let kernel = try KernelFunction(parsing: text)
            try kernel.check()
            return kernel
        }
        let scale = try file.setting(prefix + "byte-scale") { text in
            Float(text).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
        }
        let width = try file.setting(prefix + "features") { text in
            Int(text).flatMap { (1..<1 << 31).contains($0) ? $0 : nil }
        }
        let coefficients = try file.finite(named: prefix + "coefficients", as: Double.self, shape: [nil])
            .elements
        let support =
            coefficients.isEmpty
            ? .floats(NDArray(shape: [0, width], elements: []))
            : try FeatureMatrix(from: file, name: prefix + "support")
        guard support.shape == [coefficients.count, width] else {
            throw file.wrong(
                prefix + "support", expected: "shape [\(coefficients.count), \(width)]",
                got: "\(support.shape)")
        }
        self.init(
            kernel: kernel, byteScale: scale, supportVectors: support, coefficients: coefficients,
            threshold: try file.finite(named: prefix + "threshold", as: Double.self, shape: [1]).elements[0])
    }
}
