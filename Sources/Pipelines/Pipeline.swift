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
        public var transform: (any RowTransformLearner)? {
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

    /// Learns from labelled images, or rows of features.
    ///
    /// - Throws: `usage` or `badData` before work starts when settings and images do not fit together (images smaller
    ///   than a cell or a block, one class only, a class without examples, k larger than the training set ...);
    ///   `interrupted` soon after `cancellation`.
    public func fit(
        _ examples: LabeledExamples, cancellation: Cancellation? = nil,
        progress: ((LearningProgress) -> Void)? = nil
    ) throws -> PipelineClassifier {
        try checkKinds()
        _ = try features.featureCount(of: examples.exampleShape)
        try check(examples)
        progress?(LearningProgress(activity: "taking features"))
        let upright = deskews ? try Self.deskewed(examples.features) : examples.features
        let features = try features.fitted(to: upright, seed: seed, cancellation: cancellation)
        var rows = try features.rows(of: upright, cancellation: cancellation)
        var learned: [any RowTransform] = []
        for transform in transforms {
            progress?(LearningProgress(activity: transform.summary))
            let fitted: any RowTransform = try transform.fit(rows.unscaledFloats, cancellation: cancellation)
            rows = try PipelineClassifier.transformed(rows, by: fitted)
            learned.append(fitted)
        }
        // Some learners are too quick to ask.
        if cancellation?.isCancelled == true { throw DescentError(.interrupted, "stopped before learning") }
        let (classifier, summary) = try learner.described(
            LabeledExamples(
                rows, classes: examples.classes, classNames: examples.classNames),
            cancellation: cancellation, progress: progress)
        // A table has no pixels.
        let isTable = features.areExamplesThemselves && !FeatureMatrix.isImage(examples.exampleShape)
        let parts =
            (deskews ? ["deskewed"] : []) + (isTable ? [] : [features.summary]) + transforms.map(\.summary)
            + [summary]
        return PipelineClassifier(
            name: type(of: classifier).kind + (isTable ? "" : " on \(features.name)"),
            summary: parts.joined(separator: ", "), exampleShape: examples.exampleShape, deskews: deskews,
            features: features, transforms: learned,
            classifier: classifier)
    }

    /// Returns the images upright, of any channels.
    static func deskewed(_ examples: FeatureMatrix) throws -> FeatureMatrix {
        guard let images = examples.greyImages else {
            throw DescentError(
                .badData, "only images can be set upright", at: "deskews", expected: "images",
                got: "examples of shape \(examples.exampleShape)")
        }
        return .bytes(try Deskewing.apply(to: images))
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

    /// Refuses settings and images whose misfit is known before features are taken.
    private func check(_ examples: LabeledExamples) throws {
        guard case .classes = examples.targets else {
            throw DescentError(
                .badData, "a classifier learns classes", expected: "a class for each example",
                got: "numbers as targets")
        }
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
