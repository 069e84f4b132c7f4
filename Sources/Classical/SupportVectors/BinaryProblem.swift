/// The problem that all of libsvm's machines are made of: minimise 1/2 alpha' Q alpha + p' alpha with Q_st = y_s y_t K_st,
/// 0 <= alpha_t <= upper_t, and sum of y_t alpha_t (nu-SVC and nu-SVR: also sum of alpha_t) as it is at the start.
///
/// Variable t belongs to row t. A regression has twice as many variables as rows, alpha and alpha*: variable t + N belongs to
/// row t as well, with the other sign.
///
/// Source: C.-C. Chang, C.-J. Lin, "LIBSVM: a library for support vector machines", ACM TIST 2 (2011), sections 2 and 4: its
/// problems (11) and (20).
struct BinaryProblem {
    /// N rows of features.
    var rows: FeatureRows
    var kernel: KernelFunction
    /// y_t: +1 or -1, of N or 2 N variables.
    var signs: [Double]
    /// The largest alpha_t.
    var upper: [Double]
    /// The starting point; feasible.
    var start: [Double]
    /// p_t.
    var linearTerm: [Double]
    /// Whether both variables of a step must be of one sign (nu-SVC, nu-SVR).
    var pairsWithinSign: Bool
    /// Whether r, half the distance of the signs' thresholds, is a margin that all is divided by in the end (nu-SVC).
    var dividesByMargin: Bool
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
    /// y_t alpha_t of each row, of a regression alpha_t - alpha*_t (nu-SVC: divided by r, so that the margin is 1 as in C-SVC).
    var coefficients: [Double]
    /// The decision is sum of coefficients_t K(x_t, x) - rho, K as the rows have it (`KernelCentre`).
    var rho: Double
    var objective: Double
    /// p' alpha, the linear part of the objective.
    var linearValue: Double
    var steps: Int
    /// The violation of the optimality conditions at the end.
    var violation: Double
    var converged: Bool
    /// nu-SVC: whether there is a margin, r > 0; without one the decisions have no meaning.
    var hasMargin: Bool
    /// nu-SVC and nu-SVR: r; of a regression it is minus the half width of the tube. 1 for others.
    var margin: Double
    /// The number of coefficients that are not 0, and of those among them at their bound.
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
