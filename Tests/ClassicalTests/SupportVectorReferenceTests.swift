import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import Classical

/// libsvm's own answers: Vectors/support_vectors.json, and ../shared/fixtures/libsvm where it is there.
@Suite struct SupportVectorReferenceTests {
    @Test(arguments: 0..<7) func smallProblemsGiveLibSVMsAnswer(_ number: Int) throws {
        let file = try SupportVectorFile.load()
        let item = file.cases[number]
        let examples = file.examples(item.labels)
        let machine = machine(options: item.options + " -e 0.00001", features: 3)
        let classifier = try machine.fit(examples)
        let report = try #require(classifier.report)
        #expect(report.converged, "\(item.options)")
        // With probabilities libsvm prints those of the folds as well, and none is kept.
        #expect(item.objectives.isEmpty == item.options.contains("-b 1"))
        let objectives = item.objectives.isEmpty ? [] : paired(report.pairs.map(\.objective), item.objectives)
        for (got, expected) in objectives {
            #expect(
                abs(got - expected) <= 1e-4 * abs(expected),
                "\(item.options): objective \(got), not \(expected)")
        }
        for (got, expected) in paired(classifier.thresholds, item.rho) {
            #expect(abs(got - expected) < 1e-3, "\(item.options): rho \(got), not \(expected)")
        }
        #expect(classifier.supportCounts == item.counts, "\(item.options)")
        #expect(
            classifier.supportIndices?.map { $0 + 1 }.sorted() == item.support.sorted(), "\(item.options)")
        let decisions = try classifier.decisionValues(of: file.testExamples)
        #expect(decisions.shape == [20, 3])
        for (got, expected) in paired(decisions.elements, item.decisions.joined()) {
            #expect(abs(got - expected) < 1e-3, "\(item.options): decision \(got), not \(expected)")
        }
        let classes = try classifier.classes(of: file.testExamples)
        #expect(classes.map { item.labels[Int($0)] } == item.predictions, "\(item.options)")
    }

    private struct Reference: Decodable {
        struct Case: Decodable {
            let options: String
            let obj: [Double]
            let total_nSV: Int
            let rho: [Double]
            let accuracy_percent: Double
            let decision_values_first_270_test_rows: [[Double]]
            let set: String
        }
        let cases: [Case]
    }

    @Test(.needsShared("fixtures/libsvm")) func everySharedCaseGivesLibSVMsAnswer() throws {
        let folder = SharedFiles.path("fixtures/libsvm")
        let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/reference.json"))
        let reference = try JSONDecoder().decode(Reference.self, from: data)
        #expect(reference.cases.count == 14)
        for item in reference.cases {
            let examples = try LibSVMText.read(contentsOf: folder + "/" + item.set)
            #expect(examples.features.shape == [270, 13] && examples.classNames == ["1", "-1"])
            let machine = machine(options: item.options, features: 13)
            let classifier = try machine.fit(examples)
            let report = try #require(classifier.report)
            #expect(report.converged)
            let objective = report.pairs[0].objective
            #expect(
                abs(objective - item.obj[0]) <= 1e-4 * abs(item.obj[0]),
                "\(item.options): objective \(objective)")
            let count = classifier.supportVectors.count
            #expect(
                abs(count - item.total_nSV) * 100 <= item.total_nSV,
                "\(item.options): \(count) support vectors")
            let decisions = try classifier.decisionValues(of: examples.features).elements
            let expected = item.decision_values_first_270_test_rows.flatMap { $0 }
            let worst = largestDifference(decisions, expected)
            #expect(decisions.count == 270 && worst < 1e-3, "\(item.options): decisions differ by \(worst)")
            let right = paired(try classifier.classes(of: examples.features), examples.classes).count {
                $0 == $1
            }
            #expect(
                abs(Double(right) / 2.7 - item.accuracy_percent) < 1e-9, "\(item.options): \(right) right")
        }
    }

    @Test(.needsShared("fixtures/libsvm")) func irisIsReadWithItsThreeClasses() throws {
        let folder = SharedFiles.path("fixtures/libsvm")
        let iris = try LibSVMText.read(contentsOf: folder + "/iris_scaled")
        #expect(iris.features.shape == [150, 4])
        #expect(iris.countsByClass == [50, 50, 50] && iris.classNames == ["0", "1", "2"])
        let classifier = try SupportVectorMachine(kernel: .rbf(gamma: .oneOverFeatures)).fit(iris)
        let right = paired(try classifier.classes(of: iris.features), iris.classes).count { $0 == $1 }
        #expect(right >= 144)
    }

    @Test func sigmoidIsTheMostLikelyOne() throws {
        let item = try SupportVectorFile.load().sigmoid
        let sigmoid = DecisionSigmoid(fitting: item.decisions, positive: item.positive)
        #expect(
            abs(sigmoid.slope - item.slope) < 1e-4 && abs(sigmoid.offset - item.offset) < 1e-4, "\(sigmoid)")
        #expect(abs(sigmoid.probability(of: 0.5) - 1 / (1 + exp(0.5 * item.slope + item.offset))) < 1e-4)
        #expect(sigmoid.probability(of: 1e6) == 1 && sigmoid.probability(of: -1e6) == 0)
    }

    @Test func libSVMsModelsGiveItsAnswers() throws {
        let file = try SupportVectorFile.load()
        #expect(file.cases.contains { $0.probabilities != nil })
        for item in notEmpty(file.cases) {
            var lines = LibSVMLines(Array(item.model.utf8), path: "model")
            let classifier = try SupportVectorClassifier(&lines, 3, 1)
            #expect(classifier.classNames == item.labels.map { "\($0)" })
            let decisions = try classifier.decisionValues(of: file.testExamples)
            for (got, expected) in paired(decisions.elements, item.decisions.joined()) {
                #expect(
                    abs(got - expected) < 2e-5 * max(1, abs(expected)),
                    "\(item.options): \(got), not \(expected)")
            }
            guard let expected = item.probabilities else { continue }
            let probabilities = try classifier.probabilities(of: file.testExamples)
            #expect(probabilities.shape == [20, 3] && classifier.sigmoids?.count == 3)
            for (got, expected) in paired(probabilities.elements, expected.joined()) {
                #expect(abs(Double(got) - expected) < 1e-5, "\(got), not \(expected)")
            }
        }
    }

    @Test(arguments: 0..<4) func linearMachinesGiveLibLinearsAnswer(_ number: Int) throws {
        let file = try SupportVectorFile.load()
        let item = file.linear[number]
        var machine = LinearSupportVectorMachine(cost: 0.5)
        machine.tolerance = 2e-5
        machine.passLimit = 20_000
        switch item.name {
        case "squared-hinge": machine.loss = .squaredHinge
        case "crammer-singer": machine.strategy = .crammerSinger
        case "hinge-weighted": machine.classWeights = ["1": 3]
        default: break
        }
        let classifier = try machine.fit(file.examples(item.labels))
        let worst =
            (0..<3).flatMap { k in
                (0..<4).map { j in
                    let got = j < 3 ? classifier.weights[at: k, j] : classifier.intercepts[k]
                    return abs(got - item.weights[k][j])
                }
            }.max() ?? .infinity
        #expect(worst < 1e-3, "\(item.name): weights differ by \(worst), \(classifier.report as Any)")
    }
}
