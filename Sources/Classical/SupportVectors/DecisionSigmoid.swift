import Arrays
import Glibc
import Support

/// P(first class | decision value f) = 1 / (1 + exp(A f + B)).
///
/// J. Platt, "Probabilistic outputs for support vector machines" (1999); fitted by Newton's method with backtracking as in
/// H.-T. Lin, C.-J. Lin, R. Weng, "A note on Platt's probabilistic outputs for support vector machines" (2007).
package struct DecisionSigmoid: Sendable, Equatable {
    /// A, below 0 where larger decisions mean the first class.
    package let slope: Double
    /// B.
    package let offset: Double

    /// Creates the sigmoid of these parameters.
    package init(slope: Double, offset: Double) {
        self.slope = slope
        self.offset = offset
    }

    /// Returns the probability of the first class; written so that nothing overflows.
    package func probability(of decision: Double) -> Double {
        let t = decision * slope + offset
        return t >= 0 ? exp(-t) / (1 + exp(-t)) : 1 / (1 + exp(t))
    }

    /// Creates the sigmoid under which the labels are most likely: minimise -sum of t log p + (1 - t) log(1 - p), with
    /// targets t = (n+ + 1) / (n+ + 2) and 1 / (n- + 2) in place of 1 and 0.
    ///
    /// - Precondition: as many labels as decisions.
    /// - Complexity: O(N) for each of at most 100 steps.
    package init(fitting decisions: [Double], positive: [Bool]) {
        require(
            decisions.count == positive.count, "\(positive.count) labels for \(decisions.count) decisions")
        let positives = Double(positive.count { $0 })
        let negatives = Double(positive.count) - positives
        let high = (positives + 1) / (positives + 2)
        let low = 1 / (negatives + 2)
        let targets = positive.map { $0 ? high : low }

        func cost(_ slope: Double, _ offset: Double) -> Double {
            zip(decisions, targets).reduce(0) { sum, item in
                let t = item.0 * slope + offset
                let rest: Double = log(1 + exp(-abs(t)))
                let linear: Double = t >= 0 ? item.1 * t : (item.1 - 1) * t
                return sum + (linear + rest)
            }
        }

        var slope = 0.0
        var offset = log((negatives + 1) / (positives + 1))
        var current = cost(slope, offset)
        // The Hessian gets this much more on its diagonal, so that it can be inverted.
        let ridge = 1e-12
        for _ in 0..<100 {
            var (h11, h22, h21, g1, g2) = (ridge, ridge, 0.0, 0.0, 0.0)
            for (decision, target) in zip(decisions, targets) {
                let t = decision * slope + offset
                let p = t >= 0 ? exp(-t) / (1 + exp(-t)) : 1 / (1 + exp(t))
                let weight = p * (1 - p)
                h11 += decision * decision * weight
                h22 += weight
                h21 += decision * weight
                g1 += decision * (target - p)
                g2 += target - p
            }
            if abs(g1) < 1e-5 && abs(g2) < 1e-5 { break }
            let determinant = h11 * h22 - h21 * h21
            let stepSlope = -(h22 * g1 - h21 * g2) / determinant
            let stepOffset = -(h11 * g2 - h21 * g1) / determinant
            let gain = g1 * stepSlope + g2 * stepOffset
            var size = 1.0
            var moved = false
            while size >= 1e-10 {
                let next = cost(slope + size * stepSlope, offset + size * stepOffset)
                if next < current + 1e-4 * size * gain {
                    slope += size * stepSlope
                    offset += size * stepOffset
                    current = next
                    moved = true
                    break
                }
                size /= 2
            }
            if !moved { break }
        }
        self.init(slope: slope, offset: offset)
    }
}

/// The probabilities of K classes from those of each pair.
enum PairwiseCoupling {
    /// p that minimises sum over i and j != i of (r_ji p_i - r_ij p_j)^2, sum of p = 1; r[i][j] = P(i | i or j).
    ///
    /// T.-F. Wu, C.-J. Lin, R. Weng, "Probability estimates for multi-class classification by pairwise coupling", JMLR 5
    /// (2004), their second method, by the iteration of its section 4.2.
    static func couple(_ r: [[Double]]) -> [Double] {
        let count = r.count
        if count == 2 { return [r[0][1], r[1][0]] }
        var p = [Double](repeating: 1 / Double(count), count: count)
        var q = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
        for t in 0..<count {
            for j in 0..<count where j != t {
                q[t][t] += r[j][t] * r[j][t]
                q[t][j] = -r[j][t] * r[t][j]
            }
        }
        let tolerance = 0.005 / Double(count)
        for _ in 0..<max(100, count) {
            var qp = q.map { row in zip(row, p).reduce(0) { $0 + $1.0 * $1.1 } }
            var pqp = zip(p, qp).reduce(0) { $0 + $1.0 * $1.1 }
            let error = qp.map { abs($0 - pqp) }.max() ?? 0
            if error < tolerance { break }
            for t in 0..<count {
                let change = (-qp[t] + pqp) / q[t][t]
                p[t] += change
                pqp = (pqp + change * (change * q[t][t] + 2 * qp[t])) / (1 + change) / (1 + change)
                for j in 0..<count {
                    qp[j] = (qp[j] + change * q[t][j]) / (1 + change)
                    p[j] /= 1 + change
                }
            }
        }
        return p
    }
}
