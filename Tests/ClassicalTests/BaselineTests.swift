import Arrays
import ExampleData
import Support
import TestSupport
import Testing

@testable import Classical

@Suite("Baselines")
struct BaselineTests {
    @Test("nearest centroid: means and classes of iris as scikit-learn has them")
    func centroid() throws {
        let vectors = try ClassicalVectors.load()
        let classifier = try NearestCentroid().fit(vectors.flowers)
        #expect(largestDifference(classifier.centroids, vectors.centroid.centroids) < 1e-7)
        #expect(try classifier.classes(of: vectors.flowers.features) == vectors.centroid.classes)
    }

    @Test("nearest centroid by hand: centres 1 and 9, variance 1")
    func centroidByHand() throws {
        let examples = LabeledExamples(
            .bytes([[0], [2], [8], [10]]), classes: [0, 0, 1, 1], classNames: ["a", "b"])
        let classifier = try NearestCentroid().fit(examples)
        #expect(classifier.centroids.elements == [1, 9] && classifier.variance == 1)
        #expect(try classifier.classes(of: .bytes([[4], [5], [6]])) == [0, 0, 1])
        // From 4: squares 9 and 25, so the odds are exp(8) to 1.
        let share = try classifier.probabilities(of: .bytes([[4]])).elements[0]
        #expect(abs(share - 0.999665) < 1e-6)
        let certain = LabeledExamples(.bytes([[1], [9]]), classes: [0, 1], classNames: ["a", "b"])
        #expect(
            try NearestCentroid().fit(certain).probabilities(of: .bytes([[1], [3], [5]]))
                == NDArray<Float>([[1, 0], [1, 0], [0.5, 0.5]]))
    }

    @Test("naive Bayes: moments, classes and probabilities of iris as scikit-learn has them")
    func bayes() throws {
        let vectors = try ClassicalVectors.load()
        let flowers = vectors.flowers
        let classifier = try GaussianNaiveBayes().fit(flowers)
        #expect(largestDifference(classifier.means, vectors.bayes.means) < 1e-7)
        #expect(largestDifference(classifier.variances, vectors.bayes.variances) < 1e-7)
        #expect(try classifier.classes(of: flowers.features) == vectors.bayes.classes)
        let some = FeatureMatrix.floats(
            NDArray(stride(from: 0, to: 150, by: 15).map { vectors.iris.rows[$0] }))
        #expect(largestDifference(try classifier.probabilities(of: some), vectors.bayes.probabilities) < 1e-6)
    }

    @Test("naive Bayes refuses a feature without variance that smoothing does not help")
    func flat() throws {
        let examples = LabeledExamples(
            .floats([[1, 5], [2, 5], [3, 5], [4, 6]]), classes: [0, 0, 1, 1], classNames: ["a", "b"])
        #expect(throws: DescentError.self) { try GaussianNaiveBayes(smoothing: 0).fit(examples) }
        _ = try GaussianNaiveBayes().fit(examples)
        #expect(throws: DescentError.self) { try GaussianNaiveBayes(smoothing: -1).fit(examples) }
    }

    @Test("logistic regression: weights, intercepts and probabilities of iris as scikit-learn has them")
    func logistic() throws {
        let vectors = try ClassicalVectors.load()
        let flowers = vectors.flowers
        let later = LabeledExamples(
            flowers.features[50..<150], classes: flowers.classes[50...].map { $0 - 1 },
            classNames: ["b", "c"])
        for (name, wanted, examples) in [
            ("C 1", vectors.logistic, flowers), ("C 100", vectors.logisticStrong, flowers),
            ("two classes", vectors.logisticBinary, later),
        ] {
            let learner = LogisticRegression(inverseStrength: wanted.c, tolerance: 1e-9)
            let classifier = try learner.fit(examples)
            #expect(classifier.converged, "\(name): \(classifier.gradientNorm)")
            #expect(largestDifference(classifier.weights, wanted.weights) < 2e-4, "\(name)")
            #expect(
                paired(classifier.intercepts, wanted.intercepts).allSatisfy { abs($0 - $1) < 1e-3 },
                "\(name)")
            let rows = stride(from: 0, to: examples.count, by: 15).map { $0 }
            guard case .floats(let array) = examples.features.storage else {
                Issue.record("not numbers")
                return
            }
            let shares = try classifier.probabilities(of: .floats(array.taking(rows)))
            #expect(largestDifference(shares, wanted.probabilities) < 1e-4, "\(name)")
        }
    }

    @Test("logistic regression says that it stopped early, and how far it was")
    func limit() throws {
        let flowers = try ClassicalVectors.load().flowers
        let classifier = try LogisticRegression(maximumIterations: 3).fit(flowers)
        #expect(!classifier.converged && classifier.iterations == 3 && classifier.gradientNorm > 1e-6)
        #expect(throws: DescentError.self) { try LogisticRegression(inverseStrength: 0).fit(flowers) }
        let cancellation = Cancellation()
        #expect(throws: DescentError(.interrupted, "stopped", at: "logistic regression")) {
            _ = try LogisticRegression().fit(flowers, cancellation: cancellation) { _ in cancellation.cancel()
            }
        }
    }
}
