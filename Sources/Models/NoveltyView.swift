import Arrays
import Classification
import ExampleData
import Inference
import Networks
import Pipelines
import Support

/// A way to see examples as rows, in which unlike ones lie apart.
enum NoveltyView: Sendable {
    /// The image in cells, or the row as it is.
    case look(NoveltyLook)
    /// The input of a network's last dense layer, at length 1.
    case network(NetworkClassifier, CompiledNetwork)
    /// The rows that a pipeline's classifier takes.
    case pipeline(PipelineClassifier, width: Int)

    /// Rows that are computed together: what sparse ones take with their zeros is bounded.
    private static let chunk = 256
    /// Rows that are wider are not kept: a few of them say nothing of the rest.
    private static let maximumWidth = 16_384

    /// The views of a classifier.
    ///
    /// - Throws: `usage` for one that is neither a network nor a pipeline; `badData` for too many features.
    static func all(of classifier: any TrainedClassifier) throws -> [NoveltyView] {
        let look = NoveltyLook(exampleShape: classifier.exampleShape)
        let views: [NoveltyView]
        switch classifier {
        case let network as NetworkClassifier:
            let layers = network.makeNetwork().layers
            let last = layers.lastIndex { $0 is Dense } ?? 0
            let compiled =
                last == 0
                ? nil
                : try Sequential(Array(layers[..<last])).compiled(for: network.architecture.inputShape)
            views = [.look(look)] + (compiled.map { [.network(network, $0)] } ?? [])
        case let pipeline as PipelineClassifier:
            let rows = NoveltyView.pipeline(pipeline, width: try pipeline.featureCounts().last ?? 0)
            // Of rows it takes rows: their look says nothing more.
            views = pipeline.imageSize == nil ? [rows] : [.look(look), rows]
        case let calibrated as CalibratedClassifier: return try all(of: calibrated.uncalibrated)
        default:
            throw DescentError(
                .usage, "the classifier has no features by which examples could be told", at: classifier.name,
                expected: "a network or a pipeline", got: classifier.summary)
        }
        // What an image looks like tells something even where the rows of its features are too long to be kept.
        let kept = views.filter { $0.width <= maximumWidth }
        guard !kept.isEmpty else {
            throw DescentError(
                .badData, "too many features to know what is usual", at: classifier.name,
                expected: "at most \(maximumWidth)", got: "\(views.map(\.width).max() ?? 0)")
        }
        return kept
    }

    /// The number of features.
    var width: Int {
        switch self {
        case .look(let look): look.width
        case .network(_, let compiled): LayerCost.product(compiled.outputShape)
        case .pipeline(_, let width): width
        }
    }

    /// Returns the rows [N, D] of examples.
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
        case .look(let look): return try look.rows(of: examples)
        case .network(let network, let compiled):
            let inputs = try network.inputs(of: examples)
            let outputs = try compiled(
                inputs.reshaped(to: [examples.count] + network.architecture.inputShape))
            return Self.atLengthOne(outputs.reshaped(to: shape))
        case .pipeline(let pipeline, _):
            return try pipeline.rows(of: examples, cancellation: cancellation).unscaledFloats.reshaped(
                to: shape)
        }
    }

    /// The directions of rows: how strong its features are tells less of an example than which it has.
    private static func atLengthOne(_ rows: NDArray<Float>) -> NDArray<Float> {
        let width = rows.shape[1]
        return rows.withUnsafeElements { source in
            NDArray(shape: rows.shape) { target in
                for start in stride(from: 0, to: source.count, by: width) {
                    var sum = 0.0
                    for place in start..<start + width {
                        sum += Double(source[place]) * Double(source[place])
                    }
                    let length = Float(max(sum.squareRoot(), 1e-9))
                    for place in start..<start + width {
                        target.initializeElement(at: place, to: source[place] / length)
                    }
                }
            }
        }
    }
}

/// What examples look like in the large.
struct NoveltyLook: Sendable {
    private let shape: [Int]
    private let channels: Int
    private let rowCount: Int
    private let columnCount: Int

    /// The most cells across and down: what is smaller tells one example from another of its class.
    private static let cells = 14

    init(exampleShape shape: [Int]) {
        self.shape = shape
        let isImage = FeatureMatrix.isImage(shape)
        channels = isImage ? shape.dropLast(2).reduce(1, *) : 1
        rowCount = isImage ? min(Self.cells, shape[shape.count - 2]) : 1
        columnCount = isImage ? min(Self.cells, shape[shape.count - 1]) : shape.reduce(1, *)
    }

    /// The number of features.
    var width: Int { channels * rowCount * columnCount }

    /// Returns the rows [N, D] of examples: the mean of each cell of each channel, 0 to 1; of rows their numbers.
    ///
    /// - Throws: `badData` when they have another shape, or more numbers than memory.
    func rows(of examples: FeatureMatrix) throws -> NDArray<Float> {
        try examples.requireUnpackable(for: "novelty detector")
        guard examples.exampleShape == shape || examples.featureCount == shape.reduce(1, *) else {
            throw DescentError(
                .badData, "examples of another shape than in training", at: "novelty detector",
                expected: "\(shape)", got: "\(examples.exampleShape)")
        }
        let numbers = examples.unscaledFloats
        guard FeatureMatrix.isImage(shape) else { return numbers }
        let (fullHeight, fullWidth) = (shape[shape.count - 2], shape[shape.count - 1])
        return numbers.withUnsafeElements { pixels in
            NDArray(shape: [examples.count, width]) { target in
                var place = 0
                for plane in 0..<examples.count * channels {
                    for row in 0..<rowCount {
                        let rows = row * fullHeight / rowCount..<(row + 1) * fullHeight / rowCount
                        for column in 0..<columnCount {
                            let columns =
                                column * fullWidth / columnCount..<(column + 1) * fullWidth / columnCount
                            var sum: Float = 0
                            for y in rows {
                                for x in columns { sum += pixels[(plane * fullHeight + y) * fullWidth + x] }
                            }
                            let mean = sum / Float(rows.count * columns.count)
                            target.initializeElement(at: place, to: mean / 255)
                            place += 1
                        }
                    }
                }
            }
        }
    }
}
