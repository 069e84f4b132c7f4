import Foundation
import Support
import TestSupport
import Testing

@testable import ONNXImport

/// Files that are damaged or meant to harm: typed errors, no trap, no more memory than allowed.
@Suite("ONNX files that are bad")
struct BadFileTests {
    @Test func aCycleIsNamed() throws {
        let graph = Wire.node("Relu", ["b"], ["a"]) + Wire.node("Relu", ["a"], ["b"]) + Wire.value(12, "b")
        let error = #expect(throws: DescentError.self) { try ONNXModel(bytes: Wire.model(graph)) }
        #expect(error?.what.contains("a cycle") == true && error?.place?.contains("Relu") == true)
    }

    @Test func aMissingTensorIsNamedWithItsNode() throws {
        let graph = Wire.node("Add", ["x", "nowhere"], ["y"]) + Wire.value(11, "x") + Wire.value(12, "y")
        let error = #expect(throws: DescentError.self) { try ONNXModel(bytes: Wire.model(graph)) }
        #expect(error?.what == "a tensor that no node gives" && error?.got == "'nowhere'")
        #expect(error?.place?.contains("(Add)") == true)
    }

    @Test func aNameOfTwoTensorsIsRefused() throws {
        let graph =
            Wire.node("Relu", ["x"], ["y"]) + Wire.node("Abs", ["x"], ["y"]) + Wire.value(11, "x")
            + Wire.value(12, "y")
        let error = #expect(throws: DescentError.self) { try ONNXModel(bytes: Wire.model(graph)) }
        #expect(error?.what == "a name of two tensors")
    }

    @Test func anUnknownOperatorAndAnUnknownOpsetAreNamed() throws {
        let graph = Wire.node("Frobnicate", ["x"], ["y"]) + Wire.value(11, "x") + Wire.value(12, "y")
        let error = #expect(throws: DescentError.self) { try ONNXModel(bytes: Wire.model(graph)) }
        #expect(error?.what == "an operator that is not supported" && error?.got == "Frobnicate")
        let known = Wire.node("Relu", ["x"], ["y"]) + Wire.value(11, "x") + Wire.value(12, "y")
        let opset = #expect(throws: DescentError.self) { try ONNXModel(bytes: Wire.model(known, opset: 999)) }
        #expect(opset?.what == "an opset that is not known" && opset?.got == "999")
    }

    @Test func fewBytesThatAskForMuchMemoryAreRefused() throws {
        // A shape of 2^31 elements, 8 GB of float32.
        let shape = Wire.tensor("s", dimensions: [4], type: 7, longs: [2048, 1024, 1024, 8])
        let graph = Wire.field(5, shape) + Wire.node("ConstantOfShape", ["s"], ["y"]) + Wire.value(12, "y")
        let model = Wire.model(graph)
        #expect(model.count < 120)
        let error = #expect(throws: DescentError.self) { try ONNXModel(bytes: model) }
        #expect(error?.what == "a tensor that needs more memory than the model may take")
        let overflowing = Wire.tensor("s", dimensions: [3], type: 7, longs: [1 << 40, 1 << 40, 1 << 40])
        let second =
            Wire.field(5, overflowing) + Wire.node("ConstantOfShape", ["s"], ["y"]) + Wire.value(12, "y")
        let overflow = #expect(throws: DescentError.self) { try ONNXModel(bytes: Wire.model(second)) }
        #expect(overflow?.what == "a tensor whose size overflows")
    }

    @Test func aTensorLargerThanItsBytesIsRefused() throws {
        let weights = Wire.tensor("w", dimensions: [1 << 20], type: 1, raw: [1, 2, 3, 4])
        let graph = Wire.field(5, weights) + Wire.node("Relu", ["w"], ["y"]) + Wire.value(12, "y")
        let error = #expect(throws: DescentError.self) { try ONNXModel(bytes: Wire.model(graph)) }
        #expect(error?.what == "a tensor with other bytes than its shape needs" && error?.got == "4")
    }

    @Test func externalDataOutsideTheFolderIsRefused() throws {
        for location in ["../secret.bin", "/etc/passwd", "a/../../b", ""] {
            var weights = Wire.tensor("w", dimensions: [1], type: 1, raw: nil)
            weights += Wire.field(13, Wire.text(1, "location") + Wire.text(2, location)) + Wire.number(14, 1)
            let graph = Wire.field(5, weights) + Wire.node("Relu", ["w"], ["y"]) + Wire.value(12, "y")
            let error = #expect(throws: DescentError.self) { try ONNXModel(bytes: Wire.model(graph)) }
            #expect(error?.what == "external data whose path leaves the model's folder", "\(location)")
        }
    }

    @Test func externalDataBesideTheModelIsRead() throws {
        let folder = try TemporaryFolder()
        try Data([0, 0, 128, 63, 0, 0, 0, 192]).write(to: URL(fileURLWithPath: folder.path + "/w.bin"))
        var weights = Wire.tensor("w", dimensions: [2], type: 1, raw: nil)
        weights += Wire.field(13, Wire.text(1, "location") + Wire.text(2, "w.bin")) + Wire.number(14, 1)
        let graph =
            Wire.field(5, weights) + Wire.node("Mul", ["x", "w"], ["y"]) + Wire.value(11, "x")
            + Wire.value(12, "y")
        try Data(Wire.model(graph)).write(to: URL(fileURLWithPath: folder.path + "/m.onnx"))
        let model = try ONNXModel(contentsOf: folder.path + "/m.onnx")
        let result = try model(["x": ONNXTensor([3, 5] as [Float], shape: [2])])
        #expect(try result["y"]?.elements(as: Float.self) == [3, -10])
    }

    @Test func graphsInGraphsHaveADepth() throws {
        var graph = Wire.node("Relu", ["x"], ["y"]) + Wire.value(12, "y")
        for _ in 0..<40 {
            let attribute = Wire.text(1, "then_branch") + Wire.field(6, graph) + Wire.number(20, 5)
            graph = Wire.field(1, Wire.text(4, "If") + Wire.text(2, "y") + Wire.field(5, attribute))
        }
        let error = #expect(throws: DescentError.self) { try ONNXModel(bytes: Wire.model(graph)) }
        #expect(error?.what.contains("graphs in graphs") == true)
    }

    @Test func noFileAndNoONNXFileAreErrors() throws {
        #expect(throws: DescentError.self) { try ONNXModel(contentsOf: "/nowhere/model.onnx") }
        #expect(throws: DescentError.self) { try ONNXModel(bytes: []) }
        #expect(throws: DescentError.self) { try ONNXModel(bytes: Array("\u{89}PNG".utf8)) }
    }

    /// Every byte of small models changed in turn, in several ways, and the models run: nothing but typed errors.
    @Test(.needsShared("fixtures/onnx_node"))
    func mutatedFilesEndInTypedErrors() throws {
        let names = [
            "test_conv_with_strides_padding", "test_resize", "test_slice_neg", "test_maxpool_2d_pads",
            "test_gemm_alpha",
        ]
        var random = SystemRandomNumberGenerator.seeded(1)
        var opened = 0
        for name in names {
            let path = SharedFiles.path("fixtures/onnx_node/\(name)")
            guard let data = FileManager.default.contents(atPath: path + "/model.onnx") else { continue }
            for _ in 0..<400 {
                var bytes = Array(data)
                for _ in 0..<Int.random(in: 1...3, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(
                        in: 0...255, using: &random)
                }
                do {
                    let model = try ONNXModel(bytes: bytes, memoryLimit: 1 << 24)
                    opened += 1
                    var inputs: [String: ONNXTensor] = [:]
                    for (index, input) in model.inputs.enumerated() {
                        inputs[input.name] = try NodeCase.tensor(
                            "\(path)/test_data_set_0/input_\(min(index, 0)).pb")
                    }
                    _ = try model.run(inputs)
                } catch is DescentError {}
            }
        }
        #expect(opened > 50)
    }
}

extension SystemRandomNumberGenerator {
    /// Numbers that are the same in every run.
    static func seeded(_ seed: UInt64) -> SplitMix { SplitMix(state: seed) }
}

struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

/// Messages in the wire format, for small files.
enum Wire {
    static func varint(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        repeat {
            bytes.append(UInt8(rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        return bytes
    }

    static func number(_ field: UInt64, _ value: UInt64) -> [UInt8] { varint(field << 3) + varint(value) }
    static func field(_ field: UInt64, _ bytes: [UInt8]) -> [UInt8] {
        varint(field << 3 | 2) + varint(UInt64(bytes.count)) + bytes
    }
    static func text(_ number: UInt64, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

    static func node(_ type: String, _ inputs: [String], _ outputs: [String]) -> [UInt8] {
        field(1, inputs.flatMap { text(1, $0) } + outputs.flatMap { text(2, $0) } + text(4, type))
    }
    /// An input (11) or an output (12) of any form.
    static func value(_ number: UInt64, _ name: String) -> [UInt8] { field(number, text(1, name)) }

    static func tensor(
        _ name: String, dimensions: [UInt64], type: UInt64, longs: [UInt64] = [], raw: [UInt8]? = []
    ) -> [UInt8] {
        var bytes = dimensions.flatMap { number(1, $0) } + number(2, type) + text(8, name)
        bytes += longs.flatMap { number(7, $0) }
        if let raw, longs.isEmpty { bytes += field(9, raw) }
        return bytes
    }

    static func model(_ graph: [UInt8], opset: UInt64 = 13) -> [UInt8] {
        number(1, 8) + field(7, graph) + field(8, number(2, opset))
    }
}
