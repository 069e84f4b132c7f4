import ArrayFiles
import Arrays
import COneDNN
import Classification
import ExampleData
import Glibc
import Support

/// A trained linear support vector machine: the class with the largest w x + b.
public struct LinearSupportVectorClassifier: LinearClassifier {
    /// `linear-svm`.
    public static let kind = "linear-svm"

    /// Sparse rows are read as they are.
    public static let takesSparseRows = true

    /// The names of the classes.
    public let classNames: [String]
    /// The factor on bytes.
    public let byteScale: Float
    /// w of each class: [K, D]; of two classes [1, D], the second's.
    public let weights: NDArray<Double>
    /// b of each row of weights: K; 1 for two classes.
    public let intercepts: [Double]
    /// A report on the training; nil after loading.
    package let report: LinearSupportVectorReport?

    /// The weights as solvers, products and files have them: w of each class as a column, [D, K], also of two classes, and b.
    private let columns: NDArray<Float>
    private let biases: [Float]

    init(
        classNames: [String], byteScale: Float, columns: NDArray<Float>, biases: [Float],
        report: LinearSupportVectorReport? = nil
    ) {
        (self.classNames, self.byteScale, self.report) = (classNames, byteScale, report)
        (self.columns, self.biases) = (columns, biases)
        let rows = columns.T.asType(Double.self)
        let numbers = biases.map(Double.init)
        // One class against the rest gives two classes opposite weights, Crammer and Singer's problem nearly so.
        weights = classNames.count == 2 ? (rows[1..<2] - rows[0..<1]) / 2 : rows.contiguousCopy()
        intercepts = classNames.count == 2 ? [(numbers[1] - numbers[0]) / 2] : numbers
    }

    /// Shares that were not fitted to be probabilities.
    public var scoreKind: ScoreKind { .scores }

    /// The state in which the training ended; nil after loading.
    public var convergence: Convergence? {
        report.map { Convergence(isReached: $0.converged, description: "\($0)") }
    }

    /// w x + b: [N, K]; of two classes [N, 1], positive for the second.
    ///
    /// - Throws: `badData` when the examples have another number of features, or one that is not finite.
    /// - Complexity: O(N D K), on all threads.
    public func decisionValues(of examples: FeatureMatrix) throws -> NDArray<Double> {
        let values = try products(of: examples).asType(Double.self)
        return classNames.count == 2 ? (values[0..., 1..<2] - values[0..., 0..<1]) / 2 : values
    }

    /// w x + b by the columns: [N, K].
    private func products(of examples: FeatureMatrix) throws -> NDArray<Float> {
        let (width, classCount) = (columns.shape[0], columns.shape[1])
        try ExampleChecks.require(examples, width: width, for: "linear support vector machine")
        let scale: Float = if case .bytes = examples.storage { byteScale } else { 1 }
        let count = examples.count
        // Sparse rows of hundreds of thousands of features are unpacked fewer at a time.
        let block = max(1, min(256, (1 << 26) / max(1, width)))
        return NDArray(shape: [count, classCount]) { target in
            guard let base = target.baseAddress else { return }
            columns.withUnsafeElements { columns in
                guard let columns = columns.baseAddress else { return }
                // Each part writes its own rows.
                inParts((count + block - 1) / block) { part in
                    let range = part * block..<min(count, (part + 1) * block)
                    let rows = base + range.lowerBound * classCount
                    let status = examples[range].unscaledFloats.withUnsafeElements { numbers in
                        guard let numbers = numbers.baseAddress else { return CK_OK }
                        return cdnn_matmul_f32(
                            0, 0, range.count, classCount, width, numbers, width,
                            columns,
                            classCount, 0, rows, classCount)
                    }
                    requireDone(status, "a product")
                    for row in 0..<range.count {
                        for place in 0..<classCount {
                            rows[row * classCount + place] =
                                rows[row * classCount + place] * scale + biases[place]
                        }
                    }
                }
            }
        }
    }

    /// Returns the class with the largest w x + b, the first of equals, and the softmax of w x + b, which orders the
    /// classes as the decisions do but was not fitted to be a probability.
    public func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers {
        try Cancellation.check(cancellation, at: "linear support vector machine")
        let decisions = try products(of: examples)
        let shares = decisions.withUnsafeElements {
            ScoreRows.softmax($0, classCount: classNames.count) { exp($0) }
        }
        return Answers(classes: largest(decisions), scores: shares)
    }

    /// Returns the classes alone, without an exponential.
    public func classes(of examples: FeatureMatrix, cancellation: Cancellation?) throws -> [Int32] {
        try Cancellation.check(cancellation, at: "linear support vector machine")
        return largest(try products(of: examples))
    }

    private func largest(_ decisions: NDArray<Float>) -> [Int32] {
        decisions.withUnsafeElements { ScoreRows.largest($0, classCount: classNames.count) }
    }

    /// Puts weights, biases and class names under names that begin with `prefix`: the weights as columns, [D, K].
    public func store(in file: inout SafeTensors, prefix: String) {
        file.setClassNames(classNames, prefix: prefix)
        file.metadata[prefix + "byte-scale"] = "\(byteScale)"
        file.set(columns, named: prefix + "weights")
        file.set(NDArray(shape: [biases.count], elements: biases), named: prefix + "biases")
    }

    /// Brings a classifier back.
    public init(from file: SafeTensors, prefix: String) throws {
        let classNames = try file.classNames(prefix: prefix)
        let scale = try file.setting(prefix + "byte-scale", Float.init)
        guard scale > 0 && scale.isFinite else {
            throw file.wrong(prefix + "byte-scale", expected: "a number above 0", got: "\(scale)")
        }
        self.init(
            classNames: classNames, byteScale: scale,
            columns: try file.finite(named: prefix + "weights", shape: [nil, classNames.count]),
            biases: try file.finite(named: prefix + "biases", shape: [classNames.count]).elements)
    }
}
