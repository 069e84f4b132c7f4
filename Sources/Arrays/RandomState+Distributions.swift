import CKernels
import Support

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

// The continuous distributions of NumPy's RandomState that follow from exponential, normal and gamma numbers in a
// line or two, with the same draws in the same order.

extension RandomState {
    /// `count` values of `draw`, in row-major order, each from the generator.
    mutating func fill<Value: ArrayScalar>(
        _ shape: [Int], _ draw: (inout RandomState) -> Value
    ) -> NDArray<Value> {
        NDArray(shape: shape) { target in
            for place in target.indices { target.initializeElement(at: place, to: draw(&self)) }
        }
    }

    mutating func standardExponential() -> Double { -log(1 - rand()) }

    /// `np.random.exponential(scale, size)`: density e^(-x / scale) / scale.
    ///
    /// - Precondition: scale >= 0.
    public mutating func exponential(scale: Double = 1, shape: [Int]) -> NDArray<Double> {
        require(scale >= 0, "scale < 0")
        return fill(shape) { scale * $0.standardExponential() }
    }

    /// `np.random.laplace(loc, scale, size)`.
    ///
    /// - Precondition: scale >= 0.
    public mutating func laplace(location: Double = 0, scale: Double = 1, shape: [Int]) -> NDArray<Double> {
        require(scale >= 0, "scale < 0")
        return fill(shape) { random in
            while true {
                let u = random.rand()
                if u >= 0.5 { return location - scale * log(2 - u - u) }
                if u > 0 { return location + scale * log(u + u) }
            }
        }
    }

    /// `np.random.logistic(loc, scale, size)`.
    ///
    /// - Precondition: scale >= 0.
    public mutating func logistic(location: Double = 0, scale: Double = 1, shape: [Int]) -> NDArray<Double> {
        require(scale >= 0, "scale < 0")
        return fill(shape) { random in
            while true {
                let u = random.rand()
                if u > 0 { return location + scale * log(u / (1 - u)) }
            }
        }
    }

    /// `np.random.gumbel(loc, scale, size)`.
    ///
    /// - Precondition: scale >= 0.
    public mutating func gumbel(location: Double = 0, scale: Double = 1, shape: [Int]) -> NDArray<Double> {
        require(scale >= 0, "scale < 0")
        return fill(shape) { random in
            while true {
                let u = 1 - random.rand()
                if u < 1 { return location - scale * log(-log(u)) }
            }
        }
    }

    /// `np.random.lognormal(mean, sigma, size)`: e to the power of a normal number.
    ///
    /// - Precondition: sigma >= 0.
    public mutating func logNormal(mean: Double = 0, sigma: Double = 1, shape: [Int]) -> NDArray<Double> {
        require(sigma >= 0, "sigma < 0")
        return fill(shape) { exp(mean + sigma * $0.randn()) }
    }

    /// `np.random.rayleigh(scale, size)`.
    ///
    /// - Precondition: scale >= 0.
    public mutating func rayleigh(scale: Double = 1, shape: [Int]) -> NDArray<Double> {
        require(scale >= 0, "scale < 0")
        return fill(shape) { scale * (-2 * log1p(-$0.rand())).squareRoot() }
    }

    /// `np.random.weibull(a, size)`.
    ///
    /// - Precondition: a >= 0.
    public mutating func weibull(_ a: Double, shape: [Int]) -> NDArray<Double> {
        require(a >= 0, "a < 0")
        return fill(shape) { a == 0 ? 0 : pow($0.standardExponential(), 1 / a) }
    }

    /// `np.random.standard_cauchy(size)`: one normal number over another.
    public mutating func standardCauchy(shape: [Int]) -> NDArray<Double> {
        fill(shape) { random in
            let numerator = random.randn()
            return numerator / random.randn()
        }
    }

    /// `np.random.gamma(shape, scale, size)`.
    ///
    /// Source: G. Marsaglia, W. W. Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000); below
    /// 1, J. H. Ahrens, U. Dieter, Computing 12 (1974).
    ///
    /// - Precondition: form >= 0, scale >= 0.
    public mutating func gamma(_ form: Double, scale: Double = 1, shape: [Int]) -> NDArray<Double> {
        require(form >= 0, "shape < 0")
        require(scale >= 0, "scale < 0")
        return fill(shape) { scale * $0.standardGamma(form) }
    }

    /// `np.random.chisquare(df, size)`.
    ///
    /// - Precondition: degrees of freedom > 0.
    public mutating func chiSquare(_ freedom: Double, shape: [Int]) -> NDArray<Double> {
        require(freedom > 0, "df <= 0")
        return fill(shape) { 2 * $0.standardGamma(freedom / 2) }
    }

    /// `np.random.beta(a, b, size)`.
    ///
    /// Source: M. D. Joehnk, Metrika 8 (1964), when neither exceeds 1.
    ///
    /// - Precondition: a > 0, b > 0.
    public mutating func beta(_ a: Double, _ b: Double, shape: [Int]) -> NDArray<Double> {
        require(a > 0, "a <= 0")
        require(b > 0, "b <= 0")
        return fill(shape) { random in
            guard a <= 1 && b <= 1 else {
                let x = random.standardGamma(a)
                return x / (x + random.standardGamma(b))
            }
            while true {
                let (u, v) = (random.rand(), random.rand())
                let (x, y) = (pow(u, 1 / a), pow(v, 1 / b))
                if x + y > 1 { continue }
                if x + y > 0 { return x / (x + y) }
                // Both powers are too small for a Double: NumPy divides their logarithms.
                let (logX, logY) = (log(u) / a, log(v) / b)
                let most = max(logX, logY)
                return exp(logX - most - log(exp(logX - most) + exp(logY - most)))
            }
        }
    }

    mutating func standardGamma(_ form: Double) -> Double {
        if form == 1 { return standardExponential() }
        if form == 0 { return 0 }
        guard form < 1 else {
            let b = form - 1.0 / 3
            let c = 1 / (9 * b).squareRoot()
            while true {
                var x: Double
                var v: Double
                repeat {
                    x = randn()
                    v = 1 + c * x
                } while v <= 0
                v = v * v * v
                let u = rand()
                if u < 1 - 0.0331 * (x * x) * (x * x) { return b * v }
                if log(u) < 0.5 * x * x + b * (1 - v + log(v)) { return b * v }
            }
        }
        while true {
            let u = rand()
            let v = standardExponential()
            if u <= 1 - form {
                let x = pow(u, 1 / form)
                if x <= v { return x }
            } else {
                let y = -log((1 - u) / form)
                let x = pow(1 - form + form * y, 1 / form)
                if x <= v + y { return x }
            }
        }
    }
}
