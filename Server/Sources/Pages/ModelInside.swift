import Classical
import Descent
import ImageFeatures
import Pipelines

/// What can be shown of a model beside its answer, found once for each version of it: layers, weights, training examples, cells.
struct ModelInside: Sendable {
    /// `network`, or the name of the method, such as `svm` and `knn`.
    let kind: String
    private let stages: [Stage]
    private let first: FirstLayer?
    private let scale: Float
    private let pipeline: PipelineClassifier?

    /// The layers, maps, units and neighbours that are shown at most.
    private static let shown = (layers: 4, maps: 16, numbers: 512, units: 6, neighbors: 8)

    /// A network up to a hidden layer.
    private struct Stage: Sendable {
        let network: CompiledNetwork
        let shape: [Int]
    }

    /// The layer that sees the picture: its weights for each unit, of `shape`.
    private struct FirstLayer: Sendable {
        let weights: NDArray<Float>
        let shape: (height: Int, width: Int, channels: Int)
        /// Whether the weights of a unit lie beside each other; in a dense layer's they lie below each other.
        let isConvolution: Bool
    }

    /// Looks into a model.
    ///
    /// - Throws: as `ModelFolder.load` where it must be looked at without its calibration.
    init(_ model: ClassifierModel, at path: String) throws {
        var classifier = model.classifier
        if !(classifier is NetworkClassifier), !(classifier is PipelineClassifier),
            let folder = try? ModelFolder.load(path)
        {
            classifier = folder.classifier
        }
        switch classifier {
        case let network as NetworkClassifier:
            let divisor = Self.divisor(of: network)
            (kind, pipeline, scale) = ("network", nil, Float(1 / (divisor ?? 1)))
            let layers = network.makeNetwork().layers
            // Layers are shown what they were trained on, or nothing.
            stages =
                divisor == nil
                ? [] : try Self.stages(of: layers, inputShape: network.architecture.inputShape)
            first = Self.firstLayer(of: layers, exampleShape: network.exampleShape)
        case let known as PipelineClassifier:
            (kind, pipeline, scale) = (type(of: known.classifier).kind, known, 1)
            (stages, first) = ([], nil)
        default:
            (kind, pipeline, scale) = ("other", nil, 1)
            (stages, first) = ([], nil)
        }
    }

    /// What bytes are divided by before the network takes them; nil for an unusual number.
    private static func divisor(of network: NetworkClassifier) -> Double? {
        [255, 256, 1].first {
            network.preprocessing == Preprocessing(exampleShape: network.exampleShape, divisor: $0)
        }
    }

    private static func stages(of layers: [any Layer], inputShape: [Int]) throws -> [Stage] {
        let last = layers.lastIndex { $0 is Dense } ?? 0
        var ends: [Int] = []
        for (index, layer) in layers[..<last].enumerated()
        where layer is Dense || layer is Convolution || layer is Residual {
            var end = index + 1
            // The activity is what the next layer gets.
            while end < last, layers[end] is ActivationLayer || layers[end] is BatchNormalization { end += 1 }
            ends.append(end)
        }
        // The first and the last, and as many between them as there is room for.
        if ends.count > shown.layers {
            ends = (0..<shown.layers).map { ends[$0 * (ends.count - 1) / (shown.layers - 1)] }
        }
        return try ends.map { end in
            let network = try Sequential(Array(layers[..<end])).compiled(for: inputShape)
            return Stage(network: network, shape: network.outputShape)
        }
    }

    private static func firstLayer(of layers: [any Layer], exampleShape: [Int]) -> FirstLayer? {
        guard exampleShape.count >= 2 else { return nil }
        let channels = exampleShape.count == 3 ? exampleShape[0] : 1
        let (height, width) = (exampleShape[exampleShape.count - 2], exampleShape[exampleShape.count - 1])
        switch layers.first(where: { $0 is Dense || $0 is Convolution }) {
        // The scores of a network without hidden layers are no units.
        case let dense as Dense where dense.weight.shape[0] == channels * height * width && layers.count > 1:
            return FirstLayer(
                weights: dense.weight.value, shape: (height, width, channels), isConvolution: false)
        case let convolution as Convolution:
            let shape = convolution.weight.shape
            return FirstLayer(
                weights: convolution.weight.value, shape: (shape[2], shape[3], shape[1]), isConvolution: true)
        default: return nil
        }
    }

    /// Adds what this model shows of one example.
    ///
    /// - Throws: as the model's parts do.
    func add(to look: inout Look, for example: FeatureMatrix) throws {
        if !stages.isEmpty { try addActivity(to: &look, for: example) }
        guard let pipeline else { return }
        if let nearest = pipeline.classifier as? NearestNeighborsClassifier {
            look.neighbors = try neighbors(nearest, pipeline, of: example)
        }
        if let hog = pipeline.features.extractor as? HistogramOfOrientedGradients {
            look.cells = try HOGCells(hog, pipeline).cells(of: example)
        }
    }

    // MARK: - Networks

    private func addActivity(to look: inout Look, for example: FeatureMatrix) throws {
        let numbers = example.unscaledFloats * scale
        for (number, stage) in stages.enumerated() {
            let output = try stage.network(numbers.reshaped(to: [1] + stage.network.inputShape))
            let values = output.elements
            look.layers.append(Self.layer(values, stage.shape))
            if number == 0, let first { look.units = Self.units(values, stage.shape, first) }
        }
    }

    private static func layer(_ values: [Float], _ shape: [Int]) -> Look.Layer {
        guard shape.count == 3 else {
            let some = values.prefix(shown.numbers)
            return Look.Layer(
                kind: "dense", count: values.count,
                maps: .init(height: 1, width: some.count, channels: 1, bytes: BytesText.signed(some)))
        }
        let maps = min(shape[0], shown.maps)
        return Look.Layer(
            kind: "maps", count: shape[0],
            maps: .init(
                height: shape[1], width: shape[2], channels: maps,
                bytes: BytesText.signed(values.prefix(maps * shape[1] * shape[2]))))
    }

    /// The units that are most active: with the weights by which they look at the picture.
    private static func units(_ values: [Float], _ shape: [Int], _ first: FirstLayer) -> [Look.Unit] {
        let count = shape[0]
        let area = max(1, values.count / max(1, count))
        let activity = (0..<count).map { unit in
            values[unit * area..<(unit + 1) * area].reduce(0) { $0 + $1.magnitude } / Float(area)
        }
        let best = activity.indices.sorted { activity[$0] > activity[$1] }.prefix(shown.units)
        let weights = first.weights.elements
        let (height, width, channels) = first.shape
        let pixels = height * width
        return best.map { unit in
            // The channels of a colour picture together.
            let picture = (0..<pixels).map { pixel in
                (0..<channels).reduce(Float(0)) { sum, channel in
                    let place = channel * pixels + pixel
                    return sum
                        + weights[
                            first.isConvolution ? unit * channels * pixels + place : place * count + unit]
                }
            }
            return Look.Unit(
                index: unit, activity: activity[unit].isFinite ? activity[unit] : 0,
                weights: .init(
                    height: height, width: width, channels: 1, bytes: BytesText.signed(picture)))
        }
    }

    // MARK: - Neighbours

    private func neighbors(
        _ nearest: NearestNeighborsClassifier, _ pipeline: PipelineClassifier, of example: FeatureMatrix
    ) throws -> [Look.Neighbor] {
        let classes = nearest.trainingClasses
        let found = try nearest.neighbors(
            of: pipeline.rows(of: example), k: min(Self.shown.neighbors, classes.count))[0]
        let shape = pipeline.exampleShape
        let isPicture =
            pipeline.features == .pixels && pipeline.transforms.isEmpty && (2...3).contains(shape.count)
        let rows = nearest.trainingExamples.gathered(found.map { Int32($0.index) })
        let pixels = isPicture ? rows.unscaledFloats.elements : []
        return found.enumerated().map { place, neighbor in
            var shown = Look.Neighbor(
                label: nearest.classNames[Int(classes[neighbor.index])],
                distance: neighbor.distance.isFinite ? neighbor.distance : 0)
            if isPicture {
                let width = rows.featureCount
                shown.picture = .init(
                    height: shape[shape.count - 2], width: shape[shape.count - 1],
                    channels: shape.count == 3 ? shape[0] : 1,
                    bytes: BytesText.levels(pixels[place * width..<(place + 1) * width]))
            }
            return shown
        }
    }
}
