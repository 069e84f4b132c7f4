import Arrays
import Classification
import ExampleData
import Support
import Testing

@testable import Classical

/// A weight of a class is what repeating its examples is: the oracle of all methods that take weights.
@Suite struct WeightedClassesTests {
    /// The examples, those of class k `times[k]` times.
    private func repeated(_ examples: LabeledExamples, _ times: [Int]) -> LabeledExamples {
        let rows = (0..<examples.count).flatMap { row in
            [Int](repeating: row, count: times[Int(examples.classes[row])])
        }
        return LabeledExamples(
            examples.features.gathered(rows.map { Int32($0) }), classes: rows.map { examples.classes[$0] },
            classNames: examples.classNames)
    }

    private let times = [3, 1, 2]
    private func weights(_ examples: LabeledExamples) -> ClassWeights {
        .named(
            Dictionary(uniqueKeysWithValues: zip(examples.classNames, times.map(Double.init))))
    }

    @Test func naiveBayes() throws {
        let examples = clouds(90, classes: 3, features: 5, seed: 4)
        var learner = GaussianNaiveBayes(smoothing: 0.01)
        let wanted = try learner.fit(repeated(examples, times))
        let plain = try learner.fit(examples)
        learner.classWeights = weights(examples)
        let found = try learner.fit(examples)
        for (one, other) in zip(found.shares, wanted.shares) { #expect(abs(one - other) < 1e-12) }
        for (one, other) in zip(found.variances.elements, wanted.variances.elements) {
            #expect(abs(one - other) < 1e-10 * other)
        }
        #expect(found.shares != plain.shares && found.means == plain.means)
        // Balanced classes are equally probable beforehand.
        let rare = repeated(examples, [1, 4, 2])
        learner.classWeights = .balanced
        #expect(try learner.fit(rare).shares.allSatisfy { abs($0 - 1.0 / 3) < 1e-12 })
    }

    @Test(arguments: [2, 3]) func logistic(classes: Int) throws {
        let examples = clouds(120, classes: classes, features: 4, seed: 6)
        var learner = LogisticRegression(inverseStrength: 0.01, tolerance: 1e-8)
        let wanted = try learner.fit(repeated(examples, times))
        let plain = try learner.fit(examples)
        learner.classWeights = weights(examples)
        let found = try learner.fit(examples)
        #expect(found.convergence?.isReached == true && wanted.convergence?.isReached == true)
        func distance(_ other: LogisticRegressionClassifier) -> Double {
            zip(found.weights.elements + found.intercepts, other.weights.elements + other.intercepts)
                .map { abs($0 - $1) }.max() ?? 1
        }
        #expect(distance(wanted) < 1e-5, "\(distance(wanted))")
        #expect(distance(plain) > 1e-2, "\(distance(plain))")
    }

    /// The sum of the losses and its gradient at a point drawn at random. Small sets are summed in double precision, large ones
    /// by the kernel for rows without zeros, in single.
    @Test(arguments: [false, true], [2, 3]) func logisticObjective(isLarge: Bool, classes: Int) throws {
        let (count, features) = isLarge ? (2200, 1000) : (120, 4)
        let examples = clouds(count, classes: classes, features: features, seed: 6)
        #expect((count * features >= 1 << 21) == isLarge)
        let many = repeated(examples, times)
        func objective(_ examples: LabeledExamples, _ weights: ClassWeights) -> LogisticObjective {
            LogisticObjective(examples, inverseStrength: 1, byteScale: 1, classWeights: weights)
        }
        let (one, other) = (objective(examples, weights(examples)), objective(many, [:]))
        var random = RandomState(3)
        let point = random.uniform(low: -0.05, high: 0.05, shape: [one.parameterCount]).elements
        let (value, gradient) = try one.value(at: point, nil)
        let (wanted, slopes) = try other.value(at: point, nil)
        let close = isLarge ? 1e-4 : 1e-12
        let (here, there) = (Double(examples.count), Double(many.count))
        #expect(abs(value * here - wanted * there) < close * wanted * there)
        let largest = slopes.map { abs($0) * there }.max() ?? 0
        for (slope, right) in zip(gradient, slopes) {
            #expect(abs(slope * here - right * there) < close * largest)
        }
        let (plain, _) = try objective(examples, [:]).value(at: point, nil)
        #expect(abs(plain * here - wanted * there) > 0.1 * wanted * there)
    }

    @Test(arguments: LinearSupportVectorMachine.Strategy.allCases)
    func linearMachines(_ strategy: LinearSupportVectorMachine.Strategy) throws {
        let examples = clouds(90, classes: 2, features: 3, seed: 8)
        var machine = LinearSupportVectorMachine(cost: 0.3)
        machine.strategy = strategy
        machine.tolerance = 1e-5
        machine.passLimit = 50_000
        let wanted = try machine.fit(repeated(examples, times))
        let plain = try machine.fit(examples)
        machine.classWeights = weights(examples)
        let found = try machine.fit(examples)
        let distance = zip(found.weights.elements, wanted.weights.elements).map { abs($0 - $1) }.max() ?? 1
        #expect(distance < 1e-3, "\(distance)")
        #expect(found.weights != plain.weights)
    }

    @Test func machinesWithAKernel() throws {
        let examples = clouds(90, classes: 3, features: 3, seed: 9)
        var machine = SupportVectorMachine(kernel: .rbf(gamma: 0.5), cost: 0.7)
        machine.tolerance = 1e-6
        let wanted = try machine.fit(repeated(examples, times)).decisionValues(of: examples.features)
        let plain = try machine.fit(examples).decisionValues(of: examples.features)
        machine.classWeights = weights(examples)
        let found = try machine.fit(examples).decisionValues(of: examples.features)
        func distance(_ other: NDArray<Double>) -> Double {
            zip(found.elements, other.elements).map { abs($0 - $1) }.max() ?? 1
        }
        #expect(distance(wanted) < 1e-3, "\(distance(wanted))")
        #expect(distance(plain) > 1e-2, "\(distance(plain))")
    }

    @Test func weightsOfClassesThatAreNotThereAreRefused() throws {
        let examples = clouds(60, classes: 2, features: 2, seed: 1)
        var (regression, bayes) = (LogisticRegression(), GaussianNaiveBayes())
        (regression.classWeights, bayes.classWeights) = (["none": 2], ["none": 2])
        for learner in [regression, bayes] as [any Learner] {
            let error = #expect(throws: DescentError.self) {
                _ = try learner.fit(examples, cancellation: nil, progress: nil) as any StorableClassifier
            }
            #expect(error?.kind == .usage && error?.what == "a weight for a class that is not there")
        }
    }
}

/// Class numbers that have no name are thrown by everything that learns, and how a solver ended is told in one way.
@Suite struct LearnerContractTests {
    private static let learners: [any Learner] = [
        NearestNeighbors(k: 1), NearestNeighbors(choosingUpTo: 3), SupportVectorMachine(),
        SupportVectorMachine(kernel: .linear, nu: 0.4), searching, LinearSupportVectorMachine(), balanced,
        crammerSinger, LogisticRegression(), GaussianNaiveBayes(), NearestCentroid(),
    ]
    private static let searching: SupportVectorMachine = {
        var machine = SupportVectorMachine()
        machine.search = SupportVectorGridSearch(costs: [1, 2], gammas: [], folds: 2)
        return machine
    }()
    private static let balanced: SupportVectorMachine = {
        var machine = SupportVectorMachine()
        machine.classWeights = .balanced
        return machine
    }()
    private static let crammerSinger: LinearSupportVectorMachine = {
        var machine = LinearSupportVectorMachine()
        machine.strategy = .crammerSinger
        return machine
    }()

    @Test(arguments: [-1, 3, 70, Int32.max]) func classNumbersWithoutANameAreThrown(_ number: Int32) throws {
        let good = clouds(60, classes: 3, features: 2, seed: 2)
        var classes = good.classes
        classes[41] = number
        let bad = LabeledExamples(good.features, classes: classes, classNames: good.classNames)
        for learner in Self.learners {
            let error = #expect(throws: DescentError.self, "\(learner)") {
                _ = try learner.fit(bad, cancellation: nil, progress: nil) as any StorableClassifier
            }
            #expect(error?.kind == .badData && error?.what == "a class number that there is no class for")
            #expect(error?.expected == "0..<3" && error?.got == "\(number)", "\(String(describing: error))")
            #expect(error?.place?.hasSuffix(", row 41") == true, "\(String(describing: error))")
        }
        let numbered = LabeledExamples(good.features, classes: classes, classNames: ["1", "2", "3"])
        let written = #expect(throws: DescentError.self) {
            try LibSVMText.write(numbered, to: "/dev/null")
        }
        #expect(written?.what == "a class number that there is no class for")
    }

    @Test func whatHasNotConvergedSaysSoInOneWay() throws {
        let examples = clouds(200, classes: 3, features: 6, seed: 5)
        var (kernel, linear, joint) = (
            SupportVectorMachine(cost: 1000), LinearSupportVectorMachine(cost: 1000), Self.crammerSinger
        )
        kernel.stepLimit = 3
        (linear.passLimit, linear.tolerance) = (1, 1e-9)
        (joint.passLimit, joint.tolerance) = (1, 1e-9)
        for (learner, isReached) in [
            (kernel, false), (linear, false), (joint, false),
            (LogisticRegression(maximumIterations: 1), false),
            (SupportVectorMachine(), true), (LinearSupportVectorMachine(cost: 0.01), true),
            (LogisticRegression(), true), (NearestNeighbors(k: 1), nil), (GaussianNaiveBayes(), nil),
            (NearestCentroid(), nil),
        ] as [(any Learner, Bool?)] {
            let found: any StorableClassifier = try learner.fit(examples, cancellation: nil, progress: nil)
            #expect(found.convergence?.isReached == isReached, "\(learner)")
            guard let convergence = found.convergence else { continue }
            let remarks = found.remarks { examples.features }
            #expect(remarks.first == "\(convergence)")
            #expect(!"\(convergence)".isEmpty)
        }
    }

    /// The classes, the scores and what is derived from them are one answer.
    @Test func allThatIsDerivedFollowsFromTheAnswers() throws {
        let examples = clouds(60, classes: 3, features: 2, seed: 2)
        for learner in Self.learners {
            let found: any StorableClassifier = try learner.fit(examples, cancellation: nil, progress: nil)
            let answers = try found.answers(for: examples.features)
            #expect(try found.classes(of: examples.features) == answers.classes)
            #expect(try found.probabilities(of: examples.features) == answers.scores)
            #expect(answers.scores.shape == [60, 3] && answers.classes.count == 60)
            try answers.check(count: 60, classCount: 3, by: "it")
            let stop = Cancellation()
            stop.cancel()
            let error = #expect(throws: DescentError.self, "\(learner)") {
                try found.answers(for: examples.features, cancellation: stop)
            }
            #expect(error?.kind == .interrupted)
        }
    }
}
