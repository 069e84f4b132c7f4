import Arrays
import Foundation
import Support
import TestSupport
import Testing

/// Every distribution of numpy.random.RandomState, bit for bit (Vectors/distributions.json, made by
/// make_distribution_vectors.py beside it).
@Suite struct DistributionTests {
    private static func floats(
        _ name: String, _ p: [Double], _ random: inout RandomState, _ shape: [Int]
    ) -> NDArray<Double>? {
        switch name {
        case "standard_t": random.standardT(p[0], shape: shape)
        case "f": random.f(p[0], p[1], shape: shape)
        case "noncentral_chisquare": random.noncentralChiSquare(p[0], noncentrality: p[1], shape: shape)
        case "noncentral_f": random.noncentralF(p[0], p[1], noncentrality: p[2], shape: shape)
        case "pareto": random.pareto(p[0], shape: shape)
        case "power": random.power(p[0], shape: shape)
        case "triangular": random.triangular(p[0], p[1], p[2], shape: shape)
        case "wald": random.wald(mean: p[0], scale: p[1], shape: shape)
        case "vonmises": random.vonMises(mode: p[0], concentration: p[1], shape: shape)
        case "gamma": random.gamma(p[0], scale: p[1], shape: shape)
        case "chisquare": random.chiSquare(p[0], shape: shape)
        case "beta": random.beta(p[0], p[1], shape: shape)
        case "exponential": random.exponential(scale: p[0], shape: shape)
        case "laplace": random.laplace(location: p[0], scale: p[1], shape: shape)
        case "logistic": random.logistic(location: p[0], scale: p[1], shape: shape)
        case "gumbel": random.gumbel(location: p[0], scale: p[1], shape: shape)
        case "lognormal": random.logNormal(mean: p[0], sigma: p[1], shape: shape)
        case "rayleigh": random.rayleigh(scale: p[0], shape: shape)
        case "weibull": random.weibull(p[0], shape: shape)
        case "standard_cauchy": random.standardCauchy(shape: shape)
        case "dirichlet": random.dirichlet(p, shape: shape)
        default: nil
        }
    }

    private static func integers(
        _ name: String, _ p: [Double], _ random: inout RandomState, _ shape: [Int]
    ) -> NDArray<Int>? {
        switch name {
        case "binomial": random.binomial(Int(p[0]), p[1], shape: shape)
        case "geometric": random.geometric(p[0], shape: shape)
        case "poisson": random.poisson(p[0], shape: shape)
        case "negative_binomial": random.negativeBinomial(p[0], p[1], shape: shape)
        case "hypergeometric":
            random.hypergeometric(good: Int(p[0]), bad: Int(p[1]), sample: Int(p[2]), shape: shape)
        case "logseries": random.logSeries(p[0], shape: shape)
        case "zipf": random.zipf(p[0], shape: shape)
        case "multinomial": random.multinomial(Int(p[0]), Array(p.dropFirst()), shape: shape)
        default: nil
        }
    }

    /// The bits of each number, and the shape.
    private func draw(
        _ name: String, _ parameters: [Double], _ random: inout RandomState, _ count: Int
    ) -> (shape: [Int], bits: [UInt64])? {
        if let drawn = Self.floats(name, parameters, &random, [count]) {
            return (drawn.shape, drawn.elements.map(\.bitPattern))
        }
        return Self.integers(name, parameters, &random, [count])
            .map { ($0.shape, $0.elements.map { UInt64(bitPattern: Int64($0)) }) }
    }

    @Test func bitForBit() throws {
        let file = try VectorFile("distributions.json")
        let cases = try file.list("cases")
        #expect(cases.count > 80)
        for entry in cases {
            let name = try #require(entry["name"] as? String)
            let parameters = parsed(try #require(entry["parameters"] as? [String]), as: Double.self)
            let head = try #require(entry["head"] as? [String: Any])
            let isInteger = head["dtype"] as? String == "i8"
            let expected = try VectorFile.doubles(head)
            let expectedBits =
                isInteger
                ? try VectorFile.integers(head).elements.map { UInt64(bitPattern: Int64($0)) }
                : expected.elements.map(\.bitPattern)
            var random = RandomState(99)
            let drawn = try #require(draw(name, parameters, &random, 12), "\(name) is not in the table")
            #expect(drawn.shape == expected.shape, "\(name) \(parameters)")
            #expect(drawn.bits == expectedBits, "\(name) \(parameters), seed 99")
            var second = RandomState(7)
            let many = try #require(draw(name, parameters, &second, 20_000))
            #expect(
                "\(many.bits.reduce(0, &+))" == entry["patterns"] as? String, "\(name) \(parameters), seed 7")
            #expect(Double(entry["next"] as? String ?? "") == second.rand(), "\(name) \(parameters), seed 7")
        }
    }

    @Test func vectorsAndBytes() throws {
        let file = try VectorFile("distributions.json")
        var random = RandomState(5)
        let drawn = try random.multivariateNormal(
            mean: [1, -2, 0.5], covariance: [[2, 0.3, 0.1], [0.3, 1, -0.2], [0.1, -0.2, 0.5]], shape: [4, 2])
        let expected = try file.doubles("multivariate_normal")
        #expect(drawn.shape == expected.shape)
        #expect(abs(drawn - expected).max() < 1e-13)
        #expect(random.bytes(11).map(Int.init) == (try file.integers("bytes")).elements)
        #expect(Bits(random.rand(2)) == Bits(try file.doubles("after")))
    }

    @Test func shapes() {
        var random = RandomState(1)
        #expect(random.binomial(3, 0.5, shape: []).shape == [])
        #expect(random.multinomial(3, [0.5, 0.5]).shape == [2])
        #expect(random.dirichlet([1, 2, 3], shape: [2, 0]).shape == [2, 0, 3])
        #expect(random.geometric(0.5, shape: [2, 3]).shape == [2, 3])
    }
}
