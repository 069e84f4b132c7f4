import Arrays
import Classification
import ExampleData
import Support

/// A support vector machine: the widest margin between each two classes, in the space of a kernel.
///
/// ```swift
/// var machine = SupportVectorMachine(kernel: .rbf(gamma: 0.02), cost: 5)
/// machine.byteScale = 1 / 255
/// let classifier = try machine.fit(digits)
/// ```
///
/// One classifier for each pair of classes votes, as in libsvm. The problem of a pair, with y = +1 for the class that
/// comes first: minimise 1/2 sum_st alpha_s alpha_t y_s y_t K(x_s, x_t) - sum_t alpha_t, 0 <= alpha_t <= C w, where
/// sum_t y_t alpha_t = 0 (C. Cortes, V. Vapnik, "Support-vector networks", 1995); or nu-SVC (B. Schoelkopf et al., "New
/// support vector algorithms", 2000). The end is libsvm's: the violation of the optimality conditions is below
/// `tolerance`.
///
/// Settings can be searched for when it learns:
///
/// ```swift
/// machine.search = SupportVectorGridSearch(costs: [1, 10, 100], gammas: [0.01, 0.02])
/// print(try machine.fit(digits).search?.best.accuracy)
/// ```
///
/// - Complexity: about O(D N S / K) for N examples in K classes, S support vectors.
public struct SupportVectorMachine: Learner {
    /// The formulation of the soft margin.
    public enum Formulation: Sendable, Equatable {
        /// C-SVC: `cost` (above 0) for each unit on the wrong side.
        case cost(Double)
        /// nu-SVC: at most this share of the examples on the wrong side, at least this share support vectors; above 0,
        /// at most 2 min(n, m) / (n + m) for classes of n and m examples. Below some value, above 0 where the kernel does
        /// not tell the classes apart, there is no margin, which is found out by solving.
        case nu(Double)
    }

    /// The kernel function.
    public var kernel: KernelFunction
    /// C-SVC or nu-SVC.
    public var formulation: Formulation
    /// The factor on bytes; floating-point features are taken as they are.
    public var byteScale: Float = 1 / 255
    /// The factors on the cost of each class. C-SVC only.
    public var classWeights: ClassWeights = [:]
    /// The violation of the optimality conditions at which a solution is good enough; above 0.
    public var tolerance = 1e-3
    /// Whether to fit probabilities to the decision values by a cross-validation in five parts (Platt 1999), which takes
    /// about five times as long. Without them `probabilities` are shares of votes.
    public var fitsProbabilities = false
    /// Bytes that the kernel rows of one pair of classes may take; as many pairs are solved at once as threads compute.
    public var cacheLimit = 1 << 30
    /// The most steps for one pair; nil for libsvm's own choice, the larger of ten million and 100 N.
    public var stepLimit: Int?
    /// Divides the examples for probabilities.
    public var seed = 1
    /// A search for C and gamma, by cross-validation, before anything is learned; nil for the settings as they are.
    public var search: SupportVectorGridSearch?

    /// C-SVC.
    public init(kernel: KernelFunction = .rbf(), cost: Double = 1) {
        self.kernel = kernel
        formulation = .cost(cost)
    }

    /// nu-SVC.
    public init(kernel: KernelFunction = .rbf(), nu: Double) {
        self.kernel = kernel
        formulation = .nu(nu)
    }

    /// Learns from examples [N, ...] of two classes or more.
    ///
    /// When a pair reaches `stepLimit`, the classifier's `convergence` says so, and how far it was. With a `search`, the
    /// best settings are trained on all examples, and the classifier's `search` has the results.
    ///
    /// - Throws: `usage` or `badData` before work starts: an impossible setting, one class only, a class without
    ///   examples, a value that is not finite (row and column), features that are all constant, a cache too small for
    ///   the largest pair, a nu that no solution allows; later, a kernel value that is not finite (kernel and rows
    ///   named) and a nu without a margin; `interrupted` within a second of `cancellation`.
    public func fit(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> SupportVectorClassifier {
        if let search {
            let result = try search.run(self, on: examples, cancellation: cancellation, progress: progress)
            var best = result.best.machine
            best.fitsProbabilities = fitsProbabilities
            var classifier = try best.fit(examples, cancellation: cancellation, progress: progress)
            classifier.search = result
            return classifier
        }
        try check(examples)
        var machine = self
        machine.kernel = kernel.resolved(for: examples.features, scale: byteScale)
        let training = PairTraining(machine, examples)
        return try training.run(cancellation, progress)
    }
}
