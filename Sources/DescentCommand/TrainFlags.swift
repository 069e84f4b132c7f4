/// A flag of `descent train`, and the properties that other commands and other ways of training ask for.
///
/// This is the only list: code that refuses, drops or looks for flags asks it, so that it agrees. A test holds it against
/// the parser; a new option needs its line here.
struct TrainFlag {
    /// A property of a flag.
    enum Mark {
        /// The training examples: a resumed run has its own.
        case data
        /// A part of a network's training: a resumed run has its own.
        case setting
        /// A hyperparameter, which a search may vary or fix.
        case searchable
        /// Means something for networks only.
        case networks
        /// Valid for classical classifiers only.
        case classical
        /// A setting that a recipe decides.
        case recipe
        /// Allowed beside `--resume`.
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

    /// Returns the names of those that have the mark.
    static func names(_ mark: Mark) -> [String] { all.filter { $0.has(mark) }.map(\.name) }

    /// Returns the flag of this name, with its dashes.
    static func named(_ name: String) -> TrainFlag? { all.first { $0.name == name } }

    static let all: [TrainFlag] = [
        // Data.
        Self("data", .data), Self("data-dir", .data), Self("test-data", .data), Self("train-limit", .data),
        Self("test-limit", .data),
        Self("label", .data), Self("task", .data), Self("missing", .data), Self("encoding", .data),
        Self("image-size", .data), Self("fit", .data), Self("grayscale", .data, isSwitch: true),
        Self("digits", .data, isSwitch: true),
        Self("skip-unreadable", .data, isSwitch: true), Self("group-by", .data), Self("test-split", .data),
        Self("resident-limit", .data),
        Self("validation", .data, .networks), Self("val-split", .data, .networks),
        Self("score-training", .data, .searchable, .networks),
        // The network. --model is of both networks and classical classifiers.
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
        // Alternatives to one plain training.
        Self("dry-run", .networks, isSwitch: true), Self("repeat", .networks),
        Self("resume", .networks, .resume),
        // Classical classifiers.
        Self("features", .classical), Self("deskew", .classical, isSwitch: true), Self("scale", .classical),
        Self("pca", .classical), Self("k", .classical), Self("metric", .classical),
        Self("approximate", .classical, isSwitch: true), Self("distance-weights", .classical, isSwitch: true),
        Self("kernel", .classical), Self("c", .classical), Self("alpha", .classical),
        Self("epsilon", .classical),
        Self("gamma", .classical), Self("folds", .classical), Self("nu", .classical),
        Self("class-weights", .classical), Self("tolerance", .classical), Self("cache-mb", .classical),
        Self("multiclass", .classical), Self("squared-hinge", .classical, isSwitch: true),
        Self("fit-probabilities", .classical, isSwitch: true),
        // Output.
        Self("out"), Self("force", isSwitch: true), Self("name"), Self("emit-python", .networks),
        Self("json", .resume, isSwitch: true), Self("quiet", .resume, isSwitch: true),
        Self("no-color", .resume, isSwitch: true), Self("threads", .resume),
    ]
}
