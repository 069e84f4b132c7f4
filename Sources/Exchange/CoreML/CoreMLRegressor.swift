import Arrays
import Classical
import CoreMLMessages
import Models
import Networks
import Pipelines
import Regression
import Support

/// Models that predict a number, in the targets' own units.
enum CoreMLRegressor {
    /// Adds the stages.
    ///
    /// - Throws: `usage` that names what Core ML has no place for.
    static func add(
        _ regressor: any TrainedRegressor, what: String, of entrance: CoreMLEntrance,
        to stages: inout CoreMLStages
    ) throws {
        switch regressor {
        case let network as NetworkRegressor:
            stages.add("network", try model(of: network, what: what, entrance))
        case let pipeline as PipelineRegressor:
            try add(pipeline, what: what, of: entrance, to: &stages)
        default:
            throw DescentError(
                .usage, "a regressor that Core ML cannot be told", at: regressor.name,
                expected: "a network or a pipeline", got: "\(type(of: regressor))")
        }
    }

    /// A network that ends in one number, an array of one element.
    private static func model(of network: NetworkRegressor, what: String, _ entrance: CoreMLEntrance) throws
        -> CoreML_Specification_Model
    {
        var layers = CoreMLLayers()
        var value = entrance.name
        let made = network.architecture.makeNetwork()
        for (named, weights) in zip(made.namedParameters, network.weights) {
            named.parameter.value = weights.value
        }
        let shape = network.architecture.inputShape
        if entrance.shape.count > 1, shape.count == 1 { value = layers.flatten(value) }
        value = try layers.add(made.layers, to: value, shape)
        let scaling = network.targetScaling
        let output = layers.scale(
            value, by: [Float(scaling.scale)], plus: [Float(scaling.offset)], named: entrance.valueName)
        var model = CoreML_Specification_Model()
        model.specificationVersion = layers.version
        model.neuralNetwork.layers = layers.layers
        model.neuralNetwork.preprocessing = entrance.preprocessing(scale: 1)
        model.description_p.input = [entrance.description]
        model.description_p.output = [CoreMLEntrance.array(output, [1], what, isDouble: true)]
        return model
    }

    private static func add(
        _ pipeline: PipelineRegressor, what: String, of entrance: CoreMLEntrance,
        to stages: inout CoreMLStages
    ) throws {
        var rows = CoreMLRows(of: entrance)
        try rows.add(pipeline.transforms)
        let areBytes = entrance.areBytes && pipeline.transforms.isEmpty
        let scaling = pipeline.targetScaling
        var model = CoreML_Specification_Model()
        model.specificationVersion = 1
        switch pipeline.regressor {
        case let ridge as RidgeRegressor:
            var row = CoreML_Specification_GLMRegressor.DoubleArray()
            let factor = scaling.scale * (areBytes ? Double(ridge.byteScale) : 1)
            row.value = (ridge.weights[0] * factor).contiguousCopy().elements
            model.glmRegressor.weights = [row]
            model.glmRegressor.offset = [ridge.intercepts[0] * scaling.scale + scaling.offset]
        case let machine as SupportVectorRegressor where !machine.coefficients.isEmpty:
            if areBytes { rows.scale(by: machine.byteScale) }
            model.supportVectorRegressor = try CoreMLMachine.regressor(
                machine, scale: scaling.scale, offset: scaling.offset)
        default:
            throw DescentError(
                .usage, "a regressor that Core ML cannot be told", at: type(of: pipeline.regressor).kind,
                expected: "ridge, or svr with support vectors", got: pipeline.summary,
                advice: "export it as onnx")
        }
        let row = rows.add(to: &stages)
        var value = CoreMLEntrance.Feature()
        (value.name, value.shortDescription) = (entrance.valueName, what)
        value.type.doubleType = .init()
        (model.description_p.input, model.description_p.output) = ([row], [value])
        model.description_p.predictedFeatureName = value.name
        stages.add("regressor", model)
    }
}
