import ArrayFiles
import Arrays
import Classical
import Classification
import Datasets
import ExampleData
import Support

/// Features, scaling and a classifier as one value, which is trained, stored, evaluated and used as one; `fit` makes a
/// ``PipelineClassifier``.
///
/// ```swift
/// let pipeline = Pipeline(.hog(HistogramOfOrientedGradients(cellSize: 4)), SupportVectorMachine(cost: 10))
/// let classifier = try pipeline.fit(mnist.train)
/// print(try classifier.evaluate(on: mnist.test).accuracy)
/// ```
public struct Pipeline: Sendable {
    /// Rows brought to a common scale before they are classified: the transforms that most pipelines have, in a word.
    public enum Scaling: String, CaseIterable, Sendable {
        /// Features as they are.
        case none
        /// Mean 0 and deviation 1, feature by feature.
        case standard
        /// From 0 to 1, feature by feature.
        case minMax = "min-max"

        /// The transform that does it; constant features are kept.
        package var transform: (any RowTransformLearner)? {
            switch self {
            case .none: nil
            case .standard: StandardScaling.Settings()
            case .minMax: MinMaxScaling.Settings()
            }
        }
    }

    /// Whether digits are deskewed first.
    public var deskews: Bool
    /// The feature extractor.
    public var features: FeatureChoice
    /// The row transforms, in order; each is fitted to the output of the one before.
    public var transforms: [any RowTransformLearner]
    /// The learning method of the classifier.
    public var learner: any Learner
    /// The seed of the visual words.
    public var seed: Int

    /// Creates a pipeline from its parts.
    ///
    /// - Parameters:
    ///   - features: the feature extractor.
    ///   - learner: the learning method of the classifier.
    ///   - deskews: whether digits are deskewed first.
    ///   - scaling: the first transform.
    ///   - componentCount: the number of principal components that are kept, by the transform after it; nil for none.
    ///   - transforms: those that come after these.
    ///   - seed: the seed of the visual words.
    public init(
        _ features: FeatureChoice = .pixels, _ learner: any Learner, deskews: Bool = false,
        scaling: Scaling = .none, componentCount: Int? = nil,
        transforms: [any RowTransformLearner] = [], seed: Int = 1
    ) {
        self.features = features
        self.learner = learner
        self.deskews = deskews
        self.transforms = scaling.transform.map { [$0] } ?? []
        if let componentCount {
            self.transforms.append(PrincipalComponents.Settings(keeping: .count(componentCount)))
        }
        self.transforms += transforms
        self.seed = seed
    }

    /// Learns from labelled examples: images as bytes [N, H, W] or [N, 3, H, W], whose colours only pixels as features keep, or
    /// rows of features, which the classifier sees as they are, or transformed.
    ///
    /// - Throws: `usage` or `badData` before work starts when settings and examples do not fit together (images smaller
    ///   than a cell or a block, features of images that are to be taken from rows, one class only, a class without examples,
    ///   k larger than the training set ...); `interrupted` soon after `cancellation`.
    public func fit(
        _ examples: LabeledExamples, cancellation: Cancellation? = nil,
        progress: ((LearningProgress) -> Void)? = nil
    ) throws -> PipelineClassifier {
        try checkKinds()
        let isImages = try areImages(examples)
        try check(examples)
        var (features, rows) = (features, examples.features)
        if isImages {
            progress?(LearningProgress(activity: "taking features"))
            let upright = deskews ? try Self.deskewed(rows) : rows
            features = try features.fitted(to: upright, seed: seed, cancellation: cancellation)
            rows = try features.rows(of: upright, cancellation: cancellation, progress: progress)
        }
        rows = try PipelineClassifier.unpacked(
            rows, for: type(of: learner).kind, unless: transforms.isEmpty && Self.takesSparseRows(learner))
        var learned: [any RowTransform] = []
        for transform in transforms {
            progress?(LearningProgress(activity: transform.summary))
            let fitted: any RowTransform = try transform.fit(rows.unscaledFloats, cancellation: cancellation)
            rows = try PipelineClassifier.transformed(rows, by: fitted)
            learned.append(fitted)
        }
        // Some learners are too quick to ask.
        try Cancellation.check(cancellation)
        let (classifier, summary) = try learner.described(
            LabeledExamples(
                rows, classes: examples.classes, classNames: examples.classNames),
            cancellation: cancellation, progress: progress)
        let seen = isImages ? features.summary : Numerals.counted(examples.featureCount, "feature")
        let parts = (deskews ? ["deskewed"] : []) + [seen] + transforms.map(\.summary) + [summary]
        let kind = type(of: classifier).kind
        return PipelineClassifier(
            name: isImages ? "\(kind) on \(features.name)" : kind, summary: parts.joined(separator: ", "),
            exampleShape: isImages ? examples.exampleShape : [examples.featureCount], deskews: deskews,
            features: features, transforms: learned,
            classifier: classifier)
    }

    private static func takesSparseRows<Method: Learner>(_ learner: Method) -> Bool {
        Method.Trained.takesSparseRows
    }

    /// Refuses transforms of whose kinds, which a file lists with commas between them, none could be found again.
    private func checkKinds() throws {
        let kinds = transforms.map { type(of: $0).kind }
        if let kind = kinds.first(where: { $0.isEmpty || $0.contains(",") }) {
            throw DescentError(
                .usage, "a transform cannot be stored under its kind", expected: "a name without a comma",
                got: "'\(kind)'", advice: "give it another 'kind'")
        }
    }

    /// Returns the images upright, in grey.
    static func deskewed(_ examples: FeatureMatrix) throws -> FeatureMatrix {
        guard let images = examples.greyImages else { mistake("deskewing of no images") }
        return .bytes(try Deskewing.apply(to: images))
    }

    /// Returns whether the examples are images, of which features are taken, and not rows.
    ///
    /// - Throws: `usage` when settings for images meet rows; `badData` for images that are too small.
    private func areImages(_ examples: LabeledExamples) throws -> Bool {
        let shape = examples.exampleShape
        if FeatureMatrix.isImage(shape), case .bytes = examples.features.storage {
            _ = try features.featureCount(of: shape)
            return true
        }
        guard shape.count == 1 else {
            throw DescentError(
                .badData, "a pipeline takes images or rows of features",
                expected: "bytes [N, H, W] or [N, 3, H, W], or [N, D]", got: "examples of shape \(shape)")
        }
        guard features == .pixels, !deskews else {
            throw DescentError(
                .usage, "rows of features are no images", at: deskews ? "`deskews`" : "`features`",
                expected: deskews ? "no deskewing" : FeatureChoice.pixels.name,
                got: deskews ? nil : features.name, advice: "leave it out")
        }
        return false
    }

    /// Refuses settings and examples whose misfit is known before features are taken.
    private func check(_ examples: LabeledExamples) throws {
        if case .values = examples.targets {
            throw DescentError(
                .badData, "targets that are numbers", at: "pipeline", expected: "a class for each example",
                got: "numbers", advice: "RegressionPipeline learns numbers")
        }
        try ExampleChecks.requireClasses(of: examples, for: "pipeline")
        let counts = examples.countsByClass
        guard counts.count(where: { $0 > 0 }) > 1 else {
            throw DescentError(
                .badData, "one class only", expected: "examples of two classes or more",
                got: counts.firstIndex { $0 > 0 }.map { "all are '\(examples.classNames[$0])'" }
                    ?? "no examples")
        }
        if let empty = counts.firstIndex(of: 0) {
            throw DescentError(
                .badData, "no example of the class '\(examples.classNames[empty])'",
                expected: "at least one of each class", advice: "take more training examples")
        }
    }
}
