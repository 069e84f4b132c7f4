import Arrays
import Classification
import Support

extension SupportVectorMachine {
    /// `support vector machine with a kernel`.
    public static let title = "support vector machine with a kernel"

    /// The settings that `init(from:)` reads.
    public static let settingNames = [
        "kernel", "c", "gamma", "nu", "folds", "class-weights", "tolerance", "cache-mb", "fit-probabilities",
        "seed",
    ]

    /// Creates a machine with the settings of a text: an RBF kernel and C 5 by default. Several values of C or gamma are
    /// searched.
    public init(from settings: inout SettingText) throws {
        var kernel = KernelFunction.rbf()
        if let text = settings.text("kernel") {
            kernel = try DescentError.naming("kernel") { try KernelFunction(parsing: text) }
        }
        let costs = try settings.numbers("c", called: "cost")
        let gammas = try settings.numbers("gamma", called: "gamma") ?? []
        let nu = try settings.positive("nu", called: "nu", atMost: 1)
        let folds = try settings.whole("folds", from: 0)
        if let gamma = gammas.first {
            guard kernel.width != nil else {
                throw DescentError(
                    .usage, "\(kernel) has no gamma", at: "gamma", expected: "rbf, polynomial or sigmoid")
            }
            kernel = kernel.with(gamma: gamma)
        }
        self.init(kernel: kernel, cost: costs?[0] ?? 5)
        tolerance = try settings.positive("tolerance", called: "tolerance") ?? tolerance
        let isSearch = (costs?.count ?? 1) > 1 || gammas.count > 1
        try Self.check(folds: folds, nu: nu, isSearch: isSearch)
        classWeights = try settings.classWeights() ?? [:]
        if let nu {
            for (name, isGiven) in [("c", costs != nil), ("class-weights", classWeights != [:])] where isGiven
            {
                throw DescentError(
                    .usage, "'nu' takes the place of '\(name)'", at: name, advice: "give one of the two")
            }
            formulation = .nu(nu)
        }
        if let size = try settings.whole("cache-mb", in: 1...1 << 20) { cacheLimit = size << 20 }
        fitsProbabilities = try settings.isOn("fit-probabilities")
        seed = try settings.seed() ?? seed
        if isSearch {
            search = SupportVectorGridSearch(
                costs: costs ?? [5], gammas: gammas, folds: folds ?? 5, seed: seed)
        }
    }

    /// Refuses settings that only make sense where several are tried.
    private static func check(folds: Int?, nu: Double?, isSearch: Bool) throws {
        if isSearch, nu != nil {
            throw DescentError(
                .usage, "a search is for C and gamma", at: "nu", advice: "leave out 'nu', or give one 'gamma'"
            )
        }
        guard let folds else { return }
        guard isSearch else {
            throw DescentError(
                .usage, "nothing is searched for", at: "folds",
                advice: "give several numbers to 'c' or 'gamma', as in 1,10,100")
        }
        guard (2...100).contains(folds) else {
            throw DescentError(
                .usage, "impossible number of folds", at: "folds", expected: "2 to 100", got: "\(folds)")
        }
    }

    /// The kernel with C or nu, and the settings that differ from the defaults; nil for those that text cannot express.
    public var settings: [LearnerSetting]? {
        let usual = SupportVectorMachine()
        guard byteScale == usual.byteScale, stepLimit == nil, cacheLimit >= 1 << 20,
            cacheLimit % (1 << 20) == 0, let weights = classWeights.settings, isSearchReadFromText
        else { return nil }
        var settings: [LearnerSetting] = []
        switch kernel {
        case .custom: return nil
        case .rbf: break
        default: settings.append(LearnerSetting("kernel", "\(kernel)"))
        }
        func several(_ values: [Double]) -> String { values.map(Numerals.number).joined(separator: ",") }
        switch formulation {
        case .nu(let nu): settings.append(LearnerSetting("nu", nu))
        case .cost(let cost): settings.append(LearnerSetting("c", several(search?.costs ?? [cost])))
        }
        if let search {
            if !search.gammas.isEmpty { settings.append(LearnerSetting("gamma", several(search.gammas))) }
            settings.append(LearnerSetting("folds", "\(search.folds)"))
        }
        if case .rbf(let gamma) = kernel, search?.gammas.isEmpty ?? true {
            switch gamma {
            case .value(let gamma): settings.append(LearnerSetting("gamma", gamma))
            case .scale: break
            case .oneOverFeatures: settings.insert(LearnerSetting("kernel", "\(kernel)"), at: 0)
            }
        }
        settings += weights
        if tolerance != usual.tolerance { settings.append(LearnerSetting("tolerance", tolerance)) }
        if cacheLimit != usual.cacheLimit {
            settings.append(LearnerSetting("cache-mb", "\(cacheLimit >> 20)"))
        }
        if fitsProbabilities { settings.append(LearnerSetting("fit-probabilities", "true")) }
        if seed != usual.seed { settings.append(LearnerSetting("seed", "\(seed)")) }
        return settings
    }

    /// Whether `init(from:)` makes the search again: it knows one by several values of C or gamma.
    private var isSearchReadFromText: Bool {
        guard let search else { return true }
        guard case .cost = formulation, search.seed == seed, (2...100).contains(search.folds),
            !search.costs.isEmpty, kernel.width != nil || search.gammas.isEmpty
        else { return false }
        return search.costs.count > 1 || search.gammas.count > 1
    }

    /// `support vector machine, rbf:gamma=0.02, C 5`.
    public func summary(of classifier: SupportVectorClassifier) -> String {
        if search != nil {
            return "support vector machine, \(classifier.kernel), settings by cross-validation"
        }
        let strictness =
            switch formulation {
            case .cost(let cost): "C \(Numerals.number(cost))"
            case .nu(let nu): "nu \(Numerals.number(nu))"
            }
        return "support vector machine, \(kernel), \(strictness)"
    }
}
