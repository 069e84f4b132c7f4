import ArrayFiles
import Arrays
import Classification
import EvaluationMetrics
import ExampleData
import Inference
import Networks
import Pipelines
import Support

/// Tells examples that are unlike all that a model has learned from, in two ways: by what an example looks like, and by what the model
/// makes of it before it decides.
///
/// The look is the image in 14 x 14 cells, or the row as it is. What a network makes of an example is the input of its last dense
/// layer, at length 1; of a pipeline it is the row that its classifier takes. A network lays strangers among what it knows, which
/// their looks tell; strangers that look alike in the large it may tell itself. An example is novel when either detector says so.
///
/// A model folder keeps it, so that `ClassifierModel` can answer "unknown".
///
/// ```swift
/// let novelty = try ModelNovelty(fittedTo: data.train, of: classifier, seed: 1)
/// try novelty.isNovel(strangers)   // [true, true]
/// ```
public struct ModelNovelty: Sendable {
    /// The detectors: of looks, and of what the model makes of examples, where that is something else.
    package var detectors: [NoveltyDetector] { parts.map(\.detector) }
    private let parts: [(view: NoveltyView, detector: NoveltyDetector)]

    /// The representatives: so many, or as many as fit into the numbers of a file.
    private static let limits = (representatives: 600, numbers: 1 << 18)
    private static let minimumRepresentatives = 32
    /// Each detector takes half of the hundredth of ordinary examples that may be refused.
    private static let quantile = 0.995

    /// Fits the detectors to training examples, up to 1,200 of them, drawn by the seed.
    ///
    /// - Throws: `badData` for fewer than two examples, features that are not finite, or more features than a file should keep;
    ///   `usage` for a classifier that is neither a network nor a pipeline; `interrupted`.
    public init(
        fittedTo examples: any ExampleSource, of classifier: any TrainedClassifier, seed: Int = 0,
        cancellation: Cancellation? = nil
    ) throws {
        var random = RandomState(seed)
        let order = random.permutationIndices(examples.count)
        parts = try NoveltyView.all(of: classifier).map { view in
            let limit = max(
                Self.minimumRepresentatives,
                min(Self.limits.representatives, Self.limits.numbers / max(1, view.width)))
            let places = order.prefix(2 * limit).sorted().map { Int32($0) }
            let drawn = try examples.residentFeatures?.gathered(places) ?? examples.features(of: places)
            let rows = try view.rows(of: drawn, cancellation: cancellation)
            return (
                view,
                try NoveltyDetector(
                    fitting: rows, quantile: Self.quantile, limit: limit, seed: seed,
                    cancellation: cancellation)
            )
        }
    }

    /// Fits detectors as a run does, which is worth keeping without them too: nil where none can be fitted, as after a divergence.
    package static func fitted(
        to examples: any ExampleSource, of classifier: any TrainedClassifier, seed: Int
    ) -> ModelNovelty? {
        try? ModelNovelty(fittedTo: examples, of: classifier, seed: seed)
    }

    /// Returns whether each example is unlike all that was learned.
    ///
    /// - Throws: `badData` for examples of another shape, and features that are not finite; `interrupted`.
    public func isNovel(_ examples: FeatureMatrix, cancellation: Cancellation? = nil) throws -> [Bool] {
        let distances = try distances(to: examples, cancellation: cancellation)
        return (0..<examples.count).map { place in
            zip(distances, parts).contains { $0[place] > $1.detector.threshold }
        }
    }

    /// Returns whether each example of a source is unlike all that was learned, reading so many at once as fit into little memory.
    ///
    /// - Throws: as for a matrix of features; what reading them throws.
    package func isNovel(_ examples: any ExampleSource) throws -> [Bool] {
        if let features = examples.residentFeatures { return try isNovel(features) }
        return try stride(from: 0, to: examples.count, by: 1024).flatMap { start in
            try isNovel(
                examples.features(of: (start..<min(start + 1024, examples.count)).map { Int32($0) }))
        }
    }

    /// The distance of each example to the nearest that was kept, by each detector.
    private func distances(
        to examples: FeatureMatrix, cancellation: Cancellation? = nil
    ) throws -> [[Double]] {
        try parts.map { view, detector in
            guard examples.count > 0 else { return [] }
            return try detector.distances(
                to: view.rows(of: examples, cancellation: cancellation), cancellation: cancellation)
        }
    }
}

// MARK: - Keeping

extension ModelNovelty {
    private static func prefix(_ part: Int) -> String { "novelty\(part)." }

    /// Writes the detectors with the distances of the model's samples, by which they prove themselves.
    func write(to path: String, samples: FeatureMatrix) throws {
        var file = SafeTensors()
        for (part, (detector, distances)) in try zip(detectors, distances(to: samples)).enumerated() {
            detector.store(in: &file, prefix: Self.prefix(part))
            file.set(
                NDArray(shape: [distances.count], elements: distances),
                named: Self.prefix(part) + "samples")
        }
        try file.write(to: path)
    }

    /// Reads the detectors of a classifier, and compares the distances of its samples with the stored ones.
    ///
    /// - Throws: `badData` when the file is damaged or belongs to another model.
    init(contentsOf path: String, of classifier: any TrainedClassifier, samples: FeatureMatrix) throws {
        let file = try SafeTensors(contentsOf: path)
        parts = try NoveltyView.all(of: classifier).enumerated().map { part, view in
            let detector = try NoveltyDetector(from: file, prefix: Self.prefix(part))
            let kept: NDArray<Double> = try file.array(named: Self.prefix(part) + "samples")
            guard detector.featureCount == view.width, kept.shape == [samples.count] else {
                throw DescentError(
                    .badData, "the novelty detector does not fit the model", at: path,
                    expected: "representatives [M, \(view.width)] and \(samples.count) distances",
                    got: "\(detector.representatives.shape) and \(kept.shape)",
                    advice: "the folder is damaged; train the model again")
            }
            // Another processor rounds features differently, and may assign another word to a descriptor.
            let share = classifier.isSensitiveToRounding ? 0.2 : 1e-3
            let tolerance = share * max(1, detector.threshold)
            for (place, distance) in kept.elements.enumerated() {
                // One by one, as the samples' answers are compared.
                let found: Double
                do {
                    found = try detector.distances(
                        to: view.rows(of: samples[place..<place + 1], cancellation: nil))[0]
                } catch let error as DescentError {
                    throw error.at(path)
                }
                guard abs(found - distance) <= tolerance else {
                    throw DescentError(
                        .badData,
                        "the novelty detector does not give the distances that are stored with it",
                        at: path, expected: "\(distance) for sample \(place)", got: "\(found)",
                        advice: "the folder is damaged; train the model again")
                }
            }
            return (view, detector)
        }
    }
}
