import Descent

/// A network that an argument names: a model folder, or an architecture.
struct NamedNetwork {
    private let name: String
    /// The model, if it is a folder.
    let folder: ModelFolder?
    /// The data that a model folder was trained on; built-in digits otherwise.
    let dataName: DataName
    /// The directory that its files were read from, if they were.
    let dataDirectory: String?

    /// Creates a network by its argument: a folder if there is one of this path, else an architecture's name.
    ///
    /// - Throws: the errors of loading a folder; `usage` for a name that no architecture has.
    init(_ name: String) throws {
        let isPath = Files.isDirectory(name) || ModelArgument.isPath(name)
        let name = isPath ? name : Synonyms.model(name)
        self.name = name
        if isPath {
            try ModelArgument.check(name)
            folder = try ModelFolder.load(name)
            let kept = ModelFolder.data(of: name)
            dataName = kept.flatMap { DataName(recorded: $0.name) } ?? .builtin
            dataDirectory = kept?.directory
            return
        }
        folder = nil
        (dataName, dataDirectory) = (.builtin, nil)
        guard ClassicalModel(name) == nil else {
            throw DescentError(
                .usage, "\(name) is not a network", at: "model",
                expected: "a network's name, or a model folder",
                advice: "'descent train --model \(name)' makes a folder")
        }
        do {
            _ = try Architecture(named: name, inputs: 784, classes: 10)
        } catch let error as DescentError where error.place == "`named`" {
            let explained = ModelArgument.explained(error, name)
            throw DescentError(
                error.kind, explained.what, at: "model",
                expected: error.expected.map { "\($0), or a model folder" },
                got: error.got, advice: explained.advice)
        }
    }

    /// Returns the network with its weights, or with new ones, and its name.
    ///
    /// - Throws: `badData` or `usage` when the examples do not fit it.
    func network(for examples: LabeledExamples, using random: inout RandomState) throws -> (
        Sequential, String
    ) {
        guard let folder else {
            let architecture = try Architecture(
                named: name, inputs: examples.featureCount, classes: examples.classNames.count)
            let network = architecture.makeNetwork(using: &random)
            return (network, "\(architecture.name) (\(architecture.sizes))")
        }
        let classifier = try folder.networkClassifier()
        try classifier.check(examples.features)
        guard classifier.classNames.count == examples.classNames.count else {
            throw DescentError(
                .badData, "the model has another number of classes than the data", at: name,
                expected: "\(classifier.classNames.count)", got: "\(examples.classNames.count)")
        }
        return (classifier.makeNetwork(), "\(name) (\(classifier.architecture.sizes))")
    }

    /// Returns the architecture, with a model's own sizes or those of MNIST.
    func architecture() throws -> Architecture {
        try folder?.networkClassifier().architecture ?? Architecture(named: name, inputs: 784, classes: 10)
    }
}
