import Descent
import Foundation
import Testing

/// The library's ten lines in README.md, as a user would write them.
@Suite struct ReadmeTests {
    @Test func theExampleOfTheReadme() throws {
        let x: NDArray<Double> = [[1.0, 0.5]]
        let w: NDArray<Double> = [[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]]
        print(matmul(x, w))
        print(numericalGradient(of: { $0[0] * $0[0] + $0[1] * $0[1] }, at: [3.0, 4.0]))
        #expect("\(matmul(x, w))" == "[[0.2 0.5 0.8]]")
        #expect("\(numericalGradient(of: { $0[0] * $0[0] + $0[1] * $0[1] }, at: [3.0, 4.0]))" == "[6. 8.]")
    }

    /// Needs MNIST, so it is compiled and not run; the training itself is tested elsewhere.
    func theRestOfTheExample() async throws -> History {
        let mnist = try await MNIST.load()
        // swift-format-ignore
        let network = Sequential { Dense(784, 50, activation: .sigmoid); Dense(50, 10) }
        let history = try Trainer(optimizer: .sgd(learningRate: 0.1), batchSize: 100, epochs: 16, seed: 1)
            .fit(network, on: mnist.train, validating: mnist.test)
        return history
    }

    /// What is compiled above is what the README shows, line by line.
    @Test func theExampleIsTheReadmes() throws {
        let source = try String(contentsOfFile: #filePath, encoding: .utf8)
        let lines = Set(source.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) })
        let example = try #require(try blocks("README.md").first { $0.hasPrefix("swift\nimport Descent") })
        let shown = example.split(separator: "\n").dropFirst().filter { !$0.isEmpty }
        #expect(shown.count == 9)
        for line in shown { #expect(lines.contains(String(line)), "the test does not compile: \(line)") }
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
