import Foundation
import ONNXImport
import Support

extension ONNXVerification {
    /// The samples as a file's metadata have them.
    private struct Samples: Decodable {
        struct Tensor: Decodable {
            let type: String
            let shape: [Int]
            let data: Data?
            let tolerance: Double?
        }

        let count: Int
        let inputs: [String: Tensor]
        let labels: [String]?
        let outputs: [String: Tensor]
    }

    /// Asks Descent's own reader of ONNX files.
    ///
    /// - Throws: `missingInput`; `badData` when the file is damaged, keeps no samples, or has an operator that the reader lacks.
    init(readingAgain path: String) throws {
        let model = try ONNXModel(contentsOf: path)
        let samples: Samples
        do {
            samples = try JSONDecoder().decode(
                Samples.self, from: Data((model.metadata["descent.samples"] ?? "").utf8))
        } catch {
            throw DescentError(
                .badData, "the file keeps no samples with answers", at: path,
                expected: "'descent.samples' in its metadata", advice: "a file that Descent exported has them"
            )
        }
        let labelCount = samples.labels?.count
        guard samples.count > 0, labelCount != nil || !samples.outputs.isEmpty,
            labelCount == nil || labelCount == samples.count
        else {
            throw DescentError(
                .badData, "samples with nothing to compare, or with labels for others", at: path,
                expected: "\(samples.count) labels, or outputs",
                got: "\(labelCount ?? 0) labels, \(samples.outputs.count) outputs")
        }
        let found = try model(samples.inputs.mapValues { try Self.tensor($0, path) })
        let labels = found["label"]?.strings ?? []
        let wanted = samples.labels ?? []
        self.init(
            runtime: "Descent", checker: "Descent", count: samples.count,
            equalLabels: samples.labels == nil
                ? samples.count
                : labels.count == wanted.count ? zip(labels, wanted).count { $0 == $1 } : 0,
            hasLabels: samples.labels != nil,
            outputs: try samples.outputs.sorted { $0.key < $1.key }.map { name, stored in
                let values = try Self.tensor(stored, path).elements(as: Float.self)
                let own = try found[name]?.elements(as: Float.self) ?? []
                var largest: Double? = !values.isEmpty && own.count == values.count ? 0 : nil
                for (one, other) in zip(own, values) {
                    let difference = Double(abs(one - other))
                    largest = difference.isFinite ? largest.map { max($0, difference) } : nil
                }
                return Output(name: name, largest: largest, tolerance: stored.tolerance ?? 0)
            })
    }

    private static func tensor(_ stored: Samples.Tensor, _ path: String) throws -> ONNXTensor {
        let type = ONNXElementType.allCases.first { $0.description == stored.type }
        guard let type, let data = stored.data, stored.shape.allSatisfy({ $0 >= 0 }) else {
            throw DescentError(
                .badData, "samples that the own reader cannot take", at: path, expected: "numbers",
                got: stored.type)
        }
        do {
            return try data.withUnsafeBytes { try ONNXTensor(type, bytes: $0, shape: stored.shape) }
        } catch {
            throw DescentError(.badData, "samples that contradict each other: \(error)", at: path)
        }
    }
}
