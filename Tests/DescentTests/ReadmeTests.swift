import Descent
import Foundation
import Testing

/// The library's ten lines in README.md, as a user would write them.
@Suite struct ReadmeTests {
    @Test func theExampleOfTheReadme() throws {
        let x: NDArray<Double> = [[1.0, 0.5]]
        let w: NDArray<Double> = [[0.1, 0.3, 0.5], [0.2, 0.4, 0.6]]
        #expect("\(matmul(x, w))" == "[[0.2 0.5 0.8]]")
        let gradient = numericalGradient(of: { $0[0] * $0[0] + $0[1] * $0[1] }, at: [3.0, 4.0])
        #expect("\(gradient)" == "[6. 8.]")

        let digits = BuiltInDigits.generate(count: 200, seed: 1)
        let examples = LabeledImages(
            images: digits.images, labels: digits.labels, classNames: (0...9).map(String.init))
        let network = Sequential {
            Dense(784, 50, activation: .sigmoid)
            Dense(50, 10)
        }
        let history = try Trainer(optimizer: .sgd(learningRate: 0.1), batchSize: 100, epochs: 2, seed: 1)
            .fit(network, on: examples, validating: examples)
        #expect(history.epochs.map(\.number) == [1, 2])
    }

    /// Both languages say the same: the same commands, the same code, the same figures.
    @Test func bothReadmesHaveTheSameCodeAndFigures() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        func blocks(_ name: String) throws -> [String] {
            let text = try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
            return text.components(separatedBy: "```").enumerated().filter { $0.offset % 2 == 1 }.map {
                _, block in
                // Comments are translated; what is typed and printed is not.
                block.split(separator: "\n").map { line in
                    var line = String(line)
                    for mark in ["#", "//"] {
                        if let range = line.range(of: "  " + mark) {
                            line = String(line[..<range.lowerBound])
                        }
                    }
                    return line.trimmingCharacters(in: .whitespaces)
                }.joined(separator: "\n")
            }
        }
        let english = try blocks("README.md")
        #expect(english.count >= 5)
        #expect(try blocks("README.ko.md") == english)
    }
}
