import ArgumentParser
import Descent

/// `descent overfit`: whether a network can memorise one batch.
struct OverfitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "overfit",
        abstract: "Check that a network can memorise a single batch, which must work.",
        discussion: """
            The first check of a new network or of new data: a loss that does not come near \
            zero on one batch means that the learning rate, the loss, the labels or the \
            network are wrong. Flags of 'descent train' for the network and its steps are \
            taken; nothing is kept. \
            Exit code 1 when it does not memorise the batch.

            EXAMPLES
              descent overfit
                  the two-layer network, one batch of built-in digits
              descent overfit --model lenet --optimizer adam --batch-size 20
                  another network, a smaller batch
            """)

    @OptionGroup var trial: TrialOptions

    func run() async throws {
        let (job, data) = try await trial.job("overfit")
        let model = try job.makeModel(for: data)
        let interruption = Interruption {}
        defer { interruption.end() }
        // Dropout would keep the network from memorising anything.
        let network = model.architecture.with(dropout: 0).makeNetwork()
        let result = try job.trainer.overfitSingleBatch(
            network, on: data.train, cancellation: interruption.cancellation)
        let count = min(job.trainer.batchSize, data.train.count)
        if trial.options.json {
            let line: JSONText = [
                "event": "overfit", "version": 1, "examples": .integer(count),
                "steps": .integer(result.steps), "first_loss": .rounded(result.firstLoss, decimals: 6),
                "last_loss": .rounded(result.lastLoss, decimals: 6),
                "accuracy": .rounded(result.accuracy, decimals: 6), "reached": .bool(result.reached),
            ]
            try Output.standard.write(line.line + "\n")
        } else {
            let verdict =
                result.reached
                ? "The network learns: it memorises one batch."
                : "The network does not memorise even one batch."
            try Output.standard.write(
                """
                \(Numerals.counted(count, "example")), \(Numerals.counted(result.steps, "step")): \
                loss \(Numerals.loss(result.firstLoss)) to \(Numerals.loss(result.lastLoss)), \
                accuracy \(Numerals.percent(result.accuracy)).
                \(verdict)

                """)
        }
        guard !result.reached else { return }
        if interruption.cancellation.isCancelled { throw DescentError(.interrupted, "interrupted") }
        throw DescentError(
            .failed, "the loss of one batch did not come near zero", at: "descent overfit",
            expected: "below \(Trainer.nearlyZero), all examples right",
            got: "\(Numerals.loss(result.lastLoss)), \(Numerals.percent(result.accuracy))",
            advice:
                "try another --lr or --optimizer; if none helps, the network, the loss or the labels are wrong"
        )
    }
}
