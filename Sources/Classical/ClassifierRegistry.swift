import Arrays
import Classification
import Support

/// The classifiers by their kinds: the learner of each, which knows the type that it makes.
public typealias ClassifierRegistry = ComponentRegistry<any Learner.Type>

extension ComponentRegistry where Kind == any Learner.Type {
    /// The classifiers of this library.
    public static let standard: ClassifierRegistry = {
        var registry = ClassifierRegistry(of: "classifier")
        let kinds: [any Learner.Type] = [
            NearestNeighbors.self, SupportVectorMachine.self, LinearSupportVectorMachine.self,
            LogisticRegression.self, GaussianNaiveBayes.self, NearestCentroid.self,
        ]
        for kind in kinds { registry.register(kind) }
        return registry
    }()

    /// Adds a learner under the kind of its classifiers; one that had the name is replaced.
    public mutating func register(_ learner: any Learner.Type) { register(learner, named: learner.kind) }
}
