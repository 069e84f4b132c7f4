import ArrayFiles
import Arrays
import Classical
import ExampleData
import ImageFeatures
import Support

/// The features by which a pipeline's classifier sees an image. The kinds are in files beside this one, a type each
/// (``FeatureExtractor``).
///
/// ```swift
/// let features = try FeatureChoice(parsing: "hog:cell=7")
/// ```
public struct FeatureChoice: Sendable, Hashable, CustomStringConvertible {
    /// The extractor.
    public let extractor: any FeatureExtractor

    /// Creates the features that `extractor` takes.
    public init(_ extractor: some FeatureExtractor) { self.extractor = extractor }

    private init(opening extractor: any FeatureExtractor) { self.extractor = extractor }

    /// The names that `init(parsing:)` knows by themselves, without a file.
    package static let names = FeatureRegistry.standard.names.filter { $0 != ONNXFeatures.kind }

    /// Parses the features that `text` names: `pixels`, `hog`,
    /// `hog:cell=7,orientations=9,block=2,norm=L2-Hys,interpolation=trilinear`,
    /// `sift:words=500,step=3,cell=3,grid=2` (dense), `surf:words=300,grid=2,enlarge=2`, `onnx:FILE@TENSOR`.
    ///
    /// - Throws: `usage` that names the part which cannot be read.
    public init(parsing text: String, in registry: FeatureRegistry = .standard) throws {
        let extractor: any FeatureExtractor = try registry.component(parsing: text, usage: { $0.usage }) {
            kind, settings in try kind.init(from: &settings)
        }
        self.init(opening: extractor)
    }

    /// The name alone: `hog`.
    package var name: String { type(of: extractor).kind }

    /// In words: `HOG (9 directions, cells of 4, blocks of 2x2)`.
    public var summary: String { extractor.summary }

    /// The text that `init(parsing:)` reads: `hog:7,interpolation=trilinear`.
    public var description: String { extractor.text }

    /// Equal if they take the same features.
    public static func == (one: FeatureChoice, other: FeatureChoice) -> Bool {
        AnyHashable(one.extractor) == AnyHashable(other.extractor)
    }

    /// Hashes the extractor.
    public func hash(into hasher: inout Hasher) { extractor.hash(into: &hasher) }

    /// Whether the features are the examples themselves, whatever they are: images or rows of a table.
    package var areExamplesThemselves: Bool { extractor is Pixels }

    /// Returns the number of features of an example of this shape, before it is taken.
    ///
    /// - Throws: `badData` when it is no image, and the extractor takes images; as `FeatureExtractor.featureCount`.
    package func featureCount(of exampleShape: [Int]) throws -> Int {
        if areExamplesThemselves { return exampleShape.reduce(1, *) }
        guard FeatureMatrix.isImage(exampleShape) else { throw imagesNeeded(exampleShape) }
        return try extractor.featureCount(
            height: exampleShape[exampleShape.count - 2], width: exampleShape[exampleShape.count - 1])
    }

    /// Returns the choice with its extractor fitted to training examples; colour images are taken in grey.
    ///
    /// - Throws: as `FeatureExtractor.fitted`, `badData` when it takes images and these are none.
    func fitted(to examples: FeatureMatrix, seed: Int, cancellation: Cancellation?) throws -> FeatureChoice {
        if areExamplesThemselves || extractor is any PictureFeatureExtractor { return self }
        guard let images = examples.greyImages else { throw imagesNeeded(examples.exampleShape) }
        return FeatureChoice(
            opening: try extractor.fitted(to: images, seed: seed, cancellation: cancellation))
    }

    /// Returns the features of examples, of the shape that the extractor says they have; colour images are taken in grey.
    ///
    /// - Throws: as `FeatureExtractor.rows`; `failed` when they have another shape; `badData` when it takes images and these
    ///   are none.
    func rows(
        of examples: FeatureMatrix, cancellation: Cancellation?,
        progress: ((LearningProgress) -> Void)? = nil
    ) throws -> FeatureMatrix {
        if areExamplesThemselves { return examples }
        if let extractor = extractor as? any PictureFeatureExtractor {
            guard FeatureMatrix.isImage(examples.exampleShape) else {
                throw imagesNeeded(examples.exampleShape)
            }
            return try extractor.rows(of: examples, cancellation: cancellation, progress: progress)
        }
        guard let images = examples.greyImages else { throw imagesNeeded(examples.exampleShape) }
        let rows = try extractor.rows(of: images, cancellation: cancellation)
        let width = try extractor.featureCount(height: images.shape[1], width: images.shape[2])
        guard rows.count == images.shape[0], rows.featureCount == width else {
            throw DescentError(
                .failed, "the features have another shape than their extractor says", at: name,
                expected: "[\(images.shape[0]), \(width)]", got: "\(rows.shape)")
        }
        return rows
    }

    private func imagesNeeded(_ shape: [Int]) -> DescentError {
        DescentError(
            .badData, "these features are those of images", at: "features", expected: "images",
            got: "examples of shape \(shape)", advice: "take the examples themselves, which are called pixels"
        )
    }

    // MARK: Keeping

    /// Puts the extractor and its kind under names that begin with `prefix`.
    func store(in file: inout SafeTensors, prefix: String) {
        if !StoredFeatures.extractors.contains(where: { $0 == type(of: extractor) }) {
            file.metadata[prefix + "kind"] = name
        }
        extractor.store(in: &file, prefix: prefix)
    }

    /// Restores the choice from the entries that `store` wrote.
    ///
    /// - Throws: `badData` for an unknown kind and for entries that the kind cannot read.
    init(from file: SafeTensors, prefix: String, in registry: FeatureRegistry) throws {
        let kind = try file.metadata[prefix + "kind"] ?? StoredFeatures(from: file, prefix: prefix).kind
        self.init(opening: try registry.kind(named: kind, of: file).init(from: file, prefix: prefix))
    }
}

extension ComponentRegistry {
    /// Returns the kind of that name, which a model has.
    ///
    /// - Throws: `badData` that names the kinds there are.
    func kind(named name: String, of file: SafeTensors) throws -> Kind {
        guard let kind = self[name] else {
            throw DescentError(
                .badData, "the model has an unknown kind of \(component)", at: file.path,
                expected: names.joined(separator: ", "), got: "'\(name)'",
                advice: "load it in a program that registers this kind among the components")
        }
        return kind
    }
}
