import Arrays
import Classical
import ExampleData
import Regression
import Support

/// Row transforms and a regressor as one value, which is trained, stored and used as one; `fit` makes a ``PipelineRegressor``.
///
/// Targets are standardised, so that settings in their units (epsilon and C of support vectors) count deviations of the
/// training targets; answers have the targets' own units. Ridge regression and neighbours answer the same either way.
///
/// ```swift
/// let pipeline = RegressionPipeline(SupportVectorRegression(cost: 10), scaling: .standard)
/// let regressor = try pipeline.fit(houses)
/// print(try regressor.errors(on: others).rSquared)
/// ```
public struct RegressionPipeline: Sendable {
    /// The row transforms, in order; each is fitted to the output of the one before.
    public var transforms: [any RowTransformLearner]
    /// The learning method.
    public var learner: any RegressionLearner

    /// Creates a pipeline from its parts.
    ///
    /// - Parameters:
    ///   - learner: the learning method.
    ///   - scaling: the first transform.
    ///   - componentCount: the number of principal components that are kept, by the transform after it; nil for none.
    ///   - transforms: those that come after these.
    public init(
        _ learner: any RegressionLearner, scaling: Pipeline.Scaling = .none, componentCount: Int? = nil,
        transforms: [any RowTransformLearner] = []
    ) {
        self.learner = learner
        self.transforms = scaling.transform.map { [$0] } ?? []
        if let componentCount {
            self.transforms.append(PrincipalComponents.Settings(keeping: .count(componentCount)))
        }
        self.transforms += transforms
    }

    /// Learns from rows of features with one number each.
    ///
    /// - Throws: `usage` or `badData` before work starts when settings and examples do not fit together (targets that are
    ///   classes, k larger than the training set ...); `interrupted` soon after `cancellation`.
    public func fit(
        _ examples: LabeledExamples, cancellation: Cancellation? = nil,
        progress: ((LearningProgress) -> Void)? = nil
    ) throws -> PipelineRegressor {
        let targets = try RegressionChecks.single(examples, for: type(of: learner).kind)
        let scaling = TargetScaling(fittedTo: targets)
        var rows = examples.features
        if case .sparse = rows.storage {
            try rows.requireUnpackable(for: type(of: learner).kind)
            rows = .floats(rows.unscaledFloats)
        }
        var learned: [any RowTransform] = []
        for transform in transforms {
            progress?(LearningProgress(activity: transform.summary))
            let fitted: any RowTransform = try transform.fit(rows.unscaledFloats, cancellation: cancellation)
            rows = try PipelineClassifier.transformed(rows, by: fitted)
            learned.append(fitted)
        }
        try Cancellation.check(cancellation, at: type(of: learner).kind)
        let (regressor, summary) = try learner.described(
            LabeledExamples(rows, values: NDArray(scaling.standardized(targets))),
            cancellation: cancellation, progress: progress)
        let parts =
            [Numerals.counted(examples.featureCount, "feature")] + transforms.map(\.summary) + [summary]
        return PipelineRegressor(
            name: type(of: regressor).kind, summary: parts.joined(separator: ", "),
            featureCount: examples.featureCount, targetScaling: scaling, transforms: learned,
            regressor: regressor)
    }
}
