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

    /// The error of a model of one node (or more) whose inputs are all tensors of the file.
    private func refusal(
        _ tensors: [[UInt8]], _ nodes: [UInt8], opset: UInt64 = 13, memory: Int = 1 << 24
    ) -> String? {
        let graph = tensors.flatMap { Wire.field(5, $0) } + nodes + Wire.value(12, "y")
        let error = #expect(throws: DescentError.self) {
            try ONNXModel(bytes: Wire.model(graph, opset: opset), memoryLimit: memory)
        }
        return error?.what
    }

    @Test func blocksOfAnySizeAreCounted() throws {
        let graph =
            Wire.field(5, Wire.tensor("x", dimensions: [2], type: 3, raw: [3, 5]))
            + Wire.field(5, Wire.tensor("s", dimensions: [1], type: 1, raw: [0, 0, 0, 64]))
            + Wire.node(
                "DequantizeLinear", ["x", "s"], ["y"],
                attributes: Wire.attribute("axis", 0) + Wire.attribute("block_size", UInt64(Int.max)))
            + Wire.value(12, "y")
        let y = try ONNXModel(bytes: Wire.model(graph, opset: 21))([:])["y"]
        #expect(try y?.elements(as: Float.self) == [6, 10])
        // An axis of an empty tensor is as long as it likes: no list of its places.
        let what = refusal(
            [
                Wire.tensor("x", dimensions: [0, 1 << 58], type: 3),
                Wire.tensor("s", dimensions: [0, 1], type: 1),
            ],
            Wire.node(
                "DequantizeLinear", ["x", "s"], ["y"],
                attributes: Wire.attribute("axis", 1) + Wire.attribute("block_size", UInt64(Int.max))),
            opset: 21)
        #expect(what != nil)
    }

    @Test func aRatioThatOverflowsIsRefused() {
        let what = refusal(
            [
                Wire.tensor("x", dimensions: [1, 1 << 40, 0], type: 1),
                Wire.tensor("n", dimensions: [2], type: 7, longs: [1 << 39, 1]),
            ],
            Wire.node(
                "Resize", ["x", "", "", "n"], ["y"],
                attributes: Wire.attribute("axes", [0, 1])
                    + Wire.attribute("keep_aspect_ratio_policy", "not_smaller")), opset: 18)
        #expect(what == "a size that overflows")
    }

    @Test func anEmptyTensorTakesNoShapeThatOverflows() {
        let what = refusal(
            [
                Wire.tensor("x", dimensions: [0], type: 1),
                Wire.tensor("s", dimensions: [3], type: 7, longs: [0, 1 << 62, 4]),
            ],
            Wire.node("Reshape", ["x", "s"], ["y"], attributes: Wire.attribute("allowzero", 1)), opset: 14)
        #expect(what == "a tensor whose size overflows")
    }

    @Test func lengthsWhoseSumOverflowsAreRefused() {
        let x = Wire.tensor("x", dimensions: [0, 1 << 59], type: 2)
        let all = [String](repeating: "x", count: 16)
        let joined = refusal([x], Wire.node("Concat", all, ["y"], attributes: Wire.attribute("axis", 1)))
        #expect(joined == "a size that overflows")
        let lengths = [UInt64](repeating: 1 << 59, count: 16)
        let split = refusal(
            [x, Wire.tensor("n", dimensions: [16], type: 7, longs: lengths)],
            Wire.node("Split", ["x", "n"], ["y"], attributes: Wire.attribute("axis", 1)))
        #expect(split == "parts that are not the whole axis")
    }

    @Test func windowsWhoseReachOverflowsAreRefused() {
        // 7^2 * 73 * 127 * 337 * 92737 * 649657 = 2^63 - 1; both factors are less than 2^40.
        let (one, other): (UInt64, UInt64) = (92737 * 7 * 7 * 73 * 127, 649657 * 337)
        #expect(one * other == UInt64(Int.max) && one < 1 << 40)
        let x = Wire.tensor("x", dimensions: [1, 1, 0], type: 1)
        for padding in ["NOTSET", "SAME_UPPER"] {
            let windows =
                Wire.attribute("kernel_shape", [other + 1]) + Wire.attribute("dilations", [one])
                + Wire.attribute("auto_pad", padding)
            let pooled = refusal([x], Wire.node("MaxPool", ["x"], ["y"], attributes: windows))
            #expect(pooled == "a size that overflows", "\(padding)")
        }
        let empty = Wire.tensor("x", dimensions: [0, 1, 1], type: 1)
        let weights = Wire.tensor("w", dimensions: [1, 0, other + 1], type: 1)
        let transposed = refusal(
            [empty, weights],
            Wire.node("ConvTranspose", ["x", "w"], ["y"], attributes: Wire.attribute("dilations", [one])))
        #expect(transposed == "a size that overflows")
    }

    @Test func textsCountAsMemory() {
        // One text of no bytes is read 64 times; what else the nodes take is within the limits.
        let text = Wire.tensor("t", dimensions: [1, 1], type: 8, raw: nil) + Wire.field(6, [])
        let zeros = [UInt64](repeating: 0, count: 64)
        let indices = Wire.tensor("i", dimensions: [64, 1], type: 7, longs: zeros)
        let most = "a tensor that needs more memory than the model may take"
        for type in ["Gather", "GatherElements", "GatherND"] {
            #expect(
                refusal([text, indices], Wire.node(type, ["t", "i"], ["y"]), memory: 1500) == most, "\(type)")
        }
        let all = [String](repeating: "t", count: 64)
        let concat = Wire.node("Concat", all, ["y"], attributes: Wire.attribute("axis", 0))
        #expect(refusal([text], concat, memory: 400) == most)
    }

    /// Models of single nodes changed in several ways and run on zeros: nothing but typed errors, in time. DESCENT_FUZZ sets how
    /// many; `Tests/Systems/fuzz` runs more.
    @Test(.needsShared("fixtures/onnx_node"))
    func mutatedFilesEndInTypedErrors() throws {
        let folder = SharedFiles.path("fixtures/onnx_node")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        let seeds = names.compactMap { FileManager.default.contents(atPath: "\(folder)/\($0)/model.onnx") }
            .map { Array($0) }.filter { $0.count < 4096 }
        try #require(seeds.count > 400)
        let result = fuzz(seeds, seed: 13, words: OperatorRegistry.standard.names) { bytes in
            let model = try ONNXModel(bytes: bytes, memoryLimit: 1 << 24)
            var inputs: [String: ONNXTensor] = [:]
            for input in model.inputs {
                let shape = input.shape?.map { $0 ?? 2 } ?? []
                let budget = MemoryBudget(limit: 1 << 20)
                let zeros = try ONNXTensor([Float](repeating: 0, count: 1), shape: [], budget)
                inputs[input.name] = try ShapeKernels.expand(zeros, shape, budget)
                    .cast(to: input.type ?? .float32, budget)
            }
            _ = try model.run(inputs)
        }
        #expect(result.other == nil)
        #expect(result.refused > 100)
    }
}
