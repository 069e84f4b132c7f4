import ArrayFiles
import Arrays
import Classification
import ExampleData
import Support
import Testing

@testable import Classical

/// What all linear classifiers keep alike: rows of weights in double precision, one row for two classes, and its sign.
@Suite struct LinearConventionTests {
    private static let learners: [String: any Learner] = [
        "hinge": LinearSupportVectorMachine(cost: 1), "squared hinge": machine { $0.loss = .squaredHinge },
        "Crammer and Singer": machine { $0.strategy = .crammerSinger }, "logistic": LogisticRegression(),
    ]

    private static func machine(
        _ change: (inout LinearSupportVectorMachine) -> Void
    ) -> LinearSupportVectorMachine {
        var machine = LinearSupportVectorMachine(cost: 1)
        change(&machine)
        return machine
    }

    @Test(arguments: ["hinge", "squared hinge", "Crammer and Singer", "logistic"], [2, 3])
    func rowsOfWeights(_ name: String, classes: Int) throws {
        let examples = clouds(150, classes: classes, features: 4, seed: 3)
        let learner = try #require(Self.learners[name])
        let found: any StorableClassifier = try learner.fit(examples, cancellation: nil, progress: nil)
        let linear = try #require(found as? any LinearClassifier)
        let rows = classes == 2 ? 1 : classes
        #expect(linear.weights.shape == [rows, 4] && linear.intercepts.count == rows)
        #expect(linear.byteScale == Float(1) / 255)
        // w x + b by hand, from what is public.
        let values = examples.features.unscaledFloats.elements.map(Double.init)
        let decisions = try linear.decisionValues(of: examples.features)
        #expect(decisions.shape == [150, rows])
        let weights = linear.weights.elements
        for example in 0..<150 {
            for row in 0..<rows {
                let score = (0..<4).reduce(linear.intercepts[row]) {
                    $0 + values[example * 4 + $1] * weights[row * 4 + $1]
                }
                #expect(abs(decisions[at: example, row] - score) < 1e-4 * (1 + abs(score)))
            }
        }
        // The largest wins; of two classes the second one where the decision is positive.
        let answers = try linear.answers(for: examples.features)
        for (example, answer) in answers.classes.enumerated() {
            let own = (0..<rows).map { decisions[at: example, $0] }
            let winner =
                rows == 1 ? (own[0] > 0 ? 1 : 0) : own.indices.reduce(0) { own[$1] > own[$0] ? $1 : $0 }
            #expect(answer == winner, "\(own)")
            if rows == 1 { #expect((answers.scores[at: example, 1] > 0.5) == (own[0] > 0), "\(own)") }
        }
        #expect(zip(answers.classes, examples.classes).count { $0 == $1 } > 100)
        #expect(try linear.classes(of: examples.features) == answers.classes)
    }

    /// Files have the weights as each kind always had them: columns of Float of all classes, rows of Double.
    @Test(arguments: [2, 3]) func filesStayAsTheyWere(classes: Int) throws {
        let examples = clouds(120, classes: classes, features: 4, seed: 5)
        let machine = try LinearSupportVectorMachine(cost: 1).fit(examples)
        var file = SafeTensors()
        machine.store(in: &file, prefix: "")
        let columns = try file.array(named: "weights", as: Float.self)
        #expect(columns.shape == [4, classes])
        #expect(try file.array(named: "biases", as: Float.self).shape == [classes])
        if classes == 2 {
            #expect(columns[0..., 1..<2].asType(Double.self).T == machine.weights)
            #expect(columns[0..., 0..<1] == -columns[0..., 1..<2])
        } else {
            #expect(columns.asType(Double.self).T == machine.weights)
        }
        let again = try LinearSupportVectorClassifier(from: file, prefix: "")
        #expect(again.weights == machine.weights && again.intercepts == machine.intercepts)
        #expect(try again.answers(for: examples.features) == machine.answers(for: examples.features))
        let regression = try LogisticRegression().fit(examples)
        var other = SafeTensors()
        regression.store(in: &other, prefix: "")
        #expect(try other.array(named: "weights", as: Double.self) == regression.weights)
    }

    /// Classes that lie left and right: what speaks for the second grows to the right, whatever learns.
    @Test(arguments: ["hinge", "squared hinge", "Crammer and Singer", "logistic"])
    func theSecondClassIsThePositiveOne(_ name: String) throws {
        let examples = LabeledExamples(
            .floats([[-3], [-2], [-1], [1], [2], [3]]), classes: [0, 0, 0, 1, 1, 1],
            classNames: ["left", "right"])
        let learner = try #require(Self.learners[name])
        let found: any StorableClassifier = try learner.fit(examples, cancellation: nil, progress: nil)
        let linear = try #require(found as? any LinearClassifier)
        #expect(linear.weights.elements[0] > 0 && abs(linear.intercepts[0]) < 0.1)
    }
}
