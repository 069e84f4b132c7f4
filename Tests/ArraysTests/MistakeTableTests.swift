import Arrays
import Support
import TestSupport
import Testing

/// What NumPy 2.4.6 says to each of these mistakes, typed from its exceptions, with both shapes where there are two.
struct Mistake: Sendable {
    let words: String
    let make: @Sendable () throws -> Void

    init(_ words: String, _ make: @escaping @Sendable () throws -> Void) {
        self.words = words
        self.make = make
    }

    static func zeros(_ lengths: Int...) -> NDArray<Double> { .init(shape: lengths, repeating: 0) }

    static let all: [Mistake] = shapes + indices + places + linear + others + statistics + elements

    private static let shapes: [Mistake] = [
        Mistake(
            "setting an array element with a sequence. The requested array has an inhomogeneous shape after 1 "
                + "dimensions. The detected shape was (2,) + inhomogeneous part: (2,) and (1,)"
        ) {
            let ragged: NDArray<Double> = [[1, 2], [3]]
            _ = ragged
        },
        Mistake("shape after 2 dimensions. The detected shape was (2, 2) + inhomogeneous part: (1,) and (2,)")
        {
            let ragged: NDArray<Double> = [[[1], [2]], [[3], [4, 5]]]
            _ = ragged
        },
        Mistake("The detected shape was (2,) + inhomogeneous part: (2,) and (3,)") {
            _ = NDArray([[1, 2], [3, 4, 5]])
        },
        Mistake("The detected shape was (2, 1) + inhomogeneous part: (1,1) and (1,2)") {
            _ = NDArray([[[1]], [[2, 3]]])
        },
        Mistake("The detected shape was (2,) + inhomogeneous part: (2,) and (1,)") {
            var a = zeros(2, 2)
            a[.all] = [[1, 2], [3]]
        },
        Mistake("operands could not be broadcast together with shapes (2,3) (3,2)") {
            _ = zeros(2, 3) * zeros(3, 2)
        },
        Mistake("operands could not be broadcast together with shapes (2,3) (4,)") {
            _ = zeros(2, 3) .< zeros(4)
        },
        Mistake("operands could not be broadcast together with shapes (3,) (2,)") {
            _ = maximum(zeros(3), zeros(2))
        },
        Mistake("(2,3)") { _ = zeros(2, 3).broadcast(to: [3, 2]) },
        Mistake("non-broadcastable output operand with shape (3,) doesn't match the broadcast shape (2,3)") {
            var a = zeros(3)
            a *= zeros(2, 3)
        },
        Mistake("operands could not be broadcast together with shapes (3,) (2,)") {
            var a = zeros(3)
            a -= zeros(2)
        },
        Mistake("cannot reshape array of size 6 into shape (4,") { _ = zeros(6).reshaped(4, -1) },
        Mistake("can only specify one unknown dimension") { _ = zeros(6).reshaped(-1, -1) },
        Mistake("negative dimensions are not allowed") { _ = zeros(2, -3) },
        Mistake("axes don't match array") { _ = zeros(2, 3).permuted([0]) },
        Mistake("repeated axis in transpose") { _ = zeros(2, 3).permuted([0, 0]) },
        Mistake("all input arrays must have the same shape") { _ = stack([zeros(2), zeros(3)]) },
        Mistake(
            "must have same number of dimensions, but the array at index 0 has 2 dimension(s) and the array at index 1 has 1 dimension(s)"
        ) { _ = concatenate([zeros(2, 2), zeros(2)]) },
        Mistake("array split does not result in an equal division") { _ = zeros(5).split(into: 2, axis: 0) },
        Mistake("operands could not be broadcast together with shape (3,) (2,)") {
            _ = zeros(3).repeated([1, 2], axis: 0)
        },
    ]

    private static let indices: [Mistake] = [
        Mistake("index 3 is out of bounds for axis 0 with size 3") { _ = zeros(3)[3] },
        Mistake("index -3 is out of bounds for axis 1 with size 2") { _ = zeros(3, 2)[0, -3] },
        Mistake("index 5 is out of bounds for axis 0 with size 3") { _ = zeros(3)[[0, 5]] },
        Mistake("index 2 is out of bounds for axis 0 with size 2") { _ = zeros(2, 2)[at: 2, 0] },
        Mistake("too many indices for array: array is 1-dimensional, but 2 were indexed") {
            _ = zeros(3)[0, [1]]
        },
        Mistake("an index can only have a single ellipsis ('...')") { _ = zeros(3, 2)[.ellipsis, .ellipsis] },
        Mistake("slice step cannot be zero") { _ = zeros(3)[.slice(by: 0)] },
        Mistake("shape mismatch: indexing arrays could not be broadcast together with shapes (2,) (3,)") {
            _ = zeros(3, 3)[[0, 1], [0, 1, 2]]
        },
        Mistake(
            "boolean index did not match indexed array along axis 1; size of axis is 3 but size of corresponding boolean axis is 2"
        ) { _ = zeros(2, 3)[.all, zeros(2) .> 0] },
    ]

    private static let places: [Mistake] = [
        Mistake("could not broadcast input array from shape (2,) into shape (3,)") {
            var a = zeros(2, 3)
            a[0] = zeros(2)
        },
        Mistake("could not broadcast input array from shape (2,3) into shape (2,2)") {
            var a = zeros(2, 3)
            a[.all, ..<2] = zeros(2, 3)
        },
        Mistake("value array of shape (2,2) could not be broadcast to indexing result of shape (2,3)") {
            var a = zeros(3, 3)
            a[[0, 1]] = zeros(2, 2)
        },
        Mistake("(3,)") {
            var a = zeros(3)
            a[NDArray([true, true, false])] = zeros(3)
        },
    ]

    private static let linear: [Mistake] = [
        Mistake("shapes (2,) and (3,) not aligned: 2 (dim 0) != 3 (dim 0)") { _ = dot(zeros(2), zeros(3)) },
        Mistake("shapes (2,3) and (2,3) not aligned: 3 (dim 1) != 2 (dim 0)") {
            _ = dot(zeros(2, 3), zeros(2, 3))
        },
        Mistake(
            "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?) (size 4 is different from 3)"
        ) { _ = matmul(zeros(2, 3), zeros(4, 5)) },
        Mistake("(size 3 is different from 2)") { _ = try solve(zeros(2, 2), zeros(3)) },
        Mistake("Last 2 dimensions of the array must be square") { _ = try inverse(zeros(2, 3)) },
        Mistake("1-dimensional array given. Array must be") { _ = try svd(zeros(3)) },
        Mistake("Invalid norm order for matrices.") { _ = zeros(2, 2).norm(order: 3) },
        Mistake("Improper number of dimensions to norm.") { _ = zeros(2, 2, 2).norm(order: 1) },
        Mistake("Invalid norm order 'fro' for vectors") { _ = zeros(2).norm(order: .frobenius) },
        Mistake("Duplicate axes given.") { _ = zeros(2, 2).norm(axes: (0, 0)) },
    ]

    private static let others: [Mistake] = [
        Mistake("attempt to get argmax of an empty sequence") { _ = zeros(0).argMax() },
        Mistake("zero-size array to reduction operation minimum which has no identity") {
            _ = zeros(0, 2).min(axis: 0)
        },
        Mistake("axis 1 is out of bounds for array of dimension 1") { _ = zeros(3).cumulativeSum(axis: 1) },
        Mistake("can only convert an array of size 1 to a Python scalar") { _ = zeros(2).item() },
        Mistake("must have no negative elements") { _ = NDArray([-1]).binCount() },
        Mistake("Number of samples, -1, must be non-negative.") { _ = NDArray<Double>.linspace(0, 1, -1) },
        Mistake("p < 0, p > 1 or p is NaN") {
            var random = RandomState(1)
            _ = random.binomial(3, 1.5, shape: [1])
        },
        Mistake("sum(pvals[:-1]) > 1.0") {
            var random = RandomState(1)
            _ = random.multinomial(3, [0.9, 0.9, 0.1])
        },
        Mistake("ngood + nbad < nsample") {
            var random = RandomState(1)
            _ = random.hypergeometric(good: 1, bad: 2, sample: 7, shape: [1])
        },
    ]
}

/// Each mistake ends a process of its own, with NumPy's words on standard error.
@Suite struct MistakeTableTests {
    @Test(arguments: Mistake.all.indices)
    func says(_ number: Int) async throws {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            [number] in try Mistake.all[number].make()
        }
        let text = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
        #expect(text.contains(Mistake.all[number].words), "\(text.prefix(400))")
    }
}
