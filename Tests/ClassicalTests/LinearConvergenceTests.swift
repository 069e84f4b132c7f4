import Arrays
import ExampleData
import Support
import TestSupport
import Testing

@testable import Classical

/// 8x8 digits as they are, 0 to 16, some with wrong labels: coordinate descent alone does not get far.
@Suite("Linear machines on features that are not scaled")
struct LinearConvergenceTests {
    private func machine(_ item: ExactVectors.Linear.Case, tolerance: Double) -> LinearSupportVectorMachine {
        var machine = LinearSupportVectorMachine(cost: item.cost)
        machine.loss = item.loss == "hinge" ? .hinge : .squaredHinge
        machine.bias = item.bias
        machine.classWeights = .named(item.weights)
        machine.tolerance = tolerance
        return machine
    }

    /// The problem's value in double precision, all classes together.
    private func primal(
        _ found: LinearSupportVectorClassifier, _ file: ExactVectors.Linear, _ item: ExactVectors.Linear.Case
    ) -> Double {
        let classes = found.classNames.count
        var total = 0.0
        for k in 0..<classes {
            let own = found.weights[k].elements
            let bias = item.bias == 0 ? 0 : found.intercepts[k] / Double(item.bias)
            total += (own.reduce(0) { $0 + $1 * $1 } + bias * bias) / 2
            for (row, number) in paired(file.x, file.y) {
                let score = zip(row, own).reduce(found.intercepts[k]) { $0 + $1.0 * $1.1 }
                let slack = max(0, 1 - (number == k ? score : -score))
                let cost = item.cost * (number == k ? item.weights["\(k)"] ?? 1 : 1)
                total += cost * (item.loss == "hinge" ? slack : slack * slack)
            }
        }
        return total
    }

    @Test(
        "never worse when asked to be more exact, and within 0.4 % of the optimum", arguments: 0..<5,
        [false, true])
    func monotone(_ number: Int, areBytes: Bool) throws {
        let file = try ExactVectors.load().linear
        let item = file.cases[number]
        if areBytes, number % 3 != 0 { return }
        var examples = ExactVectors.examples(file.x, file.y)
        if areBytes {
            let bytes = examples.features.unscaledFloats.asType(UInt8.self)
            examples = LabeledExamples(
                .bytes(bytes), classes: examples.classes, classNames: examples.classNames)
        }
        var last = Double.infinity
        for tolerance in [0.1, 1e-3, 1e-4] {
            var machine = machine(item, tolerance: tolerance)
            machine.byteScale = 1
            let found = try machine.fit(examples)
            let value = primal(found, file, item)
            let report = try #require(found.report)
            let place = "\(item.loss), C \(item.cost), bias \(item.bias), \(tolerance): \(value), \(report)"
            #expect(report.converged, "\(place)")
            #expect(value <= item.primal * 1.004, "\(place), the optimum \(item.primal)")
            #expect(value <= last * (1 + 1e-6), "\(place), before \(last)")
            // The dual problem bounds it from the other side.
            #expect(-report.objective <= value * (1 + 1e-6), "\(place)")
            last = value
        }
    }

    @Test("threads change no bit of what is solved in double precision")
    func threads() throws {
        let file = try ExactVectors.load().linear
        let examples = ExactVectors.examples(file.x, file.y)
        for item in [file.cases[0], file.cases[3]] {
            var first: [Double]?
            try withThreadCounts { _ in
                let found = try machine(item, tolerance: 1e-4).fit(examples).weights.elements
                if let first { #expect(found == first) }
                first = found
            }
        }
    }

    @Test("what has not converged says so: a limit on passes")
    func limit() throws {
        let file = try ExactVectors.load().linear
        var machine = machine(file.cases[3], tolerance: 1e-4)
        machine.passLimit = 5
        let report = try #require(try machine.fit(ExactVectors.examples(file.x, file.y)).report)
        #expect(!report.converged && report.violation > 1e-4)
        #expect("\(report)".contains("limit of 5 passes"))
        machine.loss = .hinge
        machine.strategy = .crammerSinger
        let other = try #require(try machine.fit(ExactVectors.examples(file.x, file.y)).report)
        #expect(!other.converged && "\(other)".contains("limit of 5 passes"))
    }

    private func isNear(_ a: [Double], _ b: [Double], _ most: Double) -> Bool {
        guard a.count == b.count else { return false }
        for (one, other) in paired(a, b) {
            let difference: Double = one - other
            if !(difference.magnitude < most) { return false }
        }
        return true
    }

    /// Rows that are fewer than features, solved in their span: what plain loops find, by matrices of N^2. 300 images' HOG
    /// took a minute by matrices of 1,297^2.
    @Test("fewer rows than features", arguments: [false, true])
    func fewRows(isHinge: Bool) throws {
        let (count, features) = (40, 300)
        var random = RandomState(5)
        let x: [[Double]] = (0..<count).map { _ in
            random.uniform(low: 0, high: 16, shape: [features]).elements
        }
        let factors: [Double] = random.uniform(low: -1, high: 1, shape: [count]).elements
        let labels: [Int32] = (0..<count).map { Int32($0 * 7 % 3) }
        let problem = DenseProblem(ExactVectors.examples(x, labels).features, scale: 1, bias: 1)
        #expect(problem.width == count)
        #expect(problem.curvature([Double](repeating: 1, count: count)).shape == [count, count])

        // Plain loops; examples are kept in Float, and the bias is a feature that is 1.
        let rows: [[Double]] = x.map { row in row.map { Double(Float($0)) } + [1.0] }
        func scores(_ weights: [Double]) -> [Double] {
            rows.map { row in
                var sum = 0.0
                for place in 0...features { sum += row[place] * weights[place] }
                return sum
            }
        }
        var sum = [Double](repeating: 0, count: features + 1)
        for (row, factor) in zip(rows, factors) {
            for place in 0...features { sum[place] += row[place] * factor }
        }
        #expect(isNear(problem.weights(at: problem.sum(factors)), sum, 1e-11))
        #expect(isNear(problem.coordinates(of: sum), problem.sum(factors), 1e-9))
        #expect(isNear(problem.scores([problem.coordinates(of: sum)])[0], scores(sum), 1e-8))

        let signs: [Double] = labels.map { $0 == 0 ? 1 : -1 }
        let cost = 0.01
        let costs = [Double](repeating: cost, count: count)
        let start = [Double](repeating: 0, count: count)
        let solution =
            isHinge
            ? try problem.interior(signs: signs, costs: costs) { _, _ in }
            : try problem.newton(signs: signs, costs: costs, start: start) { _, _ in }
        let weights = problem.weights(at: solution.weights)
        var primal = 0.0
        for weight in weights { primal += weight * weight / 2 }
        for (score, sign) in zip(scores(weights), signs) {
            let slack: Double = max(0, 1 - sign * score)
            primal += cost * (isHinge ? slack : slack * slack)
        }
        // No weights are below the dual problem's value, so that those that meet it are the best.
        let gap: Double = primal + solution.dual
        #expect(
            primal > 0 && gap.magnitude < 1e-9 * primal,
            "\(gap / primal), inside \(solution.gap), \(solution.steps) steps")
    }
}
