import CKernels
import Support

extension RandomState {
    /// One standard normal number.
    public mutating func randn() -> Double {
        withGenerator { words, cache in ck_mt_gauss(words, &cache) }
    }

    /// `np.random.randn(d0, d1, ...)`: standard normal numbers.
    public mutating func randn(_ lengths: Int...) -> NDArray<Double> {
        normal(shape: lengths)
    }

    /// Standard normal numbers of `shape`, as `Float` or `Double`; the draws are the same for both.
    package mutating func randn<Scalar: FloatingScalar>(
        shape: [Int], as type: Scalar.Type = Scalar.self
    ) -> NDArray<Scalar> {
        normal(shape: shape, as: type)
    }

    /// Standard normal numbers of `shape`.
    package mutating func randn(shape: [Int]) -> NDArray<Double> {
        normal(shape: shape, as: Double.self)
    }

    /// One normal number of mean `location` and standard deviation `scale`.
    ///
    /// - Precondition: scale >= 0.
    public mutating func normal(location: Double = 0, scale: Double = 1) -> Double {
        require(scale >= 0, "scale < 0")
        return location + scale * randn()
    }

    /// `np.random.normal(loc, scale, size)`: mean `location`, standard deviation `scale`.
    ///
    /// - Precondition: scale >= 0.
    /// - Complexity: O(count).
    public mutating func normal<Scalar: FloatingScalar>(
        location: Double = 0, scale: Double = 1, shape: [Int], as type: Scalar.Type = Scalar.self
    ) -> NDArray<Scalar> {
        NDArray(shape: shape) { fillNormal($0, location: location, scale: scale) }
    }

    /// `np.random.normal(loc, scale, size)`: mean `location`, standard deviation `scale`.
    ///
    /// - Precondition: scale >= 0.
    public mutating func normal(location: Double = 0, scale: Double = 1, shape: [Int]) -> NDArray<Double> {
        normal(location: location, scale: scale, shape: shape, as: Double.self)
    }

    /// Writes normal numbers to every element of `target`.
    ///
    /// - Precondition: scale >= 0.
    package mutating func fillNormal<Scalar: FloatingScalar>(
        _ target: UnsafeMutableBufferPointer<Scalar>, location: Double = 0, scale: Double = 1
    ) {
        require(scale >= 0, "scale < 0")
        withGenerator { words, cache in
            Scalar._floatingKernels.fillNormal(
                words, &cache, location, scale, target.count, target.baseAddress)
        }
    }
}
