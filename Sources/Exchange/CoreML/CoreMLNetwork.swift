import CoreMLMessages
import Models
import Networks

/// A network as Core ML's classifier.
enum CoreMLNetwork {
    /// Adds the stage. `temperature`: that of its calibration; 1 for none.
    static func add(
        _ network: NetworkClassifier, temperature: Double, of entrance: CoreMLEntrance,
        to stages: inout CoreMLStages
    ) throws {
        var layers = CoreMLLayers()
        let factor = 1 / Double(network.preprocessing.divisor)
        var value = entrance.name
        // An image's pixels are scaled before the first layer; an array's by one.
        if entrance.areBytes, !entrance.isImage { value = layers.scale(value, by: [Float(factor)]) }
        var (shape, rest) = (network.architecture.inputShape, network.makeNetwork().layers[...])
        // A picture has its axes already where the network's first step would give them back to a row of pixels.
        let axes = entrance.shape.count == 2 ? [1] + entrance.shape : entrance.shape
        if let first = rest.first as? Reshape, first.shape == axes {
            shape = axes
            rest.removeFirst()
        } else if shape.count == 1, entrance.shape.count > 1 {
            value = layers.flatten(value)
        }
        value = try layers.add(Array(rest), to: value, shape)
        if temperature != 1 { value = layers.scale(value, by: [Float(1 / temperature)]) }
        let output = layers.add(value, as: .softmax(.init()), named: "scores")

        var classifier = CoreML_Specification_NeuralNetworkClassifier()
        classifier.layers = layers.layers
        classifier.preprocessing = entrance.preprocessing(scale: factor)
        classifier.stringClassLabels.vector = network.classNames
        classifier.labelProbabilityLayerName = output
        var model = CoreML_Specification_Model()
        model.specificationVersion = layers.version
        model.description_p = entrance.classifier(entrance.description)
        model.neuralNetworkClassifier = classifier
        stages.add("network", model)
    }
}
