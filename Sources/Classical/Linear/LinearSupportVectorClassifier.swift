import ArrayFiles
import Arrays
import COneDNN
import Glibc
import Support

/// A trained linear support vector machine: the class with the largest w x + b.
public struct LinearSupportVectorClassifier: StorableClassifier {
    /// `linear-svm`.
    public static let kind = "linear-svm"

    /// The names of the classes.
    public let labels: [String]
    /// What bytes are multiplied by.
    public let byteScale: Float
    /// w of each class, a column each: [D, K].
    public let weights: NDArray<Float>
    /// b of each class.
    public let biases: [Float]
    /// How the training went; nil after loading.
    public let report: LinearSupportVectorReport?

    init(
        labels: [String], byteScale: Float, weights: NDArray<Float>, biases: [Float],
        report: LinearSupportVectorReport? = nil
    ) {
        self.labels = labels
        self.byteScale = byteScale
        self.weights = weights
        self.biases = biases
        self.report = report
    }

    /// w x + b of each class: [N, K].
    ///
    /// - Throws: `badData` when the examples have another number of features, or one that is not finite.
    /// - Complexity: O(N D K), on all threads.
    public func decisionValues(of examples: Examples) throws -> NDArray<Float> {
        let (width, classCount) = (weights.shape[0], weights.shape[1])
        try ExampleChecks.require(examples, width: width, for: "linear support vector machine")
        let scale: Float = if case .bytes = examples { byteScale } else { 1 }
        let count = examples.count
        let block = 256
        return NDArray(shape: [count, classCount]) { target in
            guard let base = target.baseAddress else { return }
            weights.withUnsafeElements { weights in
                guard let weights = weights.baseAddress else { return }
                // Each part writes its own rows.
                inParts((count + block - 1) / block) { part in
                    let range = part * block..<min(count, (part + 1) * block)
                    let rows = base + range.lowerBound * classCount
                    let status = examples[range].numbers.withUnsafeElements { numbers in
                        guard let numbers = numbers.baseAddress else { return CK_OK }
                        return cdnn_matmul_f32(
                            0, 0, range.count, classCount, width, numbers, width,
                            weights,
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

    /// The softmax of w x + b: it orders the classes as the decisions do, but was not fitted to be a probability. [N, K].
    public func probabilities(of examples: Examples) throws -> NDArray<Float> {
        softmax(try decisionValues(of: examples))
    }

    /// Both from the same values of the decision functions.
    public func answers(of examples: Examples) throws -> Answers {
        let decisions = try decisionValues(of: examples)
        return (largest(decisions), softmax(decisions))
    }

    private func softmax(_ decisions: NDArray<Float>) -> NDArray<Float> {
        let classCount = labels.count
        return NDArray(shape: decisions.shape) { target in
            decisions.withUnsafeElements { values in
                for row in 0..<decisions.shape[0] {
                    let scores = values[row * classCount..<(row + 1) * classCount]
                    let highest = scores.max() ?? 0
                    let powers = scores.map { exp($0 - highest) }
                    let sum = powers.reduce(0, +)
                    for (place, power) in powers.enumerated() {
                        target.initializeElement(at: row * classCount + place, to: power / sum)
                    }
                }
            }
        }
    }

    /// The class with the largest w x + b for each example; the first of equals.
    public func classes(of examples: Examples) throws -> [Int] {
        largest(try decisionValues(of: examples))
    }

    private func largest(_ decisions: NDArray<Float>) -> [Int] {
        let classCount = labels.count
        return decisions.withUnsafeElements { values in
            (0..<decisions.shape[0]).map { row in
                (0..<classCount).reduce(0) {
                    values[row * classCount + $1] > values[row * classCount + $0] ? $1 : $0
                }
            }
        }
    }

    /// Puts weights, biases and labels under names that begin with `prefix`.
    public func store(in file: inout SafeTensors, prefix: String) {
        file.setLabels(labels, prefix: prefix)
        file.metadata[prefix + "byte-scale"] = "\(byteScale)"
        file.set(weights, named: prefix + "weights")
        file.set(NDArray(shape: [biases.count], elements: biases), named: prefix + "biases")
    }

    /// Brings a classifier back.
    public init(from file: SafeTensors, prefix: String) throws {
        let labels = try file.labels(prefix: prefix)
        guard labels.count >= 2 else {
            throw file.wrong(prefix + "labels", expected: "two classes or more", got: "\(labels.count)")
        }
        let scale = try file.setting(prefix + "byte-scale", Float.init)
        guard scale > 0 && scale.isFinite else {
            throw file.wrong(prefix + "byte-scale", expected: "a number above 0", got: "\(scale)")
        }
        self.init(
            labels: labels, byteScale: scale,
            weights: try file.finite(named: prefix + "weights", shape: [nil, labels.count]),
            biases: try file.finite(named: prefix + "biases", shape: [labels.count]).elements)
    }
}
