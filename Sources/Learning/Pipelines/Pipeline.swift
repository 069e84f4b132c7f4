import ArrayFiles
import Arrays
import Classical
import Datasets
import ImageFeatures
import Support

/// Features, scaling and a classifier as one value, which is trained, kept, evaluated and asked as one thing.
///
/// ```swift
/// let pipeline = Pipeline(.hog(HistogramOfOrientedGradients(cellSize: 4)), SupportVectorMachine(cost: 10))
/// let classifier = try pipeline.fit(mnist.train)
/// print(try classifier.evaluate(on: mnist.test).accuracy)
/// ```
public struct Pipeline: Sendable {
    /// Rows brought to a common scale before they are classified.
    public enum Scaling: String, CaseIterable, Sendable {
        /// As they are.
        case none
        /// Mean 0 and deviation 1, feature by feature.
        case standard
        /// From 0 to 1, feature by feature.
        case minMax = "min-max"
    }

    /// Whether digits are set upright first.
    public var deskews: Bool
    /// What the classifier sees of an image.
    public var features: FeatureChoice
    /// How features are scaled.
    public var scaling: Scaling
    /// How many principal components are kept of the features; nil for all features themselves.
    public var componentCount: Int?
    /// What classifies.
    public var learner: any Learner
    /// What the visual words begin with.
    public var seed: Int

    /// A pipeline from its parts.
    public init(
        _ features: FeatureChoice = .pixels, _ learner: any Learner, deskews: Bool = false,
        scaling: Scaling = .none, componentCount: Int? = nil, seed: Int = 1
    ) {
        self.features = features
        self.learner = learner
        self.deskews = deskews
        self.scaling = scaling
        self.componentCount = componentCount
        self.seed = seed
    }

    /// Learns from labelled images.
    ///
    /// - Throws: `usage` or `badData` before work starts when settings and images do not fit together (images smaller
    ///   than a cell or a block, one class only, a class without examples, k larger than the training set ...);
    ///   `interrupted` soon after `cancellation`.
    public func fit(
        _ images: LabeledImages, cancellation: Cancellation? = nil,
        progress: ((LearningProgress) -> Void)? = nil
    ) throws -> PipelineClassifier {
        let (height, width) = (images.images.shape[1], images.images.shape[2])
        try LearnedFeatures.check(features, height: height, width: width)
        try check(images)
        progress?(LearningProgress(activity: "taking features"))
        let upright = deskews ? try Deskewing.apply(to: images.images) : images.images
        let learned = try LearnedFeatures(features, from: upright, seed: seed, cancellation: cancellation)
        var examples = try learned.examples(of: upright, cancellation: cancellation)
        var transforms: [any RowTransform] = []
        func learn(_ make: (NDArray<Float>) throws -> any RowTransform) throws {
            let transform = try make(examples.numbers)
            examples = .numbers(try transform.apply(to: examples.numbers))
            transforms.append(transform)
        }
        switch scaling {
        case .none: break
        case .standard: try learn { try StandardScaling(fitting: $0, constants: .kept) }
        case .minMax: try learn { try MinMaxScaling(fitting: $0, constants: .kept) }
        }
        if let componentCount {
            progress?(LearningProgress(activity: "finding principal components"))
            try learn {
                try PrincipalComponents(
                    fitting: $0, keeping: .count(componentCount), cancellation: cancellation)
            }
        }
        // Some learners are too quick to ask.
        if cancellation?.isCancelled == true { throw DescentError(.interrupted, "stopped before learning") }
        let classifier = try learner.fit(
            LabeledExamples(
                examples, classes: images.labels.elements.map(Int.init), classNames: images.classNames),
            cancellation: cancellation, progress: progress)
        return PipelineClassifier(
            name: "\(type(of: classifier).kind) on \(features.name)", summary: "\(summary(of: classifier))",
            imageSize: (height, width), deskews: deskews, features: learned, transforms: transforms,
            classifier: classifier)
    }

    /// What can be known to be wrong before features are taken.
    private func check(_ images: LabeledImages) throws {
        var counts = [Int](repeating: 0, count: images.classNames.count)
        for label in images.labels.elements { counts[Int(label)] += 1 }
        guard counts.count(where: { $0 > 0 }) > 1 else {
            throw DescentError(
                .badData, "one class only", expected: "examples of two classes or more",
                got: counts.firstIndex { $0 > 0 }.map { "all are '\(images.classNames[$0])'" }
                    ?? "no examples")
        }
        if let empty = counts.firstIndex(of: 0) {
            throw DescentError(
                .badData, "no example of the class '\(images.classNames[empty])'",
                expected: "at least one of each class", advice: "take more training examples")
        }
    }

    private func summary(of classifier: any StorableClassifier) -> String {
        var parts = deskews ? ["deskewed"] : []
        parts.append(features.summary)
        if scaling != .none { parts.append("\(scaling.rawValue) scaling") }
        if let componentCount { parts.append(Numerals.counted(componentCount, "principal component")) }
        return (parts + [Self.description(of: learner, classifier)]).joined(separator: ", ")
    }

    /// The learner in words, with what it found.
    static func description(of learner: any Learner, _ classifier: any StorableClassifier) -> String {
        switch learner {
        case let neighbors as NearestNeighbors:
            let k = (classifier as? NearestNeighborsClassifier)?.k
            let found = k.map { "\($0)" } ?? neighbors.k.description
            let weights = neighbors.weights == .uniform ? "" : ", weighted by distance"
            return "\(found) nearest neighbours, \(neighbors.metric)\(weights)"
        case let machine as SupportVectorMachine:
            let strictness =
                switch machine.formulation {
                case .cost(let cost): "C \(JSONText.number(cost).line)"
                case .nu(let nu): "nu \(JSONText.number(nu).line)"
                }
            return "support vector machine, \(machine.kernel), \(strictness)"
        case is SearchedSupportVectorMachine:
            let kernel = (classifier as? SupportVectorClassifier).map { "\($0.kernel), " } ?? ""
            return "support vector machine, \(kernel)settings by cross-validation"
        case let linear as LinearSupportVectorMachine:
            let way =
                switch (linear.strategy, linear.loss) {
                case (.crammerSinger, _): ", Crammer and Singer"
                case (.oneVersusRest, .squaredHinge): ", squared hinge"
                case (.oneVersusRest, .hinge): ""
                }
            return "linear support vector machine\(way), C \(JSONText.number(linear.cost).line)"
        case is LogisticRegression: return "logistic regression"
        case is GaussianNaiveBayes: return "Gaussian naive Bayes"
        case is NearestCentroid: return "nearest centroid"
        default: return type(of: classifier).kind
        }
    }
}
