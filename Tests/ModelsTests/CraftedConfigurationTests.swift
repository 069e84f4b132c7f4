import Arrays
import Support
import Testing

@testable import Models

/// A `config.json` whose layers cannot be computed is refused before anything is built: no file ends the program.
@Suite struct CraftedConfigurationTests {
    private func windows(
        _ type: String, kernel: Int, stride: Int = 1, padding: Int = 0, dilation: Int = 1, _ more: String = ""
    ) -> String {
        """
        {"type": "\(type)", "kernel": [\(kernel), \(kernel)], "stride": [\(stride), \(stride)],
         "padding": [\(padding), \(padding)], "dilation": [\(dilation), \(dilation)]\(more)}
        """
    }

    private func read(_ layers: [String], side: Int = 28) throws -> ModelConfiguration {
        let flat = ([#"{"type": "reshape", "shape": [1, \#(side), \#(side)]}"#] + layers).joined(
            separator: ", ")
        let text = """
            {"format_version": 1, "architecture": {"name": "own", "layers": [\(flat)]}, "labels": ["a"],
             "preprocessing": {"height": \(side), "width": \(side), "divide_by": 255}}
            """
        return try ModelConfiguration(json: Array(text.utf8), path: "config.json")
    }

    private func refusal(_ layers: String...) -> DescentError? {
        let error = #expect(throws: DescentError.self, "\(layers)") { try read(layers) }
        #expect(error?.kind == .badData && error?.place == "config.json", "\(layers)")
        return error
    }

    @Test func poolingsThatCannotBeComputedAreRefused() {
        // 324 pixels: places are bytes.
        let large = refusal(windows("max_pooling", kernel: 18, stride: 2, padding: 8))
        #expect(large?.expected?.hasPrefix("at most 255 at layer 1") == true, "\(large?.description ?? "")")
        #expect(refusal(windows("max_pooling", kernel: 2, stride: 3, padding: 7))?.got == "7x7")
        #expect(refusal(windows("max_pooling", kernel: 2, dilation: 2))?.got == "2x2")
        let mean = #", "counts_padding": true"#
        #expect(refusal(windows("average_pooling", kernel: 2, padding: 2, mean))?.got == "2x2")
        #expect(refusal(windows("average_pooling", kernel: 2, dilation: 2, mean))?.got == "2x2")
    }

    @Test func sizesBeyondAllMemoryAreRefused() {
        let layer = windows(
            "transposed_convolution", kernel: 1, stride: 16384,
            #", "channels": 1, "outputs": 1, "groups": 1, "activation": "relu""#)
        let error = refusal(layer, layer, layer, layer, layer)
        #expect(error?.expected == "at most 67108864 numbers at layer 1, transposed_convolution")
        let padded = windows(
            "convolution", kernel: 1, padding: 16384,
            #", "channels": 1, "outputs": 1, "groups": 1, "bias": true, "activation": "relu""#)
        #expect(refusal(padded)?.expected == "at most 67108864 numbers at layer 1, convolution")
    }

    @Test func answersThatAreNoRowAreRefused() {
        let error = refusal(#"{"type": "reshape", "shape": [28, 28]}"#)
        #expect(error?.what == "the network does not end in a row of scores" && error?.got == "[28, 28]")
    }

    @Test func normalisationsWithoutAxesAreRefused() {
        let empty = refusal(#"{"type": "layer_normalization", "shape": [], "epsilon": 1e-5}"#)
        #expect(empty?.what == "impossible shape of a layer_normalization layer")
        let two = refusal(
            #"{"type": "reshape", "shape": [28, 28]}"#,
            #"{"type": "batch_normalization", "channels": 28, "momentum": 0.1, "epsilon": 1e-5}"#)
        #expect(two?.expected == "[28, H, W] or [28] at layer 2, batch_normalization")
        for epsilon in ["1e-60", "1e60"] {
            let error = refusal(
                #"{"type": "batch_normalization", "channels": 1, "momentum": 0.1, "epsilon": \#(epsilon)}"#)
            #expect(error?.what == "impossible epsilon of a batch_normalization layer")
        }
    }

    // Each of the twenty has as many numbers as are counted at most; their sum must not overflow.
    @Test func sumsBeyondAllNumbersAreRefused() {
        let layer = windows(
            "convolution", kernel: 16384, stride: 2, padding: 8192,
            #", "channels": 1048576, "outputs": 1048576, "groups": 1, "bias": true, "activation": "relu""#)
        let body = Array(repeating: layer, count: 20).joined(separator: ", ")
        let block = #"{"type": "residual", "body": [\#(body)]}"#
        for layers in [[block], Array(repeating: layer, count: 20), [block, block, block]] {
            let flat =
                [#"{"type": "reshape", "shape": [1048576, 1, 1]}"#] + layers + [#"{"type": "flatten"}"#]
            let error = #expect(throws: DescentError.self) { try read(flat, side: 1024) }
            #expect(error?.kind == .badData && error?.what == "the network is too large")
            #expect(error?.got == "1,152,921,504,606,846,975", "\(error?.got ?? "")")
        }
    }

    /// A model is computed when it is loaded: a small file must not ask for minutes.
    @Test func workBeyondAllPatienceIsRefused() {
        let ends = [#"{"type": "global_average_pooling"}"#]
        let slow = windows(
            "convolution", kernel: 1000, padding: 999,
            #", "channels": 1, "outputs": 1, "groups": 1, "bias": true, "activation": "relu""#)
        let mean = windows("average_pooling", kernel: 900, padding: 899, #", "counts_padding": true"#)
        // 1027 x 1027 windows of 1000 x 1000 products and sums and a bias, and 927 x 927 of 900 x 900 sums and a division.
        for (layer, count) in [(slow, "2,109,459,054,729"), (mean, "696,057,349,329")] {
            let error = #expect(throws: DescentError.self) { try read([layer] + ends) }
            #expect(error?.kind == .badData && error?.place == "config.json")
            #expect(error?.what == "the network computes too much")
            #expect(error?.expected == "at most 68,719,476,736 operations for one example")
            #expect(error?.got == count)
        }
        let possible = windows(
            "convolution", kernel: 100, padding: 99,
            #", "channels": 1, "outputs": 1, "groups": 1, "bias": true, "activation": "relu""#)
        #expect(throws: Never.self) { try read([possible] + ends) }
    }
}
