import CKernels
import Foundation
import Support
import TestSupport
import Testing

@testable import ONNXImport

/// What the onnx package brings: nine image classifiers with their reference outputs, and its node tests.
@Suite("Models and tests of the onnx package", .serialized)
struct LightModelTests {
    /// The Python environment that `./descent test --interop` makes.
    static let interop = ProcessInfo.processInfo.environment["DESCENT_INTEROP"] ?? ""
    /// The package's folder there; empty without one.
    static let package: String = {
        let libraries = interop + "/lib"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: libraries)) ?? []
        let found = versions.map { "\(libraries)/\($0)/site-packages/onnx" }
        return found.first { FileManager.default.fileExists(atPath: $0) } ?? ""
    }()
    static let names = [
        "bvlc_alexnet", "densenet121", "inception_v1", "inception_v2", "resnet50", "shufflenet", "squeezenet",
        "vgg19",
        "zfnet512",
    ]

    @Test(.enabled(if: !package.isEmpty, "needs ./descent test --interop"), arguments: names)
    func theNineClassifiersGiveTheirReferenceOutputs(name: String) throws {
        let folder = Self.package + "/backend/test/data/light"
        let model = try ONNXModel(contentsOf: "\(folder)/light_\(name).onnx")
        let input = try #require(model.inputs.first)
        let shape = try #require(input.shape?.compactMap { $0 })
        let count = shape.reduce(1, *)
        // The package's own input: n / N in order.
        let pixels = (0..<count).map { Float(Double($0) / Double(count)) }
        let results = try model.run([input.name: ONNXTensor(pixels, shape: shape)])
        let expected = try NodeCase.tensor("\(folder)/light_\(name)_output_0.pb")
        let got = try #require(results.first)
        let fault = try NodeCase.difference(
            got.reshaped(expected.shape), expected, relative: 1e-3, absolute: 1e-7)
        #expect(fault == nil, "\(name): \(fault ?? "")")
    }

    @Test(.enabled(if: !package.isEmpty, "needs ./descent test --interop"))
    func theWholePackagesNodeTestsPass() throws {
        let folder = try TemporaryFolder()
        let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/make_node_tests.py"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.interop + "/bin/python3")
        process.arguments = [script, folder.path] + OperatorRegistry.standard.names
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        try NodeTests.check(folder.path, atLeast: 1000)
    }
}

/// A folder that is gone when nobody has it any more.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
