import Regression
import Support

/// The regressors by their kinds: the learner of each, which knows the type that it makes.
public typealias RegressorRegistry = ComponentRegistry<any RegressionLearner.Type>

extension ComponentRegistry where Kind == any RegressionLearner.Type {
    /// The regressors of this library.
    public static let standard: RegressorRegistry = {
        var registry = RegressorRegistry(of: "regressor")
        let kinds: [any RegressionLearner.Type] = [
            RidgeRegression.self, NearestNeighborsRegression.self, SupportVectorRegression.self,
        ]
        for kind in kinds { registry.register(kind) }
        return registry
    }()

    /// Adds a learner under the kind of its regressors; one that had the name is replaced.
    public mutating func register(_ learner: any RegressionLearner.Type) {
        register(learner, named: learner.kind)
    }
}
