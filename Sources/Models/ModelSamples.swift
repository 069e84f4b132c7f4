import ArrayFiles
import Arrays
import Classification
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
    static let probabilitiesKey = "probabilities"

    /// The inputs, [N, H, W].
    let images: NDArray<UInt8>
    /// The outputs, [N, K].
    let probabilities: NDArray<Float>

    init(images: NDArray<UInt8>, probabilities: NDArray<Float>) {
        self.images = images
        self.probabilities = probabilities
    }

    /// Reads the samples and checks that they have the model's sizes.
    init(at path: String, for classifier: any ImageClassifier) throws {
        let file = try SafeTensors(contentsOf: path)
        images = try file.array(named: Self.imagesKey, as: UInt8.self)
        probabilities = try file.array(named: Self.probabilitiesKey, as: Float.self)
        let count = images.shape.first ?? 0
        let size = classifier.imageSize
        guard count > 0, images.shape == [count, size.height, size.width],
            probabilities.shape == [count, classifier.classNames.count]
        else {
            throw DescentError(
                .badData, "the samples do not fit config.json", at: path,
                expected: "images [N, \(size.height), \(size.width)] and probabilities"
                    + " [N, \(classifier.classNames.count)]",
                got: "\(images.shape) and \(probabilities.shape)")
        }
    }

    /// Writes `samples.safetensors`.
    ///
    /// - Throws: `usage` without samples: a model that cannot be compared with anything is not loaded either.
    func write(to path: String) throws {
        guard images.shape[0] > 0 else {
            throw DescentError(
                .usage, "a model folder needs at least one sample image", at: "samples", got: "none")
        }
        var file = SafeTensors()
        file.set(images, named: Self.imagesKey)
        file.set(probabilities, named: Self.probabilitiesKey)
        try file.write(to: path)
    }

    /// Compares the outputs of `classifier` with the stored ones.
    func check(_ classifier: any ImageClassifier, at path: String) throws {
        let found: [Float]
        do {
            found = try classifier.probabilities(of: .bytes(images)).elements
        } catch let error as DescentError {
            throw DescentError(
                .badData, "the model cannot read the images that are stored with it: \(error.what)", at: path,
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

    private static func tolerance(for classifier: any ImageClassifier) -> Float {
        if case .votes = classifier.scoreKind { return voteTolerance }
        return classifier.isSensitiveToRounding ? wordTolerance : tolerance
    }
}
