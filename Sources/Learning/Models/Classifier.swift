import Arrays

/// Anything that tells which class a picture belongs to.
public protocol Classifier {
    /// The names of the classes, in the order of their numbers.
    var labels: [String] { get }

    /// How probable each class is for each image.
    ///
    /// - Parameter images: bytes [N, H, W].
    /// - Returns: [N, K]; each row adds up to 1.
    /// - Throws: `badData` when the images have a size that the classifier does not take.
    func probabilities(of images: NDArray<UInt8>) throws -> NDArray<Float>
}

/// A classifier's answer for one image.
public struct Prediction: Equatable, Sendable {
    /// The names of the classes.
    public let labels: [String]
    /// How probable each class is, in the order of the labels.
    public let probabilities: [Float]
    /// The number of the most probable class; the first of equals.
    public let index: Int

    init(labels: [String], probabilities: [Float]) {
        self.labels = labels
        self.probabilities = probabilities
        var best = 0
        for place in probabilities.indices where probabilities[place] > probabilities[best] { best = place }
        index = best
    }

    /// The name of the most probable class.
    public var label: String { labels[index] }

    /// How probable it is, 0...1.
    public var probability: Float { probabilities[index] }

    /// The most probable classes, the most probable first.
    public func top(_ count: Int) -> [(label: String, probability: Float)] {
        let order = probabilities.indices.sorted {
            probabilities[$0] != probabilities[$1] ? probabilities[$0] > probabilities[$1] : $0 < $1
        }
        return order.prefix(count).map { (labels[$0], probabilities[$0]) }
    }
}

extension Classifier {
    /// The classifier's answers for `images` [N, H, W], in order.
    ///
    /// ```swift
    /// for answer in try model.predictions(for: digits.test.images) { print(answer.label, answer.probability) }
    /// ```
    public func predictions(for images: NDArray<UInt8>) throws -> [Prediction] {
        let width = labels.count
        return try probabilities(of: images).withUnsafeElements { values in
            (0..<(images.shape.first ?? 0)).map { row in
                Prediction(labels: labels, probabilities: Array(values[(row * width)..<((row + 1) * width)]))
            }
        }
    }
}
