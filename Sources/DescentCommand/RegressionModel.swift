import Descent

/// A regressor of the registry, as `--model` names it.
struct RegressionModel: Sendable {
    /// The learner by its type.
    let kind: any RegressionLearner.Type

    /// The names of all of them: `knn` is that of neighbours who tell classes and of those who tell numbers.
    static let names = RegressorRegistry.standard.kinds.map(name)

    /// The names that no classifier has.
    static let own = names.filter { ClassicalModel($0) == nil }

    /// Creates the regressor of that name; nil for an unknown name.
    init?(_ name: String) {
        guard let kind = RegressorRegistry.standard.kinds.first(where: { Self.name($0) == name }) else {
            return nil
        }
        self.kind = kind
    }

    private static func name(_ kind: any RegressionLearner.Type) -> String {
        kind == NearestNeighborsRegression.self ? NearestNeighborsClassifier.kind : kind.kind
    }

    /// The names of those that have a setting.
    static func names(having setting: String) -> [String] {
        RegressorRegistry.standard.kinds.filter { $0.settingNames.contains(setting) }.map(name)
            .filter { ClassicalModel($0)?.kind.settingNames.contains(setting) != true }
    }

    var name: String { Self.name(kind) }

    /// A summary in a few words, with its flags.
    var summary: String {
        let flags = kind.settingNames.filter { $0 != "seed" }.map { "--\($0)" }
        return flags.isEmpty ? kind.title : "\(kind.title): \(flags.joined(separator: ", "))"
    }

    /// Returns the pipeline that the options describe.
    ///
    /// - Throws: `usage` for a setting that this regressor has not, or an impossible one.
    func pipeline(_ options: ClassicalOptions, seeing seen: FeatureOptions, seed: Int) throws
        -> RegressionPipeline
    {
        for (flag, isGiven) in [("--features", seen.features != nil), ("--deskew", seen.deskew)] where isGiven
        {
            throw DescentError(.usage, "rows of features are no images", at: flag, advice: "leave it out")
        }
        if let pca = seen.pca, pca < 1 {
            throw DescentError(.usage, "impossible --pca", at: "--pca", expected: "1 or more", got: "\(pca)")
        }
        let learner = try options.learner(
            named: name, having: kind.settingNames, of: RegressorRegistry.standard.component, seed: seed
        ) { try kind.init(from: &$0) }
        return RegressionPipeline(learner, scaling: seen.scale ?? .none, componentCount: seen.pca)
    }

    /// A training that is known to be a regression before the data are looked at.
    struct Asked {
        let train: Train

        /// Loads the data, and trains.
        func run(_ arguments: [String]) async throws {
            let training = try TableTraining(train, arguments: arguments, task: .regression)
            train.options.apply()
            try training.place.check()
            try training.run(on: try await train.loadData())
        }
    }

    /// Returns the training where the flags say that numbers are to be predicted; nil where the data decide.
    ///
    /// - Throws: `usage` where they contradict one another.
    static func asked(by train: Train) throws -> Asked? {
        let model = train.network.model
        let isOwn = own.contains(model)
        guard isOwn || train.own.task == .regression else { return nil }
        guard !isOwn || train.own.task != .classification else {
            throw DescentError(
                .usage, "\(model) predicts numbers", at: "--model", expected: ClassicalModel.list,
                got: "--model \(model) --task classification")
        }
        var train = train
        train.own.task = .regression
        return Asked(train: train)
    }
}

extension LoadedData {
    /// Whether the targets are numbers.
    var isRegression: Bool { split.train.isRegression }
}

extension LabeledExamples {
    /// Whether the targets are numbers.
    var isRegression: Bool { if case .values = targets { true } else { false } }

    /// Refuses numbers as targets, for a command that is about classes. `name`: what the data are called.
    ///
    /// - Throws: `usage`.
    func requireClasses(of name: String, for command: String) throws {
        guard isRegression else { return }
        throw DescentError(
            .usage, "the label is a number, and 'descent \(command)' is about classes", at: name,
            expected: "a label with classes",
            advice: "--task classification takes its numbers for names; 'descent train' learns numbers")
    }
}
