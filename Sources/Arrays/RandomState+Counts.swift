import Support

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

// The discrete distributions of NumPy's RandomState, with the same draws in the same order. The binomial distribution
// is in a file of its own.

extension RandomState {
    /// `np.random.poisson(lam, size)`.
    ///
    /// Source: W. Hoermann, "The transformed rejection method for generating Poisson random variables", Insurance:
    /// Mathematics and Economics 12 (1993), from a mean of 10.
    ///
    /// - Precondition: mean >= 0 (and below 2^62).
    public mutating func poisson(_ mean: Double, shape: [Int]) -> NDArray<Int> {
        require(mean >= 0 && mean < 0x1p62, "lam < 0 or lam is NaN or too large")
        return fill(shape) { $0.poisson(mean) }
    }

    /// `np.random.geometric(p, size)`: the number of trials up to the first success, 1 or more.
    ///
    /// By adding up probabilities from p = 1/3, else by inverting the distribution function.
    ///
    /// - Precondition: 0 < p <= 1.
    public mutating func geometric(_ p: Double, shape: [Int]) -> NDArray<Int> {
        let p = RoundedProbability.forgiven(p)
        require(p > 0 && p <= 1, "p <= 0, p > 1 or p contains NaNs")
        guard p >= 1.0 / 3 else {
            return fill(shape) { Self.whole((log1p(-$0.rand()) / log(1 - p)).rounded(.up)) }
        }
        return fill(shape) { random in
            let u = random.rand()
            var (count, term, sum) = (1, p, p)
            while u > sum {
                term *= 1 - p
                sum += term
                count += 1
            }
            return count
        }
    }

    /// `np.random.negative_binomial(n, p, size)`: the failures before the n-th success; a Poisson number whose mean
    /// is a gamma number.
    ///
    /// - Precondition: n > 0, 0 < p <= 1.
    public mutating func negativeBinomial(_ n: Double, _ p: Double, shape: [Int]) -> NDArray<Int> {
        let p = RoundedProbability.forgiven(p)
        require(n > 0, "n <= 0")
        require(p > 0 && p <= 1, "p <= 0, p > 1 or p contains NaNs")
        return fill(shape) { random in
            let mean = (1 - p) / p * random.standardGamma(n)
            return random.poisson(mean)
        }
    }

    /// `np.random.hypergeometric(ngood, nbad, nsample, size)`: the number of good items in `sample` drawn without
    /// replacement.
    ///
    /// One by one up to 10; above, by a ratio of uniform numbers: E. Stadlober, "The ratio of uniforms approach for
    /// generating discrete random variates", J. Comput. Appl. Math. 31 (1990).
    ///
    /// - Precondition: good >= 0, bad >= 0, 1 <= sample <= good + bad.
    public mutating func hypergeometric(good: Int, bad: Int, sample: Int, shape: [Int]) -> NDArray<Int> {
        require(good >= 0, "ngood < 0")
        require(bad >= 0, "nbad < 0")
        require(sample >= 1, "nsample < 1 or nsample is NaN")
        require(good + bad >= sample, "ngood + nbad < nsample")
        return fill(shape) { random in
            sample > 10
                ? random.hypergeometricByRatio(good, bad, sample)
                : random.hypergeometricOneByOne(good, bad, sample)
        }
    }

    /// `np.random.logseries(p, size)`.
    ///
    /// Source: A. W. Kemp, "Efficient generation of logarithmically distributed pseudo-random variables", Applied
    /// Statistics 30 (1981), algorithm LK.
    ///
    /// - Precondition: 0 <= p < 1.
    public mutating func logSeries(_ p: Double, shape: [Int]) -> NDArray<Int> {
        require(p >= 0 && p < 1, "p < 0, p >= 1 or p is NaN")
        let r = log1p(-p)
        return fill(shape) { random in
            while true {
                let v = random.rand()
                if v >= p { return 1 }
                let q = -expm1(r * random.rand())
                if v > q * q { return v >= q ? 1 : 2 }
                let result = (1 + log(v) / log(q)).rounded(.down)
                if result >= 1 && v > 0 { return Self.whole(result) }
            }
        }
    }

    /// `np.random.zipf(a, size)`: k with a probability that falls as k^-a.
    ///
    /// Source: L. Devroye, "Non-Uniform Random Variate Generation" (1986), X.6.1.
    ///
    /// - Precondition: a > 1.
    public mutating func zipf(_ a: Double, shape: [Int]) -> NDArray<Int> {
        require(a > 1, "a <= 1 or a is NaN")
        let b = pow(2, a - 1)
        return fill(shape) { random in
            while true {
                let u = 1 - random.rand()
                let v = random.rand()
                let x = pow(u, -1 / (a - 1)).rounded(.down)
                if !(x >= 1 && x < 0x1p63) { continue }
                let t = pow(1 + 1 / x, a - 1)
                if v * x * (t - 1) / (b - 1) <= t / b { return Int(x) }
            }
        }
    }

    /// One Poisson number.
    mutating func poisson(_ mean: Double) -> Int {
        if mean == 0 { return 0 }
        return mean >= 10 ? largePoisson(mean) : smallPoisson(mean)
    }

    /// Multiplies uniform numbers until the product falls to e^-mean.
    private mutating func smallPoisson(_ mean: Double) -> Int {
        let end = exp(-mean)
        var product = rand()
        var count = 0
        while product > end {
            count += 1
            product *= rand()
        }
        return count
    }

    private mutating func largePoisson(_ mean: Double) -> Int {
        let b = 0.931 + 2.53 * mean.squareRoot()
        let a = -0.059 + 0.02483 * b
        let inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
        let quick = 0.9277 - 3.6224 / (b - 2)
        while true {
            let u = rand() - 0.5
            let v = rand()
            let us = 0.5 - abs(u)
            let k = ((2 * a / us + b) * u + mean + 0.43).rounded(.down)
            if us >= 0.07 && v <= quick { return Int(k) }
            if k < 0 || (us < 0.013 && v > us) { continue }
            let left = log(v) + log(inverseAlpha) - log(a / (us * us) + b)
            if left <= -mean + k * log(mean) - Self.logGamma(k + 1) { return Int(k) }
        }
    }

    private mutating func hypergeometricOneByOne(_ good: Int, _ bad: Int, _ sample: Int) -> Int {
        let fewer = Double(min(good, bad))
        var left = fewer
        var draws = sample
        while left > 0 {
            left -= (rand() + left / Double(bad + good - sample + draws)).rounded(.down)
            draws -= 1
            if draws == 0 { break }
        }
        let found = Int(fewer - left)
        return good > bad ? sample - found : found
    }

    private mutating func hypergeometricByRatio(_ good: Int, _ bad: Int, _ sample: Int) -> Int {
        let (fewer, more, all) = (min(good, bad), max(good, bad), good + bad)
        let m = min(sample, all - sample)
        let share = Double(fewer) / Double(all)
        let centre = Double(m) * share + 0.5
        let variance = Double(all - m) * Double(sample) * share * (1 - share) / Double(all - 1)
        let deviation = (variance + 0.5).squareRoot()
        // 2 sqrt(2/e) and 3 - 2 sqrt(3/e): the table's hat around the distribution.
        let width = 1.7155277699214135 * deviation + 0.8989161620588988
        let mode = (Double(m + 1) * Double(fewer + 1) / Double(all + 2)).rounded(.down)
        func logarithm(_ k: Double) -> Double {
            Self.logGamma(k + 1) + Self.logGamma(Double(fewer) - k + 1) + Self.logGamma(Double(m) - k + 1)
                + Self.logGamma(Double(more - m) + k + 1)
        }
        let top = logarithm(mode)
        // 16 deviations: beyond them nothing is left in 16 digits.
        let end = min(Double(min(m, fewer)) + 1, (centre + 16 * deviation).rounded(.down))
        while true {
            let x = rand()
            let y = rand()
            let w = centre + width * (y - 0.5) / x
            if !(w >= 0 && w < end) { continue }
            let k = w.rounded(.down)
            let t = top - logarithm(k)
            if x * (4 - x) - 3 > t {
                if x * (x - t) >= 1 || 2 * log(x) > t { continue }
            }
            let found = good > bad ? m - Int(k) : Int(k)
            return m < sample ? good - found : found
        }
    }

    /// Converts an integral value to `Int`, clamped to the largest.
    private static func whole(_ x: Double) -> Int { x < 0x1p63 ? Int(x) : .max }

    /// ln gamma(x), x > 0, by Stirling's series from 7 on and the recurrence below: not the C library's, because
    /// the last bit decides now and then whether a number is kept.
    ///
    /// Source: S. Zhang, J. Jin, "Computation of Special Functions" (1996), 3.1.3.
    static func logGamma(_ x: Double) -> Double {
        if x == 1 || x == 2 { return 0 }
        let steps = x < 7 ? Int(7 - x) : 0
        var place = x + Double(steps)
        let inverseSquare = (1 / place) * (1 / place)
        var series = -1.39243221690590
        for coefficient in [
            1.796443723688307e-01, -2.955065359477124e-02, 6.410256410256410e-03, -1.917526917526918e-03,
            8.417508417508418e-04, -5.952380952380952e-04, 7.936507936507937e-04, -2.777777777777778e-03,
            8.333333333333333e-02,
        ] {
            series = series * inverseSquare + coefficient
        }
        let halfLogTwoPi = 0.5 * 1.8378770664093453
        var result = series / place + halfLogTwoPi + (place - 0.5) * log(place) - place
        for _ in 0..<steps {
            result -= log(place - 1)
            place -= 1
        }
        return result
    }
}
