import Descent

/// `--dry-run` and `--overfit-one-batch`: what is done before a training, and keeps nothing.
struct TrialRuns {
    let job: TrainingJob
    let data: Dataset
    let options: OutputOptions

    /// Says what would be done and how long it would take.
    func dryRun(_ model: TrainableNetwork) throws {
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
        var table = Table(
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

    /// Learns one batch by heart and says whether that worked.
    ///
    /// - Throws: `failed` when it did not.
    func overfitOneBatch(_ model: TrainableNetwork, cancellation: Cancellation) throws {
        // Dropout would keep the network from learning anything by heart.
        let network = model.architecture.with(dropout: 0).makeNetwork()
        let result = try job.trainer.overfitOneBatch(network, on: data.train, cancellation: cancellation)
        let count = min(job.trainer.batchSize, data.train.count)
        if options.json {
            let line: JSONText = [
                "event": "overfit-one-batch", "version": 1, "examples": .integer(count),
                "steps": .integer(result.steps), "first_loss": .rounded(result.firstLoss, decimals: 6),
                "last_loss": .rounded(result.lastLoss, decimals: 6),
                "accuracy": .rounded(result.accuracy, decimals: 6), "reached": .bool(result.reached),
            ]
            try Output.standard.write(line.line + "\n")
        } else {
            let verdict =
                result.reached
                ? "The network learns: it knows one batch by heart."
                : "The network does not learn even one batch by heart."
            try Output.standard.write(
                """
                \(Numerals.counted(count, "example")), \(Numerals.counted(result.steps, "step")): \
                loss \(Numerals.loss(result.firstLoss)) to \(Numerals.loss(result.lastLoss)), \
                accuracy \(Numerals.percent(result.accuracy)).
                \(verdict)

                """)
        }
        guard !result.reached else { return }
        if cancellation.isCancelled { throw DescentError(.interrupted, "interrupted") }
        throw DescentError(
            .failed, "the loss of one batch did not come near zero", at: "--overfit-one-batch",
            expected: "below \(Trainer.nearlyZero), all examples right",
            got: "\(Numerals.loss(result.lastLoss)), \(Numerals.percent(result.accuracy))",
            advice:
                "try another --lr or --optimizer; if none helps, the network, the loss or the labels are wrong"
        )
    }
}
