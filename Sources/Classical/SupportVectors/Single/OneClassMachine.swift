import Arrays
import Classification
import ExampleData
import Support

/// The one-class support vector machine: learns where examples lie, and tells those that lie elsewhere.
///
/// ```swift
/// let detector = try OneClassMachine(kernel: .rbf(gamma: 0.1), nu: 0.05).fit(measurements)
/// let strange = try detector.isInlier(others).enumerated().filter { !$0.element }.map(\.offset)
/// ```
///
/// f(x) = sum_t alpha_t K(x_t, x) - rho, above 0 inside. Minimise 1/2 alpha' K alpha, 0 <= alpha_t <= 1, where
/// sum_t alpha_t = nu N: at most the share nu of the examples lies outside, and at least that share are support vectors
/// (B. Schoelkopf et al., "Estimating the support of a high-dimensional distribution", 2001; scaled as in libsvm:
/// C.-C. Chang, C.-J. Lin, ACM TIST 2, 2011). The end is libsvm's: the violation of the optimality conditions is below
/// `tolerance`.
///
/// As a `Learner` it takes all examples for alike, whatever their targets are. It is in no standard registry, because it cannot
/// tell the classes that others are compared by; whoever wants it there registers it.
///
/// - Complexity: about O(D N (nu N + S)) for N examples, S support vectors.
public struct OneClassMachine: Learner {
    /// The kernel.
    public var kernel: KernelFunction
    /// The share of the examples that may lie outside; above 0, at most 1.
    public var nu: Double
    /// The factor on bytes; floating-point features are taken as they are.
    public var byteScale: Float = 1 / 255
    /// The violation of the optimality conditions at which a solution is good enough; above 0.
    public var tolerance = 1e-3
    /// Bytes that kernel rows may take.
    package var cacheLimit = 1 << 30
    /// The most steps; nil for libsvm's own choice, the larger of ten million and 100 N.
    package var stepLimit: Int?

    /// Creates a machine with that kernel.
    public init(kernel: KernelFunction = .rbf(), nu: Double = 0.5) { (self.kernel, self.nu) = (kernel, nu) }

    /// Learns from examples, of which only the features count.
    ///
    /// - Throws: as `fit(_:cancellation:progress:)` of features.
    public func fit(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> OneClassClassifier {
        try fit(examples.features, cancellation: cancellation, progress: progress)
    }

    /// Learns from features [N, ...].
    ///
    /// When `stepLimit` is reached, the classifier's `convergence` says so, and how far it was.
    ///
    /// - Throws: `usage` or `badData` before work starts: an impossible setting, no examples, a feature that is not finite (row
    ///   and column), a cache too small; later, a kernel value that is no finite number (kernel and rows named);
    ///   `interrupted` within a second of `cancellation`.
    public func fit(
        _ features: FeatureMatrix, cancellation: Cancellation? = nil,
        progress: ((LearningProgress) -> Void)? = nil
    ) throws -> OneClassClassifier {
        let machine = SingleMachine(
            name: Self.title, kernel: kernel, byteScale: byteScale, tolerance: tolerance,
            cacheLimit: cacheLimit, stepLimit: stepLimit)
        guard nu > 0 && nu <= 1 else { throw machine.usage("impossible nu", "above 0, at most 1", nu) }
        let count = features.count
        try machine.check(count: max(1, count))
        try ExampleChecks.requireFeatures(features, for: Self.title)
        try ExampleChecks.requireFinite(features, for: Self.title)
        let sum = nu * Double(count)
        var left = sum
        let start = (0..<count).map { _ in
            let alpha = min(1, left)
            left -= alpha
            return alpha
        }
        let terms = SingleMachine.Terms(
            signs: [Double](repeating: 1, count: count), upper: [Double](repeating: 1, count: count),
            start: start,
            linearTerm: [Double](repeating: 0, count: count))
        let (solution, kernel) = try machine.solve(
            features, terms, sum: sum, cancellation: cancellation, progress: progress)
        return OneClassClassifier(
            expansion: SupportVectorExpansion(
                solution, kernel: kernel, byteScale: byteScale, features: features),
            supportIndices: solution.coefficients.indices.filter { solution.coefficients[$0] != 0 },
            report: SupportVectorSolution(solution))
    }

    // MARK: Settings as text

    /// `one-class support vector machine`.
    public static let title = "one-class support vector machine"

    /// The settings that `init(from:)` reads.
    public static let settingNames = ["kernel", "gamma", "nu", "tolerance", "cache-mb"]

    /// Creates a machine with the settings of a text: an RBF kernel and nu 0.5 unless told.
    public init(from settings: inout SettingText) throws {
        self.init()
        if let text = settings.text("kernel") {
            kernel = try DescentError.naming("kernel") { try KernelFunction(parsing: text) }
        }
        let searched = "a single class says nothing about which gamma is best"
        if let gamma = try settings.single("gamma", called: "gamma", advice: searched) {
            guard kernel.width != nil else {
                throw DescentError(
                    .usage, "\(kernel) has no gamma", at: "gamma", expected: "rbf, polynomial or sigmoid")
            }
            kernel = kernel.with(gamma: gamma)
        }
        nu = try settings.positive("nu", called: "nu", atMost: 1) ?? nu
        tolerance = try settings.positive("tolerance", called: "tolerance") ?? tolerance
        if let size = try settings.whole("cache-mb", in: 1...1 << 20) { cacheLimit = size << 20 }
    }

    /// nu, and what differs from the usual; nil for what text cannot say.
    public var settings: [LearnerSetting]? {
        let usual = OneClassMachine()
        guard byteScale == usual.byteScale, stepLimit == nil, cacheLimit >= 1 << 20,
            cacheLimit % (1 << 20) == 0
        else { return nil }
        var settings: [LearnerSetting] = []
        switch kernel {
        case .custom: return nil
        case .rbf(.scale): break
        case .rbf(.value(let gamma)): settings.append(LearnerSetting("gamma", gamma))
        default: settings.append(LearnerSetting("kernel", "\(kernel)"))
        }
        settings.append(LearnerSetting("nu", nu))
        if tolerance != usual.tolerance { settings.append(LearnerSetting("tolerance", tolerance)) }
        if cacheLimit != usual.cacheLimit {
            settings.append(LearnerSetting("cache-mb", "\(cacheLimit >> 20)"))
        }
        return settings
    }

    /// `one-class support vector machine, rbf:gamma=0.02, nu 0.5`.
    public func summary(of classifier: OneClassClassifier) -> String {
        "\(Self.title), \(kernel), nu \(Numerals.number(nu))"
    }
}
