import Support
import TestSupport
import Testing

@testable import ONNXImport

/// The operators that onnxruntime's quantizer adds, on numbers that can be computed by hand.
@Suite("Operators of onnxruntime's own set")
struct MicrosoftOperatorTests {
    private func result(_ type: String, _ inputs: [[UInt8]], _ names: [String]) throws -> [UInt8] {
        let graph =
            inputs.flatMap { Wire.field(5, $0) }
            + Wire.node(type, names, ["y"], attributes: Wire.text(7, "com.microsoft")) + Wire.value(12, "y")
        let model = Wire.model(graph) + Wire.field(8, Wire.text(1, "com.microsoft") + Wire.number(2, 1))
        return try ONNXModel(bytes: model).run([:])[0].elements(as: UInt8.self)
    }

    private func bytes(_ name: String, _ shape: [UInt64], _ values: [UInt8]) -> [UInt8] {
        Wire.tensor(name, dimensions: shape, type: 2, raw: values)
    }

    private func scale(_ name: String, _ value: Float) -> [UInt8] {
        Wire.tensor(
            name, dimensions: [], type: 1,
            raw: withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) })
    }

    @Test func sumsAndProductsOfQuantizedNumbers() throws {
        let names = ["a", "as", "az", "b", "bs", "bz", "ys", "yz"]
        let inputs = [
            bytes("a", [2], [10, 200]), scale("as", 0.1), bytes("az", [], [0]), bytes("b", [2], [6, 101]),
            scale("bs", 0.2), bytes("bz", [], [1]), scale("ys", 0.3), bytes("yz", [], [10]),
        ]
        // (1 + 1) / 0.3 = 6.7, (20 + 20) / 0.3 = 133.3; 1 * 1 / 0.3 = 3.3, 400 / 0.3 is more than a byte.
        #expect(try result("QLinearAdd", inputs, names) == [17, 143])
        #expect(try result("QLinearMul", inputs, names) == [13, 255])
    }

    @Test func aQuantizedLayer() throws {
        let bias = Wire.tensor("c", dimensions: [1], type: 6, raw: [4, 0, 0, 0])
        let inputs = [
            bytes("a", [1, 2], [1, 2]), scale("as", 0.5), bytes("az", [], [0]), bytes("b", [1, 2], [3, 4]),
            scale("bs", 0.25), bytes("bz", [], [1]), bias, scale("ys", 0.1), bytes("yz", [], [3]),
        ]
        let graph =
            inputs.flatMap { Wire.field(5, $0) }
            + Wire.node(
                "QGemm", ["a", "as", "az", "b", "bs", "bz", "c", "ys", "yz"], ["y"],
                attributes: Wire.text(7, "com.microsoft") + Wire.attribute("transB", 1)) + Wire.value(12, "y")
        let model = Wire.model(graph) + Wire.field(8, Wire.text(1, "com.microsoft") + Wire.number(2, 1))
        // (1 * 2 + 2 * 3 + 4) * 0.125 = 1.5, in tenths 15, and 3.
        #expect(try ONNXModel(bytes: model).run([:])[0].elements(as: UInt8.self) == [18])
    }

    @Test func anOperatorThatIsMissingIsNamedWithItsNode() throws {
        let error = #expect(throws: DescentError.self) {
            try result("QLinearSoftmax", [bytes("x", [1], [1])], ["x"])
        }
        #expect(
            error?.what == "an operator that is not supported" && error?.got == "com.microsoft.QLinearSoftmax"
        )
        #expect(error?.place == "model, node 'y' (com.microsoft.QLinearSoftmax)")
    }
}
