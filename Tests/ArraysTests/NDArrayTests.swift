import Arrays
import Support
import TestSupport
import Testing

/// Value semantics, views, literals and in-place work: what NumPy vectors cannot say. Expected values are worked out
/// by hand.
@Suite struct NDArrayTests {
    @Test func theNotebooksFirstPages() {
        // The notebook's prints (issue 3, section 2).
        let x = NDArray([1.0, 0.5])
        let w1: NDArray<Double> = [[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]]
        let b1: NDArray<Double> = [0.1, 0.2, 0.3]
        let a1 = dot(x, w1) + b1
        let z1 = 1 / (1 + exp(-a1))
        #expect("\(a1)" == "[0.3 0.7 1.1]")
        #expect("\(z1)" == "[0.57444252 0.66818777 0.75026011]")
        let w2 = NDArray([[0.1, 0.4], [0.2, 0.5], [0.3, 0.6]])
        let w3 = NDArray([[0.1, 0.3], [0.2, 0.5]])
        let z2 = 1 / (1 + exp(-(dot(z1, w2) + NDArray([0.1, 0.2]))))
        #expect("\(dot(z2, w3) + NDArray([0.1, 0.2]))" == "[0.31682708 0.77338016]")
    }

    @Test func literals() {
        let floats: NDArray<Float> = [[1, 2.5], [-3, 4]]
        #expect(floats.shape == [2, 2])
        #expect(floats.elements == [1, 2.5, -3, 4])
        let deep: NDArray<Int> = [[[1], [2]], [[3], [4]], [[5], [6]]]
        #expect(deep.shape == [3, 2, 1])
        let mask: NDArray<Bool> = [true, false]
        #expect(mask.elements == [true, false])
        let empty: NDArray<Double> = []
        #expect(empty.shape == [0])
        #expect(NDArray([[1, 2], [3, 4], [5, 6]]).shape == [3, 2])
        #expect(NDArray([[[1.0, 2]]]).shape == [1, 1, 2])
        #expect(NDArray(2.5).shape == [])
    }

    @Test func slicesShareMemoryUntilOneIsWritten() {
        let a = NDArray<Int>.arange(12).reshaped(3, 4)
        var row = a[1]
        var column = a[.all, 2]
        row[0] = 100
        column[.all] = -1
        #expect(row.elements == [100, 5, 6, 7])
        #expect(column.elements == [-1, -1, -1])
        #expect(a.elements == Array(0..<12))
    }

    @Test func writingThroughAViewOfOnesOwn() {
        var a = NDArray<Int>.arange(5)
        a[1...] = a[..<4]  // the source must not be read after it is overwritten
        #expect(a.elements == [0, 0, 1, 2, 3])
        a[.slice(by: -1)] = a
        #expect(a.elements == [3, 2, 1, 0, 0])
        a += a
        #expect(a.elements == [6, 4, 2, 0, 0])
        a[1..<3] += a[3...]
        #expect(a.elements == [6, 4, 2, 0, 0])
        a[1..<3] *= 10
        #expect(a.elements == [6, 40, 20, 0, 0])
    }

    @Test func broadcastViewsAreCopiedBeforeTheyAreWritten() {
        var a = NDArray([1, 2]).broadcast(to: [3, 2])
        a += 10
        #expect(a.elements == [11, 12, 11, 12, 11, 12])
        var b = NDArray([1, 2]).broadcast(to: [3, 2])
        b[1] = [7, 8]
        #expect(b.elements == [1, 2, 7, 8, 1, 2])
        var c = NDArray(5).broadcast(to: [2])
        c[at: 0] = 1
        #expect(c.elements == [1, 5])
    }

    @Test func scalarsThroughSubscripts() {
        var a = NDArray<Double>.zeros(2, 3)
        a[at: 1, -1] = 5
        #expect(a[at: 1, 2] == 5)
        a[0, 1] = 2.5
        a[a .> 2] = -1
        a[0] = [7, 8, 9]
        #expect(a.elements == [7, 8, 9, 0, 0, -1])
        #expect(a[0, 1].item() == 8)
        #expect((a[0] * 2 + 1).elements == [15, 17, 19])
        let f: (NDArray<Double>) -> NDArray<Double> = { $0[0] * $0[0] + $0[1] * $0[1] }
        #expect(f([3, 4]).item() == 25)
    }

    @Test func updatesInPlaceKeepTheMemory() {
        var a = NDArray<Float>.ones(1000)
        let before = a.withUnsafeElements { $0.baseAddress }
        a *= 3
        a -= NDArray<Float>.ones(1000)
        #expect(a.withUnsafeElements { $0.baseAddress } == before)
        #expect(a == NDArray<Float>.full(shape: [1000], 2))
        let copy = a
        a += 1
        #expect(copy == NDArray<Float>.full(shape: [1000], 2))
        #expect(a == NDArray<Float>.full(shape: [1000], 3))
    }

    @Test func transposesOfOddSizes() {
        // Every remainder of the block sizes, for each width of scalar.
        for (rows, columns) in [(1, 50), (50, 1), (33, 65), (37, 31), (64, 64), (100, 7)] {
            let a = NDArray<Int>.arange(rows * columns).reshaped(rows, columns)
            let expected = (0..<columns).flatMap { j in (0..<rows).map { $0 * columns + j } }
            #expect(a.T.elements == expected, "\(rows)x\(columns)")
            #expect(a.asType(Float.self).T.elements == expected.map(Float.init), "\(rows)x\(columns)")
            #expect(
                a.asType(UInt8.self).T.elements == expected.map(UInt8.init(truncatingIfNeeded:)),
                "\(rows)x\(columns)")
        }
    }

    @Test func resultsDoNotDependOnTheNumberOfThreads() {
        var random = RandomState(12)
        let a: NDArray<Double> = random.randn(shape: [600, 500])
        let b: NDArray<Double> = random.randn(shape: [500, 600])
        func results() -> [NDArray<Double>] {
            [
                dot(a, b), dot(a.T, b.T), dot(a.asType(Float.self), b.asType(Float.self)).asType(),
                a.sum(axis: 0), a.sum(axis: 1), NDArray(a.sum()), exp(a), a + a.mean(), a.T.contiguousCopy(),
                NDArray(a.max()), a.argMax(axis: 0).asType(), a[a .> 0],
                NDArray(Double(a.argMax())), a.sorted(), a.sorted(axis: 0), sigmoid(a), a.std(axis: 0),
            ]
        }
        let usual = Threads.count
        defer { Threads.setCount(usual) }
        Threads.setCount(1)
        let single = results()
        for count in [2, 3, 8] {
            Threads.setCount(count)
            for (place, (one, many)) in paired(single, results()).enumerated() {
                #expect(Bits(one) == Bits(many), "result \(place) with \(count) threads, seed 12")
            }
        }
    }

    @Test func specialValuesOfTheVectorFunctions() {
        let x: NDArray<Double> = [0, -0.0, 709.9, -745, 1e-300]
        #expect(exp(x).elements[0] == 1)
        #expect(
            exp(NDArray([Double.infinity, -.infinity, 800, -800])).elements == [.infinity, 0, .infinity, 0])
        #expect(exp(NDArray([Double.nan])).elements[0].isNaN)
        #expect(exp(x).elements[3] > 0)  // subnormal
        #expect(log(NDArray([0.0, 1, .infinity])).elements == [-.infinity, 0, .infinity])
        #expect(log(NDArray([-1.0])).elements[0].isNaN)
        #expect(tanh(NDArray([Double.infinity, -.infinity, 1e-300])).elements == [1, -1, 1e-300])
    }

    @Test func singularMatricesAreRefused() {
        #expect(throws: DescentError.self) { try inverse(NDArray([[1.0, 2], [2, 4]])) }
        #expect(throws: DescentError.self) { try svd(NDArray([[Double.nan, 2], [2, 4]])) }
    }
}
