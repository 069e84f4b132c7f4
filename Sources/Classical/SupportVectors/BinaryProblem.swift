/// A problem of two classes as the solver sees it: minimise 1/2 alpha' Q alpha + p' alpha with Q_st = y_s y_t K_st,
/// 0 <= alpha_t <= upper_t, and sum of y_t alpha_t (nu-SVC: also sum of alpha_t) as it is at the start.
struct BinaryProblem {
    /// N rows of features.
    var rows: FeatureRows
    var kernel: KernelFunction
    /// y_t: +1 or -1.
    var signs: [Double]
    /// The largest alpha_t.
    var upper: [Double]
    /// The starting point; feasible.
    var start: [Double]
    /// p_t, the same for all: -1 for C-SVC, 0 for nu-SVC.
    var linearTerm: Double
    /// Whether both variables of a step must be of one sign (nu-SVC).
    var pairsWithinSign: Bool
    var tolerance: Double
    var cacheLimit: Int
    var stepLimit: Int

    /// C-SVC: `costs` are those of the positive and of the negative class.
    static func cost(_ positive: Double, _ negative: Double, signs: [Double]) -> (
        upper: [Double], start: [Double]
    ) {
        (signs.map { $0 > 0 ? positive : negative }, [Double](repeating: 0, count: signs.count))
    }

    /// nu-SVC: alphas of each sign that add up to nu N / 2, the first ones as large as they may be.
    static func nu(_ nu: Double, signs: [Double]) -> (upper: [Double], start: [Double]) {
        var left = [nu * Double(signs.count) / 2, nu * Double(signs.count) / 2]
        let start = signs.map { sign in
            let side = sign > 0 ? 0 : 1
            let alpha = min(1, left[side])
            left[side] -= alpha
            return alpha
        }
        return ([Double](repeating: 1, count: signs.count), start)
    }
}

/// The solver's result.
struct BinarySolution: Sendable {
    /// y_t alpha_t (nu-SVC: divided by r, so that the margin is 1 as in C-SVC).
    var coefficients: [Double]
    /// The decision is sum of coefficients_t K(x_t, x) - rho, K as the rows have it (`KernelCentre`).
    var rho: Double
    var objective: Double
    var steps: Int
    /// The violation of the optimality conditions at the end.
    var violation: Double
    var converged: Bool
    /// nu-SVC: whether there is a margin, r > 0; without one the decisions have no meaning.
    var hasMargin: Bool
    /// The number of alphas above 0, and of those among them at their upper bound.
    var supportCount: Int
    var boundedCount: Int
    /// Kernel rows computed.
    var rowsComputed: Int
}

/// The state of a solver while it runs.
struct SolverProgress {
    var steps: Int
    var violation: Double
}
