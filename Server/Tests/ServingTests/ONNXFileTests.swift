import Foundation
import Logging
import Testing

@testable import Serving

@Suite("A file of another program is served as it is") struct ONNXFileTests {
    /// Three classes, whose scores are the sums of a picture's first five pixels, the next five and the last six. Made with the `onnx`
    /// package: Flatten, MatMul, Softmax.
    private static let file =
        "CAg66wIKFgoFaW1hZ2USBGZsYXQiB0ZsYXR0ZW4KGQoEZmxhdAoBdxIGbG9naXRzIgZNYXRNdWwKIAoGbG9naXRzEg1wcm9iYWJpbGl0aWVzIg"
        + "dTb2Z0bWF4EgFnKswBCBAIAxABQgF3SsABAACAPwAAAAAAAAAAAACAPwAAAAAAAAAAAACAPwAAAAAAAAAAAACAPwAAAAAAAAAAAACAPwAAAAAA"
        + "AAAAAAAAAAAAgD8AAAAAAAAAAAAAgD8AAAAAAAAAAAAAgD8AAAAAAAAAAAAAgD8AAAAAAAAAAAAAgD8AAAAAAAAAAAAAAAAAAIA/AAAAAAAAAA"
        + "AAAIA/AAAAAAAAAAAAAIA/AAAAAAAAAAAAAIA/AAAAAAAAAAAAAIA/AAAAAAAAAAAAAIA/WiAKBWltYWdlEhcKFQgBEhEKAxIBTgoCCAEKAggE"
        + "CgIIBGIgCg1wcm9iYWJpbGl0aWVzEg8KDQgBEgkKAxIBTgoCCANCBAoAEA0="

    @Test func served() async throws {
        let root = NSTemporaryDirectory() + "serving-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: root) }
        let path = "\(root)/sums.onnx"
        try #require(Data(base64Encoded: Self.file)).write(to: URL(fileURLWithPath: path))
        try await withServer(ModelFixture(), paths: [path]) { port in
            let about = try await ask(port, "/v2/models/sums").json
            let inputs = try #require(about["inputs"] as? [[String: Any]])
            #expect(inputs.count == 1 && inputs[0]["name"] as? String == "image")
            #expect(inputs[0]["shape"] as? [Int] == [-1, 4, 4])
            for (bright, label) in [(0..<5, "class 0"), (5..<10, "class 1"), (10..<16, "class 2")] {
                let pixels = (0..<16).map { bright.contains($0) ? "255" : "0" }.joined(separator: ",")
                let body =
                    #"{"inputs":[{"name":"image","datatype":"UINT8","shape":[1,4,4],"data":[\#(pixels)]}]}"#
                let reply = try await ask(port, "POST", "/v2/models/sums/infer", body: Array(body.utf8))
                let outputs = try #require(reply.json["outputs"] as? [[String: Any]], "\(reply.text)")
                #expect((outputs[0]["data"] as? [String]) == [label], "\(reply.text)")
            }
        }
    }
}
