import Classical
import Descent

/// Each class is the median of its examples, feature by feature, and an example belongs to the nearest one by L1.
struct NearestMedian: Learner {
    static let title = "the nearest median of a class"

    init() {}
    init(from settings: inout SettingText) throws {}

    func fit(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> NearestMedianClassifier {
        let rows = examples.features.unscaledFloats
        let medians = examples.classNames.indices.map { number in
            rows.taking(examples.classes.indices.filter { examples.classes[$0] == number }).median(axis: 0)
        }
        return NearestMedianClassifier(classNames: examples.classNames, medians: stack(medians))
    }
}

/// The medians of the classes: [K, D].
struct NearestMedianClassifier: StorableClassifier {
    static let kind = "nearest-median"
    let classNames: [String]
    let medians: NDArray<Float>
    var scoreKind: ScoreKind { .scores }
    var summary: String { "\(classNames.count) medians" }

    func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers {
        let rows = examples.unscaledFloats
        let near = (0..<examples.count).flatMap { row -> [Float] in
            let weights = abs(medians - rows[row]).sum(axis: 1).elements.map { 1 / (1e-6 + $0) }
            let all = weights.reduce(0, +)
            return weights.map { $0 / all }
        }
        return Answers(decidingBy: NDArray(shape: [examples.count, classNames.count], elements: near))
    }

    func store(in file: inout SafeTensors, prefix: String) {
        file.setClassNames(classNames, prefix: prefix)
        file.set(medians, named: prefix + "medians")
    }

    init(classNames: [String], medians: NDArray<Float>) {
        (self.classNames, self.medians) = (classNames, medians)
    }

    init(from file: SafeTensors, prefix: String) throws {
        classNames = try file.classNames(prefix: prefix)
        medians = try file.array(named: prefix + "medians")
        guard medians.ndim == 2, medians.shape[0] == classNames.count else {
            throw DescentError(.badData, "medians for other classes", at: file.path, got: "\(medians.shape)")
        }
    }
}
