import Foundation
import Support
import TestSupport
import Testing

@testable import ONNXImport

/// ONNX's own tests of its operators: models of one node with inputs and outputs.
@Suite("ONNX's node tests")
struct NodeTests {
    static let folder = SharedFiles.path("fixtures/onnx_node")

    @Test(.needsShared("fixtures/onnx_node"))
    func everyNodeTestPasses() throws { try Self.check(Self.folder, atLeast: 400) }

    /// Runs all cases of a folder.
    static func check(_ folder: String, atLeast: Int) throws {
        let manifest = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(fileURLWithPath: folder + "/manifest.json")))
        let cases = try #require((manifest as? [String: Any])?["cases"] as? [[String: Any]])
        try #require(cases.count > atLeast)
        var faults: [String] = []
        for entry in cases where entry["random_dropout_mask"] as? Bool != true {
            let name = try #require(entry["name"] as? String)
            let relative = entry["rtol"] as? Double ?? 1e-3
            let absolute = entry["atol"] as? Double ?? 1e-7
            do {
                if let fault = try NodeCase(folder + "/" + name).fault(relative, absolute) {
                    faults.append("\(name): \(fault)")
                }
            } catch { faults.append("\(name): \(error)") }
        }
        #expect(faults.isEmpty, "\(faults.count) of \(cases.count):\n\(faults.joined(separator: "\n"))")
    }
}

/// One folder: a model, its inputs and its outputs.
struct NodeCase {
    let folder: String

    init(_ folder: String) { self.folder = folder }

    /// The folder's inputs by the model's names.
    func inputs(of model: ONNXModel) throws -> [String: ONNXTensor] {
        var inputs: [String: ONNXTensor] = [:]
        for (index, input) in model.inputs.enumerated() {
            inputs[input.name] = try Self.value("\(folder)/test_data_set_0/input_\(index)")
        }
        return inputs
    }

    /// Returns what is wrong with the outputs; nil where they are right.
    func fault(_ relative: Double, _ absolute: Double) throws -> String? {
        let model = try ONNXModel(contentsOf: folder + "/model.onnx")
        let results = try model.run(inputs(of: model))
        let files = try FileManager.default.contentsOfDirectory(atPath: folder + "/test_data_set_0")
        let count = Set(
            files.filter { $0.hasPrefix("output_") }.map { $0.split(separator: /[_.]/)[1] }
        ).count
        guard results.count == count, count > 0 else { return "\(results.count) outputs, not \(count)" }
        for (index, result) in results.enumerated() {
            let expected = try Self.value("\(folder)/test_data_set_0/output_\(index)")
            if let fault = try Self.difference(result, expected, relative: relative, absolute: absolute) {
                return "output \(index): \(fault)"
            }
        }
        return nil
    }

    /// A tensor, a sequence of tensors, or an optional value that is not there, as `make_node_tests.py` writes them.
    static func value(_ path: String) throws -> ONNXTensor {
        let budget = MemoryBudget(limit: 1 << 32)
        var members: [ONNXTensor] = []
        while FileManager.default.fileExists(atPath: "\(path)_\(members.count).pb") {
            members.append(try tensor("\(path)_\(members.count).pb"))
        }
        if !members.isEmpty { return try ONNXTensor(sequence: members, budget) }
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path + ".pb"))
        if bytes == Data("[]".utf8) { return try ONNXTensor(sequence: [], budget) }
        return bytes.isEmpty ? try ONNXTensor.nothing(budget) : try tensor(path + ".pb")
    }

    static func tensor(_ path: String) throws -> ONNXTensor {
        let map = try FileMap(path)
        var reader = WireReader(map, 0..<map.bytes.count)
        var loader = TensorLoader(map, MemoryBudget(limit: 1 << 32))
        return try loader.tensor(reader.tensor())
    }

    static func difference(
        _ got: ONNXTensor, _ expected: ONNXTensor, relative: Double, absolute: Double
    ) throws -> String? {
        if let members = expected.members {
            guard let own = got.members, own.count == members.count else { return "another sequence" }
            return try zip(own, members).compactMap {
                try difference($0, $1, relative: relative, absolute: absolute)
            }.first
        }
        if case .nothing = expected.form {
            if case .nothing = got.form { return nil }
            return "more than nothing"
        }
        guard got.type == expected.type, got.shape == expected.shape else {
            return "\(got.type) \(got.shape), not \(expected.type) \(expected.shape)"
        }
        if got.type == .string { return got.strings == expected.strings ? nil : "other strings" }
        let budget = MemoryBudget(limit: 1 << 32)
        if !got.type.isFloating {
            let a = try got.cast(to: .int64, budget).elements(as: Int64.self)
            let b = try expected.cast(to: .int64, budget).elements(as: Int64.self)
            return a == b ? nil : "\(a.prefix(8)), not \(b.prefix(8))"
        }
        // Numbers of 16 bits in a chain of nodes are rounded after each: two units of their last place.
        let unit = got.type == .bfloat16 ? 1.0 / 128 : got.type == .float16 ? 1.0 / 1024 : 0
        let relative = max(relative, 2 * unit)
        let (a, b) = (try got.doubles(budget), try expected.doubles(budget))
        try #require(a.count == b.count)
        for index in a.indices {
            let (x, y) = (a[index], b[index])
            if x == y || (x.isNaN && y.isNaN) { continue }
            guard abs(x - y) <= absolute + relative * abs(y) else { return "\(x), not \(y) at \(index)" }
        }
        return nil
    }
}
