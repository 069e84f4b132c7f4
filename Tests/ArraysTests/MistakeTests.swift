import Arrays
import TestSupport
import Testing

/// A caller's mistakes end the program with NumPy's words and both shapes. Each runs in a process of its own.
@Suite struct MistakeTests {
    private func says(_ words: String, _ result: ExitTest.Result?) -> Bool {
        guard let result else { return false }
        return String(decoding: result.standardErrorContent, as: UTF8.self).contains(words)
    }

    @Test func shapesThatDoNotBroadcast() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = NDArray<Double>.zeros(2, 3) + NDArray<Double>.zeros(4)
        }
        #expect(says("operands could not be broadcast together with shapes (2,3) (4,)", result))
    }

    @Test func updatesThatDoNotFit() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var a = NDArray<Double>.zeros(3)
            a += NDArray<Double>.zeros(2, 3)
        }
        #expect(
            says(
                "non-broadcastable output operand with shape (3,) doesn't match the broadcast shape (2,3)",
                result))
    }

    @Test func productsThatDoNotFit() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = dot(NDArray<Float>.zeros(2, 3), NDArray<Float>.zeros(4, 5))
        }
        #expect(says("shapes (2,3) and (4,5) not aligned: 3 (dim 1) != 4 (dim 0)", result))
    }

    @Test func reshapingToAnotherSize() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = NDArray<Int>.arange(6).reshaped(4, 2)
        }
        #expect(says("cannot reshape array of size 6 into shape (4,2)", result))
    }

    @Test func raggedLiterals() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let ragged: NDArray<Double> = [[1, 2], [3]]
            _ = ragged
        }
        #expect(says("inhomogeneous shape", result))
    }

    @Test func placesOutsideTheArray() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = NDArray<Int>.zeros(2, 3)[.all, 3]
        }
        #expect(says("index 3 is out of bounds for axis 1 with size 3", result))
        let picked = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = NDArray<Int>.zeros(2, 3)[[0, -3]]
        }
        #expect(says("index -3 is out of bounds for axis 0 with size 2", picked))
    }

    @Test func tooManyIndices() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = NDArray<Int>.zeros(2)[0, 0]
        }
        #expect(says("too many indices for array: array is 1-dimensional, but 2 were indexed", result))
    }

    @Test func masksOfAnotherShape() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let mask: NDArray<Bool> = [true, false, true]
            _ = NDArray<Int>.zeros(2, 3)[mask]
        }
        #expect(says("boolean index did not match indexed array along axis 0", result))
    }

    @Test func assignmentsThatDoNotFit() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var a = NDArray<Int>.zeros(2, 3)
            a[0] = NDArray([1, 2])
        }
        #expect(says("could not broadcast input array from shape (2,) into shape (3,)", result))
    }

    /// The kernels' arrays have 64 places. The words are those of NumPy 2.4.6.
    @Test func moreAxesThanThereCanBe() async {
        let words = "maximum supported dimension for an ndarray is currently 64, found 65"
        let made = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = exp(NDArray<Double>(shape: [Int](repeating: 1, count: 65), repeating: 0))
        }
        #expect(says(words, made))
        let reshaped = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = exp(NDArray<Double>.zeros(1).reshaped(to: [Int](repeating: 1, count: 65)))
        }
        #expect(says(words, reshaped))
        let expanded = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var a = NDArray<Double>.zeros(1)
            for _ in 0..<64 { a = a[.newAxis] }
            _ = exp(a)
        }
        #expect(says(words, expanded))
        let most = NDArray<Double>(shape: [Int](repeating: 1, count: 64), repeating: 0)
        #expect(exp(most).elements == [1] && (most + most.T).ndim == 64)
    }

    @Test func extremesOfNothing() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = NDArray<Double>.zeros(0).max()
        }
        #expect(says("zero-size array to reduction operation maximum which has no identity", result))
    }

    @Test func axesThatAreNotThere() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = NDArray<Double>.zeros(2, 2).sum(axis: 2)
        }
        #expect(says("axis 2 is out of bounds for array of dimension 2", result))
    }

    @Test func joiningWhatDoesNotFit() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = concatenate([NDArray<Double>.zeros(2, 2), NDArray<Double>.zeros(2, 3)])
        }
        #expect(
            says(
                "along dimension 1, the array at index 0 has size 2 and the array at index 1 has size 3",
                result))
    }
}
