import CoreMLMessages

/// The models of a file, one after the other: a table's columns to features, pictures to rows, and what predicts.
struct CoreMLStages {
    typealias Model = CoreML_Specification_Model
    typealias Feature = CoreML_Specification_FeatureDescription

    private(set) var models: [Model] = []
    private var names: [String] = []

    /// Adds a model that makes `outputs` of `inputs`; `version` is that of the format which has all of it: 1 is iOS 11's, 4 iOS 13's.
    mutating func add(
        _ name: String, _ inputs: [Feature], to outputs: [Feature], version: Int32 = 1,
        _ content: Model.OneOf_Type
    ) {
        var model = Model()
        model.specificationVersion = version
        (model.description_p.input, model.description_p.output, model.type) = (inputs, outputs, content)
        add(name, model)
    }

    /// Adds a model that says itself what it takes and gives.
    mutating func add(_ name: String, _ model: Model) {
        models.append(model)
        names.append(name)
    }

    /// The only model, or all as a pipeline that takes `inputs` and gives what the last one gives.
    func model(taking inputs: [Feature]) -> Model? {
        guard let last = models.last, models.count > 1 else { return models.last }
        var pipeline = CoreML_Specification_Pipeline()
        (pipeline.models, pipeline.names) = (models, names)
        var whole = Model()
        whole.specificationVersion = models.map(\.specificationVersion).max() ?? 1
        whole.isUpdatable = last.isUpdatable
        whole.description_p = last.description_p
        whole.description_p.input = inputs
        if last.isUpdatable {
            // The last model alone goes on learning; its own input is made of these.
            whole.description_p.trainingInput = inputs + last.description_p.trainingInput.dropFirst()
        }
        let description = last.description_p
        if !description.predictedProbabilitiesName.isEmpty {
            whole.pipelineClassifier.pipeline = pipeline
        } else if !description.predictedFeatureName.isEmpty {
            whole.pipelineRegressor.pipeline = pipeline
        } else {
            whole.pipeline = pipeline
        }
        return whole
    }
}
