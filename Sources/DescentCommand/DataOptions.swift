import ArgumentParser
import Descent

/// A value of `--data`: the name of a data set, or the path of a file or a folder.
struct DataName: ExpressibleByArgument, Equatable {
    let rawValue: String

    static let builtin = DataName(known: DataSource.builtIn)
    static let mnist = DataName(known: "mnist")

    private init(known name: String) { rawValue = name }

    /// The data that a run's record names; nil for data that are found by their files.
    init?(recorded name: String) {
        guard DataSource.names.contains(name) else { return nil }
        rawValue = name
    }

    init?(argument: String) {
        guard (try? DataSource(named: argument)) != nil else { return nil }
        rawValue = argument
    }

    static var allValueStrings: [String] { DataSource.names }
    static var defaultCompletionKind: CompletionKind { .list(DataSource.names) }

    /// Whether it is the path of a file of one's own.
    var isFile: Bool { !DataSource.names.contains(rawValue) }

    /// The name in reports.
    var name: String { isFile ? PathText.name(of: rawValue) : rawValue }
}

/// The flags that choose the examples.
struct DataOptions: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The data: builtin (made here, no network), mnist, fashion-mnist, kmnist or emnist-digits; a folder of pictures; a CSV table, an npz or IDX file, or libsvm's text.",
            valueName: "name|file"))
    var data: DataName?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Read the data's four IDX files from here instead of downloading them (without --data: MNIST's).",
            valueName: "dir"),
        completion: .directory)
    var dataDir: String?

    func validate() throws {
        if data == .builtin || data?.isFile == true, dataDir != nil {
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

    /// Returns the source meant.
    ///
    /// - Throws: `usage`.
    func source(default usual: DataName = .builtin) throws -> DataSource {
        try DataSource(named: name(default: usual).rawValue, directory: dataDir)
    }
}
