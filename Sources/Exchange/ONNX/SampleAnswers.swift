import Arrays
import Classical
import Classification
import ExampleData
import Models
import Pipelines
import Regression
import Support

/// The answers to a file's samples, computed by Descent.
struct SampleAnswers {
    /// The classes; nil of a model that predicts numbers.
    let labels: [String]?
    private let count: Int
    /// Each output's numbers, and how far another program's may be away.
    let outputs: [(name: String, values: NDArray<Float>, tolerance: Double)]

    init(_ classifier: any TrainedClassifier, _ examples: FeatureMatrix, scoreName: String) throws {
        let answers = try classifier.answers(for: examples, cancellation: nil)
        labels = answers.classes.map { classifier.classNames[Int($0)] }
        count = examples.count
        let plain = (classifier as? CalibratedClassifier)?.uncalibrated ?? classifier
        let machine = (plain as? PipelineClassifier)?.classifier as? SupportVectorClassifier
        var outputs = [(scoreName, answers.scores, Self.tolerance(of: classifier, isMachine: machine != nil))]
        if let pipeline = plain as? PipelineClassifier, let machine {
            let decisions = try machine.decisionValues(of: pipeline.rows(of: examples))
            outputs.append(("decisions", decisions.asType(Float.self), max(1e-4, Self.rounding(of: machine))))
        }
        self.outputs = outputs
    }

    init(_ regressor: any TrainedRegressor, _ examples: FeatureMatrix) throws {
        let values = try regressor.predictions(for: examples)
        // A hundred-thousandth of the targets' deviation (ten of a machine's, whose kernel is in single precision elsewhere), and
        // the last digits of large numbers.
        let isMachine = (regressor as? PipelineRegressor)?.regressor is SupportVectorRegressor
        let largest = Double(values.map(\.magnitude).max() ?? 0)
        let tolerance =
            (isMachine ? 1e-4 : 1e-5) * regressor.targetScaling.scale + 2 * Double(Float.ulpOfOne) * largest
        labels = nil
        count = examples.count
        outputs = [("value", NDArray(shape: [values.count, 1], elements: values), tolerance)]
    }

    /// Probabilities of networks are sums of products in another order; kernels are added up in single precision elsewhere.
    private static func tolerance(of classifier: any TrainedClassifier, isMachine: Bool) -> Double {
        isMachine ? 1e-4 : 1e-5
    }

    /// What rounding may make of a machine's decisions in single precision: as much as of its largest sum of kernel values, none of
    /// which is larger than that of a support vector with itself.
    private static func rounding(of machine: SupportVectorClassifier) -> Double {
        let factor: Float = if case .bytes = machine.supportVectors.storage { machine.byteScale } else { 1 }
        let rows = machine.supportVectors.unscaledFloats.asType(Double.self) * Double(factor)
        let square = (rows * rows).sum(axis: 1).elements.max() ?? 0
        let largest: Double =
            switch machine.kernel {
            case .linear: square
            case .polynomial(let degree, .value(let gamma), let constant):
                Mathematics.power(gamma * square + abs(constant), Double(degree))
            default: 1
            }
        let weights = machine.coefficients.elements.reduce(0) { $0 + abs($1) }
        return Double(Float.ulpOfOne) / 2 * largest * weights / Double(max(1, machine.classNames.count - 1))
    }

    /// Samples and answers in the words of a file's metadata.
    func json(_ samples: SampleTensors) -> JSONText {
        let names: [JSONText.Member] = labels.map { [.init("labels", .array($0.map(JSONText.string)))] } ?? []
        let members: [JSONText.Member] = [
            .init("version", 1), .init("count", .integer(count)), .init("inputs", samples.json),
            .init(
                "outputs",
                .object(
                    outputs.map { output in
                        let array = SampleTensors.json("float32", output.values)
                        guard case .object(let members) = array else { return .init(output.name, array) }
                        return .init(
                            output.name, .object(members + [.init("tolerance", .number(output.tolerance))]))
                    })),
        ]
        return .object(members + names)
    }
}
