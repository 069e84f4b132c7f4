import Arrays

extension DenseProblem {
    /// The point at which a solver ended.
    struct Solution {
        var weights: [Double]
        /// The value of the dual problem, to be minimised: 1/2 |w|^2 - sum of alpha, with the loss's own term.
        var dual: Double
        /// The range of the projected gradient, each step no longer than to its bound.
        var violation: Double
        var steps: Int
        /// The least value of the problem less the largest of its dual, as a share of it.
        var gap: Double
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for place in a.indices { sum += a[place] * b[place] }
        return sum
    }

    private static func product(_ a: [Double], _ b: [Double]) -> [Double] {
        a.indices.map { a[$0] * b[$0] }
    }

    /// Solves the squared hinge by Newton's method from `start`, with a line search by halving: the second derivative
    /// changes only where rows enter or leave the margin, so that it ends after some ten steps.
    ///
    /// Source: O. L. Mangasarian, "A finite Newton method for classification" (2002).
    func newton(
        signs: [Double], costs: [Double], start: [Double], _ tick: (Int, Double?) throws -> Void
    ) throws -> Solution {
        var weights = start
        var scores = self.scores([weights])[0]
        func value(_ weights: [Double], _ scores: [Double]) -> Double {
            var sum = 0.5 * Self.dot(weights, weights)
            for row in 0..<count {
                let slack = 1 - signs[row] * scores[row]
                if slack > 0 { sum += costs[row] * slack * slack }
            }
            return sum
        }
        var objective = value(weights, scores)
        var (steps, violation) = (0, Double.infinity)
        while true {
            try tick(steps, violation.isFinite ? violation : nil)
            // alpha_i = 2 C slack; the gradient is w - sum of alpha y x.
            let slacks: [Double] = (0..<count).map { row in max(0, 1 - signs[row] * scores[row]) }
            let alphas = Self.product(costs, slacks).map { 2 * $0 }
            let made = sum(Self.product(alphas, signs))
            let gradient: [Double] = zip(weights, made).map { $0 - $1 }
            violation = 2 * (self.scores([gradient])[0].map(\.magnitude).max() ?? 0)
            var dual = 0.5 * Self.dot(made, made)
            for row in 0..<count { dual += alphas[row] * alphas[row] / (4 * costs[row]) - alphas[row] }
            let solution = Solution(
                weights: weights, dual: dual, violation: violation, steps: steps,
                gap: (objective + dual) / objective)
            // The gap between the two problems cannot be smaller than the rounding of their values.
            guard steps < 100, objective + dual > 1e-12 * objective else { return solution }
            let active: [Double] = zip(slacks, costs).map { slack, cost in slack > 0 ? 2 * cost : 0 }
            guard let found = try? solve(curvature(active), NDArray(gradient)) else { return solution }
            let direction = found.elements.map { -$0 }
            let along = self.scores([direction])[0]
            let slope = Self.dot(direction, gradient)
            var length = 1.0
            while true {
                let next: [Double] = zip(weights, direction).map { $0 + length * $1 }
                let nextScores: [Double] = zip(scores, along).map { $0 + length * $1 }
                let nextObjective = value(next, nextScores)
                if nextObjective < objective + 1e-4 * length * slope {
                    (weights, scores, objective) = (next, nextScores, nextObjective)
                    break
                }
                length /= 2
                // Nothing is left but rounding.
                if length < 1e-6 { return solution }
            }
            steps += 1
        }
    }

    /// Solves the hinge by an interior point method on the dual problem, whose matrix is of rank D + 1: some twenty
    /// steps.
    ///
    /// Source: M. C. Ferris, T. S. Munson, "Interior-point methods for massive support vector machines" (2002); the
    /// steps: S. Mehrotra, "On the implementation of a primal-dual interior point method" (1992).
    func interior(
        signs: [Double], costs: [Double], _ tick: (Int, Double?) throws -> Void
    ) throws -> Solution {
        var alphas = costs.map { $0 / 2 }
        var weights = sum(Self.product(alphas, signs))
        var gradient = marginExcess(weights, signs)
        // Multipliers of the two bounds, of which one less the other is the gradient.
        let offset = gradient.reduce(0) { $0 + $1.magnitude } / Double(max(1, count)) + 1e-3
        var lower = gradient.map { max($0, 0) + offset }
        var upper: [Double] = zip(lower, gradient).map { $0 - $1 }
        var best = Solution(weights: weights, dual: 0, violation: .infinity, steps: 0, gap: .infinity)
        // The two values come to rest at different steps: a primal that no rounding makes smaller may be there while the
        // dual still moves.
        var (bestPrimal, bestDual) = (Double.infinity, Double.infinity)
        let products = signedProducts(signs)
        for step in 0..<100 {
            let norm = 0.5 * Self.dot(weights, weights)
            var (primal, dual) = (norm, norm)
            var (most, least) = (0.0, 0.0)
            var product = 0.0
            for row in 0..<count {
                primal += costs[row] * max(0, -gradient[row])
                dual -= alphas[row]
                product += lower[row] * alphas[row] + upper[row] * (costs[row] - alphas[row])
                // How far a step down the gradient goes until its bound, in units of the gradient.
                let own = squares[row]
                let wanted: Double = own > 0 ? alphas[row] - gradient[row] / own : alphas[row]
                let move = min(max(wanted, 0), costs[row]) - alphas[row]
                (most, least) = (max(most, -own * move), min(least, -own * move))
            }
            try tick(step, most - least)
            bestDual = min(bestDual, dual)
            if primal < bestPrimal {
                bestPrimal = primal
                best = Solution(
                    weights: weights, dual: dual, violation: most - least, steps: step,
                    gap: (primal + dual) / primal)
            }
            guard product.isFinite, primal + dual > 1e-11 * primal else { break }
            let mean = product / Double(2 * count)
            let scaling: [Double] = (0..<count).map { row in
                let (below, above) = (lower[row] / alphas[row], upper[row] / (costs[row] - alphas[row]))
                return 1 / (below + above)
            }
            // Of few rows their own system is as small, and stays well-conditioned to the end, where T spans twenty digits.
            var own = products
            own?.withUnsafeMutableElements { values in
                for row in 0..<count { values[row * count + row] += 1 / scaling[row] }
            }
            let matrix = own ?? curvature(scaling)
            /// Returns the step for which complementarity becomes `target` less the terms of second order.
            func direction(_ target: Double, _ lowerTerm: [Double], _ upperTerm: [Double]) throws -> [Double]
            {
                let plain: [Double] = (0..<count).map { row in
                    let below: Double = (target - lowerTerm[row]) / alphas[row]
                    let above: Double = (target - upperTerm[row]) / (costs[row] - alphas[row])
                    return below - above - gradient[row]
                }
                if own != nil { return try solve(matrix, NDArray(plain)).elements }
                let right = Self.product(scaling, plain)
                // (T^-1 + Z Z')^-1 r = T r - T Z (I + Z' T Z)^-1 Z' T r
                let inner = try solve(matrix, NDArray(sum(Self.product(right, signs))))
                let back = scores([inner.elements])[0]
                return (0..<count).map { row -> Double in right[row] - scaling[row] * signs[row] * back[row] }
            }
            let zeros = [Double](repeating: 0, count: count)
            func multipliers(
                _ change: [Double], _ target: Double, _ lowerTerm: [Double], _ upperTerm: [Double]
            ) -> ([Double], [Double]) {
                var (lowerChange, upperChange) = (zeros, zeros)
                for row in 0..<count {
                    let below: Double = (target - lowerTerm[row] - lower[row] * change[row]) / alphas[row]
                    let room: Double = costs[row] - alphas[row]
                    let above: Double = (target - upperTerm[row] + upper[row] * change[row]) / room
                    lowerChange[row] = below - lower[row]
                    upperChange[row] = above - upper[row]
                }
                return (lowerChange, upperChange)
            }
            func longest(_ change: [Double], _ lowerChange: [Double], _ upperChange: [Double]) -> Double {
                var length = 1.0
                for row in 0..<count {
                    if change[row] < 0 { length = min(length, -alphas[row] / change[row]) }
                    if change[row] > 0 { length = min(length, (costs[row] - alphas[row]) / change[row]) }
                    if lowerChange[row] < 0 { length = min(length, -lower[row] / lowerChange[row]) }
                    if upperChange[row] < 0 { length = min(length, -upper[row] / upperChange[row]) }
                }
                return length
            }
            // A matrix that has become singular: nothing is left but rounding.
            guard let first = try? direction(0, zeros, zeros) else { break }
            let (firstLower, firstUpper) = multipliers(first, 0, zeros, zeros)
            let reach = longest(first, firstLower, firstUpper)
            var after = 0.0
            for row in 0..<count {
                let alpha: Double = alphas[row] + reach * first[row]
                let (below, above) = (
                    lower[row] + reach * firstLower[row], upper[row] + reach * firstUpper[row]
                )
                after += below * alpha
                after += above * (costs[row] - alpha)
            }
            let share = after / product
            let target = share * share * share * mean
            let lowerTerm = Self.product(first, firstLower)
            let upperTerm = Self.product(first, firstUpper).map { -$0 }
            guard let change = try? direction(target, lowerTerm, upperTerm) else { break }
            let (lowerChange, upperChange) = multipliers(change, target, lowerTerm, upperTerm)
            let length = 0.995 * longest(change, lowerChange, upperChange)
            guard length > 1e-10 else { break }
            for row in 0..<count {
                alphas[row] += length * change[row]
                lower[row] += length * lowerChange[row]
                upper[row] += length * upperChange[row]
            }
            weights = sum(Self.product(alphas, signs))
            gradient = marginExcess(weights, signs)
        }
        if bestPrimal.isFinite { (best.dual, best.gap) = (bestDual, (bestPrimal + bestDual) / bestPrimal) }
        return best
    }

    /// y_i <w, x_i> - 1: the gradient of the dual problem.
    private func marginExcess(_ weights: [Double], _ signs: [Double]) -> [Double] {
        let found = scores([weights])[0]
        return Self.product(signs, found).map { $0 - 1 }
    }
}
