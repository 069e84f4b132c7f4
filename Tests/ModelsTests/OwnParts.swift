import ArrayFiles
import Arrays
import Classical
import Classification
import ExampleData
import Pipelines
import Support
import Synchronization

// Parts of a pipeline that Descent does not know, as a user writes them.

/// The ink of each row of an image. Counts how often it is asked, and for how many images.
struct InkByRow: FeatureExtractor {
    static let kind = "ink-by-row"
    static let calls = Mutex<[Int]>([])

    let factor: Double

    init(factor: Double = 1) { self.factor = factor }

    init(from settings: inout SettingText) throws {
        self.init(factor: try settings.number("factor", main: true, in: 0...100) ?? 1)
    }

    var settingsText: String { "\(factor)" }

    func featureCount(height: Int, width: Int) throws -> Int {
        guard height > 1 else {
            throw DescentError(.badData, "an image of one row", expected: "two", got: "\(height)")
        }
        return height
    }

    func rows(of images: NDArray<UInt8>, cancellation: Cancellation?) throws -> FeatureMatrix {
        Self.calls.withLock { $0.append(images.shape[0]) }
        return .floats(images.asType(Float.self).sum(axis: 2) * Float(factor))
    }

    /// What `body` asks for.
    static func counting(_ body: () throws -> Void) rethrows -> [Int] {
        calls.withLock { $0 = [] }
        try body()
        return calls.withLock { $0 }
    }
}

/// Rows less the mean of each feature.
struct Centring: RowTransform {
    static let kind = "centring"

    struct Settings: RowTransformLearner {
        typealias Fitted = Centring
        init() {}
        init(from settings: inout SettingText) throws {}
        var summary: String { "centred" }
        func fit(_ rows: NDArray<Float>, cancellation: Cancellation?) throws -> Centring {
            Centring(means: rows.mean(axis: 0))
        }
    }

    let means: NDArray<Float>
    var featureCount: Int { means.count }
    var outputCount: Int { means.count }
    var summary: String { "\(means.count) means" }

    func apply(to rows: NDArray<Float>) throws -> NDArray<Float> { rows - means }
    func store(in file: inout SafeTensors, prefix: String) { file.set(means, named: prefix + "means") }
    init(means: NDArray<Float>) { self.means = means }
    init(from file: SafeTensors, prefix: String) throws { means = try file.array(named: prefix + "means") }
}

/// The class of the nearest of one example of each class, the first.
struct FirstOfClass: Learner {
    static let title = "the first example of a class"
    static let settingNames = ["shift"]

    /// What is added to each class that is answered, to be wrong on purpose.
    var shift = 0

    init(shift: Int = 0) { self.shift = shift }

    init(from settings: inout SettingText) throws {
        self.init(shift: try settings.whole("shift", from: 0) ?? 0)
    }

    func summary(of classifier: FirstOfClassClassifier) -> String {
        "\(classifier.firsts.shape[0]) first examples"
    }

    func fit(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> FirstOfClassClassifier {
        let rows = examples.features.unscaledFloats
        let places = examples.classNames.indices.map { examples.classes.firstIndex(of: Int32($0)) ?? 0 }
        return FirstOfClassClassifier(
            classNames: examples.classNames, firsts: rows.taking(places), shift: shift)
    }
}

struct FirstOfClassClassifier: StorableClassifier {
    static let kind = "first-of-class"
    let classNames: [String]
    let firsts: NDArray<Float>
    var shift = 0
    var scoreKind: ScoreKind { .scores }
    var convergence: Convergence? { Convergence(isReached: shift == 0, description: "shifted by \(shift)") }

    func answers(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> Answers {
        let rows = examples.unscaledFloats
        let near = (0..<examples.count).flatMap { row -> [Float] in
            let weights = abs(firsts - rows[row]).sum(axis: 1).elements.map { 1 / (1 + $0) }
            let all = weights.reduce(0, +)
            return weights.map { $0 / all }
        }
        let answers = Answers(
            decidingBy: NDArray(shape: [examples.count, classNames.count], elements: near))
        return Answers(classes: answers.classes.map { $0 + Int32(shift) }, scores: answers.scores)
    }

    func store(in file: inout SafeTensors, prefix: String) {
        file.setClassNames(classNames, prefix: prefix)
        file.set(firsts, named: prefix + "firsts")
    }

    init(classNames: [String], firsts: NDArray<Float>, shift: Int) {
        (self.classNames, self.firsts, self.shift) = (classNames, firsts, shift)
    }

    init(from file: SafeTensors, prefix: String) throws {
        classNames = try file.classNames(prefix: prefix)
        firsts = try file.array(named: prefix + "firsts")
    }
}

/// Says that it gives as many features as it gets, and gives twice as many.
struct Doubled: RowTransform {
    static let kind = "doubled"
    var featureCount: Int { 144 }
    var outputCount: Int { 144 }
    init() {}
    func apply(to rows: NDArray<Float>) throws -> NDArray<Float> { concatenate([rows, rows], axis: 1) }
    func store(in file: inout SafeTensors, prefix: String) {}
    init(from file: SafeTensors, prefix: String) throws {}
}
