import Descent

extension ComparedMethod {
    /// The flags with which `descent train` trains the same; empty where there are no such flags.
    var flags: [String] {
        switch way {
        case .pipeline(let pipeline):
            let scaling = Pipeline.Scaling.allCases.first {
                $0.transform.map { type(of: $0).kind } == pipeline.transforms.first.map { type(of: $0).kind }
            }
            guard let settings = pipeline.learner.settings, let scaling, pipeline.transforms.count < 2 else {
                return []
            }
            return ["--model", type(of: pipeline.learner).kind, "--features", "\(pipeline.features)"]
                + (pipeline.deskews ? ["--deskew"] : [])
                + (scaling == .none ? [] : ["--scale", scaling.rawValue])
                + settings.flatMap { ["--\($0.name)"] + ($0.value == "true" ? [] : [$0.value]) }
        case .network(let name, let trainer):
            let schedule = trainer.schedule == .constant ? [] : ["--schedule", "\(trainer.schedule)"]
            let sample = trainer.trainingSample.map { ["--score-training", "\($0)"] } ?? []
            return ["--model", name, "--optimizer", type(of: trainer.optimizer).kind]
                + ["--lr", "\(trainer.optimizer.learningRate)", "--batch-size", "\(trainer.batchSize)"]
                + ["--epochs", "\(trainer.epochs)"] + schedule + sample
        }
    }
}
