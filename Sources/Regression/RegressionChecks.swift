import Arrays
import ExampleData
import Support

/// The checks of examples that every regression makes before work starts.
package enum RegressionChecks {
    /// Returns the targets [N, K], which are numbers.
    ///
    /// - Throws: `badData` when they are classes.
    package static func targets(of examples: LabeledExamples, for learner: String) throws -> NDArray<Float> {
        guard case .values(let targets) = examples.targets else {
            throw DescentError(
                .badData, "targets that are classes", at: learner, expected: "numbers for each example",
                got: "classes", advice: "take a classifier, or give numbers as targets")
        }
        return targets
    }

    /// Returns the targets [N, K] of examples that something can be learned from: one or more, with a feature and a target each, all
    /// finite.
    ///
    /// `learner`: how errors call the learner.
    ///
    /// - Throws: `badData`, with the row and the column.
    package static func require(_ examples: LabeledExamples, for learner: String) throws -> NDArray<Float> {
        let targets = try targets(of: examples, for: learner)
        guard examples.count > 0, examples.features.featureCount > 0 else {
            throw DescentError(
                .badData, "no features", at: learner, expected: "one example and one feature, or more",
                got: "shape \(examples.features.shape)")
        }
        guard targets.shape[1] > 0 else {
            throw DescentError(
                .badData, "no targets", at: learner, expected: "a number for each example",
                got: "shape \(targets.shape)")
        }
        if let (row, column, value) = examples.features.firstNonFinite {
            throw DescentError(
                .badData, "a feature that is not finite", at: "\(learner), row \(row), column \(column)",
                got: "\(value)")
        }
        let width = targets.shape[1]
        if let place = targets.elements.firstIndex(where: { !$0.isFinite }) {
            throw DescentError(
                .badData, "a target that is not finite",
                at: "\(learner), row \(place / width)" + (width > 1 ? ", output \(place % width)" : ""),
                got: "\(targets.elements[place])")
        }
        return targets
    }

    /// Returns the targets of a method that learns one number for each example: N.
    ///
    /// - Throws: as `require`; `badData` when there are several.
    package static func single(_ examples: LabeledExamples, for learner: String) throws -> [Float] {
        let targets = try require(examples, for: learner)
        guard targets.shape[1] == 1 else {
            throw DescentError(
                .badData, "several targets for each example", at: learner, expected: "one",
                got: "\(targets.shape[1])", advice: "learn one regressor for each of them")
        }
        return targets.elements
    }
}
