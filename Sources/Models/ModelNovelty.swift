import ArrayFiles
import Arrays
import Classification
import ExampleData
import Inference
import Metrics
import Networks
import Pipelines
import Support

/// Tells examples that are unlike all that a model has learned from, by what the model makes of them before it decides: of a network
/// the input of its last dense layer, of a pipeline the rows that its classifier takes.
///
/// A model folder keeps it, so that `ClassifierModel` can answer "unknown".
///
/// ```swift
/// let novelty = try ModelNovelty(fittedTo: data.train.features, of: classifier, seed: 1)
/// try novelty.isNovel(strangers)   // [true, true]
/// ```
public struct ModelNovelty: Sendable {
    /// The distances of the features.
    public let detector: NoveltyDetector
    private let features: ModelFeatures

    /// The representatives: so many, or as many as fit into the numbers of a file.
    private static let limits = (representatives: 1000, numbers: 1 << 19)
    /// Rows that are wider are not kept: a few of them say nothing of the rest.
    private static let maximumWidth = 16_384
    private static let minimumRepresentatives = 32

    /// Fits a detector to training examples, up to 2,000 of them, drawn by the seed.
    ///
    /// - Throws: `badData` for fewer than two examples, features that are not finite, or more features than a file should keep;
    ///   `usage` for a classifier that is neither a network nor a pipeline; `interrupted`.
    public init(
        fittedTo examples: FeatureMatrix, of classifier: any TrainedClassifier, seed: Int = 0,
        cancellation: Cancellation? = nil
    ) throws {
        features = try ModelFeatures(of: classifier)
        guard features.width <= Self.maximumWidth else {
            throw DescentError(
                .badData, "too many features to know what is usual", at: classifier.name,
                expected: "at most \(Self.maximumWidth)", got: "\(features.width)")
        }
        let limit = max(
            Self.minimumRepresentatives,
            min(Self.limits.representatives, Self.limits.numbers / max(1, features.width)))
        var random = RandomState(seed)
        let drawn = random.permutationIndices(examples.count).prefix(2 * limit).sorted()
        let rows = try features.rows(
            of: examples.gathered(drawn.map { Int32($0) }), cancellation: cancellation)
        detector = try NoveltyDetector(
            fitting: rows, limit: limit, seed: seed, cancellation: cancellation)
    }

    /// Fits a detector as a run does, which is worth keeping without one too: nil where none can be fitted, as after a divergence.
    package static func fitted(
        to examples: FeatureMatrix, of classifier: any TrainedClassifier, seed: Int
    ) -> ModelNovelty? {
        try? ModelNovelty(fittedTo: examples, of: classifier, seed: seed)
    }

    private init(_ detector: NoveltyDetector, _ features: ModelFeatures) {
        (self.detector, self.features) = (detector, features)
    }

    /// Returns the distance of each example to the nearest that was kept.
    ///
    /// - Throws: `badData` for examples of another shape, and features that are not finite; `interrupted`.
    public func distances(
        to examples: FeatureMatrix, cancellation: Cancellation? = nil
    ) throws -> [Double] {
        guard examples.count > 0 else { return [] }
        return try detector.distances(
            to: features.rows(of: examples, cancellation: cancellation), cancellation: cancellation)
    }

    /// Returns whether each example is unlike all that was learned.
    ///
    /// - Throws: as `distances(to:cancellation:)`.
    public func isNovel(_ examples: FeatureMatrix, cancellation: Cancellation? = nil) throws -> [Bool] {
        try distances(to: examples, cancellation: cancellation).map { $0 > detector.threshold }
    }
}

// MARK: - Keeping

extension ModelNovelty {
    private static let prefix = "novelty."
    private static let distancesKey = "samples.distances"

    /// Writes the detector with the distances of the model's samples, by which it proves itself.
    func write(to path: String, samples: FeatureMatrix) throws {
        var file = SafeTensors()
        detector.store(in: &file, prefix: Self.prefix)
        let distances = try distances(to: samples)
        file.set(NDArray(shape: [distances.count], elements: distances), named: Self.distancesKey)
        try file.write(to: path)
    }

    /// Reads the detector of a classifier, and compares the distances of its samples with the stored ones.
    ///
    /// - Throws: `badData` when the file is damaged or belongs to another model.
    init(contentsOf path: String, of classifier: any TrainedClassifier, samples: FeatureMatrix) throws {
        let file = try SafeTensors(contentsOf: path)
        self.init(
            try NoveltyDetector(from: file, prefix: Self.prefix), try ModelFeatures(of: classifier))
        let stored: NDArray<Double> = try file.array(named: Self.distancesKey)
        guard detector.featureCount == features.width, stored.shape == [samples.count] else {
            throw DescentError(
                .badData, "the novelty detector does not fit the model", at: path,
                expected: "representatives [M, \(features.width)] and \(samples.count) distances",
                got: "\(detector.representatives.shape) and \(stored.shape)",
                advice: "the folder is damaged; train the model again")
        }
        let found: [Double]
        do {
            // One by one, as the samples' answers are compared.
            found = try (0..<samples.count).flatMap { try distances(to: samples[$0..<$0 + 1]) }
        } catch let error as DescentError {
            throw error.at(path)
        }
        // Another processor rounds features differently, and may assign another word to a descriptor.
        let share = classifier.isSensitiveToRounding ? 0.2 : 1e-3
        let tolerance = share * max(1, detector.threshold)
        for (place, (distance, kept)) in zip(found, stored.elements).enumerated()
        where !(abs(distance - kept) <= tolerance) {
            throw DescentError(
                .badData, "the novelty detector does not give the distances that are stored with it",
                at: path, expected: "\(kept) for sample \(place)", got: "\(distance)",
                advice: "the folder is damaged; train the model again")
        }
    }
}

/// What a classifier makes of examples before it decides.
private enum ModelFeatures: Sendable {
    /// The layers before the last dense one; nil where it is the first.
    case network(NetworkClassifier, CompiledNetwork?)
    case pipeline(PipelineClassifier, width: Int)

    /// Rows that are computed together: what sparse ones take with their zeros is bounded.
    private static let chunk = 256

    init(of classifier: any TrainedClassifier) throws {
        switch classifier {
        case let network as NetworkClassifier:
            let layers = network.makeNetwork().layers
            guard let last = layers.lastIndex(where: { $0 is Dense }) else { throw Self.unsuited(classifier) }
            let compiled =
                last == 0
                ? nil
                : try Sequential(Array(layers[..<last])).compiled(for: network.architecture.inputShape)
            self = .network(network, compiled)
        case let pipeline as PipelineClassifier:
            self = .pipeline(pipeline, width: try pipeline.featureCounts().last ?? 0)
        case let calibrated as CalibratedClassifier: try self.init(of: calibrated.uncalibrated)
        default: throw Self.unsuited(classifier)
        }
    }

    private static func unsuited(_ classifier: any TrainedClassifier) -> DescentError {
        DescentError(
            .usage, "the classifier has no features by which examples could be told", at: classifier.name,
            expected: "a network with a dense layer, or a pipeline", got: classifier.summary)
    }

    /// The number of features.
    var width: Int {
        switch self {
        case .network(let network, let compiled):
            LayerCost.product(compiled?.outputShape ?? network.architecture.inputShape)
        case .pipeline(_, let width): width
        }
    }

    /// Returns the features [N, D] of examples.
    func rows(of examples: FeatureMatrix, cancellation: Cancellation?) throws -> NDArray<Float> {
        let parts = try stride(from: 0, to: examples.count, by: Self.chunk).map { start in
            try Cancellation.check(cancellation, at: "novelty detector")
            return try part(examples[start..<min(start + Self.chunk, examples.count)], cancellation)
        }
        return parts.count == 1 ? parts[0] : concatenate(parts)
    }

    private func part(_ examples: FeatureMatrix, _ cancellation: Cancellation?) throws -> NDArray<Float> {
        let shape = [examples.count, width]
        switch self {
        case .network(let network, let compiled):
            let inputs = try network.inputs(of: examples)
            return
                (try compiled?(inputs.reshaped(to: [examples.count] + network.architecture.inputShape))
                ?? inputs).reshaped(to: shape)
        case .pipeline(let pipeline, _):
            return try pipeline.rows(of: examples, cancellation: cancellation).unscaledFloats.reshaped(
                to: shape)
        }
    }
}
