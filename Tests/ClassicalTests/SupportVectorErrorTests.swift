import ArrayFiles
import Arrays
import Classification
import ExampleData
import Support
import Testing

@testable import Classical

/// What comes from outside ends in a typed error that says where and what.
@Suite struct SupportVectorErrorTests {
    /// The error of `body`; it must be of `kind` and its line contain `part`.
    private func expectError(
        _ kind: DescentError.Kind, _ part: String, sourceLocation: SourceLocation = #_sourceLocation,
        _ body: () throws -> Void
    ) {
        do {
            try body()
            Issue.record("nothing was thrown (expected \(part))", sourceLocation: sourceLocation)
        } catch let error as DescentError {
            #expect(
                error.kind == kind && "\(error)".contains(part), "\(error)", sourceLocation: sourceLocation)
        } catch {
            Issue.record("\(error)", sourceLocation: sourceLocation)
        }
    }

    private func fit(_ values: [Float], _ shape: [Int], _ classes: [Int32], _ names: [String] = ["a", "b"])
        throws
    {
        let examples = LabeledExamples(
            .floats(NDArray(shape: shape, elements: values)), classes: classes, classNames: names)
        _ = try SupportVectorMachine().fit(examples)
    }

    @Test func examplesThatCannotBeSeparatedAreRefused() throws {
        expectError(.badData, "one class only") { try fit([1, 2], [2, 1], [1, 1]) }
        expectError(.badData, "only 'b'") { try fit([1, 2], [2, 1], [1, 1]) }
        expectError(.badData, "no examples") { try fit([], [0, 1], []) }
        expectError(.badData, "'c'") { try fit([1, 2], [2, 1], [0, 1], ["a", "b", "c"]) }
        expectError(.badData, "row 1, column 0") { try fit([1, 2, .nan, 3], [2, 2], [0, 1]) }
        expectError(.badData, "row 0, column 1") { try fit([1, .infinity, 0, 3], [2, 2], [0, 1]) }
        expectError(.badData, "constant") { try fit([1, 2, 1, 2], [2, 2], [0, 1]) }
        expectError(.badData, "no features") { try fit([], [2, 0], [0, 1]) }
        let constant = LabeledExamples(
            .bytes(NDArray(shape: [4, 3], repeating: 7)), classes: [0, 1, 0, 1], classNames: ["a", "b"])
        expectError(.badData, "constant") { _ = try LinearSupportVectorMachine().fit(constant) }
    }

    @Test func impossibleSettingsAreRefused() throws {
        let examples = rings(300, seed: 1)
        func refuse(_ part: String, _ change: (inout SupportVectorMachine) -> Void) {
            var machine = SupportVectorMachine()
            change(&machine)
            expectError(.usage, part) { _ = try machine.fit(examples) }
        }
        refuse("cost") { $0.formulation = .cost(0) }
        refuse("cost") { $0.formulation = .cost(.nan) }
        refuse("nu") { $0.formulation = .nu(1.1) }
        refuse("gamma") { $0.kernel = .rbf(gamma: -1) }
        refuse("degree") { $0.kernel = .polynomial(degree: 0) }
        refuse("constant") { $0.kernel = .sigmoid(constant: .infinity) }
        refuse("tolerance") { $0.tolerance = 0 }
        refuse("step limit") { $0.stepLimit = 0 }
        refuse("'inner'") { $0.classWeights = ["inner": -1] }
        refuse("nobody") { $0.classWeights = ["nobody": 1] }
        refuse("scale") { $0.byteScale = 0 }
        refuse("seed") { $0.seed = -1 }
        refuse("at least \(4 * 300 * 128) bytes") { $0.cacheLimit = 4 * 300 * 128 - 1 }
        refuse("class weights") {
            $0.formulation = .nu(0.5)
            $0.classWeights = ["inner": 2]
        }
        let uneven = LabeledExamples(
            examples.features[0..<10], classes: [0, 1, 1, 1, 1, 1, 1, 1, 1, 1], classNames: ["a", "b"])
        expectError(.usage, "at most 0.2") { _ = try SupportVectorMachine(nu: 0.3).fit(uneven) }
        #expect(throws: Never.self) { try SupportVectorMachine(nu: 0.2).fit(uneven) }

        func refuseLinear(_ part: String, _ change: (inout LinearSupportVectorMachine) -> Void) {
            var machine = LinearSupportVectorMachine()
            change(&machine)
            expectError(.usage, part) { _ = try machine.fit(examples) }
        }
        refuseLinear("cost") { $0.cost = -1 }
        refuseLinear("tolerance") { $0.tolerance = .nan }
        refuseLinear("pass limit") { $0.passLimit = 0 }
        refuseLinear("bias") { $0.bias = .infinity }
        refuseLinear("another loss") {
            $0.strategy = .crammerSinger
            $0.loss = .squaredHinge
        }
        expectError(.usage, "unknown kernel") { _ = try KernelFunction(parsing: "cubic") }
        expectError(.usage, "gamma") { _ = try KernelFunction(parsing: "rbf:gamma=0") }
        expectError(.usage, "degree") { _ = try KernelFunction(parsing: "polynomial:degree=2000") }
        expectError(.usage, "no setting") { _ = try KernelFunction(parsing: "linear:gamma=1") }
        for text in [
            "linear", "rbf:gamma=0.02", "rbf:gamma=scale", "polynomial:degree=4,gamma=0.5,constant=1.0",
            "sigmoid:gamma=1/features,constant=0.0",
        ] {
            #expect("\(try KernelFunction(parsing: text))" == text)
        }
    }

    @Test func aStepLimitIsReportedWithTheDistance() throws {
        var machine = SupportVectorMachine(kernel: .rbf(gamma: 1), cost: 10)
        machine.stepLimit = 5
        var last: LearningProgress?
        let classifier = try machine.fit(rings(1000, seed: 3), cancellation: nil) { last = $0 }
        let report = try #require(classifier.report)
        #expect(!report.converged && report.steps == 5 && report.violation > 1e-3)
        #expect(
            "\(report)".contains("reached their step limit") && "\(report)".contains("\(report.violation)"))
        #expect(last?.activity == "\(report)" && last?.violation == report.violation)

        var linear = LinearSupportVectorMachine(cost: 100)
        linear.passLimit = 2
        linear.tolerance = 1e-3
        let other = try #require(try linear.fit(clouds(200, classes: 3, features: 5, seed: 1)).report)
        #expect(!other.converged && other.passes == 2 && "\(other)".contains("limit of 2 passes"))
    }

    @Test func aWishToStopIsHeard() throws {
        let examples = rings(1500, seed: 3)
        let cancellation = Cancellation()
        var reports = 0
        // A tolerance that cannot be reached; stopped from the third report on.
        var machine = SupportVectorMachine(kernel: .rbf(gamma: 50), cost: 1e6)
        machine.tolerance = 1e-14
        expectError(.interrupted, "stopped") {
            _ = try machine.fit(examples, cancellation: cancellation) { _ in
                reports += 1
                if reports == 3 { cancellation.cancel() }
            }
        }
        #expect(reports == 3)
        let early = Cancellation()
        early.cancel()
        expectError(.interrupted, "stopped") {
            _ = try LinearSupportVectorMachine().fit(examples, cancellation: early, progress: nil)
        }
        expectError(.interrupted, "stopped") {
            _ = try SupportVectorGridSearch(costs: [1], gammas: [1]).run(
                SupportVectorMachine(), on: examples, cancellation: early)
        }
    }

    @Test func otherExamplesThanTrainedOnAreRefused() throws {
        let classifier = try SupportVectorMachine().fit(rings(50, seed: 1))
        let linear = try LinearSupportVectorMachine().fit(rings(50, seed: 1))
        let wide = FeatureMatrix.floats(NDArray(shape: [1, 3], repeating: 0))
        let broken = FeatureMatrix.floats(NDArray(shape: [2, 2], elements: [0, 0, 0, .nan]))
        for classifier: any Classifier in [classifier, linear] {
            expectError(.badData, "expected 2, got 3") { _ = try classifier.classes(of: wide) }
            expectError(.badData, "row 1, column 1") { _ = try classifier.classes(of: broken) }
            #expect(try classifier.classes(of: .floats(NDArray(shape: [0, 2], repeating: 0))) == [])
        }
    }

    @Test func damagedFilesAreRefused() throws {
        let classifier = try SupportVectorMachine().fit(clouds(40, classes: 3, features: 3, seed: 1))
        var whole = SafeTensors()
        classifier.store(in: &whole, prefix: "")
        func refuse(_ part: String, _ change: (inout SafeTensors) -> Void) {
            var file = whole
            change(&file)
            expectError(.badData, part) { _ = try SupportVectorClassifier(from: file, prefix: "") }
        }
        refuse("labels") { $0.set(NDArray<Int>(shape: [2], repeating: 3), named: "labels.lengths") }
        refuse("two classes") {
            $0.set(
                NDArray<Int>(shape: [1], repeating: $0.arrays["labels"]?.shape[0] ?? 0),
                named: "labels.lengths")
        }
        refuse("kernel") { $0.metadata["kernel"] = "custom:mine" }
        refuse("formulation") { $0.metadata["formulation"] = "other" }
        refuse("scale") { $0.metadata["byte-scale"] = "-1" }
        refuse("counts") { $0.set(NDArray([1, 2, 3]), named: "counts") }
        refuse("coefficients") {
            $0.set(NDArray<Double>(shape: [2, 1], repeating: 0), named: "coefficients")
        }
        refuse("thresholds") { $0.set(NDArray([1.0, .nan, 0]), named: "thresholds") }
        refuse("support") { $0.set(NDArray<Float>(shape: [3], repeating: 0), named: "support") }
        refuse("sigmoids") { $0.set(NDArray<Double>(shape: [3, 1], repeating: 0), named: "sigmoids") }
        expectError(.badData, "labels") { _ = try SupportVectorClassifier(from: SafeTensors(), prefix: "") }
        expectError(.badData, "labels") {
            _ = try LinearSupportVectorClassifier(from: SafeTensors(), prefix: "")
        }
    }
}
