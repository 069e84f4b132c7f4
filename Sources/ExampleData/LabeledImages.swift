import Arrays
import Support

/// Grey images with a class for each, in their own type: one byte per pixel.
///
/// Bytes stay bytes, because 60,000 MNIST images are 47 MB so and 188 MB as `Float`; a batch is converted when
/// it is gathered.
public struct LabeledImages: Sendable {
    /// The pixels, 0 to 255: [N, H, W].
    public let images: NDArray<UInt8>
    /// The class of each image, an index into `classNames`: [N].
    public let labels: NDArray<UInt8>
    /// What the classes are called.
    public let classNames: [String]

    /// Images and their labels.
    ///
    /// - Precondition: as many labels as images, axes as stated above, at most 256 classes, and no label
    ///   without a name.
    public init(images: NDArray<UInt8>, labels: NDArray<UInt8>, classNames: [String]) {
        require(images.ndim == 3, "images must have the shape (N, H, W), got \(images.shape)")
        require(
            labels.shape == [images.shape[0]],
            "labels must have the shape (\(images.shape[0]),) of images \(images.shape), got \(labels.shape)")
        require(
            labels.withUnsafeElements { $0.allSatisfy { Int($0) < classNames.count } },
            "labels must be less than \(classNames.count), the number of class names")
        self.images = images
        self.labels = labels
        self.classNames = classNames
    }

    /// The number of images, N.
    public var count: Int { images.shape[0] }

    /// The first `n` images; all of them when there are no more.
    ///
    /// - Precondition: `n` is not negative.
    /// - Complexity: O(n): the pixels are shared, not copied.
    public func prefix(_ n: Int) -> LabeledImages {
        require(n >= 0, "cannot take \(n) images")
        guard n < count else { return self }
        return LabeledImages(images: images[0..<n], labels: labels[0..<n], classNames: classNames)
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
