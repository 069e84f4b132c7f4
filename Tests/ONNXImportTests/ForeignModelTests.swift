import Foundation
import Testing

@testable import ONNXImport

/// Whole models of other exporters with the answers of onnxruntime, in folders as the node tests have them.
@Suite("Models of other exporters")
struct ForeignModelTests {
    /// Folders with a manifest, separated by colons: what `Tests/Systems/exporters` has written.
    static let folders = (ProcessInfo.processInfo.environment["DESCENT_ONNX_FOREIGN"] ?? "").split(
        separator: ":"
    )
    .map(String.init)

    @Test(
        .enabled(if: !folders.isEmpty, "needs models that Tests/Systems/exporters writes"), arguments: folders
    )
    func modelsOfOtherExportersAgreeWithONNXRuntime(folder: String) throws {
        try NodeTests.check(folder, atLeast: 0)
    }
}
