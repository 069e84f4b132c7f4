import ArgumentParser
import Descent

/// The flags that say how a network is trained, of whichever command they are.
struct TrainingFlags {
    var source: DataOptions
    var limits: LimitOptions
    var network: NetworkOptions
    var training: TrainingOptions
    var tools: ToolOptions
    var recipe: Recipe?
    var run: RunOptions
    var folder: FolderOptions
}

extension Train {
    /// The flags of a network's training.
    var flags: TrainingFlags {
        TrainingFlags(
            source: source, limits: limits, network: network, training: training, tools: tools,
            recipe: preset.recipe, run: progress, folder: folder)
    }
}

/// The flags of a command that trains for a moment, to find something out, and keeps nothing: those of `descent train`
/// without the flags of saving and watching.
struct TrialOptions: ParsableArguments {
    @OptionGroup(title: "Data") var source: DataOptions
    @OptionGroup(title: "Your own pictures and tables") var own: OwnDataOptions

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Learn from the first n training examples only.", valueName: "n"))
    var trainLimit: Int?

    @OptionGroup(title: "Network") var network: NetworkOptions
    @OptionGroup(title: "Training") var training: TrainingOptions
    @OptionGroup(title: "Regularisation and schedules") var tools: ToolOptions
    @OptionGroup(title: "Presets") var preset: RecipeOptions
    @OptionGroup(title: "Output") var options: OutputOptions

    /// Returns the job and its data, once the threads are set.
    ///
    /// - Throws: `usage` for flags that do not fit together, or a model that is not a network; the errors of loading data.
    func job(_ command: String) async throws -> (job: TrainingJob, data: ExampleParts) {
        let arguments = Invocation.arguments
        var network = network
        try network.choose(for: source, preset.recipe, arguments)
        guard ClassicalModel(network.model) == nil else {
            throw DescentError(
                .usage, "\(network.model) is not a network", at: "--model",
                expected: "a network, such as two-layer or lenet",
                advice: "'descent \(command)' is about networks and their training")
        }
        // Groups that were not given are as an empty command line has them.
        var limits = try LimitOptions.parse([])
        limits.trainLimit = trainLimit
        let flags = TrainingFlags(
            source: source, limits: limits, network: network, training: training, tools: tools,
            recipe: preset.recipe, run: try RunOptions.parse([]), folder: try FolderOptions.parse([]))
        let job = try TrainingJob(flags, arguments: arguments)
        options.apply()
        let data = try await source.load(
            trainLimit: trainLimit, testLimit: nil, seed: training.seed, own: own, options)
        try data.split.train.requireClasses(of: data.split.name, for: command)
        if try source.source().isOwn { try data.requireTwoClasses(at: source.source().text) }
        return (job.suited(to: data.split), data.split)
    }
}
