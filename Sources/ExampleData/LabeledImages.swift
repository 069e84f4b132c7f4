import Arrays
import Support

/// Labelled examples that are grey images, one byte per pixel: a view of `LabeledExamples` for what takes images only.
public struct LabeledImages: ExampleSource {
    /// The images as examples, scaled to 0...1 for a network.
    public let examples: LabeledExamples
    /// The pixels, 0 to 255: [N, H, W].
    public let images: NDArray<UInt8>

    /// Images and their labels.
    ///
    /// - Precondition: as many labels as images, axes as stated above, and no label without a name.
    public init(images: NDArray<UInt8>, labels: [Int32], classNames: [String]) {
        require(images.ndim == 3, "images must have the shape (N, H, W), got \(images.shape)")
        require(
            labels.count == images.shape[0],
            "\(labels.count) labels for images of shape \(images.shape)")
        require(
            labels.allSatisfy { $0 >= 0 && Int($0) < classNames.count },
            "labels must be 0 or more and less than \(classNames.count), the number of class names")
        self.images = images
        examples = LabeledExamples(.bytes(images), classes: labels, classNames: classNames)
    }

    /// The class of each image, an index into `classNames`.
    public var labels: [Int32] { examples.classes }
    /// The names of the classes.
    public var classNames: [String] { examples.classNames }
    /// The number of images, N.
    public var count: Int { images.shape[0] }
    /// H and W.
    public var exampleShape: [Int] { examples.exampleShape }
    /// The class of each image.
    public var targets: Targets { examples.targets }
    /// The pixels as rows.
    public var residentFeatures: FeatureMatrix? { examples.features }
    /// The images' shape and a checksum of images and labels.
    public var contentChecksum: String { examples.contentChecksum }

    /// The pixels of the images `rows`.
    public func features(of rows: [Int32]) -> FeatureMatrix { examples.features(of: rows) }

    /// The first `n` images; all of them when there are no more.
    ///
    /// - Precondition: `n` is not negative.
    /// - Complexity: O(n): the pixels are shared, not copied.
    public func prefix(_ n: Int) -> LabeledImages {
        require(n >= 0, "cannot take \(n) images")
        guard n < count else { return self }
        return LabeledImages(images: images[0..<n], labels: Array(labels[0..<n]), classNames: classNames)
    }
}

/// Images to learn from, and others to test with.
public struct Dataset: Sendable {
    /// The identifier of the data set: `mnist`.
    public let name: String
    /// The images to learn from.
    public let train: LabeledImages
    /// The images that are kept for the test.
    public let test: LabeledImages
    /// Stands for the data: equal for equal data, gzipped or not; for the record of a run.
    public let checksum: String

    /// A data set from its parts.
    public init(name: String, train: LabeledImages, test: LabeledImages, checksum: String) {
        self.name = name
        self.train = train
        self.test = test
        self.checksum = checksum
    }
}
