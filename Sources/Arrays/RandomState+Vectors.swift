// Random vectors, one along the last axis of the result, with the draws of NumPy's RandomState.

import Support

extension RandomState {
    /// `np.random.multinomial(n, pvals, size)`: the counts of K outcomes in n trials; `shape` + (K).
    ///
    /// Probabilities that were rounded to `Float`, as a softmax in single precision gives them, may sum to a little more
    /// than 1: they are then divided by their sum. (NumPy refuses them, or not, as the rounding has it.)
    ///
    /// - Precondition: n >= 0; probabilities in [0, 1], and the sum of all but the last at most 1.
    public mutating func multinomial(
        _ n: Int, _ probabilities: [Double], shape: [Int] = []
    ) -> NDArray<Int> {
        require(n >= 0, "n < 0")
        var probabilities = probabilities.map(RoundedProbability.forgiven)
        require(
            probabilities.allSatisfy { $0 >= 0 && $0 <= 1 }, "pvals < 0, pvals > 1 or pvals contains NaNs")
        if probabilities.dropLast().reduce(0, +) > 1 + 1e-12 {
            let sum = probabilities.reduce(0, +)
            require(
                sum <= 1 + RoundedProbability.tolerance(of: probabilities), "sum(pvals[:-1]) > 1.0")
            for place in probabilities.indices { probabilities[place] /= sum }
        }
        return rows(shape, probabilities.count) { random, row in
            row.initialize(repeating: 0)
            var left = n
            var remaining = 1.0
            for place in row.indices.dropLast() {
                // Each is binomial among the trials that the earlier ones have left.
                let share = probabilities[place] == 0 ? 0 : min(probabilities[place] / remaining, 1)
                row[place] = random.certainOrBinomial(left, share)
                left -= row[place]
                if left <= 0 { break }
                remaining -= probabilities[place]
            }
            if left > 0, let last = row.indices.last { row[last] = left }
        }
    }

    /// `np.random.dirichlet(alpha, size)`: K positive numbers whose sum is 1; `shape` + (K).
    ///
    /// - Precondition: every alpha > 0.
    public mutating func dirichlet(_ alpha: [Double], shape: [Int] = []) -> NDArray<Double> {
        require(alpha.allSatisfy { $0 > 0 }, "alpha <= 0")
        return rows(shape, alpha.count) { random, row in
            var sum = 0.0
            for place in row.indices {
                row.initializeElement(at: place, to: random.standardGamma(alpha[place]))
                sum += row[place]
            }
            for place in row.indices { row[place] *= 1 / sum }
        }
    }

    /// `np.random.multivariate_normal(mean, cov, size)`: `shape` + (K) for a mean (K) and a covariance (K, K).
    ///
    /// The draws are NumPy's; the last bits, and the signs of the singular vectors, are the LAPACK library's.
    ///
    /// - Precondition: the shapes fit.
    /// - Throws: `DescentError` (`badData`) when the covariance has no singular value decomposition (NaN).
    public mutating func multivariateNormal(
        mean: NDArray<Double>, covariance: NDArray<Double>, shape: [Int] = []
    ) throws -> NDArray<Double> {
        require(mean.ndim == 1, "mean must be 1 dimensional")
        let length = mean.count
        require(
            covariance.ndim == 2 && covariance.shape[0] == covariance.shape[1],
            "cov must be 2 dimensional and square")
        require(covariance.shape[0] == length, "mean and cov must have same length")
        let draws = randn(shape: [shape.reduce(1, *), length])
        let (_, s, vt) = try svd(covariance)
        return (dot(draws, sqrt(s).expandingDimensions(at: 1) * vt) + mean).reshaped(to: shape + [length])
    }

    /// `np.random.bytes(length)`.
    ///
    /// - Precondition: count >= 0.
    public mutating func bytes(_ count: Int) -> [UInt8] {
        require(count >= 0, "negative dimensions are not allowed")
        var result: [UInt8] = []
        result.reserveCapacity(count + 3)
        while result.count < count {
            let word = nextUInt32()
            for shift in [0, 8, 16, 24] { result.append(UInt8(truncatingIfNeeded: word >> UInt32(shift))) }
        }
        return Array(result.prefix(count))
    }

    /// Fills `shape` + (`length`) row by row.
    private mutating func rows<Value: ArrayScalar>(
        _ shape: [Int], _ length: Int, _ draw: (inout RandomState, UnsafeMutableBufferPointer<Value>) -> Void
    ) -> NDArray<Value> {
        NDArray(shape: shape + [length]) { target in
            for row in 0..<shape.reduce(1, *) {
                draw(&self, UnsafeMutableBufferPointer(rebasing: target[row * length..<(row + 1) * length]))
            }
        }
    }
}
