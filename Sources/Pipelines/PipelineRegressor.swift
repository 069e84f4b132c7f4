import ArrayFiles
import Arrays
import Classical
import ExampleData
import Regression
import Support

/// A trained ``RegressionPipeline``: rows of features in, numbers in the units of the targets out.
public struct PipelineRegressor: TrainedRegressor {
    /// `ridge`.
    public let name: String
    /// Features, transforms and regressor in a line.
    public let summary: String
    /// The number of features of the rows that it takes, D.
    public let featureCount: Int
    /// What brings the regressor's answers into the units of the targets.
    public let targetScaling: TargetScaling
    /// The fitted row transforms, in order.
    public let transforms: [any RowTransform]
    /// The regressor of the standardised targets.
    public let regressor: any StorableRegressor

    init(
        name: String, summary: String, featureCount: Int, targetScaling: TargetScaling,
        transforms: [any RowTransform], regressor: any StorableRegressor
    ) {
        (self.name, self.summary, self.featureCount) = (name, summary, featureCount)
        (self.targetScaling, self.transforms, self.regressor) = (targetScaling, transforms, regressor)
    }

    /// The state in which the regressor's training ended.
    public var convergence: Convergence? { regressor.convergence }

    /// The size of the file that keeps it.
    public var storedByteCount: Int { stored().byteCount }

    /// Returns the number predicted for each row: [N, 1].
    ///
    /// - Throws: `badData` for another number of features than in training, or one that is not finite; `failed` when an answer is
    ///   no finite number; `interrupted`.
    public func values(for examples: FeatureMatrix, cancellation: Cancellation?) throws -> NDArray<Float> {
        try check(examples)
        var rows = examples
        guard rows.count > 0 else { return NDArray(shape: [0, 1], elements: []) }
        if case .sparse = rows.storage {
            try rows.requireUnpackable(for: name)
            rows = .floats(rows.unscaledFloats)
        }
        for transform in transforms { rows = try PipelineClassifier.transformed(rows, by: transform) }
        let values = try regressor.values(for: rows, cancellation: cancellation)
        return NDArray(shape: [examples.count, 1], elements: targetScaling.restored(values.elements))
    }

    // MARK: In a file

    /// Everything in one safetensors file.
    package func stored() -> SafeTensors {
        var file = SafeTensors()
        file.metadata["format"] = "descent"
        file.metadata["regression"] = "1"
        file.metadata["name"] = name
        file.metadata["summary"] = summary
        file.metadata["features"] = "\(featureCount)"
        file.metadata["target-offset"] = "\(targetScaling.offset)"
        file.metadata["target-scale"] = "\(targetScaling.scale)"
        file.metadata["transforms"] = transforms.map { type(of: $0).kind }.joined(separator: ",")
        file.metadata["regressor"] = type(of: regressor).kind
        for (index, transform) in transforms.enumerated() {
            transform.store(in: &file, prefix: "transform\(index).")
        }
        regressor.store(in: &file, prefix: "regressor.")
        return file
    }

    /// Reads the pipeline in a file.
    ///
    /// - Throws: `badData` that names the file and what is wrong in it, a kind that `components` do not know among others.
    package init(from file: SafeTensors, components: PipelineComponents = .standard) throws {
        func setting<Value>(_ key: String, _ read: (String) -> Value?) throws -> Value {
            guard let text = file.metadata[key] else {
                throw DescentError(
                    .badData, "the model has no '\(key)'", at: file.path, advice: "train the model again")
            }
            guard let value = read(text) else {
                throw DescentError(
                    .badData, "the model's '\(key)' is impossible", at: file.path, got: "'\(text)'",
                    advice: "train the model again")
            }
            return value
        }
        name = try setting("name") { $0 }
        summary = try setting("summary") { $0 }
        featureCount = try setting("features") { text in
            Int(text).flatMap { (1..<1 << 31).contains($0) ? $0 : nil }
        }
        let offset = try setting("target-offset") { Double($0) }
        targetScaling = try setting("target-scale") { text in
            Double(text).flatMap { TargetScaling(checking: offset, scale: $0) }
        }
        let kinds = try setting("transforms") { $0.split(separator: ",").map(String.init) }
        transforms = try kinds.enumerated().map { index, kind in
            try PipelineClassifier.transform(
                by: components.transforms.kind(named: kind, of: file), from: file,
                prefix: "transform\(index).")
        }
        regressor = try Self.regressor(
            by: components.regressors.kind(named: try setting("regressor") { $0 }, of: file), from: file)
        var width = featureCount
        for transform in transforms {
            guard transform.featureCount == width else {
                throw DescentError(
                    .badData, "'\(type(of: transform).kind)' does not fit what comes before it",
                    at: file.path,
                    expected: Numerals.counted(width, "feature"), got: "\(transform.featureCount)")
            }
            width = transform.outputCount
        }
        guard regressor.outputCount == 1 else {
            throw DescentError(
                .badData, "the regressor answers with several numbers", at: file.path, expected: "one",
                got: "\(regressor.outputCount)")
        }
    }

    private static func regressor<Kind: RegressionLearner>(
        by kind: Kind.Type, from file: SafeTensors
    ) throws -> any StorableRegressor {
        try file.naming { try Kind.Trained(from: file, prefix: "regressor.") }
    }
}
