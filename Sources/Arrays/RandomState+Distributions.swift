import CKernels

#if canImport(Glibc)
    import Glibc
#else
    import Musl
#endif

// The other continuous distributions of NumPy's RandomState, and Poisson's, with the same draws in the same order.

extension RandomState {
    /// `count` values of `draw`, in row-major order, each from the generator.
    private mutating func fill<Value: ArrayScalar>(
        _ shape: [Int], _ draw: (inout RandomState) -> Value
    ) -> NDArray<Value> {
        NDArray(shape: shape) { target in
            for place in target.indices { target.initializeElement(at: place, to: draw(&self)) }
        }
    }

    private mutating func standardExponential() -> Double { -log(1 - rand()) }

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
                let x = pow(random.rand(), 1 / a)
                let y = pow(random.rand(), 1 / b)
                if x + y <= 1 && x + y > 0 { return x / (x + y) }
            }
        }
    }

    /// `np.random.poisson(lam, size)`.
    ///
    /// Source: W. Hoermann, "The transformed rejection method for generating Poisson random variables", Insurance:
    /// Mathematics and Economics 12 (1993), from a mean of 10.
    ///
    /// - Precondition: mean >= 0 (and below 2^62).
    public mutating func poisson(_ mean: Double, shape: [Int]) -> NDArray<Int> {
        require(mean >= 0 && mean < 0x1p62, "lam < 0 or lam is NaN or too large")
        return fill(shape) { random in
            if mean == 0 { return 0 }
            return mean >= 10 ? random.largePoisson(mean) : random.smallPoisson(mean)
        }
    }

    private mutating func standardGamma(_ form: Double) -> Double {
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
            if left <= -mean + k * log(mean) - lgamma(k + 1) { return Int(k) }
        }
    }
}
