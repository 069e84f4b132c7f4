import ArrayFiles
import Arrays
import Classification
import ExampleData
import Foundation
import Support
import TestSupport
import Testing

@testable import Classical

@Suite("Classifiers in files")
struct StoringTests {
    /// Learns, writes, reads and predicts again; the same answers.
    private func check<L: Learner>(_ learner: L, _ examples: LabeledExamples) throws {
        let classifier = try learner.fit(examples)
        var file = SafeTensors()
        classifier.store(in: &file, prefix: "model.")
        let directory = try TemporaryDirectory()
        let path = directory.path + "/model.safetensors"
        try file.write(to: path)
        let again = try L.Trained(from: SafeTensors(contentsOf: path), prefix: "model.")
        #expect(again.classNames == examples.classNames)
        #expect(try again.classes(of: examples.features) == classifier.classes(of: examples.features))
        #expect(
            try again.probabilities(of: examples.features) == classifier.probabilities(of: examples.features))
        #expect(throws: DescentError.self) {
            try L.Trained(from: SafeTensors(contentsOf: path), prefix: "other.")
        }
        // Without any one of its arrays the file is refused, not believed.
        for name in file.names where name != "model.leave-one-out" {
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
            #expect(throws: DescentError.self, "\(L.Trained.kind) without \(name)") {
                try L.Trained(from: less, prefix: "model.")
            }
        }
    }

    /// A file of no class or of one, which no learner makes, with the name of its labels in the error.
    private func checkFewClasses<L: Learner>(_ learner: L, _ examples: LabeledExamples) throws {
        var file = SafeTensors()
        try learner.fit(examples).store(in: &file, prefix: "model.")
        for names in [[], ["one"]] {
            file.setClassNames(names, prefix: "model.")
            let error = #expect(throws: DescentError.self, "\(L.Trained.kind)") {
                try L.Trained(from: file, prefix: "model.")
            }
            #expect(error?.what.hasPrefix("model.labels ") == true, "\(String(describing: error))")
            #expect(error?.expected == "two classes or more" && error?.got == "\(names.count)")
        }
    }

    @Test("files of fewer than two classes are refused")
    func fewClasses() throws {
        let examples = LabeledExamples(
            drawnExamples(20, 3, bytes: true, seed: 1, levels: 40), classes: (0..<20).map { $0 % 2 },
            classNames: ["a", "b"])
        try checkFewClasses(NearestNeighbors(k: 1), examples)
        try checkFewClasses(SupportVectorMachine(), examples)
        try checkFewClasses(LinearSupportVectorMachine(), examples)
        try checkFewClasses(LogisticRegression(), examples)
        try checkFewClasses(GaussianNaiveBayes(), examples)
        try checkFewClasses(NearestCentroid(), examples)
    }

    @Test("fit, predict, save, load, predict again the same, with labels of any letters")
    func all() throws {
        let rows = drawnExamples(120, 6, bytes: true, seed: 1, levels: 40)
        for examples in [rows, .floats(rows.unscaledFloats)] {
            let labeled = LabeledExamples(
                examples, classes: (0..<120).map { $0 % 3 },
                classNames: ["", "line\nbreak", "\u{b450}\u{bc88}\u{c9f8}"])
            try check(NearestNeighbors(k: 3, metric: .minkowski(3), weights: .distance), labeled)
            try check(NearestNeighbors(choosingUpTo: 9), labeled)
            try check(
                NearestNeighbors(k: 3, search: .approximate(.init(links: 4, efConstruction: 20))), labeled)
            try check(NearestCentroid(), labeled)
            try check(GaussianNaiveBayes(), labeled)
            try check(LogisticRegression(maximumIterations: 30), labeled)
            try check(SupportVectorMachine(kernel: .rbf(), cost: 5), labeled)
            // The classes are all mixed up: less nu leaves no margin.
            try check(SupportVectorMachine(kernel: .linear, nu: 0.95), labeled)
            for strategy in LinearSupportVectorMachine.Strategy.allCases {
                try check(linear(strategy), labeled)
            }
        }
    }

    private func linear(_ strategy: LinearSupportVectorMachine.Strategy) -> LinearSupportVectorMachine {
        var machine = LinearSupportVectorMachine(cost: 1)
        machine.strategy = strategy
        return machine
    }

    @Test("the same classifier on any number of threads, and from examples in another order")
    func order() throws {
        let rows = drawnExamples(200, 9, bytes: false, seed: 8)
        guard case .floats(let array) = rows.storage else {
            Issue.record("not numbers")
            return
        }
        // A copy of a row has its class, else order would decide.
        let classes: [Int32] = (0..<200).map { (row: Int32) -> Int32 in
            (row % 11 == 10 ? row - 5 : row) % 8 % 3
        }
        let labeled = LabeledExamples(rows, classes: classes, classNames: ["a", "b", "c"])
        var random = RandomState(2)
        let places = random.permutation(200).elements
        let shuffled = LabeledExamples(
            .floats(array.taking(places)), classes: places.map { classes[$0] }, classNames: ["a", "b", "c"])
        func check<L: Learner>(_ learner: L) throws {
            let first = try learner.fit(labeled).probabilities(of: rows)
            try withThreadCounts { count in
                let again = try learner.fit(labeled).probabilities(of: rows)
                #expect(again == first, "\(L.self), \(count) threads")
            }
            // Sums are rounded in another order.
            let other = try learner.fit(shuffled).probabilities(of: rows)
            let wanted = (0..<200).map { row in first[row].elements.map(Double.init) }
            #expect(largestDifference(other, wanted) < 1e-3, "\(L.self)")
        }
        try check(NearestNeighbors(k: 1))
        try check(NearestCentroid())
        try check(GaussianNaiveBayes())
        try check(LogisticRegression())
    }

    @Test("links that lead outside the rows are refused")
    func brokenGraph() throws {
        let rows = drawnExamples(60, 6, bytes: true, seed: 1)
        let labeled = LabeledExamples(rows, classes: (0..<60).map { Int32($0 % 2) }, classNames: ["a", "b"])
        let learner = NearestNeighbors(k: 3, search: .approximate(.init(links: 4, efConstruction: 20)))
        var file = SafeTensors()
        try learner.fit(labeled).store(in: &file, prefix: "")
        var bottom = try file.array(named: "graph.bottom", as: Int32.self)
        bottom.withUnsafeMutableElements { $0[5] = 60 }
        file.set(bottom, named: "graph.bottom")
        #expect(throws: DescentError.self) { try NearestNeighborsClassifier(from: file, prefix: "") }
    }
}
