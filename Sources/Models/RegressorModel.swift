import ArrayFiles
import Arrays
import Autodiff
import DataSources
import ExampleData
import Networks
import Pipelines
import Regression
import Support

/// A trained model that predicts a number for each row of a table: the sibling of ``ClassifierModel``.
///
/// It is loaded from a model folder and proves itself on the samples that are stored with it. It is immutable and may be asked from
/// any number of tasks at once.
///
/// ```swift
/// let model = try RegressorModel(contentsOf: "runs/latest")
/// let prices = try model.predict(tableAt: "new-houses.csv")       // in the label's own units
/// print(model.target.name, prices[0])
/// ```
public struct RegressorModel: Sendable {
    /// The regressor of prepared rows.
    public let regressor: any TrainedRegressor
    /// What it predicts.
    public let target: RegressionTarget
    /// What is made of tables before the regressor takes them; nil where it takes rows as they are.
    public let input: ModelInput?

    /// Creates a model from its parts.
    public init(_ regressor: any TrainedRegressor, target: RegressionTarget, input: ModelInput?) {
        (self.regressor, self.target, self.input) = (regressor, target, input)
    }

    /// Loads a model folder, or the target of a link such as `runs/latest`, and checks all of it.
    ///
    /// `layers`, `activations`, `components`: the kinds that its parts may have; one's own are registered there.
    ///
    /// - Throws: `missingInput` when the folder or one of its files is not there; `usage` when the model predicts classes;
    ///   `badData` when a file is damaged or does not fit the others, the file named.
    public init(
        contentsOf path: String, layers: LayerRegistry = .standard,
        activations: ActivationRegistry = .standard, components: PipelineComponents = .standard
    ) throws {
        try ModelFolder.requireFiles(of: path)
        typealias Name = ModelFolder.FileName
        let configPath = "\(path)/\(Name.config)"
        let config = try Files.read(configPath, limit: ModelFolder.textLimit)
        guard try ModelTask.of(config: config, path: configPath) == .regression else {
            throw DescentError(
                .usage, "the model predicts classes", at: path, expected: "a model that predicts a number",
                advice: "ClassifierModel(contentsOf:) loads it")
        }
        let configuration = try RegressorConfiguration(
            json: config, path: configPath, layers: layers, activations: activations)
        let weights = "\(path)/\(Name.weights)"
        switch configuration.method {
        case .network(let architecture, let scaling):
            regressor = try NetworkRegressor(
                ModelWeights.network(of: architecture, at: weights), architecture: architecture,
                targetScaling: scaling)
        case .pipeline:
            let pipeline = try PipelineRegressor(
                from: SafeTensors(contentsOf: weights), components: components)
            guard RegressorConfiguration(pipeline, target: configuration.target) == configuration else {
                throw DescentError(
                    .badData, "the model does not fit config.json", at: weights,
                    expected: configuration.names.summary, got: pipeline.summary,
                    advice: "train the model again")
            }
            regressor = pipeline
        }
        target = configuration.target
        try RegressorSamples(at: "\(path)/\(Name.samples)", for: regressor)
            .check(regressor, at: "\(path)/\(Name.samples)")
        input = try ModelFolder.input(at: path, exampleShape: [regressor.featureCount])
    }

    /// Returns whether the folder at `path` holds a model that predicts numbers; false also where there is none.
    package static func isStored(at path: String) -> Bool {
        let file = "\(path)/\(ModelFolder.FileName.config)"
        guard let bytes = try? Files.read(file, limit: ModelFolder.textLimit) else { return false }
        return (try? ModelTask.of(config: bytes, path: file)) == .regression
    }

    /// Predicts the number of each row of a table, whose columns are found by their names, in the label's own units.
    ///
    /// - Throws: `missingInput`, `badData` with row and column; `usage` when the model takes no tables; `interrupted`.
    public func predict(tableAt path: String, cancellation: Cancellation? = nil) throws -> [Float] {
        guard let input else {
            throw DescentError(
                .usage, "the model takes rows of features as they are", at: path,
                expected: "[N, \(regressor.featureCount)]",
                advice: "ask its regressor for the predictions of a FeatureMatrix")
        }
        return try regressor.predictions(
            for: input.rows(ofTableAt: path, cancellation: cancellation).features, cancellation: cancellation)
    }
}

/// The samples of a regressor, `samples.safetensors`: rows, and the numbers that they must give.
struct RegressorSamples {
    /// The largest difference from a stored answer, in deviations of the training targets: sums in another order, as another
    /// CPU makes them, differ by about 1e-6.
    static let tolerance = 1e-4
    static let valuesKey = "values"

    let rows: FeatureMatrix
    let values: [Float]

    init(rows: FeatureMatrix, values: [Float]) { (self.rows, self.values) = (rows, values) }

    /// Reads the samples and checks that they have the model's sizes.
    init(at path: String, for regressor: any TrainedRegressor) throws {
        let file = try SafeTensors(contentsOf: path)
        rows = try ModelSamples.inputs(in: file)
        let stored = try file.array(named: Self.valuesKey, as: Float.self)
        guard rows.count > 0, rows.exampleShape == [regressor.featureCount], stored.shape == [rows.count]
        else {
            throw DescentError(
                .badData, "the samples do not fit config.json", at: path,
                expected: "features [N, \(regressor.featureCount)] and values [N]",
                got: "\(rows.shape) and \(stored.shape)")
        }
        values = stored.elements
    }

    /// Writes `samples.safetensors`.
    ///
    /// - Throws: `usage` without samples.
    func write(to path: String) throws {
        guard rows.count > 0 else {
            throw DescentError(
                .usage, "a model folder needs at least one sample row", at: "samples", got: "none")
        }
        var file = SafeTensors()
        ModelSamples.set(inputs: rows, in: &file)
        file.set(NDArray(values), named: Self.valuesKey)
        try file.write(to: path)
    }

    /// Compares the answers of `regressor` with the stored ones.
    func check(_ regressor: any TrainedRegressor, at path: String) throws {
        let damaged = "the folder is damaged; train the model again"
        let found: [Float]
        do {
            found = try regressor.predictions(for: rows)
        } catch let error as DescentError {
            throw DescentError(
                .badData, "the model cannot read the samples that are stored with it: \(error.what)",
                at: path, expected: error.expected, got: error.got, advice: damaged)
        }
        let limit = Self.tolerance * regressor.targetScaling.scale
        // Large numbers of a small spread have fewer digits than the spread asks for.
        let worst =
            zip(found, values).map { one, other in
                let (one, other) = (Double(one), Double(other))
                let difference = (one - other).magnitude - other.magnitude * 1e-6
                return difference.isNaN ? .infinity : difference
            }.max() ?? 0
        guard worst <= limit else {
            throw DescentError(
                .badData, "the model does not give the answers that are stored with it", at: path,
                expected: "differences up to \(limit)", got: "\(worst)", advice: damaged)
        }
    }
}
