import Descent

/// A model that an argument or `--model` names, and the errors about it.
enum ModelArgument {
    /// Returns whether the name is a path, unlike `conv:16@5/2`.
    static func isPath(_ name: String) -> Bool { name.contains("/") && !name.hasPrefix("conv:") }

    /// Says more than that there is no model folder: a file was given, or a folder of nearly this name is there.
    ///
    /// `takesWeights`: whether the command takes a network's name together with `--weights`.
    ///
    /// - Throws: `usage` or `missingInput`.
    static func check(_ path: String, takesWeights: Bool = false) throws {
        if Files.isDirectory(path) { return }
        if Files.isLink(path), Files.resolved(path) == nil {
            throw DescentError(
                .missingInput, "a link to a folder that is no longer there", at: path,
                advice: "'descent runs' lists those that are")
        }
        guard !Files.exists(path) else {
            throw DescentError(
                .usage, "this is a file, and the first argument is a model folder", at: path,
                advice: "name the model first, such as runs/latest")
        }
        let name = Synonyms.model(path)
        if !isPath(path), !Files.isDirectory("runs/\(path)"),
            Architecture.hasName(name) || ClassicalModel(name) != nil || RegressionModel(name) != nil
        {
            let isNetwork = Architecture.hasName(name)
            throw DescentError(
                .usage,
                "'\(path)' is the name of a \(isNetwork ? "network" : "classical classifier"), not a model folder",
                at: "model", expected: "a folder, such as runs/latest",
                advice: "'\(Invocation.program) train --model \(Shell.quoted(name))' makes one"
                    + (takesWeights && isNetwork
                        ? "; --weights FILE gives the network weights of a file" : ""))
        }
        // A bare name may be that of a run.
        let sought = path.contains("/") ? path : "runs/\(path)"
        let names = (try? Files.names(in: PathText.parent(of: sought))) ?? []
        guard let near = Suggestion.nearest(PathText.name(of: sought), among: names) else { return }
        let meant = PathText.sibling(near, of: sought)
        throw DescentError(
            .missingInput, "there is no such model folder", at: path, advice: "did you mean '\(meant)'?")
    }

    /// Checks `--model` of a network, with all that could have been meant.
    ///
    /// - Throws: `usage`.
    static func checkNetwork(_ name: String, hidden: Int?, activation: Activation?) throws {
        do {
            try Architecture.check(name: name, hidden: hidden, activation: activation)
        } catch let error as DescentError where error.place == "`named`" && error.expected != nil {
            let explained = explained(error, name)
            let isUnknown = !Architecture.hasName(name)
            throw DescentError(
                error.kind, explained.what, at: error.place,
                expected: error.expected.map {
                    isUnknown
                        ? "\($0), \(ClassicalModel.list), \(RegressionModel.own.joined(separator: ", "))" : $0
                },
                got: error.got, advice: explained.advice)
        }
    }

    /// Explains an error about a name, with advice.
    static func explained(_ error: DescentError, _ name: String) -> (what: String, advice: String?) {
        let plain = name.lowercased()
        if plain == "mlp" || plain == "mlp:" {
            return ("mlp needs the sizes of its hidden layers", "as in mlp:256,128")
        }
        if plain == "conv" || plain == "conv:" {
            return ("conv needs its layers", "as in conv:16@5,pool,64; 'descent help models' explains them")
        }
        guard !Architecture.hasName(name) else { return (error.what, error.advice) }
        if plain.contains("cnn") || plain.contains("conv") {
            return (error.what, "convolutional networks are lenet, simple-conv, deep-conv and residual")
        }
        if plain.contains("resnet") {
            return (
                error.what,
                "the network with residual blocks here is called residual; it is trained from new weights"
            )
        }
        let names = Architecture.names.map(\.name) + ClassicalModel.names + RegressionModel.own
        return (error.what, Suggestion.sentence(name, among: names) ?? "'descent help models' explains them")
    }
}
