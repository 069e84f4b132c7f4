import Classical

/// The registries by which a pipeline's parts are found by name when a model is loaded.
///
/// ```swift
/// var components = PipelineComponents.standard
/// components.features.register(InkByRow.self)
/// let model = try ModelFolder.load("runs/latest", components: components).classifier
/// ```
public struct PipelineComponents: Sendable {
    /// The feature extractors.
    public var features: FeatureRegistry
    /// The row transforms.
    public var transforms: TransformRegistry
    /// The classifiers.
    public var classifiers: ClassifierRegistry
    /// The regressors.
    public var regressors: RegressorRegistry

    /// Components from their registries; this library's own by default.
    public init(
        features: FeatureRegistry = .standard, transforms: TransformRegistry = .standard,
        classifiers: ClassifierRegistry = .standard, regressors: RegressorRegistry = .standard
    ) {
        (self.features, self.transforms) = (features, transforms)
        (self.classifiers, self.regressors) = (classifiers, regressors)
    }

    /// The kinds of this library.
    public static let standard: PipelineComponents = {
        var components = PipelineComponents()
        components.classifiers.register(GivenScores.self)
        return components
    }()
}
