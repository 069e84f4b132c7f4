import CoreMLMessages
import Models
import Networks

/// A network as Core ML's classifier.
enum CoreMLNetwork {
    /// `temperature`: that of its calibration; 1 for none.
    static func model(of network: NetworkClassifier, _ entrance: CoreMLEntrance, temperature: Double) throws
        -> CoreML_Specification_Model
    {
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
        // Each of these layers is in the first version of the format (iOS 11, macOS 10.13).
        model.specificationVersion = 1
        model.description_p = CoreMLEntrance.classifier(entrance.description)
        model.neuralNetworkClassifier = classifier
        return model
    }
}
