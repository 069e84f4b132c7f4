import ArrayFiles
import Arrays
import Classification
import ExampleData
import Glibc
import Support

/// A classifier that learns nothing: the rows are the scores already, as a network of an ONNX file gives them.
package struct GivenScoresClassifier: StorableClassifier {
    /// `given-scores`.
    package static let kind = "given-scores"

    /// What is made of the scores.
    package enum Conversion: String, Sendable {
        /// They are probabilities.
        case none
        /// Softmax makes probabilities of them.
        case softmax
        /// They add up to 1 and have an order, and the last feature is the number of the class that was decided for.
        case decided
    }

    /// The names of the classes.
    package let classNames: [String]
    package let conversion: Conversion
    private let areProbabilities: Bool

    /// Creates a classifier of scores of these classes.
    package init(classNames: [String], conversion: Conversion, areProbabilities: Bool = true) {
        (self.classNames, self.conversion, self.areProbabilities) = (
            classNames, conversion, areProbabilities
        )
    }

    /// The number of features that it takes.
    package var featureCount: Int { classNames.count + (conversion == .decided ? 1 : 0) }

    /// Probabilities, or scores in the right order.
    package var scoreKind: ScoreKind { areProbabilities ? .probabilities : .scores }

    /// `1,000 classes, softmax`.
    package var summary: String {
        "\(Numerals.grouped(classNames.count)) classes" + (conversion == .softmax ? ", softmax" : "")
    }

    /// Returns the scores of the rows, and the classes with the largest, or those that were decided for.
    package func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers {
        guard examples.featureCount == featureCount else {
            throw DescentError(
                .badData, "scores of another number of classes", at: Self.kind, expected: "\(featureCount)",
                got: "\(examples.featureCount)")
        }
        let rows = examples.unscaledFloats
        let count = classNames.count
        switch conversion {
        case .none: return Answers(decidingBy: rows.reshaped(to: [examples.count, count]))
        case .softmax:
            return Answers(
                decidingBy: rows.withUnsafeElements {
                    ScoreRows.softmax($0, classCount: count, exponential: { exp($0) })
                })
        case .decided:
            return rows.withUnsafeElements { values in
                var (scores, classes): ([Float], [Int32]) = ([], [])
                for start in stride(from: 0, to: values.count, by: count + 1) {
                    scores += values[start..<start + count]
                    classes.append(Int32(values[start + count]))
                }
                return Answers(
                    classes: classes, scores: NDArray(shape: [classes.count, count], elements: scores))
            }
        }
    }

    /// Puts names and conversion under `prefix`.
    package func store(in file: inout SafeTensors, prefix: String) {
        file.setClassNames(classNames, prefix: prefix)
        file.metadata[prefix + "conversion"] = conversion.rawValue
        file.metadata[prefix + "probabilities"] = "\(areProbabilities)"
    }

    /// Restores names and conversion.
    package init(from file: SafeTensors, prefix: String) throws {
        guard let conversion = file.metadata[prefix + "conversion"].flatMap(Conversion.init(rawValue:)),
            let areProbabilities = file.metadata[prefix + "probabilities"].flatMap(Bool.init)
        else {
            throw DescentError(
                .badData, "the model does not say what its scores are", at: file.path,
                advice: "import the file again")
        }
        self.init(
            classNames: try file.classNames(prefix: prefix), conversion: conversion,
            areProbabilities: areProbabilities)
    }
}

/// The learner by which a `GivenScoresClassifier` is found in files. Nothing learns so.
struct GivenScores: Learner {
    init(from settings: inout SettingText) throws {}

    func fit(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> GivenScoresClassifier {
        throw DescentError(
            .usage, "given scores are not learned", at: GivenScoresClassifier.kind,
            expected: "a learning method, such as logistic")
    }
}
