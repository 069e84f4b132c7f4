import Arrays
import Foundation
import Support
import Testing

/// Against numpy.random.RandomState, bit for bit (Vectors/random.json).
@Suite struct RandomStateTests {
    @Test(arguments: [0, 1, 42, 4_294_967_295])
    func drawsAsNumPyDoes(seed: Int) throws {
        let file = try VectorFile("random.json")
        var random = RandomState(seed)
        func expect(_ drawn: NDArray<Double>, _ name: String) throws {
            #expect(Bits(drawn) == Bits(try file.doubles("\(name) \(seed)")), "\(name), seed \(seed)")
        }
        func expect(_ drawn: NDArray<Int>, _ name: String) throws {
            let expected = try file.integers("\(name) \(seed)")
            #expect(drawn.shape == expected.shape, "\(name), seed \(seed)")
            #expect(drawn.elements == expected.elements, "\(name), seed \(seed)")
        }
        // The order is that of make_vectors.py: each draw continues from the last.
        try expect(random.rand(7), "rand")
        try expect(random.randn(5), "randn")
        try expect(random.uniform(low: -2.5, high: 7, shape: [6]), "uniform")
        try expect(random.normal(location: 3, scale: 0.25, shape: [2, 3]), "normal")
        try expect(random.randint(0, 10, shape: [20]), "randint")
        try expect(random.randint(-5, 1000, shape: [4, 3]), "randint offset")
        try expect(random.randint(-(1 << 62), 1 << 62, shape: [5]), "randint wide")
        try expect(random.randint(0, 1 << 32, shape: [5]), "randint 2^32")
        try expect(random.randint(4, 5, shape: [3]), "randint one")
        try expect(random.choice(60_000, size: 10), "choice")
        try expect(random.choice(20, size: 8, replacing: false), "choice distinct")
        try expect(random.choice(4, size: 12, probabilities: [0.1, 0.2, 0.3, 0.4]), "choice p")
        let weights = [0.05, 0.05, 0.1, 0.6, 0.1, 0.1]
        try expect(random.choice(6, size: 4, replacing: false, probabilities: weights), "choice p distinct")
        try expect(random.permutation(37), "permutation")
        var rows = NDArray(shape: [6, 2], elements: (0..<12).map(Double.init))
        random.shuffle(&rows)
        try expect(rows, "shuffle")
        try expect(random.permutation(NDArray(shape: [5, 3], elements: Array(0..<15))), "permutation rows")
        let floats: NDArray<Float> = random.randn(shape: [4])
        try expect(NDArray(shape: [4], elements: floats.elements.map(Double.init)), "float32")
        try expect(random.rand(2), "last")
    }

    @Test func otherDistributions() throws {
        let file = try VectorFile("random.json")
        func expect(_ name: String, _ draw: (inout RandomState) -> NDArray<Double>) throws {
            var random = RandomState(99)
            let drawn = draw(&random)
            #expect(Bits(drawn) == Bits(try file.doubles(name)), "\(name), seed 99")
        }
        try expect("exponential") { $0.exponential(scale: 2.5, shape: [40]) }
        try expect("laplace") { $0.laplace(location: 1, scale: 2, shape: [40]) }
        try expect("logistic") { $0.logistic(location: 1, scale: 2, shape: [40]) }
        try expect("gumbel") { $0.gumbel(location: 1, scale: 2, shape: [40]) }
        try expect("lognormal") { $0.logNormal(mean: 0.5, sigma: 0.25, shape: [40]) }
        try expect("rayleigh") { $0.rayleigh(scale: 1.5, shape: [40]) }
        try expect("weibull") { $0.weibull(1.7, shape: [40]) }
        try expect("cauchy") { $0.standardCauchy(shape: [40]) }
        try expect("gamma large") { $0.gamma(3.5, scale: 2, shape: [40]) }
        try expect("gamma small") { $0.gamma(0.4, scale: 2, shape: [40]) }
        try expect("gamma one") { $0.gamma(1, scale: 2, shape: [40]) }
        try expect("chisquare") { $0.chiSquare(5, shape: [40]) }
        try expect("beta small") { $0.beta(0.5, 0.75, shape: [40]) }
        try expect("beta large") { $0.beta(2, 3, shape: [40]) }
        try expect("poisson small") { $0.poisson(3.2, shape: [200]).asType() }
        try expect("poisson large") { $0.poisson(47.5, shape: [200]).asType() }
    }

    @Test func seedsOfSeveralWords() throws {
        var random = RandomState(seeds: [1, 2, 3])
        let expected = try VectorFile("random.json").integers("seeds").elements
        #expect((0..<5).map { _ in Int(random.nextUInt32()) } == expected)
    }

    @Test func aLongPermutation() throws {
        let file = try VectorFile("random.json")
        var random = RandomState(7)
        var same = random
        let order = random.permutation(60_000).elements
        #expect(Array(order[..<20]) == (try file.integers("permutation 60000 head")).elements)
        let weighted = zip(order, order.indices).reduce(0) { $0 + $1.0 * $1.1 }
        #expect([weighted] == (try file.integers("permutation 60000 weighted")).elements)
        #expect(same.permutationIndices(60_000).map(Int.init) == order)
        #expect(same == random)
    }

    @Test func theStateIsNumPysAndCanBeRestored() throws {
        let file = try VectorFile("random.json")
        var random = RandomState(3)
        _ = random.randn(1001)
        let state = random.state
        #expect(state.key.map(Int.init) == (try file.integers("get_state key")).elements)
        #expect([state.position] == (try file.integers("get_state position")).elements)
        #expect(state.cachedGauss == (try file.doubles("get_state gauss")).elements.first)
        let saved = try JSONDecoder().decode(RandomState.State.self, from: JSONEncoder().encode(state))
        var restored = try RandomState(restoring: saved)
        #expect(restored.randn(9).elements == random.randn(9).elements)
    }

    @Test func aBrokenStateIsRefused() {
        #expect(throws: DescentError.self) {
            try RandomState(restoring: .init(key: [1, 2], position: 0, cachedGauss: nil))
        }
        let key = [UInt32](repeating: 1, count: 624)
        #expect(throws: DescentError.self) {
            try RandomState(restoring: .init(key: key, position: 625, cachedGauss: nil))
        }
    }

    @Test func scalarsDrawTheSameAsArrays() {
        var one = RandomState(11)
        var many = RandomState(11)
        #expect((0..<5).map { _ in one.randn() } == many.randn(5).elements)
        #expect((0..<5).map { _ in one.rand() } == many.rand(5).elements)
        #expect((0..<5).map { _ in one.randint(3, 90) } == many.randint(3, 90, shape: [5]).elements)
        #expect(one == many)
    }

    @Test func emptyDrawsTakeNothing() {
        var random = RandomState(5)
        let before = random
        #expect(random.rand(0).shape == [0])
        #expect(random.permutation(0).shape == [0])
        #expect(random.choice(0, size: 0).shape == [0])
        #expect(random == before)
    }
}
