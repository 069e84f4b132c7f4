import ArrayFiles
import Arrays
import ExampleData
import Support

/// A classifier of images that a model folder can keep: a network, or a pipeline of features and a classical classifier.
///
/// It is a value that any number of tasks may ask at once.
public protocol ImageClassifier: Classifier, Sendable {
    /// The name: `two-layer`, `svm on hog`.
    var name: String { get }
    /// The structure and settings in a line: `784-50-10`, `HOG (cells of 4), rbf kernel (gamma 0.02), C 5`.
    var summary: String { get }
    /// The size of the images that it takes.
    var imageSize: (height: Int, width: Int) { get }
    /// The size of the learned parameters in a file, in bytes.
    var storedByteCount: Int { get }
    /// Whether a rounding error, as another processor makes it, may change a score by much; false by default.
    var isSensitiveToRounding: Bool { get }

    /// Evaluates the classifier on labelled images. Classes are matched by name.
    ///
    /// - Throws: `badData` when the images have another size than the model's, or a class that it does not know.
    func evaluate(on examples: LabeledImages) throws -> Evaluation
}

extension ImageClassifier {
    /// false.
    public var isSensitiveToRounding: Bool { false }

    /// Requires images [N, H, W] of the size that the model takes.
    ///
    /// - Throws: `badData` when they have not.
    package func check(shape: [Int]) throws {
        let size = "\(imageSize.height), \(imageSize.width)"
        guard shape.count == 3 else {
            throw DescentError(
                .badData, "images come as one array of three axes", expected: "[N, \(size)]", got: "\(shape)",
                advice: shape == [imageSize.height, imageSize.width]
                    ? "give one image as [1, \(size)]: image[.newAxis]" : nil)
        }
        guard shape[1] == imageSize.height, shape[2] == imageSize.width else {
            throw DescentError(
                .badData, "images of another size than the model's",
                expected: "\(imageSize.height)x\(imageSize.width)",
                got: shape.dropFirst().map(String.init).joined(separator: "x"))
        }
    }

    /// Returns the class of each example among the model's own, found by its name.
    ///
    /// - Throws: `badData` that names a class that the model does not know.
    package func actualClasses(of examples: LabeledImages) throws -> [Int32] {
        let classes = try examples.classNames.map { name -> Int32 in
            guard let index = classNames.firstIndex(of: name) else {
                throw DescentError(
                    .badData, "the model does not know the class '\(name)'",
                    expected: classNames.joined(separator: ", "),
                    advice: "evaluate it on the kind of data that it was trained on")
            }
            return Int32(index)
        }
        return examples.labels.map { classes[Int($0)] }
    }
}
