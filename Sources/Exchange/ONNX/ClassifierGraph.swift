import Arrays
import Classical
import Classification
import ImageFeatures
import Models
import Networks
import Pipelines
import Support

extension GraphBuilder {
    /// Adds a whole model.
    ///
    /// - Throws: `usage` that names what ONNX cannot be told.
    mutating func add(
        _ classifier: any TrainedClassifier, to examples: ExampleForm.Examples
    ) throws -> Outputs {
        switch classifier {
        case let calibrated as CalibratedClassifier:
            var outputs = try add(calibrated.uncalibrated, to: examples)
            // The smallest number of full precision stands for 0, whose logarithm there is none of.
            let kept = add(
                "Max", cast(outputs.scores, to: .double), scalar(Double(Float.leastNormalMagnitude)))
            let logits = add("Mul", add("Log", kept), scalar(1 / calibrated.calibration.temperature))
            outputs.scores = cast(softmax(logits), to: .float)
            return outputs
        case let network as NetworkClassifier: return try add(network, to: examples)
        case let pipeline as PipelineClassifier:
            var rows = try features(of: examples, for: pipeline)
            for transform in pipeline.transforms { rows = try add(transform, to: rows) }
            return try add(pipeline.classifier, to: rows)
        default:
            throw DescentError(
                .usage, "a classifier that ONNX cannot be told", at: classifier.name,
                expected: "a network or a pipeline", got: "\(type(of: classifier))")
        }
    }

    private mutating func add(_ network: NetworkClassifier, to examples: ExampleForm.Examples) throws
        -> Outputs
    {
        var value = examples.name
        if examples.areBytes {
            value = add(
                "Mul", cast(value, to: .float), scalar(Float(1 / network.preprocessing.divisor), "scale"))
        }
        let shape = network.architecture.inputShape
        if shape != examples.shape { value = reshape(value, to: shape) }
        let output = try add(network.makeNetwork().layers, to: value, shape)
        let scores = softmax(output)
        return Outputs(classes: largest(scores), scores: scores)
    }

    /// Adds a pipeline's features.
    private mutating func features(
        of examples: ExampleForm.Examples, for pipeline: PipelineClassifier
    ) throws -> Rows {
        guard !pipeline.deskews else {
            throw DescentError(
                .usage, "a step that ONNX cannot be told", at: "deskewing",
                expected: "a model of pictures as they are", advice: "train without `deskews`")
        }
        let width = examples.shape.reduce(1, *)
        if pipeline.features.areExamplesThemselves {
            let flat = examples.shape.count == 1 ? examples.name : reshape(examples.name, to: [width])
            return Rows(name: flat, width: width, areBytes: examples.areBytes)
        }
        guard let hog = pipeline.features.extractor as? HistogramOfOrientedGradients else {
            throw DescentError(
                .usage, "features that ONNX cannot be told", at: pipeline.features.name,
                expected: "pixels or hog", got: pipeline.features.summary,
                advice:
                    "keypoints are found by searches that operators do not have; train on `features` pixels or hog"
            )
        }
        let (height, along) = (
            examples.shape[examples.shape.count - 2], examples.shape[examples.shape.count - 1]
        )
        var images = cast(examples.name, to: .float)
        if examples.shape.count == 3 {
            // Grey as Descent has it, in whole numbers that a float has exactly.
            let weights = NDArray<Float>(shape: [1, 3, 1, 1], elements: [19595, 38470, 7471])
            let sum = add("Conv", images, constant(weights, "grey"), constant([Float(32768)], "half"))
            images = add("Floor", add("Mul", sum, scalar(Float(1) / 65536)))
        } else {
            images = reshape(images, to: [1, height, along])
        }
        return Rows(
            name: try add(hog, to: images, height: height, width: along),
            width: try hog.featureCount(height: height, width: along), areBytes: false)
    }

    private mutating func add(_ classifier: any StorableClassifier, to rows: Rows) throws -> Outputs {
        switch classifier {
        case let model as NearestNeighborsClassifier: return try add(model, to: rows)
        case let model as SupportVectorClassifier: return try add(model, to: rows)
        case let model as LinearSupportVectorClassifier: return add(model, to: rows)
        case let model as LogisticRegressionClassifier: return add(model, to: rows)
        case let model as GaussianNaiveBayesClassifier: return add(model, to: rows)
        case let model as NearestCentroidClassifier: return add(model, to: rows)
        default:
            throw DescentError(
                .usage, "a classifier that ONNX cannot be told", at: type(of: classifier).kind,
                expected: "one of Descent's own", got: "\(type(of: classifier))",
                advice: "one of one's own has code that only Swift can run")
        }
    }
}
