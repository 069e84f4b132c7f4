import ArgumentParser
import Descent

/// `descent train`: from a data set to a model folder.
struct Train: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Train a network and keep it in a model folder.",
        discussion: """
            Without arguments: a network 784-50-10 on built-in digits, as in the notebook (sigmoid, softmax with
            cross-entropy, stochastic gradient descent, batches of 100).

            EXAMPLES
              descent train                                        built-in digits: no network, seconds
              descent train --data mnist                           MNIST, downloaded once
              descent train --data mnist --data-dir ~/mnist        MNIST from files
              descent train --train-limit 300 --epochs 200         see overfitting
              descent train --model mlp:256,128 --optimizer adam   a larger network
              descent train --seed 7 --out models/seven            another start, a folder of your choice

            Ctrl-C stops after the current step and saves the model; a second Ctrl-C stops at once.
            """)

    @OptionGroup(title: "Data") var source: DataOptions

    @Option(help: ArgumentHelp("Learn from the first n training examples only.", valueName: "n"))
    var trainLimit: Int?

    @Option(help: ArgumentHelp("Test on the first n test examples only.", valueName: "n"))
    var testLimit: Int?

    @Option(help: ArgumentHelp("The network: two-layer, or mlp:256,128 with your sizes.", valueName: "name"))
    var model = "two-layer"

    @Option(help: ArgumentHelp("Hidden units of two-layer (default: 50).", valueName: "n"))
    var hidden: Int?

    @Option(
        help: ArgumentHelp(
            "sigmoid, relu, tanh or identity (default: sigmoid for two-layer, relu for mlp).", valueName: "name"))
    var activation: Activation?

    @Option(help: ArgumentHelp("Passes over the training examples.", valueName: "n"))
    var epochs = 16

    @Option(help: ArgumentHelp("Examples per step.", valueName: "n"))
    var batchSize = 100

    @Option(
        help: ArgumentHelp(
            "sgd, momentum, nesterov, adagrad, rmsprop, adam or adamw.", valueName: "name"))
    var optimizer = OptimizerName.sgd

    @Option(
        help: ArgumentHelp(
            "Learning rate (default: 0.1 for sgd, 0.001 for rmsprop, adam and adamw, else 0.01).",
            valueName: "rate"))
    var lr: Double?

    @Option(help: ArgumentHelp("For momentum and nesterov (default: 0.9).", valueName: "factor"))
    var momentum: Double?

    @Option(help: ArgumentHelp("What everything random begins with.", valueName: "n"))
    var seed = 1

    @Option(
        help: ArgumentHelp(
            "The model folder to make (default: runs/DATE-NAME, and runs/latest points to it).", valueName: "dir"))
    var out: String?

    @Flag(help: "Replace the model in --out.")
    var force = false

    @Option(help: ArgumentHelp("The NAME in runs/DATE-NAME (default: the model's).", valueName: "name"))
    var name: String?

    @OptionGroup(title: "Output") var options: OutputOptions

    func run() async throws {
        let clock = ContinuousClock()
        let start = clock.now
        let job = try TrainingJob(self)
        try job.place.check()
        options.apply()

        let data = try await source.load(trainLimit: trainLimit, testLimit: testLimit, options)
        let classifier = try job.makeClassifier(for: data)
        let report = TrainingReport(job: job, data: data, options: options)
        try report.begin(classifier)

        let display = ProgressDisplay(ProgressDisplay.style(options))
        let interruption = Interruption {
            // The bar may be half drawn: a line of its own.
            if !self.options.quiet { Output.error.tryWrite("\nstopping after this step; Ctrl-C again quits at once\n") }
        }
        defer { interruption.end() }
        var outputError: (any Error)?
        let outcome: TrainingOutcome
        do {
            let history = try job.trainer.fit(
                classifier.network, on: data.train, validating: data.test,
                cancellation: interruption.cancellation
            ) { event in
                display.show(event)
                guard case .epoch(let epoch, _) = event, self.options.json, outputError == nil else { return }
                do { try Output.standard.write(report.epochLine(epoch)) } catch { outputError = error }
            }
            outcome = TrainingOutcome(history: history, divergence: nil)
        } catch let divergence as TrainingDiverged {
            outcome = TrainingOutcome(history: divergence.history, divergence: divergence)
        }
        display.clear()
        interruption.end()

        let path = try job.save(classifier, outcome, data)
        if let outputError { throw outputError }
        try report.end(outcome, path: path, totalSeconds: (clock.now - start).inSeconds)
        if let divergence = outcome.divergence { throw report.error(divergence, path: path) }
        if let error = report.interruption(outcome, path: path) { throw error }
    }
}
