import ArgumentParser
import Descent

/// A classifier of the registry, as `--model` names it.
struct ClassicalModel: Sendable {
    /// The learner by its type.
    let kind: any Learner.Type

    /// The names of all of them.
    static let names = ClassifierRegistry.standard.names

    /// The names in a line.
    static let list = names.joined(separator: ", ")

    /// The default of a command.
    static let svm = ClassicalModel(kind: SupportVectorMachine.self)

    /// Creates the classifier of that name; nil for an unknown name.
    init?(_ name: String) {
        guard let kind = ClassifierRegistry.standard[name] else { return nil }
        self.kind = kind
    }

    private init(kind: any Learner.Type) { self.kind = kind }

    var name: String { kind.kind }

    /// Returns the names of those that have a setting, for help: `svm, linear-svm and logistic`.
    static func names(having setting: String) -> String {
        let names = ClassifierRegistry.standard.kinds.filter { $0.settingNames.contains(setting) }.map {
            $0.kind
        }
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return "\(names.dropLast().joined(separator: ", ")) and \(last)"
    }

    /// The flags of its settings.
    var flags: [String] { kind.settingNames.filter { $0 != "seed" }.map { "--\($0)" } }

    /// Returns the pipeline that the options describe.
    ///
    /// - Throws: `usage` for a setting that this classifier has not, or an impossible one.
    func pipeline(_ options: ClassicalOptions, seeing seen: FeatureOptions, seed: Int) throws -> Pipeline {
        let learner = try learner(options, seed: seed)
        if let pca = seen.pca, pca < 1 {
            throw DescentError(.usage, "impossible --pca", at: "--pca", expected: "1 or more", got: "\(pca)")
        }
        let features = try DescentError.located(at: "--features") {
            try FeatureChoice(parsing: seen.features ?? "pixels")
        }
        return Pipeline(
            features, learner, deskews: seen.deskew, scaling: seen.scale ?? .none, componentCount: seen.pca,
            seed: seed)
    }

    /// Returns the learner with the settings of the flags that were given.
    ///
    /// - Throws: `usage` for a setting that this classifier has not, or an impossible one; the flag is named.
    func learner(_ options: ClassicalOptions, seed: Int) throws -> any Learner {
        try options.learner(
            named: name, having: kind.settingNames, of: ClassifierRegistry.standard.component, seed: seed
        ) { try kind.init(from: &$0) }
    }
}

extension ClassicalOptions {
    /// Returns what `make` makes of the settings of the flags that were given.
    ///
    /// - Throws: `usage` for a setting that the method called `name` has not, or an impossible one; the flag is named.
    func learner<Made>(
        named name: String, having settingNames: [String], of component: String, seed: Int,
        _ make: (inout SettingText) throws -> Made
    ) throws -> Made {
        var given = given
        for setting in given where !settingNames.contains(setting.name) {
            let others =
                ClassifierRegistry.standard.kinds.filter { $0.settingNames.contains(setting.name) }
                .map { $0.kind } + RegressionModel.names(having: setting.name)
            throw DescentError(
                .usage, "\(name) has no --\(setting.name)", at: "--\(setting.name)",
                expected: "--model \(others.joined(separator: " or "))")
        }
        if settingNames.contains("seed") { given.append(LearnerSetting("seed", "\(seed)")) }
        var settings = SettingText(
            name, settings: given.map { ($0.name, $0.value) }, of: component)
        do {
            let learner = try make(&settings)
            try settings.finish()
            return learner
        } catch let error as DescentError {
            throw error.namingFlags(settingNames)
        }
    }
}

extension ClassicalModel: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }

    static var allValueStrings: [String] { names }
    var defaultValueDescription: String { name }
}

extension DescentError {
    /// Returns the error with settings as the flags that they are here: those in quotes, and the place.
    fileprivate func namingFlags(_ names: [String]) -> DescentError {
        func flagged(_ text: String) -> String {
            names.reduce(text) { $0.replacing("'\($1)'", with: "--\($1)") }
        }
        return DescentError(
            kind, flagged(what), at: place.map { names.contains($0) ? "--\($0)" : $0 },
            expected: expected.map(flagged), got: got, advice: advice.map(flagged))
    }
}
