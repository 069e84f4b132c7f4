import Arrays
import Support

/// What every metric asks of answers from outside.
enum AnswerChecks {
    /// Requires an example, and as many answers as right ones.
    static func requireCounts(_ actual: Int, _ predicted: Int, of what: String) throws(DescentError) {
        guard actual > 0 else {
            throw DescentError(.badData, "no examples to evaluate", at: what, expected: "one example or more")
        }
        guard actual == predicted else {
            throw DescentError(
                .badData, "answers and examples differ in number", at: what, expected: "\(actual)",
                got: "\(predicted)")
        }
    }

    /// Requires a name for each class index.
    static func requireClasses(_ classes: [Int32], count: Int, of what: String) throws(DescentError) {
        guard let row = classes.firstIndex(where: { $0 < 0 || Int($0) >= count }) else { return }
        throw DescentError(
            .badData, "a class number that there is no class for", at: "\(what), example \(row)",
            expected: "0..<\(count)", got: "\(classes[row])", advice: "classes are numbered from 0")
    }

    /// Requires finite scores [N, K].
    static func requireScores(_ scores: NDArray<Float>, count: Int, classes: Int) throws(DescentError) {
        guard scores.shape == [count, classes] else {
            throw DescentError(
                .badData, "scores for another number of examples or classes", at: "scores",
                expected: "shape [\(count), \(classes)]", got: "\(scores.shape)")
        }
        let bad = scores.withUnsafeElements { values in
            values.firstIndex { !$0.isFinite }.map { ($0, values[$0]) }
        }
        guard let (place, value) = bad else { return }
        throw DescentError(
            .badData, "a score that is not finite",
            at: "scores, example \(place / max(1, classes)), class \(place % max(1, classes))",
            got: "\(value)")
    }

    /// Requires rows of probabilities: none outside 0...1, each row's sum 1 within a thousandth.
    static func requireProbabilities(
        _ scores: NDArray<Float>, count: Int, classes: Int
    ) throws(DescentError) {
        try requireScores(scores, count: count, classes: classes)
        let bad = scores.withUnsafeElements { values in
            (0..<count).first { row in
                let part = values[row * classes..<(row + 1) * classes]
                return part.contains { $0 < 0 || $0 > 1.001 }
                    || abs(part.reduce(0) { $0 + Double($1) } - 1) > 0.001
            }
        }
        guard let row = bad else { return }
        throw DescentError(
            .badData, "scores that are not probabilities", at: "scores, example \(row)",
            expected: "numbers in 0...1 that add up to 1",
            got: "\(scores.withUnsafeElements { Array($0[row * classes..<(row + 1) * classes].prefix(8)) })",
            advice: "calibration is for classifiers whose scores are probabilities")
    }

    /// Requires finite numbers.
    static func requireFinite(_ numbers: [Double], of what: String) throws(DescentError) {
        guard let row = numbers.firstIndex(where: { !$0.isFinite }) else { return }
        throw DescentError(
            .badData, "a number that is not finite", at: "\(what), example \(row)", got: "\(numbers[row])")
    }
}
