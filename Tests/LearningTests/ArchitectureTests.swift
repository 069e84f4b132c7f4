import Arrays
import Autodiff
import Networks
import Testing

@testable import Learning

@Suite struct ArchitectureTests {
    @Test func namesMeanLayers() throws {
        let two = try Architecture(named: "two-layer", inputs: 784, classes: 10)
        #expect(
            two.layers == [
                .dense(inputs: 784, outputs: 50, activation: .sigmoid),
                .dense(inputs: 50, outputs: 10, activation: .identity),
            ])
        // 784 · 50 + 50 + 50 · 10 + 10
        #expect(two.parameterCount == 39_760)
        #expect(two.makeNetwork().parameterCount == 39_760)
        let deep = try Architecture(named: "mlp:256,128", inputs: 784, classes: 10, activation: .tanh)
        #expect(deep.sizes == "784-256-128-10")
        #expect(
            deep.layers[1] == .dense(inputs: 256, outputs: 128, activation: .tanh))
        #expect(try Architecture(named: "two-layer", inputs: 4, classes: 2, hidden: 7).sizes == "4-7-2")
    }

    @Test func twoLayerBeginsAsTheNotebookDoes() throws {
        let layers = try Architecture(named: "two-layer", inputs: 784, classes: 10).makeNetwork().layers
        #expect(
            layers.compactMap { ($0 as? Dense)?.weight.initializer } == [
                .normal(deviation: 0.01), .normal(deviation: 0.01),
            ])
        let deep = try Architecture(named: "mlp:20", inputs: 784, classes: 10).makeNetwork().layers
        #expect(deep.compactMap { ($0 as? Dense)?.weight.initializer } == [.he, .xavier])
    }

    @Test(arguments: [
        "three-layer", "mlp", "mlp:", "mlp:0", "mlp:12,", "mlp:-5", "mlp:1e9", "mlp:99999999", "",
        "mlp:" + String(repeating: "2,", count: 64) + "2",
    ])
    func otherNamesAreUsageErrors(name: String) {
        let error = #expect(throws: DescentError.self) {
            try Architecture(named: name, inputs: 784, classes: 10)
        }
        #expect(error?.kind == .usage)
        #expect(error?.place == "--model")
    }

    @Test(arguments: [0, -1, 1 << 21])
    func impossibleHiddenSizesAreUsageErrors(hidden: Int) {
        let error = #expect(throws: DescentError.self) {
            try Architecture(named: "two-layer", inputs: 784, classes: 10, hidden: hidden)
        }
        #expect(error?.kind == .usage)
        #expect(error?.place == "--hidden")
    }

    @Test func hiddenIsNotForMLP() {
        let error = #expect(throws: DescentError.self) {
            try Architecture(named: "mlp:5", inputs: 784, classes: 10, hidden: 5)
        }
        #expect(error?.kind == .usage)
    }

    @Test func networksDescribeThemselves() throws {
        let network = Sequential {
            Dense(6, 3, activation: .relu)
            Dense(3, 2)
        }
        let architecture = try Architecture(of: network, name: "mine")
        #expect(architecture.sizes == "6-3-2")
        let error = #expect(throws: DescentError.self) {
            try Architecture(of: Sequential { network }, name: "nested")
        }
        #expect(error?.kind == .usage)
        #expect(error?.place == "layer 0")
    }
}

@Suite struct TextTests {
    @Test func jsonKeepsTheOrderOfKeys() {
        let value: JSONText = [
            "z": 1, "a": [1, 2.5, "three"], "nested": ["empty": [:], "flag": true, "none": .null],
        ]
        #expect(value.line == #"{"z":1,"a":[1,2.5,"three"],"nested":{"empty":{},"flag":true,"none":null}}"#)
        #expect(
            value.document == """
                {
                  "z": 1,
                  "a": [1, 2.5, "three"],
                  "nested": {
                    "empty": {},
                    "flag": true,
                    "none": null
                  }
                }

                """)
    }

    @Test func jsonQuotesAndRounds() {
        #expect(JSONText.string("a\"b\\c\n\u{1}é").line == #""a\"b\\c\n\u0001é""#)
        #expect(JSONText.number(Double.nan).line == "null")
        #expect(JSONText.number(Double.infinity).line == "null")
        #expect(JSONText.rounded(0.123456789, decimals: 4).line == "0.1235")
        #expect(JSONText.rounded(.nan, decimals: 4).line == "null")
        #expect(JSONText.rounded(1e300, decimals: 4).line == "1e+300")
    }

    @Test func numbersReadAsPeopleWriteThem() {
        #expect(Numerals.fixed(0.125, 2) == "0.13")
        #expect(Numerals.fixed(-0.001, 2) == "0.00")
        #expect(Numerals.fixed(12.5, 0) == "13")
        #expect(Numerals.fixed(.nan, 2) == "nan")
        #expect(Numerals.percent(0.9432) == "94.32 %")
        #expect(Numerals.grouped(1_234_567) == "1,234,567")
        #expect(Numerals.grouped(999) == "999")
        #expect(Numerals.loss(0.53104) == "0.5310")
        #expect(Numerals.loss(11_411_476_650.7) == "1.14e+10")
        #expect(Numerals.duration(0.418) == "0.42 s")
        #expect(Numerals.duration(12.34) == "12.3 s")
        #expect(Numerals.duration(185) == "3:05")
        #expect(Numerals.duration(3723) == "1:02:03")
        #expect(Numerals.duration(.nan) == "-")
        #expect(Numerals.counted(1, "epoch") == "1 epoch")
    }
}
