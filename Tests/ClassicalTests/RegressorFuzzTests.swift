import ArrayFiles
import Arrays
import Classification
import ExampleData
import Foundation
import Regression
import Support
import TestSupport
import Testing

@testable import Classical

/// Stored regressors and one-class machines, mutated: they answer with as many numbers as rows, or are refused.
/// DESCENT_FUZZ=1000000 gives each a million.
@Suite struct RegressorFuzzTests {
    private let rows: FeatureMatrix
    private let examples: LabeledExamples

    init() {
        let values = NDArray<Float>(shape: [12, 2], elements: (0..<24).map { Float($0 * $0 % 11) / 4 })
        rows = .floats(values)
        examples = LabeledExamples(.floats(values), values: NDArray((0..<12).map { Float($0 % 5) }))
    }

    /// Bytes of the file, and the same numbers in the arrays replaced by hostile ones.
    private func fuzz(_ file: SafeTensors, seed: UInt64, _ read: (SafeTensors) throws -> Void) throws {
        try withTemporaryDirectory { directory in
            let path = "\(directory)/f.safetensors"
            try file.write(to: path)
            let bytes = try #require(contents(path))
            let words = ["F64", "F32", "I32", "[1,2]", "[0]", "9", "-1", "rbf", "linear", "nan", "\u{7F}"]
            let outcome = TestSupport.fuzz([bytes], seed: seed, words: words) { bytes in
                try Data(bytes).write(to: URL(fileURLWithPath: path))
                try read(SafeTensors(contentsOf: path))
            }
            #expect(outcome.other == nil)
            #expect(
                outcome.accepted > 0 && outcome.refused > mutationCount / 20, "\(outcome)")
        }
    }

    private func regressor<Model: StorableRegressor>(_ model: Model, seed: UInt64) throws {
        var file = SafeTensors()
        model.store(in: &file, prefix: "r.")
        try fuzz(file, seed: seed) { file in
            let model = try Model(from: file, prefix: "r.")
            let values = try model.values(for: rows)
            guard values.shape == [12, model.outputCount] else { throw Mismatch() }
        }
    }

    @Test func ridge() throws { try regressor(RidgeRegression(alpha: 1).fit(examples), seed: 71) }

    @Test func neighbors() throws {
        try regressor(NearestNeighborsRegression(k: 3).fit(examples), seed: 72)
    }

    @Test func supportVectors() throws {
        try regressor(SupportVectorRegression(kernel: .rbf(), cost: 1, epsilon: 0.1).fit(examples), seed: 73)
    }

    @Test func oneClass() throws {
        let model = try OneClassMachine(kernel: .rbf(), nu: 0.5).fit(
            rows)
        var file = SafeTensors()
        model.store(in: &file, prefix: "r.")
        try fuzz(file, seed: 74) { file in
            let model = try OneClassClassifier(from: file, prefix: "r.")
            guard try model.classes(of: rows, cancellation: nil).count == 12 else { throw Mismatch() }
        }
    }

    private struct Mismatch: Error {}
}
