import Arrays
import ExampleData
import Foundation
import Support
import TestSupport
import Testing

@testable import Classical

/// What holds for every solution, on random data by seed, and on an example worked by hand.
@Suite(.serialized) struct SupportVectorSolverTests {
    /// The points 0 and 2 on a line, linear: w = 1, b = -1, alpha = 1/2 each; the objective is -1/2 |w|^2 = -1/2.
    @Test func twoPointsAreSolvedByHand() throws {
        let examples = LabeledExamples(
            .floats(NDArray(shape: [2, 1], elements: [2, 0])), classes: [0, 1], classNames: ["far", "near"])
        let classifier = try SupportVectorMachine(kernel: .linear, cost: 10).fit(examples)
        #expect(classifier.coefficients.elements == [0.5, -0.5])
        #expect(classifier.thresholds == [1])
        let report = try #require(classifier.report?.pairs.first)
        #expect(report.objective == -0.5 && report.supportCount == 2 && report.boundedCount == 0)
        let asked = FeatureMatrix.floats(NDArray(shape: [3, 1], elements: [1.5, 1, -1]))
        #expect(try classifier.decisionValues(of: asked).elements == [0.5, 0, -2])
        // Zero is no vote for the first class, as in libsvm.
        #expect(try classifier.classes(of: asked) == [0, 1, 1])
        #expect(try classifier.probabilities(of: asked).elements == [1, 0, 0, 1, 0, 1])
    }

    private struct Problem {
        let count: Int
        let machine: SupportVectorMachine
        let name: String
    }

    /// Some as one working set, some on growing ones, some with a cache so small that rows are dropped and made again.
    private static func problems() -> [Problem] {
        var problems: [Problem] = []
        for (count, cache) in [(120, 1 << 30), (560, 1 << 30), (600, 600 * 4 * 128)] {
            for kernel: KernelFunction in [
                .rbf(gamma: 0.3), .polynomial(degree: 2, gamma: 0.3, constant: 1), .linear,
                .sigmoid(gamma: 0.01, constant: 0),
            ] {
                var machine = SupportVectorMachine(kernel: kernel, cost: 0.7)
                machine.cacheLimit = cache
                machine.classWeights = ["outer": 2]
                problems.append(Problem(count: count, machine: machine, name: "cost \(kernel) \(count)"))
                // No line separates rings: nu-SVC's margin is then 0, and libsvm's numbers are divided by it.
                switch kernel {
                case .sigmoid, .linear: continue
                default: break
                }
                machine.classWeights = [:]
                machine.formulation = .nu(0.6)
                problems.append(Problem(count: count, machine: machine, name: "nu \(kernel) \(count)"))
            }
        }
        return problems
    }

    @Test func everySolutionIsFeasibleAndOptimal() throws {
        for (seed, problem) in Self.problems().enumerated() {
            let examples = rings(problem.count, seed: seed)
            let signs = examples.classes.map { $0 == 0 ? 1.0 : -1.0 }
            let rows = FeatureRows(
                examples.features, indices: Array(0..<problem.count), scale: 1, form: .single)
            let solution = try problem.machine.solve(
                rows, signs: signs, weights: [1, problem.machine.isNu ? 1 : 2]
            ) {
                _ in
            }
            let place = "\(problem.name), seed \(seed)"
            #expect(solution.converged && solution.violation < 1e-3, "\(place): \(solution.violation)")
            let sum = solution.coefficients.reduce(0, +)
            #expect(abs(sum) < 1e-9 * Double(problem.count), "\(place): sum of alpha y = \(sum)")
            try checkOptimality(problem, examples, signs, solution, place)
        }
    }

    /// The conditions of Karush, Kuhn and Tucker, from kernel values in double precision.
    private func checkOptimality(
        _ problem: Problem, _ examples: LabeledExamples, _ signs: [Double], _ solution: BinarySolution,
        _ place: String
    ) throws {
        let points = examples.features.unscaledFloats.elements.map(Double.init)
        let count = problem.count
        var objective = 0.0
        var worst = 0.0
        for t in 0..<count {
            let sum = (0..<count).reduce(0.0) {
                solution.coefficients[$1] == 0
                    ? $0
                    : $0 + solution.coefficients[$1] * value(problem.machine.kernel, points, t, $1)
            }
            let alpha = signs[t] * solution.coefficients[t]
            #expect(alpha >= 0, "\(place)")
            objective += alpha * signs[t] * sum / 2
            let margin = signs[t] * (sum - solution.rho)
            if case .cost(let cost) = problem.machine.formulation {
                objective -= alpha
                let upper = signs[t] > 0 ? cost : 2 * cost
                #expect(alpha <= upper, "\(place)")
                if alpha < upper { worst = max(worst, 1 - margin) }
                if alpha > 0 { worst = max(worst, margin - 1) }
            }
        }
        // nu-SVC's threshold is the mean of two, so only the objective and C-SVC's margins are held to a number.
        #expect(worst < 2e-3, "\(place): margins violated by \(worst)")
        #expect(
            abs(objective - solution.objective) < 1e-5 * max(1, abs(objective)),
            "\(place): objective \(solution.objective), recomputed \(objective)")
    }

    private func value(_ kernel: KernelFunction, _ points: [Double], _ a: Int, _ b: Int) -> Double {
        let (x, y) = ((points[2 * a], points[2 * a + 1]), (points[2 * b], points[2 * b + 1]))
        let dot = x.0 * y.0 + x.1 * y.1
        func gamma(_ width: KernelWidth) -> Double {
            if case .value(let value) = width { value } else { .nan }
        }
        switch kernel {
        case .linear: return dot
        case .polynomial(let degree, let width, let constant):
            return (0..<degree).reduce(1) { result, _ in result * (gamma(width) * dot + constant) }
        case .rbf(let width):
            let (u, v) = (x.0 - y.0, x.1 - y.1)
            return exp(-gamma(width) * (u * u + v * v))
        case .sigmoid(let width, let constant): return tanh(gamma(width) * dot + constant)
        case .custom: return .nan
        }
    }

    /// nu bounds the share of margin errors from above and that of support vectors from below (Schoelkopf et al. 2000).
    @Test(arguments: [0.2, 0.5, 0.8]) func nuBoundsErrorsAndSupportVectors(_ nu: Double) throws {
        let examples = rings(400, seed: 9)
        let classifier = try SupportVectorMachine(kernel: .rbf(gamma: 1), nu: nu).fit(examples)
        let report = try #require(classifier.report?.pairs.first)
        #expect(report.converged)
        #expect(
            Double(report.boundedCount) <= nu * 400 + 1e-6 && Double(report.supportCount) >= nu * 400 - 1e-6)
    }

    @Test func smallAndLargeWorkingSetsFindTheSame() throws {
        let examples = rings(900, seed: 4)
        var machine = SupportVectorMachine(kernel: .rbf(gamma: 0.5), cost: 2)
        machine.tolerance = 1e-5
        let large = try machine.fit(examples)
        machine.cacheLimit = 900 * 4 * 128
        let small = try machine.fit(examples)
        let (a, b) = (try #require(large.report?.pairs[0]), try #require(small.report?.pairs[0]))
        #expect(abs(a.objective - b.objective) < 1e-7 * abs(a.objective))
        #expect(b.rowsComputed > 128 && a.supportCount == b.supportCount)
        let decisions = paired(
            try large.decisionValues(of: examples.features).elements,
            try small.decisionValues(of: examples.features).elements)
        #expect(decisions.allSatisfy { abs($0 - $1) < 1e-4 })
    }

    @Test func bytesGiveWhatTheirNumbersGive() throws {
        let bytes = asBytes(clouds(300, classes: 3, features: 37, seed: 2))
        let numbers = LabeledExamples(
            .floats(
                NDArray(
                    shape: bytes.features.shape,
                    elements: bytes.features.unscaledFloats.elements.map { $0 * (1 / 255) })),
            classes: bytes.classes, classNames: bytes.classNames)
        for kernel: KernelFunction in [.linear, .rbf(), .polynomial(degree: 4, gamma: 0.3, constant: 1)] {
            let machine = SupportVectorMachine(kernel: kernel, cost: 2)
            let (a, b) = (try machine.fit(bytes), try machine.fit(numbers))
            #expect(a.supportCounts == b.supportCounts, "\(kernel)")
            let (x, y, z) = (
                try a.decisionValues(of: bytes.features), try b.decisionValues(of: numbers.features),
                try a.decisionValues(of: numbers.features)
            )
            let worst = largestDifference(x.elements, y.elements)
            #expect(worst < 5e-3, "\(kernel): decisions differ by \(worst)")
            // The same classifier asked in numbers, where no product of bytes is taken.
            let mixed = largestDifference(x.elements, z.elements)
            #expect(mixed < 1e-4, "\(kernel): decisions differ by \(mixed)")
        }
    }

    @Test func aFunctionOfOnesOwnIsAsGoodAsItsBuiltInTwin() throws {
        let examples = rings(200, seed: 6)
        let own = KernelFunction.custom(name: "squared") { x, z in
            var sum: Float = 0
            for k in x.indices { sum += x[k] * z[k] }
            return (sum + 1) * (sum + 1)
        }
        let twin = KernelFunction.polynomial(degree: 2, gamma: 1, constant: 1)
        let (a, b) = (
            try SupportVectorMachine(kernel: own).fit(examples),
            try SupportVectorMachine(kernel: twin).fit(examples)
        )
        #expect(a.supportCounts == b.supportCounts)
        let worst =
            largestDifference(
                try a.decisionValues(of: examples.features).elements,
                try b.decisionValues(of: examples.features).elements)
        #expect(worst < 1e-3, "decisions differ by \(worst)")
        #expect(throws: DescentError.self) { try a.checkStorable() }
    }

    /// exp(-gamma d^2) of far-away points comes out of differences of large squares; the origin is moved first.
    @Test func farAwayPointsKeepTheirDistances() throws {
        let near = rings(200, seed: 8)
        let far = LabeledExamples(
            .floats(near.features.unscaledFloats + 4096), classes: near.classes, classNames: near.classNames)
        let machine = SupportVectorMachine(kernel: .rbf(gamma: 1), cost: 2)
        let (a, b) = (try machine.fit(near), try machine.fit(far))
        let right = paired(try a.classes(of: near.features), try b.classes(of: far.features)).count {
            $0 == $1
        }
        #expect(right >= 198)
    }
}
