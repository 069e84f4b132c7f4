import Descent
import Foundation

/// A network that learns, and what is measured of it. It belongs to the one thread of its run.
final class LabTraining {
    let settings: LabSettings
    let data: LabData
    let network: Sequential
    private var step: TrainingStep
    private let batches: BatchLoader
    private(set) var stepCount = 0
    /// The loss of the last step.
    private var lastLoss: Float = 0
    private let view: LabView

    /// The examples of each part that are measured.
    static let measured = 2_000

    init(_ settings: LabSettings, _ data: LabData) throws {
        (self.settings, self.data) = (settings, data)
        network = try settings.makeNetwork(
            inputs: data.train.featureCount, classes: data.train.classNames.count)
        step = settings.makeStep(for: network)
        batches = BatchLoader(
            data.train,
            sampler: BatchSampler(
                count: data.train.count, batchSize: settings.batchSize, random: RandomState(settings.seed)))
        view = LabView(data)
    }

    var learningRate: Double {
        get { Double(step.learningRate) }
        set { step.learningRate = Float(newValue) }
    }

    var isFinite: Bool { lastLoss.isFinite }

    func learn() throws {
        lastLoss = step(try batches.next())
        stepCount += 1
    }

    /// The data and the network in words.
    var description: LabDescription { view.description(parameters: network.parameterCount) }

    /// Measures the network as it is now.
    func snapshot() throws -> LabSnapshot {
        let compiled = try CompiledNetwork(network, for: [data.train.featureCount])
        var snapshot = LabSnapshot(step: stepCount, learningRate: learningRate)
        let batch = min(settings.batchSize, data.train.count)
        snapshot.epoch = Double(stepCount * batch) / Double(data.train.count)
        (snapshot.train, _) = try figures(compiled, data.train)
        let said: [Int32]
        (snapshot.test, said) = try figures(compiled, data.test)
        snapshot.layers = layerFigures()
        snapshot.misread = try view.misread(said, compiled)
        if data.isPlane {
            snapshot.boundary = try view.boundary(compiled)
            (snapshot.units, snapshot.edges) = view.units(of: network)
        } else {
            snapshot.filters = view.filters(of: network)
        }
        return snapshot
    }

    private func figures(_ compiled: CompiledNetwork, _ examples: LabeledExamples) throws
        -> (LabSnapshot.Figures, [Int32])
    {
        let count = min(examples.count, Self.measured)
        let said = try compiled.predictions(
            for: examples.features, rows: 0..<count, labels: examples.classes, loss: .crossEntropy)
        let correct = zip(said.labels, examples.classes).count { $0 == $1 }
        let loss = said.totalLoss / Double(max(1, count))
        let figures = LabSnapshot.Figures(
            loss: loss.isFinite ? loss : nil, accuracy: Double(correct) / Double(max(1, count)), count: count)
        return (figures, said.labels)
    }

    /// The gradients of the loss of the first training examples, by each layer's weights.
    private func layerFigures() -> [LabSnapshot.LayerFigures] {
        let rows = (0..<Int32(min(64, data.train.count))).map { $0 }
        let classes = rows.map { data.train.classes[Int($0)] }
        let (_, gradients) = valueAndGradients(of: network, seed: settings.seed) { network in
            network(data.train.features, rows: rows).softmaxCrossEntropy(labels: classes)
        }
        return network.layers.compactMap { layer in
            guard let dense = layer as? Dense else { return nil }
            return LabSnapshot.LayerFigures(
                units: dense.bias.count, gradient: Self.size(of: gradients[dense.weight]),
                weight: Self.size(of: dense.weight.value))
        }
    }

    /// The root of the mean square; nil where it is not finite.
    private static func size(of array: NDArray<Float>) -> Double? {
        let elements = array.elements
        let squares = elements.reduce(0.0) { $0 + Double($1) * Double($1) }
        let size = (squares / Double(max(1, elements.count))).squareRoot()
        return size.isFinite ? size : nil
    }

    /// Writes the network as a model folder; returns its path.
    func save(in folder: String) throws -> String {
        let classifier = try NetworkClassifier(
            network, name: "mlp:" + settings.hidden.map(String.init).joined(separator: ","),
            classNames: data.train.classNames,
            preprocessing: Preprocessing(exampleShape: data.train.exampleShape))
        var model = ModelFolder(classifier, samples: data.test.prefix(8).features)
        model.input = data.input
        return try model.write(to: .run(in: folder, name: "lab"))
    }
}
