import ArrayFiles
import Arrays
import ExampleData
import Support
import TestSupport
import Testing

@testable import Classical

/// What every classifier must do, for both kinds of support vector machines.
@Suite(.serialized) struct SupportVectorClassifierTests {
    private static func machines() -> [SupportVectorMachine] {
        var probable = SupportVectorMachine(kernel: .rbf(), cost: 3)
        probable.fitsProbabilities = true
        return [
            SupportVectorMachine(), probable, SupportVectorMachine(kernel: .linear, cost: 0.5),
            SupportVectorMachine(kernel: .polynomial(degree: 2, constant: 1), nu: 0.3),
        ]
    }

    @Test func theNumberOfThreadsChangesNothing() throws {
        // 1,200 examples of two classes are cut into parts inside one pair; four classes, pair by pair.
        for examples in [
            rings(1200, seed: 1), clouds(160, classes: 4, features: 5, seed: 3),
            asBytes(clouds(160, classes: 4, features: 40, seed: 5)),
        ] {
            for machine in Self.machines()[1...1] {
                let results = try withThreadCounts([1, 2, 3, 7]) { _ in
                    let classifier = try machine.fit(examples)
                    return (
                        classifier.coefficients.elements, classifier.thresholds,
                        try classifier.decisionValues(of: examples.features).elements,
                        try classifier.probabilities(of: examples.features).elements
                    )
                }
                for result in notEmpty(results.dropFirst()) { #expect(result == results[0]) }
            }
            for strategy in LinearSupportVectorMachine.Strategy.allCases {
                var machine = LinearSupportVectorMachine()
                machine.strategy = strategy
                let results = try withThreadCounts([1, 2, 3, 7]) { _ in
                    let classifier = try machine.fit(examples)
                    return classifier.weights.elements
                        + (try classifier.probabilities(of: examples.features).elements.map(Double.init))
                }
                for result in notEmpty(results.dropFirst()) { #expect(result == results[0]) }
            }
        }
    }

    @Test func aStoredMachinePredictsTheSame() throws {
        for examples in [
            clouds(90, classes: 3, features: 4, seed: 7),
            asBytes(clouds(90, classes: 3, features: 40, seed: 8)),
        ] {
            for machine in Self.machines() {
                let classifier = try machine.fit(examples)
                var file = SafeTensors()
                classifier.store(in: &file, prefix: "a.")
                try withTemporaryFile { path in
                    try file.write(to: path)
                    let again = try SupportVectorClassifier(
                        from: try SafeTensors(contentsOf: path), prefix: "a.")
                    #expect(
                        again.classNames == examples.classNames
                            && again.supportCounts == classifier.supportCounts
                    )
                    #expect(again.isNu == classifier.isNu && again.sigmoids == classifier.sigmoids)
                    let (a, b) = (
                        try classifier.decisionValues(of: examples.features),
                        try again.decisionValues(of: examples.features)
                    )
                    #expect(a.shape == [90, 3] && a.elements == b.elements, "\(classifier.kernel)")
                    #expect(
                        try classifier.probabilities(of: examples.features).elements
                            == again.probabilities(of: examples.features).elements)
                }
            }
            let linear = try LinearSupportVectorMachine().fit(examples)
            var file = SafeTensors()
            linear.store(in: &file, prefix: "b.")
            let again = try LinearSupportVectorClassifier(from: file, prefix: "b.")
            #expect(again.classNames == examples.classNames)
            #expect(
                try linear.probabilities(of: examples.features).elements
                    == again.probabilities(of: examples.features).elements)
        }
    }

    @Test func labelsAreAnyText() throws {
        let names = ["a\nb", "back\\slash", "\u{1F600}", ""]
        let plain = clouds(80, classes: 4, features: 3, seed: 2)
        let examples = LabeledExamples(plain.features, classes: plain.classes, classNames: names)
        let (a, b) = (try SupportVectorMachine().fit(plain), try SupportVectorMachine().fit(examples))
        #expect(b.classNames == names)
        #expect(try a.classes(of: plain.features) == b.classes(of: plain.features))
        var file = SafeTensors()
        b.store(in: &file, prefix: "")
        #expect(try SupportVectorClassifier(from: file, prefix: "").classNames == names)
    }

    @Test func theOrderOfTheExamplesHardlyMatters() throws {
        let examples = rings(600, seed: 12)
        var random = RandomState(3)
        let shuffled = examples.gathered(random.permutationIndices(600))
        var machine = SupportVectorMachine(kernel: .rbf(gamma: 1))
        machine.tolerance = 1e-6
        let (a, b) = (try machine.fit(examples), try machine.fit(shuffled))
        #expect(a.supportCounts == b.supportCounts)
        let worst =
            largestDifference(
                try a.decisionValues(of: examples.features).elements,
                try b.decisionValues(of: examples.features).elements)
        #expect(worst < 1e-4, "decisions differ by \(worst)")
        #expect(
            try LinearSupportVectorMachine().fit(examples).classes(of: examples.features).count == 600)
    }

    @Test func probabilitiesAddUpToOneAndOrderLikeTheClasses() throws {
        let examples = clouds(300, classes: 4, features: 6, seed: 10, spread: 0.7)
        for machine in notEmpty(Self.machines().prefix(2)) {
            let classifier = try machine.fit(examples)
            let probabilities = try classifier.probabilities(of: examples.features)
            let classes = try classifier.classes(of: examples.features)
            var agree = 0
            for row in 0..<300 {
                let own = (0..<4).map { probabilities[at: row, $0] }
                #expect(abs(own.reduce(0, +) - 1) < 1e-5 && notEmpty(own).allSatisfy { (0...1).contains($0) })
                if own.firstIndex(of: own.max() ?? 0) == Int(classes[row]) { agree += 1 }
            }
            #expect(agree >= 285, "\(machine.fitsProbabilities): \(agree) of 300 agree")
            #expect((classifier.sigmoids != nil) == machine.fitsProbabilities)
        }
    }

    @Test func gridSearchFindsTheBest() throws {
        let examples = rings(160, seed: 5)
        let search = SupportVectorGridSearch(costs: [0.01, 1], gammas: [0.001, 1], folds: 4)
        let results = try withThreadCounts([1, 3]) { _ in
            try search.run(SupportVectorMachine(kernel: .rbf()), on: examples)
        }
        #expect(results[0].trials.map(\.correct) == results[1].trials.map(\.correct))
        let result = results[0]
        #expect(
            result.trials.map(\.cost) == [0.01, 0.01, 1, 1]
                && result.trials.map(\.gamma) == [0.001, 1, 0.001, 1])
        #expect(result.best.cost == 1 && result.best.gamma == 1 && result.best.accuracy > 0.85)
        #expect(result.trials[0].accuracy < 0.7)
        let parts = SupportVectorGridSearch.stratified(examples, folds: 4, seed: 1)
        for fold in 0..<4 {
            let own = parts.indices.filter { parts[$0] == fold }
            #expect(own.count == 40 && own.count { examples.classes[$0] == 0 } == 20)
        }
        #expect(throws: DescentError.self) {
            try SupportVectorGridSearch(costs: [], gammas: [1]).run(SupportVectorMachine(), on: examples)
        }
        #expect(throws: DescentError.self) {
            try SupportVectorGridSearch(costs: [1], gammas: [1], folds: 100).run(
                SupportVectorMachine(), on: examples)
        }
    }

    @Test func aGridHasTheDecisionsOfItsPoints() throws {
        let classifier = try SupportVectorMachine(kernel: .rbf(gamma: 1)).fit(rings(100, seed: 1))
        let grid = try classifier.decisionGrid(horizontal: -1...1, vertical: -2...2, columns: 3, rows: 5)
        #expect(grid.horizontal == [-1, 0, 1] && grid.vertical == [-2, -1, 0, 1, 2])
        #expect(grid.classes.shape == [5, 3] && grid.decisions.shape == [5, 3, 1])
        let point = FeatureMatrix.floats(NDArray(shape: [1, 2], elements: [1, -1]))
        #expect(try classifier.decisionValues(of: point).elements[0] == grid.decisions[at: 1, 2, 0])
        #expect(grid.supportVectors.shape == [classifier.supportVectors.count, 2])
        #expect(grid.supportClasses.count { $0 == 0 } == classifier.supportCounts[0])
        #expect(throws: DescentError.self) {
            try classifier.decisionGrid(horizontal: 0...0, vertical: 0...1)
        }
        let other = try SupportVectorMachine().fit(clouds(20, classes: 2, features: 3, seed: 1))
        #expect(throws: DescentError.self) { try other.decisionGrid(horizontal: 0...1, vertical: 0...1) }
    }
}
