import Arrays
import Classification
import ExampleData
import Foundation
import Regression
import Support
import TestSupport
import Testing

@testable import Classical

/// epsilon-SVR, nu-SVR and the one-class machine beside libsvm and scikit-learn (`RegressionVectors`).
@Suite struct SupportVectorRegressionTests {
    @Test(arguments: 0..<18) func everyMachineGivesLibSVMsAnswer(_ number: Int) throws {
        let file = try RegressionVectors.load()
        #expect(file.machines.count == 18)
        let item = file.machines[number]
        let (examples, queries) = file.examples("narrow")
        let report: SupportVectorSolution
        let decisions: [Double]
        let support: [Int]
        if item.isOneClass {
            let found = try item.oneClass.fit(examples)
            report = try #require(found.report)
            decisions = try found.decisionValues(of: queries)
            support = try #require(found.supportIndices)
        } else {
            let found = try item.regression.fit(examples)
            report = try #require(found.report)
            decisions = try found.decisionValues(of: queries)
            support = try #require(found.supportIndices)
            if let epsilon = item.epsilon {
                #expect(abs(try #require(found.tubeWidth) - epsilon) < 1e-5, "\(item.options)")
            }
        }
        #expect(report.converged, "\(item.options)")
        // libsvm prints six digits after the point.
        #expect(
            abs(report.objective - item.objective) <= 1e-6 * abs(item.objective) + 1e-6,
            "\(item.options): objective \(report.objective), not \(item.objective)")
        #expect(
            abs(report.threshold - item.rho) < 1e-4,
            "\(item.options): rho \(report.threshold), not \(item.rho)")
        #expect(support.map { $0 + 1 } == item.support.sorted(), "\(item.options)")
        for (got, expected) in paired(decisions, item.decisions) {
            #expect(abs(got - expected) < 1e-3, "\(item.options): decision \(got), not \(expected)")
        }
    }

    @Test func scikitLearnsDefaultsAndSettingsGiveItsAnswers() throws {
        let file = try RegressionVectors.load()
        let (examples, queries) = file.examples("narrow")
        for item in notEmpty(file.scikit) {
            let kernel = KernelFunction.rbf(gamma: item.gamma.map { .value($0) } ?? .scale)
            let values: [Double]
            let support: [Int]?
            if item.machine == "one-class" {
                var machine = OneClassMachine(kernel: kernel, nu: item.parameter)
                machine.tolerance = 1e-6
                let found = try machine.fit(examples.features)
                (values, support) = (try found.decisionValues(of: queries), found.supportIndices)
                let inside = item.values.map { $0 > 0 }
                #expect(try found.isInlier(queries) == inside)
                #expect(try found.classes(of: queries) == inside.map { $0 ? 0 : 1 })
            } else {
                var machine = SupportVectorRegression(kernel: kernel, cost: item.c ?? 1)
                machine.tube = item.machine == "nu" ? .nu(item.parameter) : .epsilon(item.parameter)
                machine.tolerance = 1e-6
                let found = try machine.fit(examples)
                (values, support) = (try found.decisionValues(of: queries), found.supportIndices)
                let answers = try found.values(for: queries)
                #expect(answers.shape == [25, 1] && answers.elements == values.map { Float($0) })
            }
            #expect(support == item.support, "\(item.machine) \(item.parameter)")
            for (got, expected) in paired(values, item.values) {
                #expect(abs(got - expected) < 1e-3, "\(item.machine): \(got), not \(expected)")
            }
        }
    }

    /// Enough examples that the working set grows, in one feature's doubles and in many features' floats: the violation over all
    /// variables is what was asked for, which the solution itself is held against.
    @Test(arguments: [(1500, 6, 1e-4), (900, 40, 1e-3)]) func grownWorkingSetsAreOptimal(
        _ count: Int, _ width: Int, _ tolerance: Double
    ) throws {
        let examples = wave(count, width, seed: 3)
        let kernel = KernelFunction.rbf(gamma: .value(0.4 / Double(width)))
        var machine = SupportVectorRegression(kernel: kernel, cost: 4, epsilon: 0.1)
        machine.tolerance = tolerance
        let whole = try machine.fit(examples)
        #expect(whole.report?.converged == true)
        try expectOptimal(whole, examples, cost: 4, epsilon: 0.1, within: 5 * tolerance)
        // A small cache: rows are dropped and made again.
        machine.cacheLimit = 4 * count * 200
        let cramped = try machine.fit(examples)
        #expect((cramped.report?.rowsComputed ?? 0) > 0)
        try expectOptimal(cramped, examples, cost: 4, epsilon: 0.1, within: 5 * tolerance)
        let objectives = [whole, cramped].compactMap(\.report?.objective)
        #expect(abs(objectives[0] - objectives[1]) <= 1e-4 * abs(objectives[0]))
        // The tube that follows from nu gives the same function when it is given as epsilon.
        machine.tube = .nu(0.5)
        let nu = try machine.fit(examples)
        let epsilon = try #require(nu.tubeWidth)
        machine.tube = .epsilon(epsilon)
        let same = try machine.fit(examples)
        let far =
            zip(
                try nu.decisionValues(of: examples.features), try same.decisionValues(of: examples.features)
            ).map { abs($0 - $1) }.max() ?? 1
        #expect(far < 20 * tolerance, "\(far)")
    }

    /// Karush, Kuhn and Tucker's conditions, example by example: inside the tube no coefficient, outside it C, on its border
    /// anything between.
    private func expectOptimal(
        _ found: SupportVectorRegressor, _ examples: LabeledExamples, cost: Double, epsilon: Double,
        within slack: Double
    ) throws {
        guard case .values(let targets) = examples.targets else { return }
        let values = try found.decisionValues(of: examples.features)
        var coefficients = [Double](repeating: 0, count: examples.count)
        for (row, value) in zip(found.supportIndices ?? [], found.coefficients) { coefficients[row] = value }
        #expect(abs(coefficients.reduce(0, +)) < 1e-6)
        for row in 0..<examples.count {
            let error = Double(targets.elements[row]) - values[row]
            let c = coefficients[row]
            if c == 0 {
                #expect(abs(error) <= epsilon + slack, "row \(row)")
            } else if abs(c) >= cost {
                #expect((c > 0 ? error : -error) >= epsilon - slack, "row \(row)")
            } else {
                #expect(abs((c > 0 ? error : -error) - epsilon) <= slack, "row \(row)")
            }
        }
    }

    /// Targets that follow from the features, with noise, drawn by seed.
    private func wave(_ count: Int, _ width: Int, seed: Int) -> LabeledExamples {
        var random = RandomState(seed)
        let values = random.randn(count, width).elements
        let noise = random.randn(count).elements
        let targets = (0..<count).map { row in
            Float(sin(2 * values[row * width]) + values[row * width + 1] + 0.3 * noise[row])
        }
        return LabeledExamples(
            .floats(NDArray(shape: [count, width], elements: values.map { Float($0) })),
            values: NDArray(targets))
    }

    @Test func largeOneClassProblemsKeepTheirShare() throws {
        for width in [4, 40] {
            let features = wave(1400, width, seed: 5).features
            var machine = OneClassMachine(kernel: .rbf(gamma: .oneOverFeatures), nu: 0.1)
            machine.tolerance = 1e-4
            let found = try machine.fit(features)
            #expect(found.report?.converged == true)
            #expect(abs(found.coefficients.reduce(0, +) - 140) < 1e-6)
            let outside = try found.decisionValues(of: features).count { $0 < -1e-3 }
            #expect(outside <= 140 && found.coefficients.count >= 140, "\(outside)")
            // A machine of kernel values far from the origin, relative to a point, is the same.
            machine.kernel = .polynomial(degree: 2, gamma: 0.1, constant: 1)
            let polynomial = try machine.fit(features)
            #expect(abs(polynomial.coefficients.reduce(0, +) - 140) < 1e-6)
            let decisions = try polynomial.decisionValues(of: features)
            let scale = abs(polynomial.threshold)
            let free = zip(polynomial.supportIndices ?? [], polynomial.coefficients).filter { $0.1 < 1 }
            for (row, _) in notEmpty(free) { #expect(abs(decisions[row]) < 1e-5 * scale + 1e-3) }
        }
    }

    /// libsvm's rho is infinite where nu is 1, and its model of no use.
    @Test func everyExampleMayLieOutside() throws {
        let (examples, queries) = try RegressionVectors.load().examples("narrow")
        let found = try OneClassMachine(kernel: .rbf(gamma: 0.3), nu: 1).fit(examples)
        #expect(found.threshold.isFinite && found.coefficients.allSatisfy { $0 == 1 })
        #expect(try found.decisionValues(of: queries).allSatisfy(\.isFinite))
    }

    @Test func bytesAndThreadsDecideNothing() throws {
        let examples = wave(300, 5, seed: 8)
        guard case .values(let targets) = examples.targets else { return }
        let bytes = asBytes(
            LabeledExamples(
                examples.features, classes: [Int32](repeating: 0, count: 300), classNames: ["a"])
        ).features
        let fromBytes = LabeledExamples(bytes, values: targets)
        let scaled = LabeledExamples(
            .floats(bytes.unscaledFloats * Float(1 / 255.0)), values: targets)
        var machine = SupportVectorRegression(kernel: .rbf(gamma: 3), cost: 2)
        machine.tolerance = 1e-5
        let one = try machine.fit(fromBytes).values(for: bytes).elements
        let other = try machine.fit(scaled).values(for: scaled.features).elements
        for (a, b) in paired(one, other) { #expect(abs(a - b) < 2e-3) }
        let many = try withThreadCounts([1, 2, 3]) { _ in
            try machine.fit(fromBytes).values(for: bytes).elements
        }
        #expect(many.allSatisfy { $0 == one })
    }

    @Test func itStopsWhenAsked() throws {
        let examples = wave(3000, 8, seed: 2)
        let cancellation = Cancellation()
        cancellation.cancel()
        for body in [
            { _ = try SupportVectorRegression().fit(examples, cancellation: cancellation, progress: nil) },
            { _ = try OneClassMachine().fit(examples, cancellation: cancellation, progress: nil) },
            { _ = try RidgeRegression().fit(examples, cancellation: cancellation, progress: nil) },
        ] {
            let error = #expect(throws: DescentError.self) { try body() }
            #expect(error?.kind == .interrupted)
        }
    }

    @Test func impossibleSettingsAndExamplesAreNamed() throws {
        let examples = wave(20, 2, seed: 1)
        func refused(_ change: (inout SupportVectorRegression) -> Void) -> DescentError? {
            var machine = SupportVectorRegression()
            change(&machine)
            return #expect(throws: DescentError.self) { try machine.fit(examples) }
        }
        #expect(refused { $0.cost = 0 }?.what == "impossible cost")
        #expect(refused { $0.tube = .epsilon(-1) }?.what == "impossible epsilon")
        #expect(refused { $0.tube = .nu(1.5) }?.what == "impossible nu")
        #expect(refused { $0.tolerance = .nan }?.what == "impossible tolerance")
        #expect(refused { $0.stepLimit = 0 }?.what == "impossible step limit")
        #expect(refused { $0.byteScale = 0 }?.what == "impossible scale of bytes")
        #expect(refused { $0.cacheLimit = 10 }?.what == "the cache limit is too small")
        #expect(refused { $0.kernel = .rbf(gamma: -1) }?.what == "impossible gamma")
        let classes = LabeledExamples(
            examples.features, classes: [Int32](repeating: 0, count: 20), classNames: ["a"])
        let error = #expect(throws: DescentError.self) { try SupportVectorRegression().fit(classes) }
        #expect(error?.kind == .badData && error?.what == "targets that are classes")
        #expect(throws: DescentError.self) { try OneClassMachine(nu: 0).fit(examples.features) }
        let none = FeatureMatrix.floats(NDArray(shape: [0, 2], elements: []))
        #expect(throws: DescentError.self) { try OneClassMachine().fit(none) }
        #expect(throws: DescentError.self) {
            try SupportVectorRegression().fit(LabeledExamples(none, values: NDArray([Float]())))
        }
        var short = SupportVectorRegression(kernel: .linear, cost: 100)
        short.stepLimit = 3
        let stopped = try short.fit(examples)
        #expect(stopped.convergence?.isReached == false && stopped.report?.steps == 3)
    }
}
