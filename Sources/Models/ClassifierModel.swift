import Arrays
import Classification
import DataSources
import ExampleData
import Inference
import Pipelines
import Support

/// A trained model that takes what people have: pictures of any size and kind, and tables.
///
/// It is loaded from a model folder and proves itself on the samples that are stored with it. It is immutable and may be asked from
/// any number of tasks at once.
///
/// ```swift
/// let model = try ClassifierModel(contentsOf: "runs/latest")
/// let answer = try model.predict(imageAt: "cat.jpg")
/// print(answer.className, answer.probability, answer.top(3))
/// ```
public struct ClassifierModel: Sendable {
    /// The classifier of prepared examples, with its calibration where it has one.
    public let classifier: any TrainedClassifier
    /// What is made of pictures and tables before the classifier takes them; nil where it takes examples as they are.
    public let input: ModelInput?
    /// What tells examples that are unlike all that was learned; nil where the folder has none.
    public let novelty: ModelNovelty?

    private let direct: DirectAnswers?

    /// Loads a model folder, or the target of a link such as `runs/latest`, and checks all of it.
    ///
    /// An ONNX file that classifies pictures is opened as it is; what it does not say is supposed as `descent predict` supposes it.
    ///
    /// - Throws: as `ModelFolder.load`.
    public init(contentsOf path: String) throws {
        let folder =
            ONNXFile.isNamed(path)
            ? ModelFolder(importing: try ONNXFile.open(path)) : try ModelFolder.loadModel(path)
        (input, novelty) = (folder.input, folder.novelty)
        classifier =
            try ModelFolder.calibration(at: path).map { try CalibratedClassifier(folder.classifier, $0) }
            ?? folder.classifier
        direct = DirectAnswers(classifier, input)
    }

    init(_ classifier: any TrainedClassifier, _ input: ModelInput?) {
        (self.classifier, self.input, novelty) = (classifier, input, nil)
        direct = DirectAnswers(classifier, input)
    }

    /// The names of the classes, in the order of their indices.
    public var classNames: [String] { classifier.classNames }

    /// Predicts what a picture shows: PNG, JPEG or WebP, of any size.
    ///
    /// - Throws: `missingInput`, `badData` that names the picture; `usage` when the model takes no pictures; as
    ///   `predictions(for:rejectingBelow:cancellation:)`.
    public func predict(imageAt path: String, rejectingBelow minimum: Float? = nil) throws -> Prediction {
        try only(predict(imagesAt: [path], rejectingBelow: minimum))
    }

    /// Predicts what pictures show, in order.
    ///
    /// - Throws: as `predict(imageAt:)`, for the first that cannot be read; `interrupted`.
    public func predict(
        imagesAt paths: [String], rejectingBelow minimum: Float? = nil, cancellation: Cancellation? = nil
    ) throws -> [Prediction] {
        guard let input else { throw noPictures(paths.first ?? "") }
        return try predictions(
            for: input.examples(ofImagesAt: paths, cancellation: cancellation), rejectingBelow: minimum,
            cancellation: cancellation)
    }

    /// Predicts what an image in memory shows: grey [H, W] or colours [H, W, 3], of any size, as an `ImageDecoder` gives it.
    ///
    /// - Throws: `badData` for another shape; `usage` when the model takes no pictures; as
    ///   `predictions(for:rejectingBelow:cancellation:)`.
    public func predict(_ image: NDArray<UInt8>, rejectingBelow minimum: Float? = nil) throws -> Prediction {
        if minimum == nil, let answer = direct?.answer(for: image) { return answer }
        guard let input else { throw noPictures("image") }
        return try only(predictions(for: input.example(of: image), rejectingBelow: minimum))
    }

    /// Predicts the class of each row of a table, whose columns are found by their names.
    ///
    /// - Throws: `missingInput`, `badData` with row and column; `usage` when the model takes no tables; `interrupted`.
    public func predict(
        tableAt path: String, rejectingBelow minimum: Float? = nil, cancellation: Cancellation? = nil
    ) throws -> [Prediction] {
        guard let input else { throw noPictures(path) }
        return try predictions(
            for: input.rows(ofTableAt: path, cancellation: cancellation).features, rejectingBelow: minimum,
            cancellation: cancellation)
    }

    /// Predicts the classes of examples in the form that the classifier takes, in order.
    ///
    /// - Parameters:
    ///   - minimum: answers that are less sure than this (`ScoreKind.confidence`) are unknown, and those for examples that
    ///     are unlike all that was learned; nil to reject none. With 0 only the latter are.
    ///   - examples: the examples, as the model takes them.
    ///   - cancellation: ends the work early, with `interrupted`.
    /// - Throws: `badData` when they have another shape; `usage` where there is no confidence, and a `minimum` above 0;
    ///   `interrupted`.
    public func predictions(
        for examples: FeatureMatrix, rejectingBelow minimum: Float? = nil, cancellation: Cancellation? = nil
    ) throws -> [Prediction] {
        let predictions = try classifier.predictions(for: examples, cancellation: cancellation)
        guard let minimum else { return predictions }
        return try rejecting(below: minimum, predictions, of: examples, cancellation: cancellation)
    }

    /// Returns the answers, with the reason where one is unknown.
    private func rejecting(
        below minimum: Float, _ predictions: [Prediction], of examples: FeatureMatrix,
        cancellation: Cancellation?
    ) throws -> [Prediction] {
        try requireConfidence(for: minimum)
        let isNovel = try novelty?.isNovel(examples, cancellation: cancellation)
        return predictions.enumerated().map { place, prediction in
            var prediction = prediction
            let confidence = classifier.scoreKind.confidence(prediction.probability) ?? 1
            // Scores that are no numbers say nothing either.
            if !(confidence >= minimum) {
                prediction.rejection = .unsure
            } else if isNovel?[place] == true {
                prediction.rejection = .novel
            }
            return prediction
        }
    }

    /// Requires scores that say how sure an answer is, where some are to be rejected by them.
    ///
    /// - Throws: `usage`.
    package func requireConfidence(for minimum: Float) throws {
        guard minimum > 0, classifier.scoreKind.confidence(1) == nil else { return }
        throw DescentError(
            .usage, "the scores of the model do not say how sure an answer is", at: "`rejectingBelow`",
            expected: "a model with probabilities, votes or neighbours",
            got: "\(classifier.name), whose scores have an order only",
            advice: "give 0 to reject only what is unlike the training examples")
    }

    private func only(_ answers: [Prediction]) throws -> Prediction {
        guard let answer = answers.first else { mistake("a picture without an answer") }
        return answer
    }

    private func noPictures(_ path: String) -> DescentError {
        DescentError(
            .usage, "the model takes rows of features as they are", at: path,
            expected: "examples of shape \(classifier.exampleShape)",
            advice: "ask its classifier for the predictions of a FeatureMatrix")
    }
}

/// The short way from an image in a network's own form to its answer: for a small network, examples and their checks take longer than
/// its layers.
private struct DirectAnswers: Sendable {
    private let network: CompiledNetwork
    private let classNames: [String]
    private let shape: [Int]
    private let scale: Float

    /// nil where the classifier is no network of a plan, or an image is prepared for it.
    init?(_ classifier: any TrainedClassifier, _ input: ModelInput?) {
        guard let classifier = classifier as? NetworkClassifier, classifier.compiled.isPlanned,
            case .images(let form)? = input, form.digits == nil, !form.isColor,
            classifier.exampleShape == [form.height, form.width]
        else { return nil }
        (network, classNames, shape) = (
            classifier.compiled, classifier.classNames, classifier.exampleShape
        )
        scale = Float(1 / classifier.preprocessing.divisor)
    }

    /// The answer; nil for an image of another shape.
    func answer(for image: NDArray<UInt8>) -> Prediction? {
        guard image.shape == shape, let scores = network.softmax(of: image, scale: scale) else { return nil }
        return Prediction(classNames: classNames, probabilities: scores)
    }
}
