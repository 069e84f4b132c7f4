import Classical
import Classification
import ExampleData
import Networks
import Pipelines

extension ClassifierModel {
    /// The floating-point operations that one example takes, two for each multiplication with its addition, as far as shapes say it:
    /// nil for features that are searched for (SIFT, HOG), for approximate neighbours and for classifiers of other packages.
    ///
    /// It is known without computing anything, so that a program can choose by it how a request is computed.
    public var operationCount: Int? { Self.operations(of: classifier) }

    private static func operations(of classifier: any TrainedClassifier) -> Int? {
        switch classifier {
        case let calibrated as CalibratedClassifier: operations(of: calibrated.uncalibrated)
        case let network as NetworkClassifier: network.architecture.cost.allOperations
        case let pipeline as PipelineClassifier
        where pipeline.features.areExamplesThemselves && !pipeline.deskews:
            operations(of: pipeline)
        default: nil
        }
    }

    private static func operations(of pipeline: PipelineClassifier) -> Int? {
        var width = LayerCost.product(pipeline.exampleShape)
        var total = 0
        for transform in pipeline.transforms {
            // A projection at most; scaling is less.
            total += LayerCost.product([2, width, transform.outputCount])
            width = transform.outputCount
        }
        let classes = pipeline.classNames.count
        switch pipeline.classifier {
        case is LogisticRegressionClassifier, is LinearSupportVectorClassifier:
            total += LayerCost.product([2, classes, width])
        case is GaussianNaiveBayesClassifier, is NearestCentroidClassifier:
            total += LayerCost.product([4, classes, width])
        case let machine as SupportVectorClassifier:
            total += LayerCost.product([2, machine.supportVectors.count, width + classes])
        case let neighbors as NearestNeighborsClassifier where neighbors.graph == nil:
            total += LayerCost.product([2, neighbors.trainingExamples.count, width])
        default: return nil
        }
        return total
    }
}
