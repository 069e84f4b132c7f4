import CKernels
import Support

extension RandomState {
    /// One number, uniform in [0, 1), with 53 bits.
    public mutating func rand() -> Double {
        withGenerator { words, _ in ck_mt_double(words) }
    }

    /// `np.random.rand(d0, d1, ...)`: uniform in [0, 1).
    public mutating func rand(_ lengths: Int...) -> NDArray<Double> {
        uniform(shape: lengths)
    }

    /// Uniform in [0, 1), of `shape`, as `Float` or `Double`; the draws are the same for both.
    package mutating func rand<Scalar: FloatingScalar>(
        shape: [Int], as type: Scalar.Type = Scalar.self
    ) -> NDArray<Scalar> {
        uniform(shape: shape, as: type)
    }

    /// Uniform in [0, 1), of `shape`.
    package mutating func rand(shape: [Int]) -> NDArray<Double> {
        uniform(shape: shape, as: Double.self)
    }

    /// One number, uniform in [low, high).
    public mutating func uniform(low: Double = 0, high: Double = 1) -> Double {
        low + (high - low) * rand()
    }

    /// `np.random.uniform(low, high, size)`.
    ///
    /// - Complexity: O(count).
    public mutating func uniform<Scalar: FloatingScalar>(
        low: Double = 0, high: Double = 1, shape: [Int], as type: Scalar.Type = Scalar.self
    ) -> NDArray<Scalar> {
        NDArray(shape: shape) { fillUniform($0, low: low, high: high) }
    }

    /// `np.random.uniform(low, high, size)`.
    public mutating func uniform(low: Double = 0, high: Double = 1, shape: [Int]) -> NDArray<Double> {
        uniform(low: low, high: high, shape: shape, as: Double.self)
    }

    /// Writes uniform numbers in [low, high) to every element of `target`.
    package mutating func fillUniform<Scalar: FloatingScalar>(
        _ target: UnsafeMutableBufferPointer<Scalar>, low: Double = 0, high: Double = 1
    ) {
        withGenerator { words, _ in
            Scalar._floatingKernels.fillUniform(words, low, high - low, target.count, target.baseAddress)
        }
    }

    /// One integer in [low, high).
    ///
    /// - Precondition: low < high.
    public mutating func randint(_ low: Int, _ high: Int) -> Int {
        var value: Int64 = 0
        let range = Self.range(low, high)
        withGenerator { words, _ in ck_mt_integers(words, Int64(low), range, 1, &value) }
        return Int(value)
    }

    /// `np.random.randint(low, high, size)`, dtype int64: integers in [low, high).
    ///
    /// - Precondition: low < high.
    public mutating func randint(_ low: Int, _ high: Int, shape: [Int]) -> NDArray<Int> {
        let range = Self.range(low, high)
        return NDArray(shape: shape) { target in
            withGenerator { words, _ in
                target.withMemoryRebound(to: Int64.self) {
                    ck_mt_integers(words, Int64(low), range, $0.count, $0.baseAddress)
                }
            }
        }
    }

    private static func range(_ low: Int, _ high: Int) -> UInt64 {
        require(low < high, "low >= high")
        return UInt64(bitPattern: Int64(high - 1)) &- UInt64(bitPattern: Int64(low))
    }
}
