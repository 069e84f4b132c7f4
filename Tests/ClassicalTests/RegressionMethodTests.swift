import ArrayFiles
import Arrays
import Classification
import ExampleData
import Foundation
import Regression
import Support
import TestSupport
import Testing

@testable import Classical

/// Ridge and nearest-neighbour regression beside scikit-learn; files; settings as text.
@Suite struct RegressionMethodTests {
    @Test func ridgeGivesScikitLearnsWeights() throws {
        let file = try RegressionVectors.load()
        for item in notEmpty(file.ridge) {
            let (examples, queries) = file.examples(item.set)
            let found = try RidgeRegression(alpha: item.alpha).fit(examples)
            let name = "\(item.set) \(item.alpha)"
            #expect(largestDifference(found.weights, item.weights) < 1e-9, "\(name)")
            #expect(largestDifference(found.intercepts, item.intercepts) < 1e-9, "\(name)")
            #expect(largestDifference(try found.values(for: queries), item.values) < 1e-5, "\(name)")
        }
    }

    /// Two equal columns, or one of zeros: X'X has no factors of its own, and with a small penalty they may be lost to rounding.
    @Test func columnsThatDependOnEachOtherShareTheWeight() throws {
        let rows: NDArray<Float> = [[1, 1, 0], [2, 2, 0], [4, 4, 0], [7, 7, 0]]
        let examples = LabeledExamples(.floats(rows), values: [3, 5, 9, 15])
        for alpha in [0, 1e-30, 1e-9] {
            let found = try RidgeRegression(alpha: alpha).fit(examples)
            let wanted = [[1.0, 1.0, 0]]
            #expect(largestDifference(found.weights, wanted) < 1e-6, "\(alpha): \(found.weights)")
            #expect(abs(found.intercepts[0] - 1) < 1e-6)
        }
    }

    /// More rows than one block, far from the origin, as numbers and as bytes.
    @Test func sumsOfManyRowsKeepTheirDigits() throws {
        var random = RandomState(4)
        let noise = random.randn(9000, 3).elements
        let values = noise.enumerated().map { Float(1000 * Double($0.offset % 3 + 1) + $0.element) }
        let targets = (0..<9000).map { row -> Float in
            Float(2 * Double(values[3 * row]) - 3 * Double(values[3 * row + 1]) + 0.5)
        }
        let found = try RidgeRegression(alpha: 1e-6).fit(
            LabeledExamples(.floats(NDArray(shape: [9000, 3], elements: values)), values: NDArray(targets)))
        #expect(largestDifference(found.weights, [[2, -3, 0]]) < 1e-5, "\(found.weights)")
        let bytes = NDArray(shape: [9000, 3], elements: noise.map { UInt8(max(0, min(255, 128 + 40 * $0))) })
        let scaled = bytes.asType(Float.self) * Float(1 / 255.0)
        let one = try RidgeRegression().fit(LabeledExamples(.bytes(bytes), values: NDArray(targets)))
        let other = try RidgeRegression().fit(LabeledExamples(.floats(scaled), values: NDArray(targets)))
        #expect(allClose(one.weights, other.weights, 1e-3))
        #expect(allClose(try one.values(for: .bytes(bytes)), try other.values(for: .floats(scaled)), 1e-3))
    }

    private func allClose<S: FloatingScalar & BinaryFloatingPoint>(
        _ a: NDArray<S>, _ b: NDArray<S>, _ limit: Double
    ) -> Bool {
        a.shape == b.shape && zip(a.elements, b.elements).allSatisfy { abs(Double($0) - Double($1)) <= limit }
    }

    @Test func neighboursGiveScikitLearnsMeans() throws {
        let file = try RegressionVectors.load()
        for item in notEmpty(file.neighbors) {
            let (examples, queries) = file.examples(item.set)
            let learner = NearestNeighborsRegression(
                k: item.k, metric: try Metric(parsing: item.metric),
                weights: try #require(NearestNeighbors.Weights(rawValue: item.weights)))
            let asked = item.set == "narrow" ? queries : examples.features
            let values = try learner.fit(examples).values(for: asked)
            #expect(
                largestDifference(values, item.values) < 1e-5,
                "\(item.set) \(item.k) \(item.weights) \(item.metric)")
        }
    }

    @Test func impossibleNeighboursAreNamed() throws {
        let (examples, _) = try RegressionVectors.load().examples("narrow")
        for k in [0, 71] {
            let error = #expect(throws: DescentError.self) {
                try NearestNeighborsRegression(k: k).fit(examples)
            }
            #expect(error?.kind == .usage && error?.expected == "1...70")
        }
        let found = try NearestNeighborsRegression(k: 70).fit(examples)
        let error = #expect(throws: DescentError.self) { try found.values(for: .floats([[1, 2]])) }
        #expect(error?.what == "another number of features than in training")
        #expect(throws: DescentError.self) { try RidgeRegression(alpha: -1).fit(examples) }
        #expect(throws: DescentError.self) { try RidgeRegression(alpha: .nan).fit(examples) }
    }

    // MARK: Files

    private func check<L: RegressionLearner>(_ learner: L, _ examples: LabeledExamples) throws {
        let regressor = try learner.fit(examples)
        var file = SafeTensors()
        regressor.store(in: &file, prefix: "model.")
        try withTemporaryFile { path in
            try file.write(to: path)
            let again = try L.Trained(from: SafeTensors(contentsOf: path), prefix: "model.")
            #expect(try again.values(for: examples.features) == regressor.values(for: examples.features))
            #expect(again.summary == regressor.summary && again.outputCount == regressor.outputCount)
        }
        #expect(throws: DescentError.self) { try L.Trained(from: file, prefix: "other.") }
        for name in file.names {
            let less = without(name, file)
            #expect(throws: DescentError.self, "\(L.kind) without \(name)") {
                try L.Trained(from: less, prefix: "model.")
            }
        }
    }

    private func without(_ name: String, _ file: SafeTensors) -> SafeTensors {
        var less = SafeTensors()
        less.metadata = file.metadata
        for other in file.names where other != name {
            switch file.arrays[other] {
            case .float32(let array): less.set(array, named: other)
            case .float64(let array): less.set(array, named: other)
            case .int64(let array): less.set(array, named: other)
            case .int32(let array): less.set(array, named: other)
            case .uint8(let array): less.set(array, named: other)
            default: Issue.record("an array of another type: \(other)")
            }
        }
        return less
    }

    @Test func regressorsComeBackFromFiles() throws {
        let file = try RegressionVectors.load()
        let (narrow, _) = file.examples("narrow")
        let (wide, _) = file.examples("wide")
        try check(RidgeRegression(alpha: 0.5), narrow)
        try check(RidgeRegression(alpha: 0.5), wide)
        try check(NearestNeighborsRegression(k: 3, weights: .distance), wide)
        try check(
            NearestNeighborsRegression(k: 3, search: .approximate(.init(links: 4, efConstruction: 20))),
            narrow)
        try check(SupportVectorRegression(kernel: .rbf(), cost: 2), narrow)
        try check(SupportVectorRegression(kernel: .linear, nu: 0.3), narrow)
        // No support vectors at all.
        try check(SupportVectorRegression(epsilon: 1000), narrow)
        let detector = try OneClassMachine(nu: 0.2).fit(narrow)
        var stored = SafeTensors()
        detector.store(in: &stored, prefix: "")
        let again = try OneClassClassifier(from: stored, prefix: "")
        #expect(try again.answers(for: narrow.features) == detector.answers(for: narrow.features))
        let own = KernelFunction.custom(name: "own") { _, _ in 1 }
        #expect(throws: DescentError.self) {
            try SupportVectorRegression(kernel: own).fit(narrow).checkStorable()
        }
    }

    // MARK: Settings

    private func learner(_ name: String, _ settings: [(String, String)]) throws -> any RegressionLearner {
        var text = SettingText(name, settings: settings.map { (key: $0.0, value: $0.1) }, of: "regressor")
        let learner = try RegressorRegistry.standard.kind(named: name).init(from: &text)
        try text.finish()
        return learner
    }

    @Test func settingsGoThereAndBack() throws {
        #expect(RegressorRegistry.standard.names == ["ridge", "knn-regression", "svr"])
        let cases: [(String, [(String, String)])] = [
            ("ridge", [("alpha", "0.5")]), ("ridge", [("alpha", "0")]),
            ("knn-regression", [("k", "7"), ("metric", "l1"), ("distance-weights", "true")]),
            ("svr", [("c", "10"), ("epsilon", "0"), ("gamma", "0.2")]),
            ("svr", [("kernel", "linear"), ("nu", "0.3"), ("tolerance", "0.01"), ("cache-mb", "64")]),
        ]
        for (name, given) in cases {
            let one = try learner(name, given)
            let settings = try #require(one.settings)
            for (key, value) in given {
                #expect(settings.contains(LearnerSetting(key, value)), "\(name) \(key)")
            }
            let other = try learner(name, settings.map { ($0.name, $0.value) })
            #expect("\(one)" == "\(other)")
        }
        for (name, given, place) in [
            ("ridge", [("alpha", "-1")], "alpha"), ("svr", [("c", "1,2")], "c"),
            ("svr", [("nu", "0.2"), ("epsilon", "1")], "epsilon"), ("svr", [("nu", "2")], "nu"),
            ("svr", [("kernel", "linear"), ("gamma", "1")], "gamma"),
        ] {
            let error = #expect(throws: DescentError.self, "\(name)") { try learner(name, given) }
            #expect(
                error?.kind == .usage && "\(String(describing: error))".contains(place), "\(name) \(place)")
        }
    }
}
