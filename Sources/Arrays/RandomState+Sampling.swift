import CKernels
import Support

extension RandomState {
    /// `np.random.permutation(count)`: 0 ..< count in random order.
    ///
    /// - Complexity: O(count).
    public mutating func permutation(_ count: Int) -> NDArray<Int> {
        NDArray(shape: [count]) { target in
            withGenerator { words, _ in
                target.withMemoryRebound(to: Int64.self) {
                    ck_mt_permutation_i64(words, $0.count, $0.baseAddress)
                }
            }
        }
    }

    /// The same order as `permutation(count)`, as 32-bit indices for a gather.
    ///
    /// - Precondition: count <= 2^31.
    /// - Complexity: O(count).
    package mutating func permutationIndices(_ count: Int) -> [Int32] {
        require((0...Int(Int32.max)).contains(count), "\(count) indices do not fit in 32 bits")
        return [Int32](unsafeUninitializedCapacity: count) { target, written in
            withGenerator { words, _ in ck_mt_permutation_i32(words, count, target.baseAddress) }
            written = count
        }
    }

    /// `np.random.permutation(array)`: the rows (entries of the first axis) in random order, in new memory.
    ///
    /// - Precondition: at least one axis.
    public mutating func permutation<Scalar>(_ array: NDArray<Scalar>) -> NDArray<Scalar> {
        require(array.ndim > 0, "x must be an integer or at least 1-dimensional")
        // NumPy moves rows for one axis and gathers by a shuffled index for more: the draws, and so the
        // permutation, are those of shuffling an index; rows swapped in place give the same result.
        var result = array
        shuffle(&result)
        return result
    }

    /// `np.random.shuffle(array)`: the rows (entries of the first axis) in random order, in place.
    ///
    /// - Precondition: at least one axis.
    /// - Complexity: O(count).
    public mutating func shuffle<Scalar>(_ array: inout NDArray<Scalar>) {
        require(array.ndim > 0, "x must be at least 1-dimensional")
        let rows = array.shape[0]
        array.withUnsafeMutableElements { target in
            shuffleRows(
                of: UnsafeMutableRawPointer(target.baseAddress), count: rows,
                bytes: rows == 0 ? 0 : target.count / rows * MemoryLayout<Scalar>.stride)
        }
    }

    /// Shuffles a Swift array with the draws that NumPy makes for an array of its length.
    ///
    /// - Complexity: O(count).
    public mutating func shuffle<Element>(_ array: inout [Element]) {
        let order = permutation(array.count)
        array = order.elements.map { [array] in array[$0] }
    }

    private mutating func shuffleRows(of base: UnsafeMutableRawPointer?, count: Int, bytes: Int) {
        withUnsafeTemporaryAllocation(byteCount: max(bytes, 1), alignment: 16) { scratch in
            withGenerator { words, _ in
                ck_mt_shuffle_rows(words, count, bytes, base, scratch.baseAddress)
            }
        }
    }

    /// `np.random.choice(count, size, replace)`: `size` of 0 ..< count.
    ///
    /// ```swift
    /// let mask = random.choice(60_000, size: 10)   // a mini-batch
    /// ```
    ///
    /// `probabilities`: one per item, none negative, their sum 1 (to the rounding of `Float`, if they were rounded to it);
    /// equal when nil.
    ///
    /// - Precondition: count > 0 (or size 0); without replacement, size <= count and as many non-zero
    ///   probabilities as `size`.
    public mutating func choice(
        _ count: Int, size: Int, replacing: Bool = true, probabilities: [Double]? = nil
    ) -> NDArray<Int> {
        require(size >= 0, "negative dimensions are not allowed")
        require(count > 0 || size == 0, "a must be greater than 0 unless no samples are taken")
        require(
            replacing || size <= count, "Cannot take a larger sample than population when 'replace=False'")
        guard let probabilities else {
            if replacing {
                return size == 0 ? NDArray(shape: [0], elements: []) : randint(0, count, shape: [size])
            }
            return NDArray(shape: [size], elements: Array(permutation(count).elements[..<size]))
        }
        Self.check(probabilities, count: count)
        if replacing {
            let cumulative = Self.cumulative(probabilities)
            let drawn = rand(shape: [size]).elements.map { Self.place(of: $0, in: cumulative) }
            return NDArray(shape: [size], elements: drawn)
        }
        require(
            probabilities.count { $0 > 0 } >= size, "Fewer non-zero entries in p than size")
        return NDArray(shape: [size], elements: distinct(size, probabilities))
    }

    /// Draws with the remaining probabilities until `size` different items are found, keeping the first
    /// occurrence of each: the rounds are those of NumPy, so the draws are too.
    private mutating func distinct(_ size: Int, _ probabilities: [Double]) -> [Int] {
        var remaining = probabilities
        var found: [Int] = []
        while found.count < size {
            let drawn = rand(shape: [size - found.count]).elements
            for index in found { remaining[index] = 0 }
            let cumulative = Self.cumulative(remaining)
            var seen = Set<Int>()
            for value in drawn {
                let index = Self.place(of: value, in: cumulative)
                if seen.insert(index).inserted { found.append(index) }
            }
        }
        return found
    }

    private static func check(_ probabilities: [Double], count: Int) {
        require(probabilities.count == count, "'a' and 'p' must have same size")
        require(probabilities.allSatisfy { $0 >= 0 }, "Probabilities are not non-negative")
        // NumPy's tolerances for numbers of double and of single precision.
        let tolerance = max(1.5e-8, RoundedProbability.tolerance(of: probabilities))
        require(abs(probabilities.reduce(0, +) - 1) < tolerance, "Probabilities do not sum to 1")
    }

    /// Running sums, divided by the last.
    private static func cumulative(_ probabilities: [Double]) -> [Double] {
        var sum = 0.0
        let sums = probabilities.map { (value: Double) -> Double in
            sum += value
            return sum
        }
        return sums.map { $0 / sum }
    }

    /// The number of sorted sums that are at most `value` (searchsorted, side right).
    private static func place(of value: Double, in cumulative: [Double]) -> Int {
        var low = 0
        var high = cumulative.count
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
