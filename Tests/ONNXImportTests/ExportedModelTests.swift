import CKernels
import Foundation
import Support
import TestSupport
import Testing

@testable import ONNXImport

/// Small whole models of PyTorch (both exporters), Paddle, TensorFlow and scikit-learn, with the answers of onnxruntime:
/// `make_exported_models.py` made them.
@Suite("Models of other exporters")
struct ExportedModelTests {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Exported"
    static let names =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }
        .sorted()

    @Test func thereIsOneOfEachExporter() {
        for exporter in ["torch-legacy", "torch-dynamo", "paddle", "tensorflow", "sklearn"] {
            #expect(Self.names.contains { $0.hasPrefix(exporter) }, "\(exporter)")
        }
    }

    @Test(arguments: names)
    func eachAgreesWithONNXRuntime(name: String) throws {
        let fault = try NodeCase("\(Self.folder)/\(name)").fault(1e-4, 1e-5)
        #expect(fault == nil, "\(name): \(fault ?? "")")
    }

    /// Parts of all work follow from sizes alone.
    @Test(arguments: names)
    func eachHasTheSameBitsOnAnyNumberOfThreads(name: String) throws {
        let own = ck_thread_count()
        defer { ck_set_thread_count(own) }
        let node = NodeCase("\(Self.folder)/\(name)")
        let model = try ONNXModel(contentsOf: node.folder + "/model.onnx")
        let inputs = try node.inputs(of: model)
        var bits: [[[UInt8]]] = []
        for threads in [1, 2, 3, 7] {
            ck_set_thread_count(Int32(threads))
            bits.append(
                try model.run(inputs).map { tensor in
                    tensor.type == .string
                        ? tensor.strings.flatMap { Array($0.utf8) } : tensor.withUnsafeBytes { Array($0) }
                })
        }
        #expect(bits.dropFirst().allSatisfy { $0 == bits[0] }, "\(name)")
    }

    /// Models of one's own: folders with a manifest as `make_node_tests.py` writes it, separated by colons.
    static let others = (ProcessInfo.processInfo.environment["DESCENT_ONNX_MODELS"] ?? "").split(
        separator: ":"
    ).map(String.init)

    @Test(.enabled(if: !others.isEmpty, "needs folders of models in DESCENT_ONNX_MODELS"), arguments: others)
    func modelsOfOneselfAgreeWithTheirAnswers(folder: String) throws {
        try NodeTests.check(folder, atLeast: 0)
    }
}
