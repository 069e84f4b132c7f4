import Arrays
import Classical
import Datasets
import EvaluationMetrics
import ExampleData
import Support
import TestSupport
import Testing

@testable import Experiments
@testable import Pipelines
@testable import Training

/// Several methods on the same images.
@Suite struct MethodComparisonTests {
    private static let data = BuiltInDigits.dataset(trainCount: 300, testCount: 120)

    private static let methods = [
        ComparedMethod("pixels", "KNN", .pipeline(Pipeline(.pixels, NearestNeighbors(k: 3)))),
        ComparedMethod("pixels", "nearest centroid", .pipeline(Pipeline(.pixels, NearestCentroid()))),
        ComparedMethod(
            "HOG", "too large",
            .pipeline(Pipeline((try? FeatureChoice(parsing: "hog:cell=20")) ?? .pixels, NearestCentroid()))),
        ComparedMethod(
            "learned", "network",
            .network(
                "mlp:16", Trainer(optimizer: .adam(learningRate: 0.01), batchSize: 20, epochs: 2, seed: 1))),
    ]

    @Test func rowsAndPairsFollowFromThePredictions() throws {
        let comparison = try MethodComparison(of: Self.methods, on: Self.data)
        let actual = Self.data.test.classes
        #expect(comparison.rows.map(\.name) == ["KNN on pixels", "nearest centroid on pixels", "mlp:16"])
        #expect(comparison.rows.map(\.features) == ["pixels", "pixels", "learned"])
        #expect(comparison.actual == actual && comparison.classNames == Self.data.test.classNames)
        #expect(comparison.failures.map(\.name) == ["too large on HOG"])
        #expect(comparison.failures.first?.reason.what == "an image is smaller than a block of HOG")
        for row in comparison.rows {
            let correct = paired(row.predicted, actual).count { $0 == $1 }
            #expect(row.predicted.count == 120 && row.accuracy == Double(correct) / 120)
            #expect(row.evaluation.correct == correct && correct > 24, "\(row.name): \(correct)")
            #expect(row.interval == ProportionInterval(correct: correct, count: 120))
            #expect(row.trainSeconds > 0 && row.predictMicroseconds > 0)
        }
        // A file of 300 images of 784 bytes, 10 centroids of doubles, a network of floats.
        #expect(
            comparison.rows[0].modelBytes > 300 * 784 && comparison.rows[0].modelBytes < 300 * 784 + 10_000)
        #expect(comparison.rows[1].modelBytes > 10 * 784 * 8)
        #expect(comparison.rows[2].modelBytes == 4 * (784 * 16 + 16 + 16 * 10 + 10))
        // The same predictions as those of the pipeline by itself.
        let alone = try Pipeline(.pixels, NearestNeighbors(k: 3)).fit(Self.data.train)
        #expect(try comparison.rows[0].predicted == alone.classes(of: .bytes(Self.data.test.images)))

        #expect(comparison.pairs.map { [$0.first, $0.second] } == [[0, 1], [0, 2], [1, 2]])
        for pair in comparison.pairs {
            let right = [pair.first, pair.second].map { index in
                Set(actual.indices.filter { comparison.rows[index].predicted[$0] == actual[$0] })
            }
            #expect(pair.onlyFirst == right[0].subtracting(right[1]).count)
            #expect(pair.onlySecond == right[1].subtracting(right[0]).count)
            #expect(pair.probability == PairedTest.probability(pair.onlyFirst, pair.onlySecond))
        }
        #expect(
            comparison.pairs.map(\.isSignificant)
                == PairedTest.significant(comparison.pairs.map(\.probability)))

        let hardest = comparison.hardest(120)
        #expect(Set(hardest.map(\.image)) == Set(0..<120))
        #expect(paired(hardest.dropLast(), hardest.dropFirst()).allSatisfy { $0.readBy <= $1.readBy })
        for (image, readBy) in hardest {
            #expect(readBy == comparison.rows.count { $0.predicted[image] == actual[image] })
        }
    }

    @Test func classesAreMatchedByName() throws {
        let test = Self.data.test
        let turned = Dataset(
            name: "turned", train: Self.data.train,
            test: LabeledExamples(
                .bytes(test.images), classes: test.classes.map { 9 - $0 },
                classNames: test.classNames.reversed()), checksum: "")
        let methods = [Self.methods[1]]
        let plain = try MethodComparison(of: methods, on: Self.data)
        let other = try MethodComparison(of: methods, on: turned)
        #expect(other.rows.first?.predicted == plain.rows.first?.predicted)
        #expect(other.rows.first?.accuracy == plain.rows.first?.accuracy)
        #expect(other.actual == plain.actual && other.classNames == plain.classNames)
        let unknown = LabeledExamples(
            .bytes(test.images), classes: test.classes, classNames: test.classNames.map { "not \($0)" })
        let found = #expect(throws: DescentError.self) {
            try MethodComparison(
                of: methods, on: Dataset(name: "d", train: Self.data.train, test: unknown, checksum: ""))
        }
        #expect(found?.kind == .badData && found?.what == "a class that no method can learn: 'not 0'")
    }

    @Test func nothingToReadAndAWishToStop() throws {
        let empty = Dataset(name: "d", train: Self.data.train, test: Self.data.test.prefix(0), checksum: "")
        let none = #expect(throws: DescentError.self) { try MethodComparison(of: Self.methods, on: empty) }
        #expect(none?.kind == .badData && none?.what == "nothing to compare on")
        for stopAt in 0..<Self.methods.count {
            let cancellation = Cancellation()
            var begun: [Int] = []
            let stopped = #expect(throws: DescentError.self) {
                try MethodComparison(of: Self.methods, on: Self.data, cancellation: cancellation) {
                    index, _ in
                    if begun.last != index { begun.append(index) }
                    if index == stopAt { cancellation.cancel() }
                }
            }
            #expect(stopped?.kind == .interrupted && begun == Array(0...stopAt))
        }
    }

    @Test func allMethodsHaveTheirOwnNames() {
        let names = ComparedMethod.all().map(\.name)
        #expect(names.count == 14 && Set(names).count == 14)
        #expect(names.first == "KNN on pixels" && names.suffix(2) == ["two-layer", "lenet"])
    }
}
