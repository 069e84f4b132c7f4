import ArrayFiles
import Arrays
import ExampleData
import Support

/// A classifier that a model folder can keep: a network, or a pipeline of features and a classical classifier.
///
/// It takes images or rows of a table, of one shape, and is a value that any number of tasks may ask at once.
public protocol TrainedClassifier: Classifier, Sendable {
    /// The name: `two-layer`, `svm on hog`.
    var name: String { get }
    /// The structure and settings in a line: `784-50-10`, `HOG (cells of 4), rbf kernel (gamma 0.02), C 5`.
    var summary: String { get }
    /// The shape of one example that it takes: [H, W] for grey images, [3, H, W] for colour images, [D] for rows.
    var exampleShape: [Int] { get }
    /// The size of the learned parameters in a file, in bytes.
    var storedByteCount: Int { get }
    /// Whether a rounding error, as another processor makes it, may change a score by much; false by default.
    var isSensitiveToRounding: Bool { get }

    /// Evaluates the classifier on labelled examples. Classes are matched by name.
    ///
    /// - Throws: `badData` when the examples have another shape than the model's, or a class that it does not know.
    func evaluate(on examples: LabeledExamples) throws -> Evaluation
}

extension TrainedClassifier {
    /// false.
    public var isSensitiveToRounding: Bool { false }

    /// Whether it takes images, and not rows of features.
    package var takesImages: Bool { exampleShape.count > 1 }

    /// The examples in words: `grey images of 28x28`, `13 features`.
    package var exampleWords: String {
        switch exampleShape.count {
        case 2: "grey images of \(exampleShape[0])x\(exampleShape[1])"
        case 3: "colour images of \(exampleShape[1])x\(exampleShape[2])"
        default: Numerals.counted(exampleShape.reduce(1, *), "feature")
        }
    }

    /// Requires examples of the shape [N] and the model's, and bytes where it takes images.
    ///
    /// - Throws: `badData` when they have another.
    package func check(_ examples: FeatureMatrix) throws {
        if takesImages {
            guard case .bytes = examples.storage else {
                throw DescentError(
                    .badData, "the model takes images", expected: "bytes, \(exampleWords)",
                    got: "numbers of shape \(examples.shape)")
            }
        }
        try check(shape: examples.shape)
    }

    /// Requires examples of the shape [N] and the model's.
    ///
    /// - Throws: `badData` when they have another.
    package func check(shape: [Int]) throws {
        guard takesImages else {
            // A row of features may come in any shape.
            let (count, expected) = (shape.dropFirst().reduce(1, *), exampleShape.reduce(1, *))
            guard count != expected else { return }
            throw DescentError(
                .badData, "examples of another number of features than the model's",
                expected: Numerals.counted(expected, "feature"), got: "\(count)")
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
                shape.suffix(2).map(String.init).joined(separator: "x")
            }
            throw DescentError(
                .badData, "images of another size than the model's", expected: size(exampleShape),
                got: size(shape))
        }
    }

    /// Returns the class of each example among the model's own, found by its name.
    ///
    /// - Throws: `badData` that names a class that the model does not know.
    package func actualClasses(of examples: LabeledExamples) throws -> [Int32] {
        let classes = try examples.classNames.map { name -> Int32 in
            guard let index = classNames.firstIndex(of: name) else {
                throw DescentError(
                    .badData, "the model does not know the class '\(name)'",
                    expected: classNames.joined(separator: ", "),
                    advice: "evaluate it on the kind of data that it was trained on")
            }
            return Int32(index)
        }
        return examples.classes.map { classes[Int($0)] }
    }
}
