extension BinarySolver {
    /// y_t alpha_t of each row.
    func coefficients() -> [Double] {
        (0..<rowCount).map { t in
            let own = problem.signs[t] * alpha[t]
            return count > rowCount ? own + problem.signs[t + rowCount] * alpha[t + rowCount] : own
        }
    }

    func solution(hasMargin: Bool) -> BinarySolution {
        var (rho, margin) = thresholds()
        var (objective, linearValue) = (0.0, 0.0)
        for t in 0..<count {
            objective += alpha[t] * (problem.signs[t] * f[t] + problem.linearTerm[t]) / 2
            linearValue += alpha[t] * problem.linearTerm[t]
        }
        let divisor = problem.dividesByMargin && margin > 0 ? margin : 1
        let coefficients = coefficients()
        let support = coefficients.indices.filter { coefficients[$0] != 0 }
        let bounded = support.count { coefficients[$0].magnitude >= problem.upper[$0] }
        if divisor != 1 {
            rho /= divisor
            objective /= divisor * divisor
        }
        return BinarySolution(
            coefficients: coefficients.map { $0 == 0 ? 0 : $0 / divisor }, rho: rho,
            objective: objective, linearValue: linearValue, steps: steps, violation: max(0, violation),
            converged: !(violation >= problem.tolerance), hasMargin: hasMargin, margin: margin,
            supportCount: support.count, boundedCount: bounded, rowsComputed: cache.computed)
    }

    /// rho, and r of nu-SVC and nu-SVR (1 for others): from the free variables, or from the middle
    /// of what the bound ones allow.
    func thresholds() -> (rho: Double, margin: Double) {
        func middle(_ side: Int) -> Double {
            var (sum, free) = (0.0, 0)
            var (above, below) = (Double.infinity, -Double.infinity)
            for t in 0..<count where self.side(t) == side {
                switch (mayRise(t), mayFall(t)) {
                case (true, true):
                    sum += f[t]
                    free += 1
                case (true, false): above = min(above, f[t])
                case (false, true): below = max(below, f[t])
                case (false, false): break
                }
            }
            if free > 0 { return sum / Double(free) }
            return above.isFinite && below.isFinite
                ? (above + below) / 2 : above.isFinite ? above : below.isFinite ? below : 0
        }
        guard problem.pairsWithinSign else { return (middle(0), 1) }
        // f = y G: of the negative class, -f.
        let (positive, negative) = (middle(0), -middle(1))
        return ((positive - negative) / 2, (positive + negative) / 2)
    }
}
