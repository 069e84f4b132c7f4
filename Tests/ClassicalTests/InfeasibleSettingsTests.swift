import Arrays
import Classification
import ExampleData
import Support
import TestSupport
import Testing

@testable import Classical

/// Settings and examples for which there is no solution end in an error that says so, not in numbers.
@Suite("What has no solution")
struct InfeasibleSettingsTests {
    private func expectError(
        _ kind: DescentError.Kind, _ parts: [String], sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () throws -> Void
    ) {
        do {
            try body()
            Issue.record("nothing was thrown (expected \(parts))", sourceLocation: sourceLocation)
        } catch let error as DescentError {
            #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation)
            for part in parts {
                #expect("\(error)".contains(part), "\(error)", sourceLocation: sourceLocation)
            }
        } catch {
            Issue.record("\(error)", sourceLocation: sourceLocation)
        }
    }

    @Test("nu above what the classes allow, by libsvm's rule, names the pair before work")
    func largeNu() throws {
        // 20, 10 and 4 examples: 2 min / sum is 2/3, 1/3 and 4/7.
        let all = clouds(60, classes: 3, features: 2, seed: 1)
        let places = (0..<60).filter { $0 / 3 < [20, 10, 4][$0 % 3] }
        let examples = LabeledExamples(
            all.features.gathered(places.map { Int32($0) }), classes: places.map { Int32($0 % 3) },
            classNames: ["a", "b", "c"])
        let cancelled = Cancellation()
        cancelled.cancel()
        for (nu, pair, most) in [(0.7, "'a' and 'b'", "at most 0.6"), (0.34, "'a' and 'c'", "at most 0.3")] {
            expectError(.usage, [pair, most]) {
                // Already stopped: the settings are looked at before that.
                _ = try SupportVectorMachine(nu: nu).fit(examples, cancellation: cancelled, progress: nil)
            }
        }
        for nu in [0, -0.5, 1.01, .nan, .infinity] {
            expectError(.usage, ["nu"]) { _ = try SupportVectorMachine(nu: nu).fit(examples) }
        }
        #expect(throws: Never.self) {
            try SupportVectorMachine(kernel: .rbf(gamma: 5), nu: 0.3).fit(examples)
        }
    }

    @Test("nu below what the examples allow: a kernel that does not tell them apart leaves no margin")
    func smallNu() throws {
        // The same place in both classes for most: reduced hulls meet, whatever the kernel.
        let values: [Float] = (0..<40).flatMap { [Float($0 / 2), Float(($0 / 2) % 5)] }
        let same = LabeledExamples(
            .floats(NDArray(shape: [40, 2], elements: values)), classes: (0..<40).map { $0 % 2 },
            classNames: ["up", "down"])
        for kernel: KernelFunction in [
            .linear, .rbf(gamma: 0.5), .polynomial(degree: 2, gamma: 0.1, constant: 1),
        ] {
            for nu in [0.1, 0.5, 1] {
                expectError(.usage, ["no margin", "'up' and 'down'", "got \(nu)"]) {
                    _ = try SupportVectorMachine(kernel: kernel, nu: nu).fit(same)
                }
            }
        }
        // No line separates rings.
        expectError(.usage, ["no margin", "'inner' and 'outer'"]) {
            _ = try SupportVectorMachine(kernel: .linear, nu: 0.3).fit(rings(200, seed: 1))
        }
        // A margin that is small because the features are is one.
        let tiny = clouds(80, classes: 2, features: 3, seed: 2, spread: 0.2)
        let scaled = LabeledExamples(
            .floats(tiny.features.unscaledFloats * 1e-3), classes: tiny.classes, classNames: tiny.classNames)
        let classifier = try SupportVectorMachine(kernel: .linear, nu: 0.2).fit(scaled)
        #expect(try classifier.classes(of: scaled.features) == scaled.classes)
    }

    @Test("kernels that leave the range of numbers name themselves and the rows")
    func overflow() throws {
        // Values with themselves are small, (25 - 20)^9, those of opposite rows are not: (-25 - 20)^9 is, (-1e12)^9 no Float.
        let rows: NDArray<Float> = [[1e6, 0], [-1e6, 0], [2, 1], [3, 1]]
        let odd = LabeledExamples(.floats(rows), classes: [0, 1, 0, 1], classNames: ["a", "b"])
        for (kernel, wide) in [
            (KernelFunction.polynomial(degree: 9, gamma: 1, constant: -1e12), 0),
            (.polynomial(degree: 9, gamma: 1, constant: -1e12), 70),
        ] {
            let values = NDArray<Float>(shape: [4, 2 + wide]) { target in
                target.initialize(repeating: 0)
                for row in 0..<4 {
                    for column in 0..<2 { target[row * (2 + wide) + column] = rows[at: row, column] }
                }
            }
            let examples = LabeledExamples(.floats(values), classes: odd.classes, classNames: odd.classNames)
            expectError(.badData, ["polynomial:degree=9", "too large", "example"]) {
                _ = try SupportVectorMachine(kernel: kernel).fit(examples)
            }
        }
        // Squares that no Float holds.
        let vast = LabeledExamples(
            .floats(rows * 1e20), classes: odd.classes, classNames: odd.classNames)
        expectError(.badData, ["linear", "too large"]) {
            _ = try SupportVectorMachine(kernel: .linear).fit(vast)
        }
        // Bounded kernels of double precision go on.
        for kernel: KernelFunction in [.rbf(gamma: 1e-3), .sigmoid(gamma: 1e-20)] {
            let classifier = try SupportVectorMachine(kernel: kernel).fit(vast)
            #expect(
                try notEmpty(classifier.decisionValues(of: vast.features).elements).allSatisfy(\.isFinite))
        }
    }

    @Test("a decision that is no finite number names the kernel and the row")
    func overflowInUse() throws {
        let examples = clouds(60, classes: 2, features: 3, seed: 3)
        let wide = clouds(60, classes: 2, features: 80, seed: 3)
        for examples in [examples, wide] {
            let kernel = KernelFunction.polynomial(degree: 9, gamma: 0.1, constant: 1)
            let classifier = try SupportVectorMachine(kernel: kernel).fit(examples)
            let width = examples.features.featureCount
            // 1e3^9 no Float holds, but a Double does.
            let far = NDArray<Float>(shape: [2, width], repeating: 1e5)
            #expect(
                try notEmpty(classifier.decisionValues(of: .floats(far)).elements).allSatisfy(\.isFinite))
            var rows = NDArray<Float>(shape: [2, width], repeating: 1)
            rows[1] = NDArray(shape: [width], repeating: 3e38)
            expectError(.badData, ["polynomial:degree=9", "row 1"]) {
                _ = try classifier.classes(of: .floats(rows))
            }
        }
    }

    @Test("settings of the other learners")
    func others() throws {
        let examples = clouds(40, classes: 2, features: 3, seed: 1)
        for c in [0, -1, .nan, .infinity] as [Double] {
            expectError(.usage, ["impossible"]) {
                _ = try LogisticRegression(inverseStrength: c).fit(examples)
            }
            expectError(.usage, ["cost"]) { _ = try SupportVectorMachine(cost: c).fit(examples) }
            expectError(.usage, ["cost"]) { _ = try LinearSupportVectorMachine(cost: c).fit(examples) }
            expectError(.usage, ["gamma"]) {
                _ = try SupportVectorMachine(kernel: .rbf(gamma: .value(c))).fit(examples)
            }
            expectError(.usage, ["weight"]) {
                var machine = LinearSupportVectorMachine()
                machine.classWeights = ["class 0": c]
                _ = try machine.fit(examples)
            }
            var tolerant = LinearSupportVectorMachine()
            tolerant.tolerance = c
            expectError(.usage, ["tolerance"]) { _ = try tolerant.fit(examples) }
            expectError(.usage, ["tolerance"]) {
                _ = try LogisticRegression(tolerance: c).fit(examples)
            }
        }
        expectError(.usage, ["iterations"]) { _ = try LogisticRegression(maximumIterations: 0).fit(examples) }
        expectError(.usage, ["scale"]) {
            var learner = LogisticRegression()
            learner.byteScale = .nan
            _ = try learner.fit(examples)
        }
        expectError(.usage, ["constant"]) {
            _ = try SupportVectorMachine(kernel: .polynomial(constant: .nan)).fit(examples)
        }
        expectError(.usage, ["degree"]) {
            _ = try SupportVectorMachine(kernel: .polynomial(degree: -3)).fit(examples)
        }
        for smoothing in [-1, .nan, .infinity] as [Double] {
            expectError(.usage, ["smoothing"]) {
                _ = try GaussianNaiveBayes(smoothing: smoothing).fit(examples)
            }
        }
        for k in [0, -1, 41] {
            expectError(.usage, ["k"]) { _ = try NearestNeighbors(k: k).fit(examples) }
        }
        expectError(.usage, ["k"]) { _ = try NearestNeighbors(choosingUpTo: 40).fit(examples) }
        expectError(.usage, ["exponent"]) {
            _ = try NearestNeighbors(metric: .minkowski(.nan)).fit(examples)
        }
        let nothing = LabeledExamples(
            .floats(NDArray(shape: [0, 3], repeating: 0)), classes: [], classNames: ["a", "b"])
        let broken = LabeledExamples(
            .floats(NDArray(shape: [2, 2], elements: [1, 2, .nan, 1])), classes: [0, 1],
            classNames: ["a", "b"])
        for learner: any Learner in [
            SupportVectorMachine(), LinearSupportVectorMachine(), LogisticRegression(), GaussianNaiveBayes(),
            NearestCentroid(), NearestNeighbors(k: 1),
        ] {
            #expect(throws: DescentError.self, "\(learner)") { _ = try learner.fit(nothing) }
            expectError(.badData, ["row 1, column 0"]) { _ = try learner.fit(broken) }
        }
    }

    @Test("rows that point the same way are at cosine distance 0, others are not")
    func parallel() throws {
        // Lengths whose squares have irrational roots, and multiples of them.
        let rows: [[Float]] = [
            [1, 2, 3], [2, 4, 6], [0.3, 0.1, 0.7], [1, 2, 3.0000002], [5, 1, 0], [0, 0, 0],
        ]
        let flat = rows.flatMap { $0 }
        let numbers = LabeledExamples(
            .floats(NDArray(shape: [6, 3], elements: flat)), classes: [0, 1, 1, 0, 0, 0],
            classNames: ["a", "b"])
        let classifier = try NearestNeighbors(k: 6, metric: .cosine, weights: .distance).fit(numbers)
        let found = try classifier.neighbors(of: numbers.features)
        for row in 0..<5 { #expect(found[row][0].distance == 0, "\(row): \(found[row][0])") }
        #expect(found[0][1].distance == 0 && found[0][1].index == 1)
        // From (1, 2, 3): sin^2 / (1 + cos) of an angle of 6e-8, by hand: |d|^2 (1 - 9/14) / 14 / 2, d = 2.38e-7.
        let exact = 2.384185791015625e-07 * 2.384185791015625e-07 * (5.0 / 14) / 14 / 2
        #expect(abs(found[0][2].distance / exact - 1) < 1e-6, "\(found[0][2])")
        #expect(notEmpty(found[5]).allSatisfy { $0.distance == 1 })
        // Those at distance 0 vote alone, half and half; the one that is nearly there does not.
        let shares = try classifier.probabilities(of: .floats([[1, 2, 3], [0.3, 0.1, 0.7]]))
        #expect(shares == [[0.5, 0.5], [0, 1]])
        let bytes = LabeledExamples(
            .bytes([[1, 2, 3], [3, 6, 9], [85, 170, 255], [85, 170, 254]]), classes: [0, 1, 1, 0],
            classNames: ["a", "b"])
        let whole = try NearestNeighbors(k: 4, metric: .cosine).fit(bytes).neighbors(of: bytes.features)
        #expect(
            whole[0].prefix(3).map(\.distance) == [0, 0, 0] && whole[0].prefix(3).map(\.index) == [0, 1, 2])
        #expect(whole[0][3].distance > 1e-7)
    }

    @Test("logistic regression says whether it converged, in its report and its last word")
    func told() throws {
        let examples = clouds(200, classes: 3, features: 6, seed: 2)
        for (iterations, converged) in [(2, false), (1000, true)] {
            var last: LearningProgress?
            let classifier = try LogisticRegression(maximumIterations: iterations)
                .fit(examples, cancellation: nil) { last = $0 }
            #expect(classifier.converged == converged && last?.activity == classifier.report)
            #expect(classifier.report.contains(converged ? "converged in" : "not converged: stopped after 2"))
            #expect(classifier.iterations < 100, "\(classifier.report)")
        }
    }
}
