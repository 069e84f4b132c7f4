import ArgumentParser
import Descent

/// How `descent train` trains a classifier that is no network.
struct ClassicalOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "What knn, svm, linear-svm ... see: pixels, hog, sift or surf, with settings such as hog:cell=7 or sift:words=300 (default: pixels).",
            valueName: "name"), completion: .list(FeatureChoice.names))
    var features: String?

    @Option(
        help: ArgumentHelp(
            "Neighbours of knn: a number, or auto:50 for the best up to 50 (default: 3).", valueName: "n"))
    var k: String?

    @Option(
        help: ArgumentHelp(
            "Distance of knn: l2, l1, cosine or minkowski:3 (default: l2).", valueName: "name"),
        completion: .list(["l2", "l1", "cosine", "minkowski:3"]))
    var metric: String?

    @Flag(help: "Find the neighbours of knn by a graph (HNSW): nearly all of them, faster; says how many.")
    var approximate = false

    @Flag(help: "Nearer neighbours of knn count more.")
    var distanceWeights = false

    @Option(
        help: ArgumentHelp(
            "Of svm: linear, rbf, polynomial:degree=4,constant=1 or sigmoid (default: rbf).",
            valueName: "name"),
        completion: .list(["linear", "rbf", "polynomial:degree=4", "sigmoid"]))
    var kernel: String?

    @Option(
        name: .customLong("c"), parsing: .unconditional,
        help: ArgumentHelp(
            "What svm and linear-svm pay for mistakes (default: 5; linear-svm 0.1).", valueName: "cost"))
    var cost: Double?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("How narrow the kernel of svm is (default: 1 / (D variance)).", valueName: "gamma")
    )
    var gamma: Double?

    @Flag(help: "Fit probabilities to the decisions of svm (five times as long).")
    var fitProbabilities = false

    @Flag(help: "Set slanted digits upright first.")
    var deskew = false

    @Option(
        help: ArgumentHelp("Scale features: none, standard or min-max (default: none).", valueName: "name"))
    var scale: Pipeline.Scaling?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Keep so many principal components of the features.", valueName: "n"))
    var pca: Int?

    /// Whether anything was given.
    var isEmpty: Bool {
        features == nil && k == nil && metric == nil && !approximate && !distanceWeights && kernel == nil
            && cost == nil
            && gamma == nil && !fitProbabilities && !deskew && scale == nil && pca == nil
    }
}

extension Pipeline.Scaling: ExpressibleByArgument {}

/// Classifiers that are no networks, as `--model` names them.
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
    func pipeline(_ options: ClassicalOptions, seed: Int) throws -> Pipeline {
        try check(options)
        if let pca = options.pca, pca < 1 {
            throw DescentError(.usage, "impossible --pca", at: "--pca", expected: "1 or more", got: "\(pca)")
        }
        return Pipeline(
            try Self.parsed("--features", options.features ?? "pixels", FeatureChoice.init(parsing:)),
            try learner(options, seed: seed),
            deskews: options.deskew, scaling: options.scale ?? .none, componentCount: options.pca, seed: seed)
    }

    private func check(_ options: ClassicalOptions) throws {
        let given: [(flag: String, isGiven: Bool, models: [ClassicalModel])] = [
            ("--k", options.k != nil, [.knn]), ("--metric", options.metric != nil, [.knn]),
            ("--distance-weights", options.distanceWeights, [.knn]),
            ("--approximate", options.approximate, [.knn]),
            ("--kernel", options.kernel != nil, [.svm]), ("--gamma", options.gamma != nil, [.svm]),
            ("--fit-probabilities", options.fitProbabilities, [.svm]),
            ("--c", options.cost != nil, [.svm, .linearSVM, .logistic]),
        ]
        for (flag, isGiven, models) in given where isGiven && !models.contains(self) {
            throw DescentError(
                .usage, "\(rawValue) has no \(flag)", at: flag,
                expected: "--model \(models.map(\.rawValue).joined(separator: " or "))")
        }
        if let cost = options.cost, !(cost > 0 && cost.isFinite) {
            throw DescentError(
                .usage, "impossible cost", at: "--c", expected: "a number above 0", got: "\(cost)")
        }
        if let gamma = options.gamma, !(gamma > 0 && gamma.isFinite) {
            throw DescentError(
                .usage, "impossible gamma", at: "--gamma", expected: "a number above 0", got: "\(gamma)")
        }
    }

    /// A value of its text; what is wrong in it is wrong in this flag.
    private static func parsed<Value>(_ flag: String, _ text: String, _ read: (String) throws -> Value) throws
        -> Value
    {
        try DescentError.located(at: flag) { try read(text) }
    }

    private func learner(_ options: ClassicalOptions, seed: Int) throws -> any Learner {
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
            if let gamma = options.gamma { kernel = try kernel.with(gamma: gamma) }
            var machine = SupportVectorMachine(kernel: kernel, cost: options.cost ?? 5)
            machine.fitsProbabilities = options.fitProbabilities
            machine.seed = seed
            return machine
        case .linearSVM:
            var machine = LinearSupportVectorMachine(cost: options.cost ?? 0.1)
            machine.seed = seed
            return machine
        case .logistic: return LogisticRegression(inverseStrength: options.cost ?? 1)
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
