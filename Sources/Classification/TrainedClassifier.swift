import ArrayFiles
import Arrays
import ExampleData
import Support

/// A classifier that a model folder can keep: a network, or a pipeline of features and a classical classifier.
///
/// It is a value that any number of tasks may ask at once.
public protocol TrainedClassifier: Classifier, Sendable {
    /// The name: `two-layer`, `svm on hog`.
    var name: String { get }
    /// The structure and settings in a line: `784-50-10`, `HOG (cells of 4), rbf kernel (gamma 0.02), C 5`.
    var summary: String { get }
    /// The shape of one example that it takes: [H, W] for grey images, [C, H, W] for images of several channels, [D] for rows of
    /// features.
    var exampleShape: [Int] { get }
    /// The size of the learned parameters in a file, in bytes.
    var storedByteCount: Int { get }
    /// Whether a rounding error, as another processor makes it, may change a score by much; false by default.
    var isSensitiveToRounding: Bool { get }

    /// Evaluates the classifier on labelled examples. Classes are matched by name.
    ///
    /// - Throws: `badData` when the examples have another shape than the model's, or a class that it does not know;
    ///   `interrupted` soon after `cancellation`.
    func evaluate(on examples: LabeledExamples, cancellation: Cancellation?) throws -> Evaluation
}

extension TrainedClassifier {
    /// false.
    public var isSensitiveToRounding: Bool { false }

    /// The height and width of the images that it takes; nil where it takes rows of features.
    package var imageSize: (height: Int, width: Int)? {
        guard FeatureMatrix.isImage(exampleShape) else { return nil }
        return (exampleShape[exampleShape.count - 2], exampleShape[exampleShape.count - 1])
    }

    /// Evaluates the classifier on labelled examples. Classes are matched by name.
    ///
    /// - Throws: as `evaluate(on:cancellation:)`.
    public func evaluate(on examples: LabeledExamples) throws -> Evaluation {
        try evaluate(on: examples, cancellation: nil)
    }

    /// Requires examples of the shape that the model takes: images as bytes, or rows with as many features.
    ///
    /// - Throws: `badData` when they have another.
    package func check(_ examples: FeatureMatrix) throws {
        guard imageSize != nil else {
            // Sparse rows come without the shape that they are of.
            guard examples.featureCount == exampleShape.reduce(1, *) else { throw misfit(examples.shape) }
            return
        }
        guard case .bytes = examples.storage else {
            throw DescentError(
                .badData, "the model takes images", expected: "bytes [N, H, W]",
                got: "numbers of shape \(examples.shape)")
        }
        try check(shape: examples.shape)
    }

    /// Requires examples [N, ...] of the shape that the model takes.
    ///
    /// - Throws: `badData` when they have another.
    package func check(shape: [Int]) throws {
        guard imageSize != nil else {
            guard Array(shape.dropFirst()) == exampleShape else { throw misfit(shape) }
            return
        }
        let axes = exampleShape.map(String.init).joined(separator: ", ")
        guard shape.count == exampleShape.count + 1 else {
            throw DescentError(
                .badData, "images come as one array of \(exampleShape.count == 2 ? "three" : "four") axes",
                expected: "[N, \(axes)]", got: "\(shape)",
                advice: shape == exampleShape ? "give one image as [1, \(axes)]: image[.newAxis]" : nil)
        }
        guard Array(shape.dropFirst()) == exampleShape else {
            func size(_ shape: some Collection<Int>) -> String {
                shape.map(String.init).joined(separator: "x")
            }
            throw DescentError(
                .badData, "images of another size than the model's", expected: size(exampleShape),
                got: size(shape.dropFirst()))
        }
    }

    private func misfit(_ shape: [Int]) -> DescentError {
        let expected = (["N"] + exampleShape.map(String.init)).joined(separator: ", ")
        return DescentError(
            .badData,
            exampleShape.count == 1
                ? "the model takes rows of features" : "examples of another shape than the model's",
            expected: "[\(expected)]", got: "\(shape)",
            advice: exampleShape.count == 1 && shape.count == 2
                ? "the examples have another number of features than in training" : nil)
    }

    /// Returns the class of each example among the model's own, found by its name.
    ///
    /// - Throws: `badData` that names a class that the model does not know, or targets that are numbers.
    package func actualClasses(of examples: any ExampleSource) throws -> [Int32] {
        guard case .classes(let targets) = examples.targets else {
            throw DescentError(
                .badData, "targets that are numbers", expected: "a class for each example", got: "numbers")
        }
        let classes = try examples.classNames.map { name -> Int32 in
            guard let index = classNames.firstIndex(of: name) else {
                throw DescentError(
                    .badData, "the model does not know the class '\(name)'",
                    expected: classNames.joined(separator: ", "),
                    advice: "evaluate it on the kind of data that it was trained on")
            }
            return Int32(index)
        }
        return targets.map { classes[Int($0)] }
    }
}
