import Arrays

// NumPy's words for mistakes in statistics, searching, types and elements.

extension Mistake {
    static let statistics: [Mistake] = [
        Mistake("Percentiles must be in the range [0, 100]") { _ = zeros(3).percentile(101) },
        Mistake("Quantiles must be in the range [0, 1]") { _ = zeros(3).quantiles([0.5, -0.1]) },
        Mistake("index -1 is out of bounds for axis 0 with size 0") { _ = zeros(0).percentile(50) },
        Mistake("axis 2 is out of bounds for array of dimension 2") { _ = zeros(2, 2).median(axis: 2) },
        Mistake("duplicate value in 'axis'") { _ = zeros(2, 2).variance(axis: [0, -2]) },
        Mistake("axis 0 is out of bounds for array of dimension 0") { _ = NDArray(2.0).mean(axis: 0) },
        Mistake("axis 1 is out of bounds for array of dimension 0") { _ = NDArray(2.0).sum(axis: 1) },
        Mistake("axis 0 is out of bounds for array of dimension 0") { _ = NDArray(2.0).sorted(axis: 0) },
        Mistake("axis 1 is out of bounds for array of dimension 1") { _ = NDArray(2.0).argMax(axis: 1) },
        Mistake(
            "reduction operation 'maximum' does not have an identity, so to use a where mask one has to specify 'initial'"
        ) { _ = zeros(2).max(where: [true, false]) },
        Mistake("All-NaN slice encountered") { _ = NDArray([Double.nan, .nan]).nanArgMax() },
        Mistake("zero-size array to reduction operation fmin which has no identity") {
            _ = zeros(0, 2).nanMin(axis: 0)
        },
        Mistake("cannot accumulate on a scalar") { _ = NDArray(2.0).cumulativeMaximum() },
        Mistake("kth(=5) out of bounds (3)") { _ = zeros(3).partitioned(at: [5]) },
        Mistake("kth(=-1) out of bounds (3)") { _ = zeros(3).argPartitioned(at: [-4]) },
        Mistake("object too deep for desired array") { _ = zeros(2, 2).searchSorted(1) },
        Mistake("sorter.size must equal a.size") { _ = zeros(2).searchSorted(1, sorter: [0]) },
        Mistake("Sorter index out of range.") { _ = zeros(2).searchSorted(1, sorter: [0, 5]) },
        Mistake("bins must be monotonically increasing or decreasing") {
            _ = zeros(2).digitized(by: [1, 0, 2])
        },
        Mistake("Too many bins for data range. Cannot create 10 finite-sized bins.") {
            _ = NDArray<Float>([2e7, 2e7]).histogram()
        },
        Mistake("Too many bins for data range. Cannot create 10 finite-sized bins.") {
            _ = NDArray<Double>([-1e308, 1e308]).histogram()
        },
        Mistake("`bins` must be positive, when an integer") { _ = zeros(2).histogram(bins: 0) },
        Mistake("`bins` must increase monotonically, when an array") {
            _ = zeros(2).histogram(edges: [2, 1])
        },
        Mistake("max must be larger than min in range parameter.") {
            _ = zeros(2).histogram(range: (3, 1))
        },
        Mistake("autodetected range of [nan, nan] is not finite") {
            _ = NDArray([1, Double.nan]).histogram()
        },
        Mistake("supplied range of [0.0, inf] is not finite") {
            _ = zeros(2).histogram(range: (0, .infinity))
        },
        Mistake("weights should have the same shape as a.") {
            _ = zeros(2).histogram(weights: NDArray<Double>([1]))
        },
        Mistake("Weights sum to zero, can't be normalized") { _ = zeros(2).average(weights: zeros(2)) },
        Mistake("Axis must be specified when shapes of a and weights differ.") {
            _ = zeros(2, 2).average(weights: zeros(2))
        },
        Mistake("Shape of weights must be consistent with shape of a along specified axis.") {
            _ = zeros(2, 2).average(axis: 0, weights: zeros(3))
        },
        Mistake("m has more than 2 dimensions") { _ = zeros(2, 2, 2).covariance() },
        Mistake("`indices` and `arr` must have the same number of dimensions") {
            _ = zeros(2, 3).takingAlongAxis([0], axis: 1)
        },
        Mistake("index 5 is out of bounds for axis 1 with size 3") {
            _ = zeros(2, 3).takingAlongAxis([[5]], axis: 1)
        },
    ]

    static let elements: [Mistake] = [
        Mistake("Integers to negative integer powers are not allowed.") {
            _ = power(NDArray([2, 3]), NDArray([-1, -1]))
        },
        Mistake("Integers to negative integer powers are not allowed.") {
            _ = power(NDArray([2, 3]), NDArray([[1], [-2]]))
        },
        Mistake("Integers to negative integer powers are not allowed.") { _ = power(NDArray([2, 3]), -1) },
        Mistake("Integers to negative integer powers are not allowed.") { _ = power(2, NDArray([1, -1])) },
        Mistake("Integers to negative integer powers are not allowed.") {
            _ = power(NDArray<Int32>([1]), NDArray<Int32>([-1]))
        },
        Mistake("arange: cannot compute length") { _ = NDArray<Double>.arange(0, 1, .nan) },
        Mistake("arange: cannot compute length") { _ = NDArray<Float>.arange(0, .infinity, .infinity) },
        Mistake("Maximum allowed size exceeded") { _ = NDArray<Double>.arange(0, .infinity) },
        Mistake("Maximum allowed size exceeded") { _ = NDArray<Double>.arange(0, -1e30) },
        Mistake("division by zero") { _ = NDArray<Int>.arange(0, 5, 0) },
        Mistake("division by zero") { _ = NDArray<Double>.arange(0, 5, 0) },
        Mistake("numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^`") {
            let mask: NDArray<Bool> = [true, false]
            _ = mask - mask
        },
        Mistake("The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or") {
            let mask: NDArray<Bool> = [true, false]
            _ = -mask
        },
        Mistake("Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead") {
            _ = NDArray(3.0).nonzero()
        },
        Mistake("repeated axis") { _ = zeros(2, 3).flipped(axes: [0, -2]) },
        Mistake("axis 2 is out of bounds for array of dimension 2") { _ = zeros(2, 3).flipped(axes: [2]) },
        Mistake("iteration over a 0-d array") { for row in NDArray(1.0) { _ = row } },
        Mistake("operands could not be broadcast together with shapes (2,3) (2,)") {
            _ = zeros(2, 3) + NDArray([1, 2])
        },
        Mistake("non-broadcastable output operand with shape (3,) doesn't match the broadcast shape (2,3)") {
            var a = zeros(3)
            a += NDArray<Int>.zeros(2, 3)
        },
        Mistake("shape mismatch: indexing arrays could not be broadcast together with shapes (0,) (2,)") {
            _ = zeros(3, 4)[NDArray(false), [0, 1]]
        },
        Mistake("list of cases must be same length as list of conditions") {
            _ = NDArray<Double>.select([[true]], [])
        },
        Mistake("select with an empty condition list is not possible") {
            _ = NDArray<Double>.select([], [])
        },
        Mistake("order must be non-negative but got -1") { _ = zeros(3).differences(order: -1) },
        Mistake("diff requires input that is at least one dimensional") { _ = NDArray(1.0).differences() },
        Mistake("all keys need to be the same shape") { _ = lexSorted([zeros(2), zeros(1)]) },
        Mistake("need sequence of keys with len > 0 in lexsort") { _ = lexSorted([NDArray<Int>]()) },
        Mistake("Axes must be different.") { _ = zeros(2, 2).rotated(axes: (0, -2)) },
        Mistake("Axes=(0, 3) out of range for array of ndim=2.") { _ = zeros(2, 2).rotated(axes: (0, 3)) },
        Mistake("Probabilities do not sum to 1") {
            var random = RandomState(1)
            _ = random.choice(2, size: 3, probabilities: [0.6, 0.3])
        },
        Mistake("pvals < 0, pvals > 1 or pvals contains NaNs") {
            var random = RandomState(1)
            _ = random.multinomial(3, [1.5, 0])
        },
    ]
}
