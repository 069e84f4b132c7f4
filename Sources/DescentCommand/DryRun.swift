import Descent

/// `descent train --dry-run`: the plan of a run.
struct DryRun {
    let job: TrainingJob
    let data: ExampleParts
    let options: OutputOptions

    /// Prints the plan of the run and how long it would take.
    func run(_ model: TrainableNetwork) throws {
        let trainer = job.trainer
        let summary = try NetworkSummary(
            of: model.network, inputShape: [model.architecture.inputCount])
        try job.tellWarnings(model, data)
        let parts = try job.parts(of: data)
        let watched = parts.validation ?? (job.testsAtEnd ? nil : parts.test)
        let estimate = try trainer.estimate(
            model.architecture.makeNetwork(), on: parts.training, validating: watched)
        let seconds = estimate.seconds(epochs: trainer.epochs)
        if options.json {
            let line: JSONText = [
                "event": "dry-run", "version": 1, "data": .string(data.name),
                "train_count": .integer(parts.training.count),
                "validation_count": .integer(parts.validation?.count ?? 0),
                "test_count": .integer(data.test.count),
                "network": .string(model.architecture.sizes),
                "parameters": .integer(summary.parameterCount),
                "settings": .object(trainer.settings.map { JSONText.Member($0.name, .string($0.value)) }),
                "steps_per_epoch": .integer(estimate.stepsPerEpoch), "steps": .integer(estimate.steps),
                "training_bytes": summary.trainingBytes(batchSize: trainer.batchSize).map(JSONText.integer)
                    ?? .null,
                "seconds_per_step": .rounded(estimate.secondsPerStep, decimals: 7),
                "seconds": .rounded(seconds, decimals: 3),
            ]
            return try Output.standard.write(line.line + "\n")
        }
        var table = TextTable(
            ["layer", "", "", "output", "parameters"], alignments: [.right, .left, .left, .right, .right])
        table.rows.append(["", "input", "", Self.shape(summary.inputShape), ""])
        for layer in summary.layers {
            table.rows.append([
                String(layer.index), layer.type, layer.detail, Self.shape(layer.outputShape),
                Numerals.grouped(layer.parameterCount),
            ])
        }
        let memory = summary.trainingBytes(batchSize: trainer.batchSize).map {
            "about \(SummaryCommand.size($0))"
        }
        let settings = trainer.settings.map { "\($0.name) \($0.value)" }.joined(separator: "; ")
        let upTo = trainer.patience == nil ? "" : "up to "
        try Output.standard.write(
            """
            data       \(data.name): \(try job.summary(of: data))
            network    \(model.architecture.name) (\(model.architecture.sizes)), \
            \(Numerals.grouped(summary.parameterCount)) parameters

            \(table.text)
            settings   \(settings)
            steps      \(upTo)\(Numerals.grouped(estimate.steps)): \(Numerals.counted(trainer.epochs, "epoch")) of \
            \(Numerals.grouped(estimate.stepsPerEpoch))
            memory     \(memory ?? "not known") for a step, and the data
            time       \(upTo)about \(Numerals.duration(seconds)), by a few steps that were timed and thrown away

            Nothing was trained; without --dry-run it will be.

            """)
    }

    private static func shape(_ shape: [Int]?) -> String {
        shape.map { $0.map(String.init).joined(separator: "x") } ?? "?"
    }
}
