import Support

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

extension RandomState {
    /// `np.random.binomial(n, p, size)`: the number of successes in n trials, each with probability p.
    ///
    /// ```swift
    /// let heads = random.binomial(10, 0.5, shape: [1000])
    /// ```
    ///
    /// By inversion up to a mean of 30; above, V. Kachitvichyanukul, B. W. Schmeiser, "Binomial random variate
    /// generation", CACM 31 (1988), algorithm BTPE.
    ///
    /// - Precondition: n >= 0, 0 <= p <= 1.
    public mutating func binomial(_ n: Int, _ p: Double, shape: [Int]) -> NDArray<Int> {
        let p = RoundedProbability.forgiven(p)
        require(n >= 0, "n < 0")
        require(p >= 0 && p <= 1, "p < 0, p > 1 or p is NaN")
        let sampler = BinomialSampler(n, p)
        return fill(shape) { sampler.draw(&$0) }
    }

    /// Draws one binomial number; nothing is drawn when the result is certain (as in NumPy's multinomial).
    mutating func certainOrBinomial(_ n: Int, _ p: Double) -> Int {
        n == 0 || p == 0 ? 0 : BinomialSampler(n, p).draw(&self)
    }
}

/// A sampler of binomial numbers of one (n, p), with its precomputed constants.
private struct BinomialSampler {
    private enum Way {
        case inversion(Inversion)
        case rejection(Rejection)
    }

    private let n: Int
    private let countsFailures: Bool
    private let way: Way

    init(_ n: Int, _ p: Double) {
        self.n = n
        countsFailures = p > 0.5
        let rarer = p > 0.5 ? 1 - p : p
        way = rarer * Double(n) <= 30 ? .inversion(Inversion(n, rarer)) : .rejection(Rejection(n, rarer))
    }

    func draw(_ random: inout RandomState) -> Int {
        let count =
            switch way {
            case .inversion(let way): way.draw(&random)
            case .rejection(let way): way.draw(&random)
            }
        return countsFailures ? n - count : count
    }
}

/// Takes the probabilities of 0, 1, 2, ... from a uniform number until it is used up.
private struct Inversion {
    let n: Double
    let p: Double
    let q: Double
    let none: Double
    let bound: Double

    init(_ n: Int, _ p: Double) {
        self.n = Double(n)
        self.p = p
        q = 1 - p
        none = exp(self.n * log(q))
        let mean = self.n * p
        bound = min(self.n, mean + 10 * (mean * q + 1).squareRoot()).rounded(.towardZero)
    }

    func draw(_ random: inout RandomState) -> Int {
        while true {
            var u = random.rand()
            var (x, probability) = (0.0, none)
            while u > probability {
                x += 1
                if x > bound { break }
                u -= probability
                probability = (n - x + 1) * p * probability / (x * q)
            }
            if x <= bound { return Int(x) }
        }
    }
}

/// BTPE: a triangle in the middle, parallelograms beside it and exponential tails above the distribution; p <= 1/2.
///
/// The names are the article's.
private struct Rejection {
    let n: Double
    let r: Double
    let q: Double
    let m: Double
    let p1, p2, p3, p4: Double
    let xm, xl, xr: Double
    let c, lambdaL, lambdaR: Double

    init(_ count: Int, _ p: Double) {
        n = Double(count)
        r = min(p, 1 - p)
        q = 1 - r
        let fm = n * r + r
        m = fm.rounded(.down)
        p1 = (2.195 * (n * r * q).squareRoot() - 4.6 * q).rounded(.down) + 0.5
        xm = m + 0.5
        xl = xm - p1
        xr = xm + p1
        c = 0.134 + 20.5 / (15.3 + m)
        let left = (fm - xl) / (fm - xl * r)
        lambdaL = left * (1 + left / 2)
        let right = (xr - fm) / (xr * q)
        lambdaR = right * (1 + right / 2)
        p2 = p1 * (1 + 2 * c)
        p3 = p2 + c / lambdaL
        p4 = p3 + c / lambdaR
    }

    func draw(_ random: inout RandomState) -> Int {
        while true {
            let u = random.rand() * p4
            var v = random.rand()
            if u <= p1 { return Int((xm - p1 * v + u).rounded(.down)) }
            var y: Double
            if u <= p2 {
                let x = xl + (u - p1) / c
                v = v * c + 1 - abs(m - x + 0.5) / p1
                if v > 1 { continue }
                y = x.rounded(.down)
            } else if u <= p3 {
                y = (xl + log(v) / lambdaL).rounded(.down)
                if y < 0 || v == 0 { continue }
                v = v * (u - p2) * lambdaL
            } else {
                y = (xr - log(v) / lambdaR).rounded(.down)
                if y > n || v == 0 { continue }
                v = v * (u - p3) * lambdaR
            }
            if accepts(v, y) { return Int(y) }
        }
    }

    /// Returns whether v is below the distribution at y, in units of its value at m.
    private func accepts(_ v: Double, _ y: Double) -> Bool {
        let k = abs(y - m)
        let variance = n * r * q
        guard k > 20 && k < variance / 2 - 1 else { return v <= ratio(y) }
        // Squeezes around the logarithm spare the exact one as a rule.
        let rho = (k / variance) * ((k * (k / 3 + 0.625) + 0.16666666666666666) / variance + 0.5)
        let t = -k * k / (2 * variance)
        let a = log(v)
        if a < t - rho { return true }
        if a > t + rho { return false }
        let (x1, f1, z, w) = (y + 1, m + 1, n + 1 - m, n - y + 1)
        let logarithm =
            xm * log(f1 / x1) + (n - m + 0.5) * log(z / w) + (y - m) * log(w * r / (x1 * q))
            + Self.stirling(f1) + Self.stirling(z) + Self.stirling(x1) + Self.stirling(w)
        return a <= logarithm
    }

    /// The probability of y over that of m, factor by factor.
    private func ratio(_ y: Double) -> Double {
        let s = r / q
        let a = s * (n + 1)
        var result = 1.0
        var i = min(m, y) + 1
        while i <= max(m, y) {
            if m < y { result *= a / i - s } else { result /= a / i - s }
            i += 1
        }
        return result
    }

    /// The correction of Stirling's formula for ln x!.
    private static func stirling(_ x: Double) -> Double {
        let square = x * x
        return (13680 - (462 - (132 - (99 - 140 / square) / square) / square) / square) / x / 166320
    }
}
