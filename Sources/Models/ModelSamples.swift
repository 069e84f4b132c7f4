import ArrayFiles
import Arrays
import Classification
import ExampleData
import Pipelines
import Support

/// The samples of a model, `samples.safetensors`: inputs and the outputs that they must give. A model that was damaged, or
/// that another version computes differently, is found when it is loaded, not by its wrong answers.
struct ModelSamples {
    /// The largest difference of a probability from the stored one: sums in another order, as another CPU makes them, differ
    /// by about 1e-6.
    static let tolerance: Float = 1e-4
    /// The largest difference where another CPU's rounding may turn a vote (a 45th of ten classes' votes), or assign another
    /// word to one descriptor of a picture's hundred.
    static let voteTolerance: Float = 0.05
    static let wordTolerance: Float = 0.02
    static let imagesKey = "images"
    static let featuresKey = "features"
    static let probabilitiesKey = "probabilities"

    /// The inputs: images as bytes, rows of features as numbers.
    let examples: FeatureMatrix
    /// The outputs, [N, K].
    let probabilities: NDArray<Float>

    init(examples: FeatureMatrix, probabilities: NDArray<Float>) {
        self.examples = examples
        self.probabilities = probabilities
    }

    /// Reads the samples and checks that they have the model's sizes.
    init(at path: String, for classifier: any TrainedClassifier) throws {
        let file = try SafeTensors(contentsOf: path)
        // Rows of features may be bytes, as pixels of a table are.
        let isNumbers = file.arrays[Self.featuresKey] != nil
        let shape: [Int]
        if isNumbers {
            let numbers = try file.array(named: Self.featuresKey, as: Float.self)
            (examples, shape) = (.floats(numbers.ndim > 0 ? numbers : numbers.reshaped(1)), numbers.shape)
        } else {
            let bytes = try file.array(named: Self.imagesKey, as: UInt8.self)
            (examples, shape) = (.bytes(bytes.ndim > 0 ? bytes : bytes.reshaped(1)), bytes.shape)
        }
        probabilities = try file.array(named: Self.probabilitiesKey, as: Float.self)
        let count = shape.first ?? 0
        guard count > 0, shape == [count] + classifier.exampleShape, !(isNumbers && classifier.takesImages),
            probabilities.shape == [count, classifier.classNames.count]
        else {
            let axes = classifier.exampleShape.map(String.init).joined(separator: ", ")
            throw DescentError(
                .badData, "the samples do not fit config.json", at: path,
                expected: "\(classifier.takesImages ? Self.imagesKey : Self.featuresKey) [N, \(axes)] and"
                    + " probabilities [N, \(classifier.classNames.count)]",
                got: "\(shape) and \(probabilities.shape)")
        }
    }

    /// Writes `samples.safetensors`.
    ///
    /// - Throws: `usage` without samples: a model that cannot be compared with anything is not loaded either.
    func write(to path: String) throws {
        guard examples.count > 0 else {
            throw DescentError(
                .usage, "a model folder needs at least one sample", at: "samples", got: "none")
        }
        var file = SafeTensors()
        switch examples.dense {
        case .bytes(let bytes): file.set(bytes, named: Self.imagesKey)
        case .floats(let numbers): file.set(numbers, named: Self.featuresKey)
        }
        file.set(probabilities, named: Self.probabilitiesKey)
        try file.write(to: path)
    }

    /// Compares the outputs of `classifier` with the stored ones.
    func check(_ classifier: any TrainedClassifier, at path: String) throws {
        let found: [Float]
        do {
            found = try classifier.probabilities(of: examples).elements
        } catch let error as DescentError {
            throw DescentError(
                .badData, "the model cannot read the examples that are stored with it: \(error.what)",
                at: path,
                expected: error.expected, got: error.got,
                advice: "the folder is damaged; train the model again")
        }
        guard found.count == probabilities.count else {
            throw DescentError(
                .badData, "the model gives another number of answers than are stored with it", at: path,
                expected: "\(probabilities.count) probabilities", got: "\(found.count)",
                advice: "the folder is damaged; train the model again")
        }
        var worst: Float = 0
        for (one, other) in zip(found, probabilities.elements) {
            let difference = abs(one - other)
            worst = difference.isNaN ? .infinity : max(worst, difference)
        }
        let tolerance = Self.tolerance(for: classifier)
        guard worst <= tolerance else {
            throw DescentError(
                .badData, "the model does not give the answers that are stored with it", at: path,
                expected: "differences up to \(tolerance)", got: "\(worst)",
                advice: "the folder is damaged; train the model again")
        }
    }

    private static func tolerance(for classifier: any TrainedClassifier) -> Float {
        if case .votes = classifier.scoreKind { return voteTolerance }
        return classifier.isSensitiveToRounding ? wordTolerance : tolerance
    }
}
