import Arrays
import Support
import TestSupport
import Testing

/// Edges that reports on NumPy name: zeros of both signs in long arrays, probabilities of single precision, rows, places of
/// a miss, selection that stays fast.
@Suite struct EdgeTests {
    /// The order in which NumPy compares, written out plainly: the first element in every lane of 32 bytes, the rest vector
    /// by vector, the upper half of the lanes into the lower, what is left at the end; of equal ones the later stays.
    private static func largest<Scalar: FloatingScalar>(_ x: [Scalar]) -> Scalar {
        let count = 32 / MemoryLayout<Scalar>.size
        func later(_ a: Scalar, _ b: Scalar) -> Scalar { a > b ? a : b }
        var lanes = [Scalar](repeating: x[0], count: count)
        var place = 1
        while place + count <= x.count {
            for lane in 0..<count { lanes[lane] = later(lanes[lane], x[place + lane]) }
            place += count
        }
        while lanes.count > 1 {
            let half = lanes.count / 2
            lanes = (0..<half).map { later(lanes[$0], lanes[$0 + half]) }
        }
        return x[place...].reduce(lanes[0], later)
    }

    /// Lengths around those at which work is divided, on one thread and several (seed 8).
    @Test(arguments: [100, 4095, 4097, 65535, 65536, 65543, 100_001])
    func zerosOfBothSignsInLongRows(_ count: Int) {
        let usual = Threads.count
        defer { Threads.setCount(usual) }
        var random = RandomState(8)
        for trial in 0..<6 {
            let signs = random.randint(0, 2, shape: [count]).elements
            let sparse = trial % 2 == 0
            let x = signs.enumerated().map { place, sign in
                sparse && place % 1009 != trial ? -1.0 : sign == 0 ? -0.0 : 0.0
            }
            let (double, single) = (Self.largest(x), Self.largest(x.map(Float.init)))
            for threads in [1, 2, 5] {
                Threads.setCount(threads)
                #expect(NDArray(x).max().sign == double.sign, "\(count), trial \(trial), \(threads) threads")
                #expect(NDArray(x.map(Float.init)).max().sign == single.sign, "\(count), trial \(trial)")
                #expect((-NDArray(x)).min().sign != double.sign, "\(count), trial \(trial)")
            }
        }
    }

    @Test func oneNaNInALongRowWins() {
        for count in [5, 70, 70_000] {
            for place in [0, 1, count / 2, count - 1] {
                var x = [Double](repeating: 1, count: count)
                x[place] = .nan
                #expect(NDArray(x).max().isNaN && NDArray(x).min().isNaN)
                #expect(NDArray(x).argMax() == place && NDArray(x).argMin() == place)
            }
        }
    }

    /// numpy issue 8317: probabilities of single precision whose sum rounding made a little more than 1. The draws are
    /// NumPy's for p / p.sum(), typed from NumPy 2.4.6.
    @Test func probabilitiesOfSinglePrecisionAreForgiven() {
        let p = [0.6, 0.4, 0].map { Double(Float($0)) }
        var random = RandomState(1)
        #expect(random.multinomial(10, p, shape: [3]).elements == [6, 4, 0, 10, 0, 0, 7, 3, 0])
        random = RandomState(1)
        #expect(random.choice(3, size: 8, probabilities: p).elements == [0, 1, 0, 0, 0, 0, 0, 0])
        random = RandomState(1)
        #expect(random.binomial(5, Double(Float(1).nextUp), shape: [2]).elements == [5, 5])
        #expect(random.geometric(Double(Float(1).nextUp), shape: [2]).elements == [1, 1])
        // A thousand softmaxes in single precision, seed 3.
        for _ in 0..<1000 {
            let scores: NDArray<Float> = random.randn(shape: [10]).asType()
            let e = exp(scores)
            let probabilities = (e / e.sum()).elements.map(Double.init)
            #expect(random.multinomial(20, probabilities).sum() == 20)
            #expect(random.choice(10, size: 3, replacing: false, probabilities: probabilities).count == 3)
        }
    }

    @Test func rowsOfAnArray() {
        let a: NDArray<Double> = [[1, 2], [3, 4], [5, 6]]
        var sums: [Double] = []
        for row in a { sums.append(row.sum()) }
        #expect(sums == [3, 7, 11])
        #expect(a.T.map { $0.elements } == [[1, 3, 5], [2, 4, 6]])
        #expect(Array(NDArray([7, 8])).map { $0.item() } == [7, 8])
        #expect(zip(a, 0...).map { $0[at: 1] + Double($1) } == [2, 5, 8])
        #expect(Array(NDArray<Int>.zeros(0, 3)).isEmpty)
        // A list beside an array stays arithmetic.
        let sum: NDArray<Double> = a + [[1, 1], [2, 2], [3, 3]]
        #expect(sum.elements == [2, 3, 5, 6, 8, 9])
        let turned = [10, 20] + a[0]
        #expect(turned.elements == [11, 22])
        #expect(a.max() == 6 && a.sorted().elements == a.elements)
    }

    @Test func aMissSaysWhere() throws {
        let a: NDArray<Double> = [[1, 2, 3], [4, 5, 6]]
        var b = a
        #expect(mismatch(a, b) == nil)
        b[at: 1, 0] = 4.5
        b[at: 1, 2] = 7
        let miss = try #require(mismatch(a, b))
        #expect(miss.index == [1, 0])
        #expect(miss.values?.first == 4 && miss.values?.second == 4.5 && miss.difference == 0.5)
        #expect(
            "\(miss)"
                == "2 of 6 elements differ, first at [1, 0]: 4.0 and 4.5, difference 0.5; largest difference 1.0"
        )
        let shapes = try #require(mismatch(a, NDArray([1.0, 2])))
        #expect("\(shapes)" == "shapes (2,3) and (2,) do not broadcast")
        #expect(mismatch(NDArray([Double.nan]), NDArray([Double.nan]), equalNaN: true) == nil)
        #expect(mismatch(NDArray([Double.nan]), NDArray([1.0]))?.largestDifference.isNaN == true)
    }

    /// Orders on which a careless choice of pivots takes time by the square of the length; all answers by sorting.
    @Test func selectionWorksOnEveryOrder() {
        let n = 20_000
        var random = RandomState(4)
        let organ = (0..<n).map { Double(min($0, n - $0)) }
        let orders: [[Double]] = [
            (0..<n).map(Double.init), (0..<n).reversed().map(Double.init), organ,
            [Double](repeating: 3, count: n), (0..<n).map { Double($0 % 2) }, (0..<n).map { Double($0 % 7) },
            random.randn(shape: [n]).elements,
        ]
        for (number, x) in orders.enumerated() {
            let sorted = x.sorted()
            for k in [0, 1, n / 3, n / 2, n - 1] {
                #expect(NDArray(x).partitioned(at: [k])[at: k] == sorted[k], "order \(number), place \(k)")
                let places = NDArray(x).argPartitioned(at: [k])
                #expect(x[places[at: k]] == sorted[k], "order \(number), place \(k)")
                #expect(Set(places.elements).count == n)
            }
            #expect(NDArray(x).median() == (sorted[n / 2 - 1] + sorted[n / 2]) / 2, "order \(number)")
        }
    }

    @Test func resultsDoNotDependOnTheNumberOfThreads() {
        var random = RandomState(12)
        let a: NDArray<Double> = random.randn(shape: [300, 400])
        let sorted = a.flattened().sorted()
        func results() -> [NDArray<Double>] {
            [
                a.median(axis: 0), a.percentiles([10, 50], axes: [1]), a.partitioned(at: [7, 200]),
                a.argPartitioned(at: [7]).asType(), sorted.searchSorted(a).asType(), a.nanMedian(axis: 1),
                a.histogram(bins: 50).counts.asType(), a.isIn(sorted[..<500]).asType(),
            ]
        }
        let usual = Threads.count
        defer { Threads.setCount(usual) }
        Threads.setCount(1)
        let single = results()
        for count in [2, 3, 7] {
            Threads.setCount(count)
            for (place, (one, many)) in paired(single, results()).enumerated() {
                #expect(Bits(one) == Bits(many), "result \(place) with \(count) threads, seed 12")
            }
        }
    }
}
