import ArgumentParser
import Descent

/// Names that `--data` takes.
enum DataName: String, CaseIterable, ExpressibleByArgument {
    case builtin
    case mnist
    case fashionMNIST = "fashion-mnist"
    case kmnist
    case emnistDigits = "emnist-digits"
}

/// The flags that choose the examples.
struct DataOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The data: builtin (made here, no network), mnist, fashion-mnist, kmnist or emnist-digits.",
            valueName: "name"))
    var data: DataName?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Read the data's four IDX files from here instead of downloading them (without --data: MNIST's).",
            valueName: "dir"),
        completion: .directory)
    var dataDir: String?

    func validate() throws {
        if data == .builtin, dataDir != nil {
            throw ValidationError("--data-dir needs a data set of files, such as --data mnist")
        }
        if dataDir?.isEmpty == true { throw ValidationError("--data-dir is empty") }
    }

    /// Returns the same with the directory that a model's data were read from, unless other data or another directory are
    /// named.
    func remembering(_ usual: DataName, in directory: String?) -> DataOptions {
        var options = self
        if dataDir == nil, usual != .builtin, name(default: usual) == usual { options.dataDir = directory }
        return options
    }

    /// Returns the data set meant. Files of a directory are those of the usual set, or MNIST's when that has none.
    func name(default usual: DataName = .builtin) -> DataName {
        if let data { return data }
        return dataDir != nil && usual == .builtin ? .mnist : usual
    }
}
