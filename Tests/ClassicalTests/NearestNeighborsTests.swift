import ArrayFiles
import Arrays
import ExampleData
import Support
import Synchronization
import TestSupport
import Testing

@testable import Classical

@Suite("Nearest neighbours")
struct NearestNeighborsTests {
    /// Six points on a line, by hand: 0, 1, 2 are of class a, 10, 11, 13 of class b.
    static let line = LabeledExamples(
        .bytes([[0], [1], [2], [10], [11], [13]]), classes: [0, 0, 0, 1, 1, 1], classNames: ["a", "b"])

    @Test("neighbours, probabilities and classes of points on a line, worked by hand")
    func byHand() throws {
        let classifier = try NearestNeighbors(k: 3).fit(Self.line)
        let queries = FeatureMatrix.bytes([[6], [2], [12]])
        let found = try classifier.neighbors(of: queries)
        // 6 is 4 from 2 and from 10: the first in the training set is the nearer one. Third is 1 or 11, both 5 away.
        #expect(
            found[0] == [
                Neighbor(index: 2, distance: 4), Neighbor(index: 3, distance: 4),
                Neighbor(index: 1, distance: 5),
            ])
        #expect(found.indices.elements == [2, 3, 1, 2, 1, 0, 4, 5, 3])
        #expect(found.distances.elements == [4, 4, 5, 0, 1, 2, 1, 1, 2])
        #expect(try classifier.classes(of: queries) == [0, 0, 1])
        let shares = try classifier.probabilities(of: queries)
        #expect(shares == NDArray<Float>([[2 / 3, 1 / 3], [1, 0], [0, 1]]))
    }

    @Test("classes with equally many votes: the first wins; a row at distance 0 votes alone")
    func ties() throws {
        let even = try NearestNeighbors(k: 2).fit(Self.line)
        #expect(try even.classes(of: .bytes([[6]])) == [0])
        let turned = LabeledExamples(
            .bytes([[0], [1], [2], [10], [11], [13]]), classes: [1, 1, 1, 0, 0, 0], classNames: ["b", "a"])
        #expect(try NearestNeighbors(k: 2).fit(turned).classes(of: .bytes([[6]])) == [0])
        let weighted = try NearestNeighbors(k: 3, weights: .distance).fit(Self.line)
        // From 9: 10 at 1, 11 at 2, 13 at 4; from 10: only 10 itself.
        #expect(try weighted.probabilities(of: .bytes([[9]])) == NDArray<Float>([[0, 1]]))
        #expect(try weighted.probabilities(of: .bytes([[10]])) == NDArray<Float>([[0, 1]]))
        // From 6: a has 1/4 + 1/5, b has 1/4.
        let shares = try weighted.probabilities(of: .bytes([[6]])).elements
        #expect(abs(shares[0] - 0.45 / 0.7) < 1e-6 && abs(shares[1] - 0.25 / 0.7) < 1e-6)
    }

    @Test("neighbours, classes and probabilities as scikit-learn has them, for each metric and weight")
    func vectors() throws {
        let vectors = try ClassicalVectors.load()
        for (name, set) in [("numbers", vectors.numbers), ("bytes", vectors.bytes)] {
            var train = FeatureMatrix.floats(NDArray(set.train))
            var queries = FeatureMatrix.floats(NDArray(set.queries))
            if name == "bytes" {
                (train, queries) = (try #require(train.asBytes), try #require(queries.asBytes))
            }
            let examples = LabeledExamples(train, classes: set.classes, classNames: ["a", "b", "c", "d"])
            for wanted in notEmpty(set.cases) {
                let weights = try #require(NearestNeighbors.Weights(rawValue: wanted.weights))
                let learner = NearestNeighbors(
                    k: 5, metric: try Metric(parsing: wanted.metric), weights: weights)
                let classifier = try learner.fit(examples)
                let found = try classifier.neighbors(of: queries)
                let comment = Comment("\(name) \(wanted.metric) \(wanted.weights)")
                #expect(largestDifference(found.distances, wanted.distances) < 1e-7, comment)
                // Bytes have ties, which have no order: of them the distances alone are compared.
                let isComplete = wanted.indices != nil && wanted.classes != nil && wanted.probabilities != nil
                #expect(isComplete == (name == "numbers"), comment)
                if let indices = wanted.indices {
                    #expect(found.indices.elements == Array(indices.joined()), comment)
                }
                if let classes = wanted.classes {
                    #expect(try classifier.classes(of: queries) == classes, comment)
                }
                if let probabilities = wanted.probabilities {
                    let shares = try classifier.probabilities(of: queries)
                    #expect(largestDifference(shares, probabilities) < 1e-6, comment)
                }
            }
        }
    }

    @Test("leave-one-out: all k in one pass give what each k gives by itself", arguments: [1, 2, 3])
    func leaveOneOut(seed: Int) throws {
        let rows = drawnExamples(90, 3, bytes: true, seed: seed, levels: 12)
        let examples = LabeledExamples(
            rows, classes: (0..<90).map { $0 % 8 / 2 }, classNames: ["a", "b", "c", "d"])
        for weights in NearestNeighbors.Weights.allCases {
            let classifier = try NearestNeighbors(choosingUpTo: 20, weights: weights).fit(examples)
            let accuracies = try #require(classifier.leaveOneOut).accuracies
            var wanted: [Double] = []
            for k in 1...20 {
                var right = 0
                for row in 0..<90 {
                    let others = Array(0..<row) + Array(row + 1..<90)
                    guard case .bytes(let array) = rows.storage else {
                        Issue.record("not bytes")
                        return
                    }
                    let rest = LabeledExamples(
                        .bytes(array.taking(others)), classes: others.map { examples.classes[$0] },
                        classNames: examples.classNames)
                    let one = try NearestNeighbors(k: k, weights: weights).fit(rest)
                    right += try one.classes(of: rows[row..<row + 1]) == [examples.classes[row]] ? 1 : 0
                }
                wanted.append(Double(right) / 90)
            }
            #expect(accuracies == wanted, "seed \(seed), \(weights)")
            #expect(
                classifier.k == (wanted.firstIndex(of: wanted.max() ?? 0) ?? -1) + 1,
                "seed \(seed), \(weights)")
        }
    }

    @Test("bad input ends in typed errors before work starts")
    func badInput() throws {
        func error(_ body: () throws -> Void) -> DescentError? {
            do {
                try body()
                return nil
            } catch { return error as? DescentError }
        }
        #expect(
            error { _ = try NearestNeighbors(k: 7).fit(Self.line) }?.what
                == "k is larger than the training set")
        #expect(error { _ = try NearestNeighbors(choosingUpTo: 6).fit(Self.line) }?.expected == "at most 5")
        #expect(error { _ = try NearestNeighbors(k: 0).fit(Self.line) }?.kind == .usage)
        #expect(error { _ = try NearestNeighbors(metric: .minkowski(0.5)).fit(Self.line) }?.kind == .usage)
        let one = LabeledExamples(.bytes([[1], [2], [3]]), classes: [0, 0, 0], classNames: ["a"])
        #expect(error { _ = try NearestNeighbors().fit(one) }?.what == "one class only")
        let empty = LabeledExamples(
            .bytes([[1], [2], [3]]), classes: [0, 0, 2], classNames: ["a", "b", "c"])
        #expect(error { _ = try NearestNeighbors().fit(empty) }?.got == "none of 'b'")
        let broken = LabeledExamples(
            .floats(NDArray<Float>([[1, 2], [3, .nan], [5, 6]])), classes: [0, 1, 0], classNames: ["a", "b"])
        #expect(
            error { _ = try NearestNeighbors(k: 1).fit(broken) }?.place
                == "nearest neighbours, row 1, column 1")
        let classifier = try NearestNeighbors(k: 1).fit(Self.line)
        #expect(error { _ = try classifier.classes(of: .bytes([[1, 2]])) }?.expected == "1")
        #expect(error { _ = try classifier.classes(of: .floats([[0.5]])) }?.kind == .badData)
        #expect(try classifier.classes(of: .floats([[12]])) == [1])
        #expect(error { _ = try classifier.neighbors(of: .bytes([[1]]), k: 9) }?.kind == .usage)
        let graph = NearestNeighbors(k: 1, metric: .l1, search: .approximate(.init()))
        #expect(error { _ = try graph.fit(Self.line) }?.kind == .usage)
    }

    @Test("texts of metrics and counts are read back")
    func texts() throws {
        for metric in [Metric.l2, .l1, .cosine, .minkowski(3), .minkowski(1.5), .minkowski(.infinity)] {
            #expect(try Metric(parsing: metric.description) == metric)
        }
        for text in ["minkowski", "minkowski:0.5", "l3", "l2:7", "minkowski:nan"] {
            #expect(throws: DescentError.self, "\(text)") { try Metric(parsing: text) }
        }
        #expect(try NearestNeighbors.Count(parsing: "auto") == .leaveOneOut(upTo: 50))
        #expect(try NearestNeighbors.Count(parsing: "auto:20") == .leaveOneOut(upTo: 20))
        #expect(try NearestNeighbors.Count(parsing: "7") == .fixed(7))
        #expect(throws: DescentError.self) { try NearestNeighbors.Count(parsing: "0") }
    }

    @Test("a wish to stop ends the search within a second")
    func cancellation() throws {
        let rows = drawnExamples(3000, 20, bytes: false, seed: 4)
        let examples = LabeledExamples(rows, classes: (0..<3000).map { $0 % 2 }, classNames: ["a", "b"])
        let cancellation = Cancellation()
        let learner = NearestNeighbors(choosingUpTo: 50, metric: .minkowski(2.5))
        let start = ContinuousClock.now
        var reports = 0
        #expect(throws: DescentError(.interrupted, "stopped", at: "nearest neighbours")) {
            _ = try learner.fit(examples, cancellation: cancellation) { progress in
                reports += 1
                #expect((progress.fraction ?? -1) > 0)
                cancellation.cancel()
            }
        }
        #expect(reports == 1)
        #expect(ContinuousClock.now - start < .seconds(3))
    }
}
