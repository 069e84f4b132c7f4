import Descent

/// Classical models, as `--model` names them.
enum ClassicalModel: String, CaseIterable {
    case knn, svm
    case linearSVM = "linear-svm"
    case logistic
    case naiveBayes = "naive-bayes"
    case nearestCentroid = "nearest-centroid"

    static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }

    /// The pipeline that the options describe.
    ///
    /// - Throws: `usage` for a setting that this classifier has not, or an impossible one.
    func pipeline(
        _ options: ClassicalOptions, seeing seen: FeatureOptions, seed: Int,
        found: @escaping @Sendable (SupportVectorGridSearch.Result) -> Void = { _ in }
    ) throws -> Pipeline {
        try check(options)
        if let pca = seen.pca, pca < 1 {
            throw DescentError(.usage, "impossible --pca", at: "--pca", expected: "1 or more", got: "\(pca)")
        }
        return Pipeline(
            try Self.parsed("--features", seen.features ?? "pixels", FeatureChoice.init(parsing:)),
            try learner(options, seed: seed, found: found),
            deskews: seen.deskew, scaling: seen.scale ?? .none, componentCount: seen.pca, seed: seed)
    }

    func check(_ options: ClassicalOptions) throws {
        let given: [(flag: String, isGiven: Bool, models: [ClassicalModel])] = [
            ("--k", options.k != nil, [.knn]), ("--metric", options.metric != nil, [.knn]),
            ("--distance-weights", options.distanceWeights, [.knn]),
            ("--approximate", options.approximate, [.knn]),
            ("--kernel", options.kernel != nil, [.svm]), ("--gamma", options.gamma != nil, [.svm]),
            ("--fit-probabilities", options.fitProbabilities, [.svm]),
            ("--c", options.cost != nil, [.svm, .linearSVM, .logistic]),
            ("--folds", options.folds != nil, [.svm]), ("--nu", options.nu != nil, [.svm]),
            ("--class-weights", options.classWeights != nil, [.svm, .linearSVM]),
            ("--tolerance", options.tolerance != nil, [.svm, .linearSVM]),
            ("--cache-mb", options.cacheMegabytes != nil, [.svm]),
            ("--multiclass", options.multiclass != nil, [.linearSVM]),
            ("--squared-hinge", options.squaredHinge, [.linearSVM]),
        ]
        for (flag, isGiven, models) in given where isGiven && !models.contains(self) {
            throw DescentError(
                .usage, "\(rawValue) has no \(flag)", at: flag,
                expected: "--model \(models.map(\.rawValue).joined(separator: " or "))")
        }
        for (flag, what, largest, values) in [
            ("--c", "cost", 1e30, options.cost?.values), ("--gamma", "gamma", 1e30, options.gamma?.values),
            ("--nu", "nu", 1, options.nu.map { [$0] }),
            ("--tolerance", "tolerance", 1e30, options.tolerance.map { [$0] }),
        ] {
            if let wrong = values?.first(where: { !($0 > 0 && $0 <= largest) }) {
                throw DescentError(
                    .usage, "impossible \(what)", at: flag,
                    expected: "a number above 0, at most \(largest == 1 ? "1" : "1e30")", got: "\(wrong)")
            }
        }
        try checkSearch(options)
        if options.nu != nil {
            for (flag, isGiven) in [
                ("--c", options.cost != nil), ("--class-weights", options.classWeights != nil),
            ]
            where isGiven {
                throw DescentError(
                    .usage, "--nu takes the place of \(flag)", at: flag, advice: "give one of the two")
            }
        }
        if options.squaredHinge, options.multiclass == .crammerSinger {
            throw DescentError(
                .usage, "Crammer and Singer's problem has the hinge loss", at: "--squared-hinge",
                advice: "leave it out, or take --multiclass one-versus-rest")
        }
        if let size = options.cacheMegabytes, !(1...1 << 20).contains(size) {
            throw DescentError(
                .usage, "impossible --cache-mb", at: "--cache-mb", expected: "1 to 1048576", got: "\(size)")
        }
    }

    /// What only makes sense where several settings are tried.
    private func checkSearch(_ options: ClassicalOptions) throws {
        let isSearch = options.searches
        if isSearch, self != .svm {
            throw DescentError(
                .usage, "\(rawValue) is not searched for", at: "--c", expected: "one number",
                advice: "--model svm --kernel linear takes several")
        }
        if isSearch, options.nu != nil {
            throw DescentError(
                .usage, "a search is for C and gamma", at: "--nu",
                advice: "leave out --nu, or give one --gamma")
        }
        if let folds = options.folds {
            guard isSearch else {
                throw DescentError(
                    .usage, "nothing is searched for", at: "--folds",
                    advice: "give several numbers to --c or --gamma, as in 1,10,100")
            }
            guard (2...100).contains(folds) else {
                throw DescentError(
                    .usage, "impossible --folds", at: "--folds", expected: "2 to 100", got: "\(folds)")
            }
        }
    }

    /// A value of its text; what is wrong in it is wrong in this flag.
    private static func parsed<Value>(_ flag: String, _ text: String, _ read: (String) throws -> Value) throws
        -> Value
    {
        try DescentError.located(at: flag) { try read(text) }
    }

    ///
    /// `found`: told what a search for settings has found.
    func learner(
        _ options: ClassicalOptions, seed: Int,
        found: @escaping @Sendable (SupportVectorGridSearch.Result) -> Void
    ) throws -> any Learner {
        switch self {
        case .knn:
            var neighbors = NearestNeighbors(
                k: 3, metric: try Self.parsed("--metric", options.metric ?? "l2", Metric.init(parsing:)),
                weights: options.distanceWeights ? .distance : .uniform,
                search: options.approximate ? .approximate(NeighborGraph.Settings(seed: seed)) : .exact)
            if let k = options.k {
                neighbors.k = try Self.parsed("--k", k, NearestNeighbors.Count.init(parsing:))
            }
            return neighbors
        case .svm:
            var kernel = try Self.parsed("--kernel", options.kernel ?? "rbf", KernelFunction.init(parsing:))
            if let gamma = options.gamma { kernel = try kernel.with(gamma: gamma.values[0]) }
            var machine = SupportVectorMachine(kernel: kernel, cost: options.cost?.values[0] ?? 5)
            if let nu = options.nu { machine.formulation = .nu(nu) }
            machine.fitsProbabilities = options.fitProbabilities
            machine.classWeights = options.classWeights ?? [:]
            machine.tolerance = options.tolerance ?? machine.tolerance
            machine.cacheLimit = options.cacheMegabytes.map { $0 << 20 } ?? machine.cacheLimit
            machine.seed = seed
            guard options.searches else { return machine }
            let search = SupportVectorGridSearch(
                costs: options.cost?.values ?? [5], gammas: options.gamma?.values ?? [],
                folds: options.folds ?? 5, seed: seed)
            return SearchedSupportVectorMachine(machine, by: search, found: found)
        case .linearSVM:
            var machine = LinearSupportVectorMachine(cost: options.cost?.single ?? 0.1)
            machine.loss = options.squaredHinge ? .squaredHinge : .hinge
            machine.strategy = options.multiclass ?? .oneVersusRest
            machine.classWeights = options.classWeights ?? [:]
            machine.tolerance = options.tolerance ?? machine.tolerance
            machine.seed = seed
            return machine
        case .logistic: return LogisticRegression(inverseStrength: options.cost?.single ?? 1)
        case .naiveBayes: return GaussianNaiveBayes()
        case .nearestCentroid: return NearestCentroid()
        }
    }
}

extension KernelFunction {
    /// The same kernel with another gamma.
    fileprivate func with(gamma: Double) throws -> KernelFunction {
        switch self {
        case .polynomial(let degree, _, let constant):
            return .polynomial(degree: degree, gamma: .value(gamma), constant: constant)
        case .rbf: return .rbf(gamma: .value(gamma))
        case .sigmoid(_, let constant): return .sigmoid(gamma: .value(gamma), constant: constant)
        case .linear, .custom:
            throw DescentError(
                .usage, "\(self) has no gamma", at: "--gamma", expected: "rbf, polynomial or sigmoid")
        }
    }
}
