import Arrays
import Classification
import ExampleData
import Regression
import Support

/// Support vector regression: a function in the space of a kernel, as flat as can be, from which errors up to the half width of
/// a tube cost nothing.
///
/// ```swift
/// let machine = SupportVectorRegression(kernel: .rbf(gamma: 0.1), cost: 10, epsilon: 0.2)
/// let regressor = try machine.fit(houses)
/// print(regressor.supportVectors.count, try regressor.errors(on: others).rSquared)
/// ```
///
/// f(x) = sum_t (alpha_t - alpha*_t) K(x_t, x) - rho. For targets z, with 0 <= alpha_t, alpha*_t <= C and
/// sum_t (alpha_t - alpha*_t) = 0, minimise
///
/// - epsilon-SVR: 1/2 (alpha - alpha*)' K (alpha - alpha*) + epsilon sum_t (alpha_t + alpha*_t) - sum_t z_t (alpha_t - alpha*_t)
///   (V. Vapnik, "Statistical learning theory", 1998);
/// - nu-SVR: 1/2 (alpha - alpha*)' K (alpha - alpha*) - sum_t z_t (alpha_t - alpha*_t) where sum_t (alpha_t + alpha*_t) = C nu N
///   (B. Schoelkopf et al., "New support vector algorithms", 2000).
///
/// They are libsvm's (C.-C. Chang, C.-J. Lin, "LIBSVM: a library for support vector machines", ACM TIST 2, 2011), and so is the
/// end: the violation of the optimality conditions, in the units of the targets, is below `tolerance`. C and epsilon are in the
/// units of the targets too: standardise targets that are large.
///
/// - Complexity: about O(D N S) for N examples, S support vectors.
public struct SupportVectorRegression: RegressionLearner, Sendable {
    /// The width of the tube in which errors cost nothing.
    public enum Tube: Sendable, Equatable {
        /// Its half width, 0 or more.
        case epsilon(Double)
        /// At most this share of the examples lie outside of it, and at least this share are support vectors; above 0, at
        /// most 1. The width follows.
        case nu(Double)
    }

    /// The kernel.
    public var kernel: KernelFunction
    /// The width of the tube.
    public var tube: Tube
    /// C: what a unit outside the tube costs; above 0.
    public var cost: Double
    /// The factor on bytes; floating-point features are taken as they are.
    public var byteScale: Float = 1 / 255
    /// The violation of the optimality conditions at which a solution is good enough; above 0.
    public var tolerance = 1e-3
    /// Bytes that kernel rows may take.
    package var cacheLimit = 1 << 30
    /// The most steps; nil for libsvm's own choice, the larger of ten million and 100 for each of the 2 N variables.
    package var stepLimit: Int?

    /// Creates epsilon-SVR.
    public init(kernel: KernelFunction = .rbf(), cost: Double = 1, epsilon: Double = 0.1) {
        (self.kernel, self.cost, tube) = (kernel, cost, .epsilon(epsilon))
    }

    /// Creates nu-SVR.
    public init(kernel: KernelFunction = .rbf(), cost: Double = 1, nu: Double) {
        (self.kernel, self.cost, tube) = (kernel, cost, .nu(nu))
    }

    /// Learns from examples [N, ...] with one number each.
    ///
    /// When `stepLimit` is reached, the regressor's `convergence` says so, and how far it was.
    ///
    /// - Throws: `usage` or `badData` before work starts: an impossible setting, targets that are classes or several for each
    ///   example, a value that is not finite (row and column), a cache too small; later, a kernel value that is no finite
    ///   number (kernel and rows named); `interrupted` within a second of `cancellation`.
    public func fit(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> SupportVectorRegressor {
        let machine = SingleMachine(
            name: Self.title, kernel: kernel, byteScale: byteScale, tolerance: tolerance,
            cacheLimit: cacheLimit, stepLimit: stepLimit)
        guard cost > 0 && cost <= 1e30 else {
            throw machine.usage("impossible cost", "a number above 0, at most 1e30", cost)
        }
        switch tube {
        case .epsilon(let epsilon):
            guard epsilon >= 0 && epsilon <= 1e30 else {
                throw machine.usage("impossible epsilon", "a number, 0 or more, at most 1e30", epsilon)
            }
        case .nu(let nu):
            guard nu > 0 && nu <= 1 else { throw machine.usage("impossible nu", "above 0, at most 1", nu) }
        }
        try machine.check(count: max(1, examples.count))
        let targets = try RegressionChecks.single(examples, for: Self.title).map(Double.init)
        let (solution, kernel) = try machine.solve(
            examples.features, terms(targets), cancellation: cancellation, progress: progress)
        let width: Double =
            switch tube {
            case .epsilon(let epsilon): epsilon
            // The distance of the two signs' thresholds; of a tube that rounding closed it is 0.
            case .nu: max(0, -solution.margin)
            }
        return SupportVectorRegressor(
            expansion: SupportVectorExpansion(
                solution, kernel: kernel, byteScale: byteScale, features: examples.features),
            isNu: isNu, tubeWidth: width,
            supportIndices: solution.coefficients.indices.filter { solution.coefficients[$0] != 0 },
            report: SupportVectorSolution(solution))
    }

    private var isNu: Bool { if case .nu = tube { true } else { false } }

    /// alpha of all rows, then alpha* of all rows.
    private func terms(_ targets: [Double]) -> SingleMachine.Terms {
        let count = targets.count
        let signs = [Double](repeating: 1, count: count) + [Double](repeating: -1, count: count)
        let upper = [Double](repeating: cost, count: 2 * count)
        switch tube {
        case .epsilon(let epsilon):
            return SingleMachine.Terms(
                signs: signs, upper: upper, start: [Double](repeating: 0, count: 2 * count),
                linearTerm: targets.map { epsilon - $0 } + targets.map { epsilon + $0 })
        case .nu(let nu):
            var left = cost * nu * Double(count) / 2
            let half = targets.map { _ in
                let alpha = min(left, cost)
                left -= alpha
                return alpha
            }
            return SingleMachine.Terms(
                signs: signs, upper: upper, start: half + half,
                linearTerm: targets.map { -$0 } + targets, pairsWithinSign: true)
        }
    }
}
