import Arrays
import Classical
import Classification
import EvaluationMetrics
import ExampleData
import Models
import Networks
import Pipelines
import Regression
import Support
import Tables
import Training

/// A way to learn from a table, with usual settings: one of those that `--model auto` tries.
public struct TableMethod: Sendable {
    /// How it learns.
    public enum Way: Sendable {
        /// The most frequent class, or the mean: what a method must be better than.
        case baseline
        /// A classical classifier.
        case classifier(any Learner)
        /// A classical regressor.
        case regressor(any RegressionLearner)
        /// A network, and the settings of its training.
        case network(String, Trainer)
    }

    /// `svm, C 10`.
    public let name: String
    /// The model's name and the settings by which it is made again, under the names that the command's flags have.
    public let settings: [Leaderboard.Setting]
    /// How it learns.
    public let way: Way
    /// The number of training examples beyond which it would take too long; nil for none.
    public let mostExamples: Int?

    /// Creates a method.
    public init(
        _ name: String, _ way: Way, settings: [Leaderboard.Setting] = [], mostExamples: Int? = nil
    ) {
        (self.name, self.settings, self.way, self.mostExamples) = (name, settings, way, mostExamples)
    }

    private init(
        _ name: String, _ model: String, _ settings: KeyValuePairs<String, String>, _ way: Way,
        most: Int? = nil
    ) {
        self.init(
            name, way, settings: [.init("model", model)] + settings.map { .init($0.key, $0.value) },
            mostExamples: most)
    }

    /// Returns the methods for a table, the simplest first.
    ///
    /// `table`: the training rows, by whose number networks are trained for longer or shorter.
    public static func all(for table: Table, seed: Int = 1) -> [TableMethod] {
        let networks = ["mlp:32", "mlp:64,32"].map { network($0, count: table.count, seed: seed) }
        let (counts, costs) = ([5, 15], [1.0, 10])
        guard table.task == .regression else {
            return [
                TableMethod("most frequent class", .baseline),
                TableMethod("naive-bayes", "naive-bayes", [:], .classifier(GaussianNaiveBayes())),
                TableMethod("logistic", "logistic", [:], .classifier(LogisticRegression())),
            ]
                + counts.map { k in
                    TableMethod(
                        "knn, k \(k)", "knn", ["k": "\(k)"], .classifier(NearestNeighbors(k: k)),
                        most: mostNeighbors)
                }
                + costs.map { cost in
                    let text = Numerals.number(cost)
                    return TableMethod(
                        "svm, C \(text)", "svm", ["c": text],
                        .classifier(SupportVectorMachine(kernel: .rbf(), cost: cost)), most: mostVectors)
                } + networks
        }
        return [
            TableMethod("mean", .baseline),
            TableMethod("ridge", "ridge", [:], .regressor(RidgeRegression())),
        ]
            + counts.map { k in
                TableMethod(
                    "knn, k \(k)", "knn", ["k": "\(k)"], .regressor(NearestNeighborsRegression(k: k)),
                    most: mostNeighbors)
            }
            + costs.map { cost in
                let text = Numerals.number(cost)
                return TableMethod(
                    "svr, C \(text)", "svr", ["c": text], .regressor(SupportVectorRegression(cost: cost)),
                    most: mostVectors)
            } + networks
    }

    /// Support vector machines take a time that grows with the square of the examples, neighbours do when they answer.
    private static let (mostVectors, mostNeighbors) = (30_000, 200_000)
    /// Steps of a small network: enough for small tables, and at least ten epochs of large ones.
    private static let steps = 2000
    /// The share of the training examples by which a network's best epoch is chosen: small tables are soon learned by heart.
    private static let heldShare = 0.15

    private static func network(_ name: String, count: Int, seed: Int) -> TableMethod {
        let batch = min(100, max(8, count / 20))
        let epochs = min(150, max(10, steps * batch / max(1, count)))
        var trainer = Trainer(
            optimizer: .adam(learningRate: 0.003), batchSize: batch, epochs: epochs, seed: seed,
            reinitializesWeights: true)
        trainer.trainingSample = 1000
        trainer.patience = Patience(10)
        let settings: KeyValuePairs = [
            "optimizer": "adam", "lr": "0.003", "batch-size": "\(batch)", "epochs": "\(epochs)",
            "patience": "10", "validation": "\(heldShare)",
        ]
        return TableMethod(name, name, settings, .network(name, trainer))
    }

    /// What a method has learned.
    public enum Fitted: Sendable {
        /// A classifier, with its history where it is a network.
        case classifier(any TrainedClassifier, History?)
        /// A regressor, with its history where it is a network.
        case regressor(any TrainedRegressor, History?)
        /// The class or the number that is always answered.
        case constant(Float)
    }

    /// Learns from examples that are prepared.
    ///
    /// `test`: examples on which a network is scored once, at the end.
    ///
    /// - Throws: as the method's own `fit`; `TrainingDiverged`; `interrupted`.
    public func fit(
        _ examples: LabeledExamples, testing test: LabeledExamples? = nil, seed: Int = 1,
        cancellation: Cancellation? = nil, progress: ((LearningProgress) -> Void)? = nil
    ) throws -> Fitted {
        func tell(_ event: TrainingEvent) {
            guard case .step(let step) = event else { return }
            progress?(LearningProgress(activity: name, fraction: step.fraction))
        }
        // Without test examples a history takes those that are held back for them.
        let test = test ?? examples.prefix(0)
        switch (way, examples.targets) {
        case (.baseline, .classes):
            let counts = examples.countsByClass
            // Of equals the first: `max` would give the last.
            return .constant(Float(counts.indices.min { counts[$0] > counts[$1] } ?? 0))
        case (.baseline, .values(let values)): return .constant(Float(values.asType(Double.self).mean()))
        case (.classifier(let learner), _):
            return .classifier(
                try Pipeline(.pixels, learner, seed: seed).fit(
                    examples, cancellation: cancellation, progress: progress), nil)
        case (.regressor(let learner), _):
            return .regressor(
                try RegressionPipeline(learner).fit(
                    examples, cancellation: cancellation, progress: progress), nil)
        case (.network(let name, var trainer), .classes):
            let (learning, held) = Self.watched(examples, seed: trainer.seed)
            if held == nil { trainer.patience = nil }
            let model = try TrainableNetwork(named: name, for: examples, scoreKind: trainer.loss.scoreKind)
            let history = try trainer.fit(
                model.network, on: learning, validating: held, testing: test, cancellation: cancellation,
                progress: tell)
            try requireEnd(history)
            return .classifier(try model.classifier(), history)
        case (.network(let name, var trainer), .values):
            let (learning, held) = Self.watched(examples, seed: trainer.seed)
            if held == nil { trainer.patience = nil }
            let (regressor, history) = try NetworkRegression(name, trainer: trainer).fit(
                learning, validating: held, testing: test, cancellation: cancellation, progress: tell)
            try requireEnd(history)
            return .regressor(regressor, history)
        }
    }

    /// The examples that a network learns from, and those that its epochs are watched by: `train --validation` draws the same.
    private static func watched(
        _ examples: LabeledExamples, seed: Int
    ) -> (learning: LabeledExamples, held: LabeledExamples?) {
        let held = Int((heldShare * Double(examples.count)).rounded())
        guard held > 0, held < examples.count else { return (examples, nil) }
        let split = examples.split(holding: held, seed: seed)
        return (split.learning, split.held)
    }

    /// A network that was cut short says nothing of the method.
    private func requireEnd(_ history: History) throws {
        guard !history.ending.isCancelled else { throw DescentError(.interrupted, "stopped", at: name) }
    }
}
