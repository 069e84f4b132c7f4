import Descent

extension ComparedMethod {
    /// The flags with which `descent train` learns the same; none where there are no such flags.
    var flags: [String] {
        switch way {
        case .pipeline(let pipeline):
            guard let (model, settings) = Self.flags(of: pipeline.learner) else { return [] }
            return ["--model", model, "--features", Self.text(pipeline.features)] + settings
        case .network(let name, let trainer):
            let schedule = trainer.schedule == .constant ? [] : ["--schedule", "\(trainer.schedule)"]
            let sample = trainer.trainingSample.map { ["--score-training", "\($0)"] } ?? []
            return ["--model", name, "--optimizer", type(of: trainer.optimizer).kind]
                + ["--lr", "\(trainer.optimizer.learningRate)", "--batch-size", "\(trainer.batchSize)"]
                + ["--epochs", "\(trainer.epochs)"] + schedule + sample
        }
    }

    private static func flags(of learner: any Learner) -> (model: String, settings: [String])? {
        switch learner {
        case let learner as NearestNeighbors: return ("knn", ["--k", "\(learner.k)"])
        case let learner as LinearSupportVectorMachine: return ("linear-svm", ["--c", number(learner.cost)])
        case let learner as SupportVectorMachine:
            guard case .cost(let cost) = learner.formulation, case .rbf(.value(let gamma)) = learner.kernel
            else { return nil }
            return ("svm", ["--c", number(cost), "--gamma", number(gamma)])
        default: return nil
        }
    }

    /// The settings in which the compared features differ from those of the flag's name alone, or might.
    private static func text(_ features: FeatureChoice) -> String {
        switch features {
        case .pixels: return features.name
        case .hog(let hog):
            return "hog:\(hog.cellSize),interpolation=\(hog.interpolation.rawValue)"
        case .words(let settings, _):
            return "\(features.name):words=\(settings.wordCount),grid=\(settings.grids.last ?? 1)"
        }
    }

    private static func number(_ value: Double) -> String {
        value == value.rounded() ? "\(Int(value))" : "\(value)"
    }
}
