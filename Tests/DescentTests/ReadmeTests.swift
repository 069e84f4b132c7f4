import Descent
import Foundation
import TestSupport
import Testing

/// The library's ten lines in README.md, as a user would write them.
@Suite struct ReadmeTests {
    @Test func theExampleOfTheReadme() throws {
        // README, begin
        let x: NDArray<Double> = [[1.0, 0.5]]
        let w: NDArray<Double> = [[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]]
        print(matmul(x, w))
        print(numericalGradient(of: { $0[0] * $0[0] + $0[1] * $0[1] }, at: [3.0, 4.0]))
        // README, end
        #expect("\(matmul(x, w))" == "[[0.2 0.5 0.8]]")
        #expect("\(numericalGradient(of: { $0[0] * $0[0] + $0[1] * $0[1] }, at: [3.0, 4.0]))" == "[6. 8.]")
    }

    /// Needs MNIST, so it is compiled and not run; the training itself is tested elsewhere.
    func theRestOfTheExample() async throws -> History {
        // README, begin
        let mnist = try await MNIST.load()
        let (learning, held) = mnist.train.split(holding: 6_000, seed: 1)
        // swift-format-ignore
        let network = Sequential { Dense(784, 50, activation: .sigmoid); Dense(50, 10) }
        let history = try Trainer(optimizer: .sgd(learningRate: 0.1), batchSize: 100, epochs: 16, seed: 1)
            .fit(network, on: learning, validating: held, testing: mnist.test)
        // README, end
        try keepAndUse(network, mnist)
        return history
    }

    /// The README's second example. It writes where the README says, so it is compiled and not run; the first test of this
    /// suite's neighbour runs the same calls.
    // swift-format-ignore
    func keepAndUse(_ network: Sequential, _ mnist: Dataset) throws {
        // README, begin
        let model = try NetworkClassifier(network, name: "digits", classNames: mnist.train.classNames)
        try ModelFolder(model, samples: mnist.test.prefix(8).features).write(to: .folder("models/digits", replacing: true))

        let classifier = try ModelFolder.load("models/digits").classifier
        for answer in try classifier.predictions(for: mnist.test.images[0..<3]) { print(answer.className, answer.probability) }
        // README, end
    }

    /// Keeping and loading as in the README, on a few built-in digits and in a folder of the test's own.
    @Test func aKeptNetworkGivesTheSameAnswers() throws {
        let digits = BuiltInDigits.dataset(trainCount: 200, testCount: 20)
        let (learning, held) = digits.train.split(holding: 50, seed: 1)
        let network = Sequential {
            Dense(784, 8, activation: .sigmoid)
            Dense(8, 10)
        }
        let history = try Trainer(batchSize: 50, epochs: 2, seed: 1)
            .fit(network, on: learning, validating: held, testing: digits.test)
        #expect(history.watched == .validation && history.test != nil)
        let model = try NetworkClassifier(network, name: "digits", classNames: digits.train.classNames)
        let directory = try TemporaryDirectory()
        let folder = directory.path + "/model"
        try ModelFolder(model, samples: digits.test.prefix(8).features).write(
            to: .folder(folder, replacing: true))
        let loaded = try ModelFolder.load(folder).classifier
        let answers = try loaded.predictions(for: digits.test.images[0..<3])
        #expect(answers == (try model.predictions(for: digits.test.images[0..<3])))
    }

    /// What is compiled above is what the README shows: the same lines in the same order. A line's comment is for readers of
    /// the README only.
    @Test func theExampleIsTheReadmes() throws {
        func lines(_ texts: some Sequence<some StringProtocol>) -> [String] {
            texts.flatMap { $0.split(separator: "\n") }.map { $0.trimmingCharacters(in: .whitespaces) }
                .filter { !$0.isEmpty && !$0.hasPrefix("//") }
        }
        let source = try String(contentsOfFile: #filePath, encoding: .utf8)
        let compiled = lines(
            source.components(separatedBy: "// README, begin\n").dropFirst().map {
                $0.components(separatedBy: "// README, end\n")[0]
            })
        let examples = try blocks("README.md").filter {
            // The one of pictures imports more; `Examples/Photos` is its program.
            ($0.hasPrefix("swift\nimport Descent") && !$0.contains("import ImageFolders"))
                || $0.hasPrefix("swift\nlet model")
        }
        let shown = lines(examples.map { $0.dropFirst("swift\n".count) })
        #expect(shown == ["import Descent"] + compiled)
    }

    /// Both languages say the same: the same commands, the same code, the same figures.
    @Test func bothReadmesHaveTheSameCodeAndFigures() throws {
        let english = try blocks("README.md")
        #expect(english.count >= 5)
        #expect(try blocks("README.ko.md") == english)
    }

    /// The code blocks of a file in the root, without comments, which are translated.
    private func blocks(_ name: String) throws -> [String] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let text = try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
        return text.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }.map {
            _, block in
            block.split(separator: "\n").map { line in
                var line = String(line)
                for mark in ["#", "//"] {
                    if let range = line.range(of: "  " + mark) { line = String(line[..<range.lowerBound]) }
                }
                return line.trimmingCharacters(in: .whitespaces)
            }.joined(separator: "\n")
        }
    }
}
