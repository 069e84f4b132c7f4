import Arrays
import ExampleData
import Support

/// The requirements of every learner on its examples, checked before work starts.
package enum ExampleChecks {
    /// Requires two classes or more, an example of each, and only finite features.
    ///
    /// `learner`: how errors call the learner.
    package static func require(_ examples: LabeledExamples, for learner: String) throws {
        if case .values = examples.targets { try requireClasses(of: examples, for: learner) }
        guard examples.classNames.count >= 2 else {
            throw DescentError(
                .badData, "one class only", at: learner, expected: "two classes or more",
                got: examples.classNames.first.map { "'\($0)'" } ?? "none")
        }
        try requireClasses(of: examples, for: learner)
        var counts = [Int](repeating: 0, count: examples.classNames.count)
        for number in examples.classes { counts[Int(number)] += 1 }
        if let empty = counts.firstIndex(of: 0) {
            throw DescentError(
                .badData, "a class without examples", at: learner,
                expected: "at least one example of each class",
                got: "none of '\(examples.classNames[empty])'", advice: "leave the class out or add examples")
        }
        try requireFeatures(examples.features, for: learner)
        try requireFinite(examples.features, for: learner)
    }

    /// Requires classes as targets, and a name for each class index.
    package static func requireClasses(of examples: LabeledExamples, for learner: String) throws {
        if case .values = examples.targets {
            throw DescentError(
                .badData, "targets that are numbers", at: learner, expected: "a class for each example",
                got: "numbers", advice: "train a network with a loss that compares numbers")
        }
        let count = examples.classNames.count
        guard let row = examples.classes.firstIndex(where: { !(0..<count).contains(Int($0)) }) else { return }
        throw DescentError(
            .badData, "a class number that there is no class for", at: "\(learner), row \(row)",
            expected: "0..<\(count)", got: "\(examples.classes[row])", advice: "classes are numbered from 0")
    }

    /// Requires a feature for each example.
    package static func requireFeatures(_ examples: FeatureMatrix, for learner: String) throws {
        guard examples.count > 0, examples.featureCount > 0 else {
            throw DescentError(
                .badData, "no features", at: learner, expected: "one example and one feature, or more",
                got: "shape \(examples.shape)")
        }
    }

    /// Requires finite features; the error names the first that is not by row and column, from 0.
    package static func requireFinite(_ examples: FeatureMatrix, for learner: String) throws {
        guard let (row, column, value) = examples.firstNonFinite else { return }
        throw DescentError(
            .badData, "a feature that is not finite", at: "\(learner), row \(row), column \(column)",
            got: "\(value)")
    }

    /// Requires as many features as the training examples had, all finite.
    package static func require(_ examples: FeatureMatrix, width: Int, for learner: String) throws {
        guard examples.featureCount == width || examples.count == 0 else {
            throw DescentError(
                .badData, "another number of features than in training", at: learner, expected: "\(width)",
                got: "\(examples.featureCount), from shape \(examples.shape)")
        }
        try requireFinite(examples, for: learner)
    }
}
