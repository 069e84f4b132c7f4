import Descent
import Foundation
import Testing

// What stands below, up to the mark, is the code of Documentation/Classical.md, line by line.

/// The first answer: a person's rule. A zero has a hole in its middle, and a one has ink there.
func isOne(_ image: NDArray<UInt8>) -> Bool {
    image[11..<17, 11..<17].elements.contains { $0 > 100 }
}

/// How often the rule is right on zeros and ones.
func ruleByPeople(on digits: LabeledImages) -> Double {
    let asked = (0..<digits.count).filter { digits.labels.elements[$0] < 2 }
    let right = asked.filter { isOne(digits.images[$0]) == (digits.labels.elements[$0] == 1) }
    return Double(right.count) / Double(asked.count)
}

/// The second answer: people design what is looked at, and a machine learns to decide by it.
func designedFeatures() throws -> [ComparedMethod] {
    let hog = FeatureChoice.hog(HistogramOfOrientedGradients(cellSize: 4))
    let words = FeatureChoice.sift(words: 300)
    let machine = SupportVectorMachine(kernel: .rbf(gamma: 0.02), cost: 10)
    return [
        ComparedMethod("pixels", "KNN", .pipeline(Pipeline(.pixels, NearestNeighbors(k: 3)))),
        ComparedMethod("HOG", "KNN", .pipeline(Pipeline(hog, NearestNeighbors(k: 3)))),
        ComparedMethod("HOG", "SVM", .pipeline(Pipeline(hog, machine))),
        ComparedMethod("SIFT words", "linear SVM", .pipeline(Pipeline(words, LinearSupportVectorMachine(cost: 4)))),
    ]
}

/// The third answer: the machine learns what to look at as well.
func learnedFeatures() -> [ComparedMethod] {
    let plain = Trainer(optimizer: .adam(learningRate: 0.001), batchSize: 20, epochs: 8, seed: 1)
    return [ComparedMethod("learned", "network", .network("two-layer", plain))]
}

/// All answers on the same digits, and which of them differ by more than chance.
func threeAnswers() throws -> MethodComparison {
    let digits = BuiltInDigits.dataset(trainCount: 2000, testCount: 500)
    print("the rule, zeros and ones only:", ruleByPeople(on: digits.test))
    let comparison = try MethodComparison(of: designedFeatures() + learnedFeatures(), on: digits)
    for row in comparison.rows {
        print(row.name, row.accuracy, "between", row.interval.lower, "and", row.interval.upper)
    }
    for pair in comparison.pairs where pair.isSignificant {
        print(comparison.rows[pair.first].name, "and", comparison.rows[pair.second].name, "differ")
    }
    return comparison
}

func keepOne() throws -> String {
    let digits = BuiltInDigits.dataset(trainCount: 2000, testCount: 500)
    let hog = FeatureChoice.hog(HistogramOfOrientedGradients(cellSize: 4))
    let machine = SupportVectorMachine(kernel: .rbf(gamma: 0.02), cost: 10)
    let classifier = try Pipeline(hog, machine, deskews: true).fit(digits.train)
    let folder = try ModelFolder(classifier, samples: digits.test.prefix(8).images)
        .write(to: .folder("/tmp/descent-article", replacing: true))
    let loaded = try ModelFolder.load(folder).classifier
    let answers = try loaded.predictions(for: digits.test.images[0..<3])
    return answers.map(loaded.basis.answer).joined(separator: "\n")
}

// The end of the article's code.

@Suite struct ClassicalArticleTests {
    @Test func theThreeAnswersAreAsGoodAsTheArticleSays() throws {
        let digits = BuiltInDigits.dataset(trainCount: 0, testCount: 500).test
        print("rule", ruleByPeople(on: digits))
        let comparison = try threeAnswers()
        for row in comparison.rows { print(row.name, row.accuracy) }
    }

    @Test func oneIsKept() throws { print(try keepOne()) }
}
