import Arrays
import Classification
import DataSources
import ExampleData
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

    /// Loads a model folder, or the target of a link such as `runs/latest`, and checks all of it.
    ///
    /// - Throws: as `ModelFolder.load`.
    public init(contentsOf path: String) throws {
        let folder = try ModelFolder.load(path)
        input = folder.input
        classifier =
            try ModelFolder.calibration(at: path).map { try CalibratedClassifier(folder.classifier, $0) }
            ?? folder.classifier
    }

    /// The names of the classes, in the order of their indices.
    public var classNames: [String] { classifier.classNames }

    /// Predicts what a picture shows: PNG, JPEG or WebP, of any size.
    ///
    /// - Throws: `missingInput`, `badData` that names the picture; `usage` when the model takes no pictures.
    public func predict(imageAt path: String) throws -> Prediction {
        let answers = try predict(imagesAt: [path])
        guard let answer = answers.first else { mistake("a picture without an answer") }
        return answer
    }

    /// Predicts what pictures show, in order.
    ///
    /// - Throws: as `predict(imageAt:)`, for the first that cannot be read; `interrupted`.
    public func predict(imagesAt paths: [String], cancellation: Cancellation? = nil) throws -> [Prediction] {
        guard let input else { throw noPictures(paths.first ?? "") }
        return try classifier.predictions(
            for: input.examples(ofImagesAt: paths, cancellation: cancellation))
    }

    /// Predicts the class of each row of a table, whose columns are found by their names.
    ///
    /// - Throws: `missingInput`, `badData` with row and column; `usage` when the model takes no tables; `interrupted`.
    public func predict(tableAt path: String, cancellation: Cancellation? = nil) throws -> [Prediction] {
        guard let input else { throw noPictures(path) }
        return try classifier.predictions(
            for: input.rows(ofTableAt: path, cancellation: cancellation).features)
    }

    private func noPictures(_ path: String) -> DescentError {
        DescentError(
            .usage, "the model takes rows of features as they are", at: path,
            expected: "examples of shape \(classifier.exampleShape)",
            advice: "ask its classifier for the predictions of a FeatureMatrix")
    }
}
