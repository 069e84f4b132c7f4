import ArrayFiles
import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import EvaluationMetrics

/// What is stored beside a model is read or refused. DESCENT_FUZZ=1000000 gives each test a million.
@Suite struct MetricsFuzzTests {
    private func decode<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws -> Value {
        do {
            return try JSONText(json: bytes).inCamelCase.decoded(as: type)
        } catch is DecodingError {
            throw DescentError(.badData, "another form")
        }
    }

    @Test func calibrations() throws {
        let scores = NDArray<Float>(shape: [4, 2], elements: [0.9, 0.1, 0.2, 0.8, 0.6, 0.4, 0.3, 0.7])
        let calibration = try Calibration(fitting: scores, actual: [0, 1, 1, 1])
        let seed = Array(try JSONText(encoding: calibration).inSnakeCase.document.utf8)
        let outcome = fuzz([seed], seed: 51, words: ["1e300", "0", "-1", "null", "1e-5", "\"", "{"]) {
            bytes in
            let applied = try decode(Calibration.self, bytes).applied(to: scores)
            guard applied.elements.allSatisfy({ $0 >= 0 && $0 <= 1 }) else { throw Mismatch() }
        }
        #expect(outcome.other == nil)
        #expect(outcome.accepted > mutationCount / 50 && outcome.refused > mutationCount / 20, "\(outcome)")
    }

    @Test func detectors() throws {
        let rows = NDArray<Float>(shape: [6, 2], elements: (0..<12).map { Float($0 * $0 % 7) })
        var file = SafeTensors()
        try NoveltyDetector(fitting: rows, quantile: 0.9).store(in: &file, prefix: "n.")
        try withTemporaryDirectory { directory in
            let path = "\(directory)/f.safetensors"
            try file.write(to: path)
            let seed = try #require(contents(path))
            let outcome = fuzz([seed], seed: 52, words: ["F32", "[1,2]", "\u{7F}", "9"]) { bytes in
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                let detector = try NoveltyDetector(from: SafeTensors(contentsOf: path), prefix: "n.")
                guard detector.featureCount == 2 else { return }
                guard try detector.isNovel(rows).count == 6 else { throw Mismatch() }
            }
            #expect(outcome.other == nil)
            #expect(
                outcome.accepted > mutationCount / 50 && outcome.refused > mutationCount / 20, "\(outcome)")
        }
    }

    private struct Mismatch: Error {}
}
