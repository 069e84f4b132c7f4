import Arrays
import Classical
import Classification
import CoreMLMessages
import ExampleData
import Pipelines
import Support

/// A pipeline of Descent as one of Core ML: a network that makes a row of features of a picture, and a classifier.
enum CoreMLPipeline {
    /// Adds the stages. `temperature`: that of a calibration; 1 for none.
    ///
    /// - Throws: `usage` that names what Core ML has no place for.
    static func add(
        _ pipeline: PipelineClassifier, temperature: Double, of entrance: CoreMLEntrance,
        to stages: inout CoreMLStages
    ) throws {
        guard !pipeline.deskews, pipeline.features.areExamplesThemselves else {
            let step = pipeline.deskews ? "deskewing" : pipeline.features.name
            throw DescentError(
                .usage, "a step that Core ML cannot be told", at: step, expected: "a model of pixels",
                advice: "train on `features` pixels, or export a network")
        }
        var rows = CoreMLRows(of: entrance)
        try rows.add(pipeline.transforms)
        // A transform makes numbers of bytes, and only bytes are scaled by the classifier.
        let areBytes = entrance.areBytes && pipeline.transforms.isEmpty
        var model = CoreML_Specification_Model()
        model.specificationVersion = 1
        switch pipeline.classifier {
        case let logistic as LogisticRegressionClassifier:
            let scale = (areBytes ? Double(logistic.byteScale) : 1) / temperature
            model.glmClassifier =
                logistic.weights.shape[0] == 1
                ? CoreMLFormula(pair: logistic.weights * scale, logistic.intercepts.map { $0 / temperature })
                    .classifier(logistic.classNames)
                : CoreMLFormula(logistic.weights * scale, logistic.intercepts.map { $0 / temperature })
                    .classifier(logistic.classNames)
        case let machine as LinearSupportVectorClassifier:
            model.glmClassifier = formula(machine, areBytes, temperature).classifier(machine.classNames)
        case let bayes as GaussianNaiveBayesClassifier:
            rows.addSquares()
            model.glmClassifier = CoreMLFormula(bayes, temperature).classifier(bayes.classNames)
        case let centroid as NearestCentroidClassifier:
            model.glmClassifier = CoreMLFormula(centroid, temperature).classifier(centroid.classNames)
        case let machine as SupportVectorClassifier where temperature == 1:
            if areBytes { rows.scale(by: machine.byteScale) }
            model.supportVectorClassifier = try CoreMLMachine.classifier(machine)
        case let neighbors as NearestNeighborsClassifier where temperature == 1:
            // The format of updatable models.
            (model.specificationVersion, model.isUpdatable) = (4, true)
            model.kNearestNeighborsClassifier = try nearest(neighbors)
        default:
            let kind = type(of: pipeline.classifier).kind
            throw DescentError(
                .usage, "a classifier that Core ML cannot be told", at: kind,
                expected:
                    "knn, svm, logistic, linear-svm, naive-bayes or nearest-centroid; calibrated: of these the last four",
                got: pipeline.classifier.summary, advice: "export it as onnx")
        }
        let row = rows.add(to: &stages)
        model.description_p = entrance.classifier(row)
        if model.isUpdatable { model.description_p.trainingInput = [row, entrance.label] }
        stages.add("classifier", model)
    }

    /// Of two classes the score is twice w x + b, as softmax takes it.
    private static func formula(
        _ machine: LinearSupportVectorClassifier, _ areBytes: Bool, _ temperature: Double
    ) -> CoreMLFormula {
        let isPair = machine.classNames.count == 2
        let factor = (isPair ? 2 : 1) / temperature
        let weights = machine.weights * (factor * (areBytes ? Double(machine.byteScale) : 1))
        let intercepts = machine.intercepts.map { factor * $0 }
        return isPair ? CoreMLFormula(pair: weights, intercepts) : CoreMLFormula(weights, intercepts)
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
