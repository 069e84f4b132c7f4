/// A flag of `descent train`, and what other commands and other ways of training need to know of it.
///
/// This is the only list: who refuses, drops or looks for flags asks it, so that they agree. A test holds it against what the
/// parser knows; a new option needs its line here.
struct TrainFlag {
    /// What is said of a flag.
    enum Mark {
        /// The examples that are learned from: a run that goes on has its own.
        case data
        /// Part of what a network's training is: a run that goes on has its own.
        case setting
        /// What a search may vary or fix.
        case searchable
        /// Means something for networks only.
        case networks
        /// Means something for classical models only.
        case classical
        /// What a recipe has decided.
        case recipe
        /// May stand beside `--resume`.
        case resume
    }

    /// With its dashes.
    let name: String
    /// Whether a value follows it.
    let takesValue: Bool
    private let marks: [Mark]

    private init(_ name: String, _ marks: Mark..., isSwitch: Bool = false) {
        (self.name, self.marks, takesValue) = ("--" + name, marks, !isSwitch)
    }

    func has(_ mark: Mark) -> Bool { marks.contains(mark) }

    /// The names of those that have the mark.
    static func names(_ mark: Mark) -> [String] { all.filter { $0.has(mark) }.map(\.name) }

    /// The flag of this name, with its dashes.
    static func named(_ name: String) -> TrainFlag? { all.first { $0.name == name } }

    static let all: [TrainFlag] = [
        // Data.
        Self("data", .data), Self("data-dir", .data), Self("train-limit", .data), Self("test-limit", .data),
        Self("validation", .data, .networks), Self("val-split", .data, .networks),
        Self("score-training", .data, .searchable, .networks),
        // The network. Whether --model may be given to a classical model is no question.
        Self("model", .setting, .searchable, .recipe),
        Self("hidden", .setting, .searchable, .networks, .recipe),
        Self("activation", .setting, .searchable, .networks, .recipe),
        // Its training.
        Self("epochs", .setting, .networks, .recipe, .resume),
        Self("batch-size", .setting, .searchable, .networks, .recipe),
        Self("optimizer", .setting, .searchable, .networks, .recipe),
        Self("lr", .setting, .searchable, .networks, .recipe),
        Self("momentum", .setting, .searchable, .networks, .recipe),
        Self("seed", .setting),
        Self("loss", .setting, .searchable, .networks, .recipe),
        Self("schedule", .setting, .searchable, .networks, .recipe),
        Self("weight-decay", .setting, .searchable, .networks, .recipe),
        Self("dropout", .setting, .searchable, .networks, .recipe),
        Self("clip-norm", .setting, .searchable, .networks, .recipe),
        Self("patience", .setting, .searchable, .networks, .recipe),
        Self("augment", .setting, .searchable, .networks, .recipe),
        Self("average", .setting, .searchable, .networks, .recipe),
        Self("precision", .setting, .searchable, .networks),
        Self("recipe", .setting, .networks),
        Self("checkpoint-every", .setting, .networks),
        // What is done instead of one plain training.
        Self("dry-run", .networks, isSwitch: true), Self("repeat", .networks),
        Self("resume", .networks, .resume),
        // Classical models.
        Self("features", .classical), Self("deskew", .classical, isSwitch: true), Self("scale", .classical),
        Self("pca", .classical), Self("k", .classical), Self("metric", .classical),
        Self("approximate", .classical, isSwitch: true), Self("distance-weights", .classical, isSwitch: true),
        Self("kernel", .classical), Self("c", .classical),
        Self("gamma", .classical), Self("folds", .classical), Self("nu", .classical),
        Self("class-weights", .classical), Self("tolerance", .classical), Self("cache-mb", .classical),
        Self("multiclass", .classical), Self("squared-hinge", .classical, isSwitch: true),
        Self("fit-probabilities", .classical, isSwitch: true),
        // What is written.
        Self("out"), Self("force", isSwitch: true), Self("name"), Self("emit-python", .networks),
        Self("json", .resume, isSwitch: true), Self("quiet", .resume, isSwitch: true),
        Self("no-color", .resume, isSwitch: true), Self("threads", .resume),
    ]
}
