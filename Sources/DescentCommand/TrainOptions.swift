import ArgumentParser
import Descent

// Numbers are parsed with .unconditional: "-1" is then a number that is out of range, not a missing value.

/// The flags of the amount of data.
struct LimitOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Learn from the first n training examples only.", valueName: "n"))
    var trainLimit: Int?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Test on the first n test examples only.", valueName: "n")
    )
    var testLimit: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Hold back this share of the training examples (below 1), or so many (from 1), and watch the run by them; the test examples are used once, at the end (default: 0.1 with --patience or --schedule plateau, else 0).",
            valueName: "share|n"))
    var validation: HeldBack?

    @Option(
        help: ArgumentHelp(
            "The file of test examples, for data in a file (default: a fifth of them, drawn by the seed).",
            valueName: "file"),
        completion: .file())
    var testData: String?

    /// The share by its former name.
    @Option(parsing: .unconditional, help: .hidden) var valSplit: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Take the training scores on n examples drawn by chance (default: all; recipes: 2000).",
            valueName: "n"))
    var scoreTraining: Int?
}

/// The flags of the network.
struct NetworkOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A network: two-layer, mlp:256,128, lenet, simple-conv, deep-conv, wide-conv, residual, or layers of your own as in conv:16@5,pool,64 ('descent help models' explains them); auto chooses network and settings by the data. Or a classical classifier: \(ClassicalModel.list). For a label of numbers: \(RegressionModel.names.joined(separator: ", ")), or a network. (default: two-layer; auto for data of your own)",
            valueName: "name"),
        completion: .list(ModelsText.completions))
    var model = "two-layer"

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Hidden units of two-layer (default: 50).", valueName: "n"))
    var hidden: Int?

    @Option(
        help: ArgumentHelp(
            "Of the hidden layers (default: sigmoid for two-layer, relu for mlp). One of \(Activation.names.joined(separator: ", ")).",
            valueName: "name"), completion: .list(Activation.names))
    var activation: Activation?

    /// Takes `auto` for data of one's own where no flag says which network: the notebook's learns digits, and little else.
    mutating func choose(for source: DataOptions, _ recipe: Recipe?, _ arguments: [String]) throws {
        let isNamed = ["--model", "--hidden", "--activation"].contains { Flags.contain($0, arguments) }
        if recipe == nil, !isNamed, try source.source().isOwn { model = Architecture.automatic }
    }
}

/// The flags of the training.
struct TrainingOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Passes over the training examples (auto: 10 to 60, by their number).", valueName: "n"))
    var epochs = 16

    @Option(parsing: .unconditional, help: ArgumentHelp("Examples per step.", valueName: "n"))
    var batchSize = 100

    @Option(help: ArgumentHelp("The rule that changes the weights.", valueName: "name"))
    var optimizer = OptimizerName(SGD.self)

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Learning rate (default: 0.1 for sgd, 0.001 for rmsprop, adam and adamw, else 0.01).",
            valueName: "rate"))
    var lr: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("For momentum and nesterov (default: 0.9).", valueName: "factor"))
    var momentum: Double?

    @Option(
        parsing: .unconditional, help: ArgumentHelp("What everything random begins with.", valueName: "n"))
    var seed = 1
}

/// The flags of the model's folder.
struct FolderOptions: ParsableArguments {
    @Option(
        name: [.short, .long],
        help: ArgumentHelp(
            "The folder to make (default: runs/DATE-NAME, and runs/latest points to it).", valueName: "dir"),
        completion: .directory)
    var out: String?

    @Flag(help: "Replace the model in --out.")
    var force = false

    @Option(
        help: ArgumentHelp("Also write a NumPy script that makes the same run.", valueName: "file"),
        completion: .file(extensions: ["py"]))
    var emitPython: String?

    @Option(help: ArgumentHelp("The NAME in runs/DATE-NAME (default: the model's).", valueName: "name"))
    var name: String?

    /// Refuses flags that do not fit together.
    func check() throws {
        guard out == nil || name == nil else {
            throw DescentError(
                .usage, "--name is for folders under runs/", at: "--name", advice: "give --name or --out")
        }
        guard out != nil || !force else {
            throw DescentError(
                .usage, "--force replaces the folder of --out", at: "--force", advice: "add --out")
        }
    }

    /// Returns the destination of the model; `usualName` is part of the name of a run that was given none.
    func place(usualName: String) -> ModelDestination {
        if let out { return .folder(out, replacing: force) }
        return .run(in: "runs", name: name ?? String(usualName.map { ":,".contains($0) ? "-" : $0 }))
    }
}

extension Activation: ExpressibleByArgument {
    /// Parses the activation that the argument names.
    public init?(argument: String) { self.init(argument) }
    /// The suggestions for an unknown name.
    public static var allValueStrings: [String] { names }
}

/// An optimiser as `--optimizer` names it.
struct OptimizerName: ExpressibleByArgument, CustomStringConvertible, Sendable {
    let kind: any Optimizer.Type

    init(_ kind: any Optimizer.Type) { self.kind = kind }

    init?(argument: String) {
        guard let kind = OptimizerRegistry.standard[argument] else { return nil }
        self.init(kind)
    }

    static var allValueStrings: [String] { OptimizerRegistry.standard.names }

    var description: String { kind.kind }
    var defaultValueDescription: String { description }

    /// Whether `--momentum` is one of its settings.
    var hasMomentum: Bool { kind is any MomentumOptimizer.Type }

    /// Returns the optimiser, with a learning rate that suits it when none is given.
    func configuration(learningRate: Double?, momentum: Double?) -> any Optimizer {
        var rule = kind.init()
        if let learningRate { rule.learningRate = Float(learningRate) }
        guard let momentum, var moved = rule as? any MomentumOptimizer else { return rule }
        moved.momentum = Float(momentum)
        return moved
    }
}
