import Arrays
import Pipelines
import Support
import TestSupport
import Testing

@testable import Models

/// ONNX files as model folders, and as models without one.
@Suite("ONNX files as models")
struct ONNXFolderTests {
    private let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    private func red() -> NDArray<UInt8> {
        NDArray(shape: [5, 5, 3], elements: (0..<75).map { $0 % 3 == 0 ? 250 : 10 })
    }

    @Test func aFolderHoldsTheFileAndProvesItself() throws {
        let file = "\(directory.path)/net.onnx"
        try AtomicFile.write(Wire.redOrBlue(), to: file)
        let opened = try ONNXFile.open(file, classNames: ["red", "blue"])
        let folder = "\(directory.path)/model"
        try ModelFolder(importing: opened).write(to: .folder(folder))
        Files.remove(file)
        let model = try ClassifierModel(contentsOf: folder)
        #expect(model.classNames == ["red", "blue"])
        #expect(try model.predict(red()).className == "red")
        #expect(try ModelFolder.load(folder).pipelineClassifier?.summary == opened.classifier.summary)
        // Another network in its place is found by the samples' answers, and by the checksum.
        let weights = "\(folder)/model.safetensors"
        var bytes = try Files.read(weights, limit: 1 << 20)
        bytes[bytes.count - 40] ^= 1
        try AtomicFile.write(bytes, to: weights)
        let damaged = #expect(throws: DescentError.self) { try ClassifierModel(contentsOf: folder) }
        #expect(damaged?.kind == .badData)
    }

    @Test func aFileIsOpenedAsItIs() throws {
        let file = "\(directory.path)/net.onnx"
        try AtomicFile.write(
            Wire.redOrBlue(metadata: Wire.metadata("class_names", "[\"red\", \"blue\"]")), to: file)
        let model = try ClassifierModel(contentsOf: file)
        #expect(try model.predict(red()).className == "red")
        #expect(model.novelty == nil)
    }
}
