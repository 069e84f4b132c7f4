import Arrays
import Foundation
import TestSupport
import Testing

/// What is done another way when an array is large: sorts by bytes, extremes in pieces, huge pages. The oracles are
/// Swift's own sort, a plain loop and the C library's exponential.
@Suite struct LargeArrayTests {
    static let seed = 31

    /// Numbers of both signs, many of them equal, with infinities and zeros of both signs among them.
    private static func values<Scalar: FloatingScalar>(_ count: Int, _ random: inout RandomState) -> [Scalar]
    {
        let special: [Scalar] = [
            .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, -.greatestFiniteMagnitude,
        ]
        let normal: NDArray<Double> = random.randn(shape: [count])
        return normal.elements.enumerated().map { place, x in
            place % 97 == 0
                ? special[place / 97 % special.count] : Scalar(place % 3 == 0 ? (x * 4).rounded() : x)
        }
    }

    private func checkSorting<Scalar: FloatingScalar>(_: Scalar.Type) {
        var random = RandomState(Self.seed)
        for count in [255, 256, 257, 1000, 70_001] {
            var elements: [Scalar] = Self.values(count, &random)
            #expect(NDArray(elements).sorted().elements == elements.sorted(), "\(count), seed \(Self.seed)")
            for (place, odd) in [(0, Scalar.nan), (count / 2, -.nan), (count - 1, .nan)] {
                elements[place] = odd
            }
            let got = NDArray(elements).sorted().elements
            let expected = elements.filter { !$0.isNaN }.sorted()
            #expect(Array(got.prefix(count - 3)) == expected, "\(count), seed \(Self.seed)")
            #expect(notEmpty(got.suffix(3)).allSatisfy { $0.isNaN }, "\(count)")
        }
        let all = NDArray<Scalar>.full(shape: [300], .nan).sorted()
        #expect(notEmpty(all.elements).allSatisfy { $0.isNaN })
    }

    @Test func longRowsAreSorted() {
        checkSorting(Float.self)
        checkSorting(Double.self)
    }

    @Test func longRowsOfIntegersAreSorted() {
        var random = RandomState(Self.seed)
        let drawn = random.randint(-1_000_000, 1_000_000, shape: [70_001]).elements
        let wide = drawn.enumerated().map { $0 % 2 == 0 ? $1 : $1 << 40 } + [.min, .max]
        #expect(NDArray(wide).sorted().elements == wide.sorted(), "seed \(Self.seed)")
        let narrow = drawn.map { Int32(truncatingIfNeeded: $0 << 12) } + [.min, .max]
        #expect(NDArray(narrow).sorted().elements == narrow.sorted(), "seed \(Self.seed)")
        let bytes = drawn.map { UInt8(truncatingIfNeeded: $0) }
        #expect(NDArray(bytes).sorted().elements == bytes.sorted(), "seed \(Self.seed)")
    }

    @Test func eachOfManyRowsIsSortedByItself() {
        var random = RandomState(Self.seed)
        let rows: NDArray<Float> = random.randn(shape: [40, 1000])
        let expected = (0..<40).flatMap { rows[$0].elements.sorted() }
        #expect(rows.sorted().elements == expected, "seed \(Self.seed)")
        #expect(rows.T.sorted(axis: 0).T.elements == expected, "seed \(Self.seed)")
    }

    private func checkPlaces<Scalar: NumericScalar>(_ elements: [Scalar]) {
        func first(_ isBetter: (Scalar, Scalar) -> Bool) -> Int {
            elements.indices.dropFirst().reduce(0) { best, place in
                let (x, b) = (elements[place], elements[best])
                return b == b && (x != x || isBetter(x, b)) ? place : best
            }
        }
        let array = NDArray(elements)
        #expect(array.argMax() == first(>))
        #expect(array.argMin() == first(<))
    }

    @Test(arguments: [65_536, 65_537, 100_015])
    func placesOfExtremesInLongRows(count: Int) {
        var random = RandomState(Self.seed)
        let normal: NDArray<Double> = random.randn(shape: [count])
        checkPlaces(normal.elements)
        checkPlaces(normal.asType(Float.self).elements)
        checkPlaces(random.randint(-5, 5, shape: [count]).elements)  // many equal ones
        checkPlaces(random.randint(0, 255, shape: [count]).elements.map { UInt8($0) })
        for places in [[count - 1], [count / 2 + 1, count / 2], [7, count - 2]] {
            var elements = normal.elements
            for place in places { elements[place] = .nan }
            checkPlaces(elements)
            for place in places { elements[place] = place % 2 == 0 ? 100 : -100 }
            checkPlaces(elements)
        }
    }

    /// Vectors and the scalars that are left at a row's end alike; results that are subnormal or too large too.
    @Test func exponentialAndSigmoidOverTheWholeRange() {
        let x = NDArray<Double>.linspace(-750, 715, 100_003)
        for (x, y) in paired(x.elements, exp(x).elements) {
            let expected = Foundation.exp(x)
            let unit = max(expected.ulp, .leastNonzeroMagnitude)
            #expect(y == expected || abs(y - expected) <= 2 * unit, "exp(\(x)) = \(y), not \(expected)")
        }
        for (x, y) in paired(x.elements, sigmoid(x).elements) {
            let expected = 1 / (1 + Foundation.exp(-x))
            #expect(
                y == expected || abs(y - expected) <= 3 * expected.ulp,
                "sigmoid(\(x)) = \(y), not \(expected)")
        }
        let narrow = NDArray<Float>.linspace(-88, 90, 100_003)
        for (x, y) in paired(narrow.elements, sigmoid(narrow).elements) {
            let expected = Float(1 / (1 + Foundation.exp(-Double(x))))
            #expect(
                abs(y - expected) <= 3 * max(expected.ulp, .leastNonzeroMagnitude), "sigmoid(\(x)) = \(y)")
        }
        #expect(sigmoid(NDArray([-Double.infinity, .infinity])).elements == [0, 1])
        #expect(sigmoid(NDArray([Double.nan])).elements[0].isNaN)
    }

    /// One of each size around a huge page, written to its ends and taken again from those that wait.
    @Test func buffersAroundAHugePage() {
        for extra in [-64, 0, 8, 1 << 20, (1 << 20) + 8, 3 << 20] {
            let count = ((2 << 20) + extra) / 8
            for round in 1...3 {
                let a = NDArray<Double>.full(shape: [count], Double(round))
                #expect((a + a).sum() == Double(2 * round * count))
            }
        }
    }
}
