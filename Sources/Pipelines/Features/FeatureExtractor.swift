import ArrayFiles
import Arrays
import Classical
import ExampleData
import ImageFeatures
import Support

/// A function from grey images to rows of features: its settings, and its learned values, where it is fitted.
///
/// An extractor of one's own is one type; `FeatureChoice(_:)` puts it into a pipeline, and a `FeatureRegistry` finds it by its
/// kind when a model is loaded:
///
/// ```swift
/// struct InkByRow: FeatureExtractor {
///     static let kind = "ink-by-row"
///     init(from settings: inout SettingText) throws {}
///     func featureCount(height: Int, width: Int) throws -> Int { height }
///     func rows(of images: NDArray<UInt8>, cancellation: Cancellation?) throws -> FeatureMatrix {
///         .floats(images.asType(Float.self).sum(axis: 2))
///     }
/// }
/// ```
public protocol FeatureExtractor: NamedBySettings {
    /// The extractor in words: `HOG (9 directions, cells of 4, blocks of 2x2)`; the text of its settings by default.
    var summary: String { get }

    /// Whether a rounding error may change a feature by much, as where the nearest of several words counts; false by default.
    var isSensitiveToRounding: Bool { get }

    /// Returns the number of features of an image of `height` x `width` pixels, D, before it is taken and before anything
    /// is learned.
    ///
    /// - Throws: `badData` when such an image is too small: smaller than a cell or a block.
    func featureCount(height: Int, width: Int) throws -> Int

    /// Returns the extractor fitted to training images [N, H, W]; itself by default.
    ///
    /// - Throws: `usage` or `badData` when images and settings do not fit together; `interrupted` soon after `cancellation`.
    func fitted(to images: NDArray<UInt8>, seed: Int, cancellation: Cancellation?) throws -> Self

    /// Returns the features of images [N, H, W]: N rows of D.
    ///
    /// - Throws: `badData` when the images are too small; `interrupted` soon after `cancellation`.
    func rows(of images: NDArray<UInt8>, cancellation: Cancellation?) throws -> FeatureMatrix

    /// Puts everything that the extractor needs under names that begin with `prefix`: the text of its settings by default.
    func store(in file: inout SafeTensors, prefix: String)

    /// Restores the extractor from the entries that `store` wrote.
    ///
    /// - Throws: `badData` when something is missing, has another shape, or contradicts the rest.
    init(from file: SafeTensors, prefix: String) throws
}

extension FeatureExtractor {
    /// The kind with its settings.
    public var summary: String { text }

    /// false.
    public var isSensitiveToRounding: Bool { false }

    /// Returns the extractor unchanged: it has no parameters to fit.
    public func fitted(to images: NDArray<UInt8>, seed: Int, cancellation: Cancellation?) throws -> Self {
        self
    }

    /// Puts the text of the settings under `prefix`.
    public func store(in file: inout SafeTensors, prefix: String) {
        file.metadata[prefix + "settings"] = text
    }

    /// Reads the settings from the text that `store` put.
    ///
    /// - Throws: `badData` when it is missing or cannot be read.
    public init(from file: SafeTensors, prefix: String) throws {
        var settings = SettingText(file.metadata[prefix + "settings"] ?? "", of: "features")
        do {
            guard settings.name == Self.kind else { throw settings.unknownName(known: [Self.kind]) }
            try self.init(from: &settings)
            try settings.finish()
        } catch let error as DescentError {
            throw DescentError(
                .badData, "the settings of the features are damaged: \(error.what)", at: file.path,
                expected: error.expected, got: error.got, advice: "train the model again")
        }
    }
}

/// The feature extractors by their kinds.
public typealias FeatureRegistry = ComponentRegistry<any FeatureExtractor.Type>

extension ComponentRegistry where Kind == any FeatureExtractor.Type {
    /// The feature extractors of this library.
    public static let standard: FeatureRegistry = {
        var registry = FeatureRegistry(of: "features")
        let kinds: [any FeatureExtractor.Type] = [
            Pixels.self, HistogramOfOrientedGradients.self, SIFTWords.self, SURFWords.self,
            ONNXFeatures.self,
        ]
        for kind in kinds { registry.register(kind) }
        return registry
    }()

    /// Adds an extractor under its `kind`; one that had the name is replaced.
    public mutating func register(_ extractor: any FeatureExtractor.Type) {
        register(extractor, named: extractor.kind)
    }
}
