import Descent
import Experiments
import Foundation
import Pipelines
import Testing

// What stands below, up to the mark, is the code of Documentation/Classical.md, line by line.

/// The first answer: a person's rule. A zero has a hole in its middle, and a one has ink there.
func isOne(_ image: NDArray<UInt8>) -> Bool {
    image[11..<17, 11..<17].elements.contains { $0 > 100 }
}

/// How often the rule is right on zeros and ones.
func ruleByPeople(on digits: LabeledExamples) -> Double {
    let asked = (0..<digits.count).filter { digits.classes[$0] < 2 }
    let right = asked.filter { isOne(digits.images[$0]) == (digits.classes[$0] == 1) }
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
        ComparedMethod(
            "SIFT words", "linear SVM", .pipeline(Pipeline(words, LinearSupportVectorMachine(cost: 4)))),
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
    let folder = try ModelFolder(classifier, samples: digits.test.prefix(8).features)
        .write(to: .folder("/tmp/descent-article", replacing: true))
    let loaded = try ModelFolder.load(folder).classifier
    let answers = try loaded.predictions(for: digits.test.images[0..<3])
    return answers.map { loaded.scoreKind.answer($0) }.joined(separator: "\n")
}

// The end of the article's code.

@Suite struct ClassicalArticleTests {
    @Test func theThreeAnswersAreAsGoodAsTheArticleSays() throws {
        let digits = BuiltInDigits.dataset(trainCount: 0, testCount: 500).test
        #expect(abs(ruleByPeople(on: digits) - 0.61) < 0.005)
        let comparison = try threeAnswers()
        let text = try article()
        for row in comparison.rows {
            // Another processor sums in another order, and may read an image or two otherwise.
            let name = row.name == "two-layer" ? "two-layer network on pixels" : row.name
            let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("| \(name) | ") })
            let shown = try #require(
                line.split(separator: "|").dropFirst().first.flatMap {
                    Double($0.filter { "0123456789.".contains($0) })
                })
            #expect(abs(100 * row.accuracy - shown) < 1.5, "\(row.name): \(row.accuracy)")
        }
        let best = try #require(
            comparison.rows.indices.max { comparison.rows[$0].accuracy < comparison.rows[$1].accuracy })
        #expect(comparison.rows[best].name == "SVM on HOG")
        let told = comparison.pairs.filter { $0.isSignificant }.map { Set([$0.first, $0.second]) }
        // KNN on pixels, KNN on HOG and the network.
        for pair in [[0, 1], [0, 4], [1, 4]] { #expect(!told.contains(Set(pair))) }
    }

    @Test func oneIsKept() throws {
        let answers = try keepOne().split(separator: "\n")
        #expect(answers.count == 3)
        for answer in answers {
            #expect(answer.contains(/^\d  \d of 9 votes   then \d with \d, \d with \d$/), "\(answer)")
        }
        try FileManager.default.removeItem(atPath: "/tmp/descent-article")
    }

    @Test func theCodeOfTheArticleIsWhatIsCompiled() throws {
        let source = try String(contentsOfFile: #filePath, encoding: .utf8)
        let blocks = try article().components(separatedBy: "```swift\n").dropFirst()
            .map { String($0.prefix(upTo: $0.firstRange(of: "```")?.lowerBound ?? $0.endIndex)) }
        #expect(blocks.count == 5)
        for block in blocks {
            let code = block.replacing(/import \w+\n/, with: "")
            #expect(source.contains("\n" + code), "not compiled: \(code)")
        }
    }

    private func article() throws -> String {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return try String(
            contentsOf: root.appendingPathComponent("Documentation/Classical.md"), encoding: .utf8)
    }
}
