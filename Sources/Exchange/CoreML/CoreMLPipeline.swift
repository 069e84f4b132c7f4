import Arrays
import Classical
import Classification
import CoreMLMessages
import ExampleData
import Pipelines
import Support

/// A pipeline of Descent as one of Core ML: a network that makes a row of features of a picture, and a classifier.
enum CoreMLPipeline {
    private typealias Description = CoreML_Specification_FeatureDescription

    static func model(of pipeline: PipelineClassifier, _ entrance: CoreMLEntrance) throws
        -> CoreML_Specification_Model
    {
        guard !pipeline.deskews, pipeline.features.areExamplesThemselves else {
            let step = pipeline.deskews ? "deskewing" : pipeline.features.name
            throw DescentError(
                .usage, "a step that Core ML cannot be told", at: step, expected: "a model of pixels",
                advice: "train on `features` pixels, or export a network")
        }
        let rows = try rows(of: entrance, pipeline)
        // A transform makes numbers of bytes, and only bytes are scaled by the classifier.
        let classifier = try classifier(
            pipeline, rows.description, areBytes: entrance.areBytes && pipeline.transforms.isEmpty)
        var model = CoreML_Specification_Model()
        model.specificationVersion = classifier.specificationVersion
        model.isUpdatable = classifier.isUpdatable
        model.description_p = CoreMLEntrance.classifier(entrance.description)
        if classifier.isUpdatable {
            model.description_p.trainingInput = [entrance.description, CoreMLEntrance.label]
        }
        model.pipelineClassifier.pipeline.models = [rows.model, classifier]
        model.pipelineClassifier.pipeline.names = ["rows", "classifier"]
        return model
    }

    /// The network that makes a row of features, with the pipeline's transforms.
    private static func rows(of entrance: CoreMLEntrance, _ pipeline: PipelineClassifier) throws
        -> (model: CoreML_Specification_Model, description: Description)
    {
        var layers = CoreMLLayers()
        var width = entrance.width
        // A row stays one: a network must have a layer.
        var value = layers.flatten(entrance.name)
        for transform in pipeline.transforms {
            switch transform {
            case let scaling as StandardScaling:
                let factors = scaling.scales.map { 1 / $0 }
                value = layers.scale(
                    value, by: factors.map { Float($0) },
                    plus: zip(scaling.means, factors).map { Float(-$0 * $1) })
            case let scaling as MinMaxScaling:
                let (low, span) = (
                    scaling.target.lowerBound, scaling.target.upperBound - scaling.target.lowerBound
                )
                let factors = scaling.ranges.map { span / $0 }
                value = layers.scale(
                    value, by: factors.map { Float($0) },
                    plus: zip(scaling.minima, factors).map { Float(low - $0 * $1) })
            case let components as PrincipalComponents:
                var matrix = components.components
                if components.isWhitening {
                    let deviations = components.explainedVariances.map { $0.squareRoot() }
                    matrix = matrix / NDArray(deviations).reshaped(deviations.count, 1)
                }
                let means = NDArray(components.means).reshaped(components.means.count, 1)
                value = layers.product(
                    value, matrix.T.contiguousCopy().asType(Float.self),
                    bias: matmul(matrix, means).elements.map { Float(-$0) })
            default:
                throw DescentError(
                    .usage, "a transform of rows that Core ML cannot be told", at: type(of: transform).kind,
                    expected: "standard, min-max or pca",
                    advice: "one of one's own has code that only Swift can run")
            }
            width = transform.outputCount
        }
        let description = CoreMLEntrance.array(value, [width], "a row of features", isDouble: true)
        var model = CoreML_Specification_Model()
        model.specificationVersion = 1
        model.description_p.input = [entrance.description]
        model.description_p.output = [description]
        model.neuralNetwork.layers = layers.layers
        model.neuralNetwork.preprocessing = entrance.preprocessing(scale: 1)
        return (model, description)
    }

    private static func classifier(
        _ pipeline: PipelineClassifier, _ input: Description, areBytes: Bool
    ) throws -> CoreML_Specification_Model {
        var model = CoreML_Specification_Model()
        model.specificationVersion = 1
        model.description_p = CoreMLEntrance.classifier(input)
        switch pipeline.classifier {
        case let logistic as LogisticRegressionClassifier:
            model.glmClassifier = linear(
                logistic, factor: 1, classNames: logistic.classNames,
                scale: areBytes ? Double(logistic.byteScale) : 1)
        case let machine as LinearSupportVectorClassifier:
            // Of two classes the score is twice w x + b, as softmax takes it.
            model.glmClassifier = linear(
                machine, factor: machine.classNames.count == 2 ? 2 : 1, classNames: machine.classNames,
                scale: areBytes ? Double(machine.byteScale) : 1)
        case let neighbors as NearestNeighborsClassifier:
            // The format of updatable models (iOS 13, macOS 10.15).
            model.specificationVersion = 4
            model.isUpdatable = true
            model.description_p.trainingInput = [input, CoreMLEntrance.label]
            model.kNearestNeighborsClassifier = try nearest(neighbors)
        default:
            throw DescentError(
                .usage, "a classifier that Core ML cannot be told", at: type(of: pipeline.classifier).kind,
                expected: "knn, logistic or linear-svm", got: pipeline.classifier.summary,
                advice: "export it as onnx")
        }
        return model
    }

    /// A softmax of K linear scores, less the first class's, whose score is then 0.
    private static func linear(
        _ model: some LinearClassifier, factor: Double, classNames: [String], scale: Double
    ) -> CoreML_Specification_GLMClassifier {
        var result = CoreML_Specification_GLMClassifier()
        let (weights, intercepts) = (model.weights, model.intercepts)
        let isPair = weights.shape[0] == 1
        for row in isPair ? 0..<1 : 1..<weights.shape[0] {
            var own = weights[row]
            if !isPair { own = own - weights[0] }
            var array = CoreML_Specification_GLMClassifier.DoubleArray()
            array.value = (own * (factor * scale)).contiguousCopy().elements
            result.weights.append(array)
            result.offset.append(factor * (intercepts[row] - (isPair ? 0 : intercepts[0])))
        }
        (result.postEvaluationTransform, result.classEncoding) = (.logit, .referenceClass)
        result.stringClassLabels.vector = classNames
        return result
    }

    private static func nearest(_ model: NearestNeighborsClassifier) throws
        -> CoreML_Specification_KNearestNeighborsClassifier
    {
        guard model.graph == nil, model.weights == .uniform, [.l2, .minkowski(2)].contains(model.metric)
        else {
            throw DescentError(
                .usage, "neighbours that Core ML cannot be told", at: "knn",
                expected: "an exact search by Euclidean distance with equal votes",
                got: model.summary, advice: "export it as onnx")
        }
        try model.trainingExamples.requireUnpackable(for: "knn")
        let rows = model.trainingExamples.unscaledFloats
        let width = rows.count / max(1, rows.shape[0])
        let elements = rows.contiguousCopy().elements
        var result = CoreML_Specification_KNearestNeighborsClassifier()
        result.nearestNeighborsIndex.numberOfDimensions = Int32(width)
        result.nearestNeighborsIndex.floatSamples = (0..<rows.shape[0]).map { row in
            var sample = CoreML_Specification_FloatVector()
            sample.vector = Array(elements[row * width..<(row + 1) * width])
            return sample
        }
        result.nearestNeighborsIndex.linearIndex = .init()
        result.nearestNeighborsIndex.squaredEuclideanDistance = .init()
        result.numberOfNeighbors.defaultValue = Int64(model.k)
        result.numberOfNeighbors.range.minValue = 1
        result.numberOfNeighbors.range.maxValue = Int64(rows.shape[0])
        // One for each sample.
        result.stringClassLabels.vector = model.trainingClasses.map { model.classNames[Int($0)] }
        result.uniformWeighting = .init()
        return result
    }
}
