import Descent

/// The names of other tools, and their equivalents here.
///
/// A command line is put into this program's own words once, before it is parsed, so that no other place knows a second
/// name: the record of a run (`run.json`, checkpoints) has the names of `--help`.
enum Synonyms {
    /// `arguments`, without the program's name, in this program's own words.
    static func resolved(_ arguments: [String]) -> [String] {
        if ["version", "-V"].contains(arguments.first) { return ["--version"] + arguments.dropFirst() }
        var result: [String] = []
        var index = 0
        let verb = arguments.first ?? ""
        while index < arguments.count {
            let word = arguments[index]
            index += 1
            if word == "--" {
                result += arguments[(index - 1)...]
                break
            }
            guard word.hasPrefix("-"), word.count > 1 else {
                result.append(word)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = flag(String(parts[0]), verb: verb)
            if parts.count == 2 {
                result.append("\(name)=\(value(String(parts[1]), of: name))")
            } else if index < arguments.count, isNegativeNumber(arguments[index]), name.hasPrefix("--"),
                !Flags.switches.contains(name)
            {
                // A number that is out of range, and no other flag. A switch has no value.
                result.append("\(name)=\(arguments[index])")
                index += 1
            } else if index < arguments.count, valued.contains(name), !arguments[index].hasPrefix("-") {
                result += [name, value(arguments[index], of: name)]
                index += 1
            } else {
                result.append(name)
            }
        }
        return result
    }

    /// Returns the name of a flag, with its dashes, of the command `verb`.
    private static func flag(_ name: String, verb: String) -> String {
        guard name.hasPrefix("--") else { return short[name] ?? name }
        let dashed = name.replacing("_", with: "-").lowercased()
        return flagsOf[verb]?[dashed] ?? flags[dashed] ?? dashed
    }

    /// Returns the value of a flag: without regard to capitals where they mean nothing, and by its name here.
    static func value(_ text: String, of flag: String) -> String {
        if flag == "--range" { return range(text) }
        if flag == "--model" { return model(text) }
        guard let known = values[flag], !text.contains("/") || known.isEmpty else { return text }
        let name = text.prefix { $0 != ":" }
        let settings = String(text.dropFirst(name.count))
        let canonical = name.lowercased().replacing("_", with: "-")
        // In `hog:norm=L2-Hys` capitals mean something.
        return (known[canonical] ?? canonical) + (flag == "--features" ? settings : settings.lowercased())
    }

    /// Returns the name of a network or classifier: `mlp:256, 128` is `mlp:256,128`, and `conv:4@3n/2` is `conv:4@3/2n`.
    /// A path stays as it is.
    static func model(_ text: String) -> String {
        let plain = text.replacing(" ", with: "")
        let name = plain.prefix { $0 != ":" }
        let canonical = name.lowercased().replacing("_", with: "-")
        guard !text.contains("/") || canonical == "conv" else { return text }
        return Architecture.canonicalName((models[canonical] ?? canonical) + plain.dropFirst(name.count))
    }

    /// Returns a range of `tune`: the name of its flag, and values, one of them between commas or bars.
    private static func range(_ text: String) -> String {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = flag("--" + parts[0], verb: "train")
        guard parts.count == 2 else { return String(name.dropFirst(2)) }
        let separator: Character = parts[1].contains("|") || name == "--model" ? "|" : ","
        let each = parts[1].split(separator: separator, omittingEmptySubsequences: false)
        let known = each.map { value(String($0), of: name) }.joined(separator: String(separator))
        return "\(name.dropFirst(2))=\(known)"
    }

    private static func isNegativeNumber(_ word: String) -> Bool {
        word.wholeMatch(of: /-[0-9.][0-9A-Za-z.,\/=:x-]*/) != nil
    }

    private static let short = ["-o": "--out", "-q": "--quiet"]

    static let flags = [
        "--random-state": "--seed", "--random-seed": "--seed", "--num-threads": "--threads",
        "--n-jobs": "--threads", "--jobs": "--threads", "--output": "--out", "--output-dir": "--out",
        "--no-colour": "--no-color", "--language": "--lang",
    ]

    private static let training = [
        "--learning-rate": "--lr", "--optimiser": "--optimizer", "--batch": "--batch-size",
        "--num-epochs": "--epochs", "--n-epochs": "--epochs",
        "--validation-split": "--validation", "--hidden-size": "--hidden", "--hidden-units": "--hidden",
        "--n-neighbors": "--k", "--neighbors": "--k", "--neighbours": "--k", "--dataset": "--data",
        "--early-stopping": "--patience", "--lr-scheduler": "--schedule", "--scheduler": "--schedule",
        "--gradient-clipping": "--clip-norm", "--grad-clip": "--clip-norm",
    ]

    /// Those of `training` that are flags of a command that keeps nothing.
    private static let trialling = training.filter {
        !TrainFlag.names(.classical).contains($0.value) && $0.value != "--validation"
    }

    /// Names that mean something else, or nothing, in other commands.
    static let flagsOf: [String: [String: String]] = [
        "train": training,
        "tune": training.merging(["--val-split": "--validation", "--eta": "--halving"]) { $1 },
        "boundary": training, "find-lr": trialling,
        "profile": trialling, "overfit": trialling, "compare": ["--dataset": "--data"],
        "evaluate": ["--dataset": "--data"], "predict": ["--dataset": "--data"],
        "gradcheck": ["--spoil": "--inject-bug", "--batch": "--batch-size", "--dataset": "--data"],
    ]

    /// The flags that take a value which is looked up here: a switch has none, and what follows it is not its own.
    static let valued = Set(values.keys).union(["--range", "--model"])

    private static let values: [String: [String: String]] = [
        "--optimizer": [
            "adam-w": "adamw", "ada-grad": "adagrad", "rms-prop": "rmsprop", "nag": "nesterov", "gd": "sgd",
            "sgd-momentum": "momentum",
        ],
        "--loss": [
            "mse": "mean-squared-error", "bce": "binary-cross-entropy", "ce": "cross-entropy",
            "crossentropy": "cross-entropy", "categorical-crossentropy": "cross-entropy",
            "categorical-cross-entropy": "cross-entropy", "sparse-categorical-crossentropy": "cross-entropy",
            "sparse-categorical-cross-entropy": "cross-entropy", "log-loss": "cross-entropy",
            "binary-crossentropy": "binary-cross-entropy", "smooth-l1": "huber:1", "l2": "mean-squared-error",
        ],
        "--activation": [
            "swish": "silu", "leakyrelu": "leaky-relu", "lrelu": "leaky-relu", "logistic": "sigmoid",
            "linear": "identity", "none": "identity", "soft-plus": "softplus", "soft-max": "softmax",
        ],
        "--schedule": [
            "onecycle": "one-cycle", "1cycle": "one-cycle", "one-cycle-lr": "one-cycle",
            "reduce-on-plateau": "plateau", "reduce-lr-on-plateau": "plateau", "exp": "exponential",
            "none": "constant", "warmup": "warm-up", "cosine-annealing": "cosine",
        ],
        "--kernel": ["gaussian": "rbf", "poly": "polynomial", "tanh": "sigmoid"],
        "--metric": [
            "euclidean": "l2", "manhattan": "l1", "cityblock": "l1", "taxicab": "l1", "cos": "cosine",
        ],
        "--features": ["raw": "pixels", "none": "pixels", "pixel": "pixels"],
        "--scale": [
            "minmax": "min-max", "standardise": "standard", "standardize": "standard", "z-score": "standard",
        ],
        "--multiclass": [
            "ovr": "one-versus-rest", "one-vs-rest": "one-versus-rest", "ova": "one-versus-rest",
        ],
        "--precision": [
            "fp32": "float32", "f32": "float32", "float": "float32", "single": "float32", "bfloat16": "bf16",
        ],
        "--data": [
            "fashion": "fashion-mnist", "fashionmnist": "fashion-mnist", "emnist": "emnist-digits",
            "digits": "builtin", "built-in": "builtin", "k-mnist": "kmnist",
        ],
        "--average": [:], "--augment": [:], "--points": [:],
        "--split": ["training": "train", "testing": "test"],
        "--recipe": [:], "--lang": ["english": "en", "korean": "ko"], "--by": [:],
        "--inject-bug": [:],
    ]

    private static let models = [
        "k-nn": "knn", "k-nearest-neighbors": "knn", "nearest-neighbors": "knn", "svc": "svm",
        "rbf-svm": "svm",
        "linearsvm": "linear-svm", "linear-svc": "linear-svm", "linearsvc": "linear-svm",
        "logistic-regression": "logistic", "logreg": "logistic", "naivebayes": "naive-bayes",
        "gaussian-nb": "naive-bayes", "nearestcentroid": "nearest-centroid", "lenet5": "lenet",
        "lenet-5": "lenet", "twolayer": "two-layer",
    ]
}
