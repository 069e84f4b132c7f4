import Support

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

// The less common continuous distributions of NumPy's RandomState, with the same draws in the same order.

extension RandomState {
    /// `np.random.standard_t(df, size)`: Student's t.
    ///
    /// - Precondition: degrees of freedom > 0.
    public mutating func standardT(_ freedom: Double, shape: [Int]) -> NDArray<Double> {
        require(freedom > 0, "df <= 0")
        return fill(shape) { random in
            let numerator = random.randn()
            let denominator = random.standardGamma(freedom / 2)
            return (freedom / 2).squareRoot() * numerator / denominator.squareRoot()
        }
    }

    /// `np.random.f(dfnum, dfden, size)`: Fisher's F, one chi-square number over another.
    ///
    /// - Precondition: both degrees of freedom > 0.
    public mutating func f(_ numerator: Double, _ denominator: Double, shape: [Int]) -> NDArray<Double> {
        require(numerator > 0, "dfnum <= 0")
        require(denominator > 0, "dfden <= 0")
        return fill(shape) { random in
            let above = random.standardChiSquare(numerator) * denominator
            return above / (random.standardChiSquare(denominator) * numerator)
        }
    }

    /// `np.random.noncentral_chisquare(df, nonc, size)`.
    ///
    /// - Precondition: degrees of freedom > 0, noncentrality >= 0.
    public mutating func noncentralChiSquare(
        _ freedom: Double, noncentrality: Double, shape: [Int]
    ) -> NDArray<Double> {
        require(freedom > 0, "df <= 0")
        require(noncentrality >= 0, "nonc < 0")
        return fill(shape) { $0.noncentralChiSquare(freedom, noncentrality) }
    }

    /// `np.random.noncentral_f(dfnum, dfden, nonc, size)`.
    ///
    /// - Precondition: both degrees of freedom > 0, noncentrality >= 0.
    public mutating func noncentralF(
        _ numerator: Double, _ denominator: Double, noncentrality: Double, shape: [Int]
    ) -> NDArray<Double> {
        require(numerator > 0, "dfnum <= 0")
        require(denominator > 0, "dfden <= 0")
        require(noncentrality >= 0, "nonc < 0")
        return fill(shape) { random in
            let above = random.noncentralChiSquare(numerator, noncentrality) * denominator
            return above / (random.standardChiSquare(denominator) * numerator)
        }
    }

    /// `np.random.pareto(a, size)`: Pareto II, or Lomax (add 1 for the classical one).
    ///
    /// - Precondition: a > 0.
    public mutating func pareto(_ a: Double, shape: [Int]) -> NDArray<Double> {
        require(a > 0, "a <= 0")
        return fill(shape) { exp($0.standardExponential() / a) - 1 }
    }

    /// `np.random.power(a, size)`: density a x^(a - 1) in [0, 1].
    ///
    /// - Precondition: a > 0.
    public mutating func power(_ a: Double, shape: [Int]) -> NDArray<Double> {
        require(a > 0, "a <= 0")
        return fill(shape) { pow(1 - exp(-$0.standardExponential()), 1 / a) }
    }

    /// `np.random.triangular(left, mode, right, size)`.
    ///
    /// - Precondition: left <= mode <= right, left < right.
    public mutating func triangular(
        _ left: Double, _ mode: Double, _ right: Double, shape: [Int]
    ) -> NDArray<Double> {
        require(left <= mode, "left > mode")
        require(mode <= right, "mode > right")
        require(left < right, "left == right")
        let base = right - left
        let (leftProduct, rightProduct) = ((mode - left) * base, (right - mode) * base)
        return fill(shape) { random in
            let u = random.rand()
            return u <= (mode - left) / base
                ? left + (u * leftProduct).squareRoot() : right - ((1 - u) * rightProduct).squareRoot()
        }
    }

    /// `np.random.wald(mean, scale, size)`: inverse Gaussian.
    ///
    /// Source: J. R. Michael, W. R. Schucany, R. W. Haas, "Generating random variates using transformations with
    /// multiple roots", The American Statistician 30 (1976).
    ///
    /// - Precondition: mean > 0, scale > 0.
    public mutating func wald(mean: Double, scale: Double, shape: [Int]) -> NDArray<Double> {
        require(mean > 0, "mean <= 0")
        require(scale > 0, "scale <= 0")
        return fill(shape) { random in
            let z = random.randn()
            let y = mean * z * z
            let x = mean + mean / (2 * scale) * (y - (4 * scale * y + y * y).squareRoot())
            return random.rand() <= mean / (mean + x) ? x : mean * mean / x
        }
    }

    /// `np.random.vonmises(mu, kappa, size)`: angles in [-pi, pi] around `mode`.
    ///
    /// Source: D. J. Best, N. I. Fisher, "Efficient simulation of the von Mises distribution", Applied Statistics 28
    /// (1979).
    ///
    /// - Precondition: concentration >= 0.
    public mutating func vonMises(
        mode: Double, concentration kappa: Double, shape: [Int]
    ) -> NDArray<Double> {
        require(kappa >= 0, "kappa < 0")
        return fill(shape) { random in
            if kappa < 1e-8 { return .pi * (2 * random.rand() - 1) }
            let w = random.cosineOfVonMises(kappa)
            let angle = (random.rand() < 0.5 ? -acos(w) : acos(w)) + mode
            let wrapped = fmod(abs(angle) + .pi, 2 * .pi) - .pi
            return angle < 0 ? -wrapped : wrapped
        }
    }

    private mutating func cosineOfVonMises(_ kappa: Double) -> Double {
        let s: Double
        if kappa < 1e-5 {
            s = 1 / kappa + kappa  // rho below would be rounded to nothing
        } else {
            let r = 1 + (1 + 4 * kappa * kappa).squareRoot()
            let rho = (r - (2 * r).squareRoot()) / (2 * kappa)
            s = (1 + rho * rho) / (2 * rho)
        }
        while true {
            let z = cos(.pi * rand())
            let w = (1 + s * z) / (s + z)
            let y = kappa * (s - w)
            let v = rand()
            if y * (2 - y) - v >= 0 || log(y / v) + 1 - y >= 0 { return w }
        }
    }

    private mutating func standardChiSquare(_ freedom: Double) -> Double { 2 * standardGamma(freedom / 2) }

    private mutating func noncentralChiSquare(_ freedom: Double, _ noncentrality: Double) -> Double {
        if noncentrality == 0 { return standardChiSquare(freedom) }
        if freedom > 1 {
            let central = standardChiSquare(freedom - 1)
            let n = randn() + noncentrality.squareRoot()
            return central + n * n
        }
        return standardChiSquare(freedom + 2 * Double(poisson(noncentrality / 2)))
    }
}
