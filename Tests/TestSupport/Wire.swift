/// Messages in the wire format, for small files.
package enum Wire {
    package static func varint(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        repeat {
            bytes.append(UInt8(rest & 0x7f) | (rest > 0x7f ? 0x80 : 0))
            rest >>= 7
        } while rest > 0
        return bytes
    }

    package static func number(_ field: UInt64, _ value: UInt64) -> [UInt8] {
        varint(field << 3) + varint(value)
    }
    package static func field(_ field: UInt64, _ bytes: [UInt8]) -> [UInt8] {
        varint(field << 3 | 2) + varint(UInt64(bytes.count)) + bytes
    }
    package static func text(_ number: UInt64, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

    package static func node(
        _ type: String, _ inputs: [String], _ outputs: [String], attributes: [UInt8] = []
    ) -> [UInt8] {
        field(
            1, inputs.flatMap { text(1, $0) } + outputs.flatMap { text(2, $0) } + text(4, type) + attributes)
    }
    package static func attribute(_ name: String, _ value: UInt64) -> [UInt8] {
        field(5, text(1, name) + number(3, value) + number(20, 2))
    }
    package static func attribute(_ name: String, _ value: String) -> [UInt8] {
        field(5, text(1, name) + text(4, value) + number(20, 3))
    }
    package static func attribute(_ name: String, _ values: [UInt64]) -> [UInt8] {
        field(5, text(1, name) + values.flatMap { number(8, $0) } + number(20, 7))
    }
    /// An input (11) or an output (12) of any form.
    package static func value(_ number: UInt64, _ name: String) -> [UInt8] { field(number, text(1, name)) }

    package static func tensor(
        _ name: String, dimensions: [UInt64], type: UInt64, longs: [UInt64] = [], raw: [UInt8]? = []
    ) -> [UInt8] {
        var bytes = dimensions.flatMap { number(1, $0) } + number(2, type) + text(8, name)
        bytes += longs.flatMap { number(7, $0) }
        if let raw, longs.isEmpty { bytes += field(9, raw) }
        return bytes
    }

    package static func model(_ graph: [UInt8], opset: UInt64 = 13) -> [UInt8] {
        number(1, 8) + field(7, graph) + field(8, number(2, opset))
    }

    /// An input (11) or an output (12) with its type and its axes, nil for a free one.
    package static func value(_ number: UInt64, _ name: String, type: UInt64 = 1, _ axes: [UInt64?])
        -> [UInt8]
    {
        let shape = axes.flatMap { field(1, $0.map { Wire.number(1, $0) } ?? text(2, "N")) }
        return field(
            number, text(1, name) + field(2, field(1, Wire.number(1, type) + field(2, shape))))
    }

    /// An initializer of float32.
    package static func floats(_ name: String, _ shape: [Int], _ values: [Float]) -> [UInt8] {
        field(
            5,
            tensor(
                name, dimensions: shape.map(UInt64.init), type: 1,
                raw: values.flatMap { value in
                    withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
                }))
    }

    /// A text beside the network.
    package static func metadata(_ key: String, _ value: String) -> [UInt8] {
        field(14, text(1, key) + text(2, value))
    }

    /// A classifier of colour pictures of 4 x 4: the mean of red (after a convolution that swaps red and blue, the last
    /// channel), of green and of blue, and logits of two classes: red against blue.
    package static func redOrBlue(ending: [UInt8] = [], output: String = "logits", metadata: [UInt8] = [])
        -> [UInt8]
    {
        let graph =
            node("Conv", ["image", "swap"], ["swapped"]) + node("GlobalAveragePool", ["swapped"], ["pool"])
            + node("Flatten", ["pool"], ["seen"]) + node("Gemm", ["seen", "w", "b"], ["logits"]) + ending
            + floats("swap", [3, 3, 1, 1], [0, 0, 1, 0, 1, 0, 1, 0, 0])
            + floats("w", [3, 2], [-4, 4, 0, 0, 4, -4]) + floats("b", [2], [0, 0])
            + value(11, "image", [nil, 3, 4, 4]) + value(12, output, [nil, 2])
        return model(graph) + metadata
    }
}
