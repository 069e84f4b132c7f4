import Arrays
import Autodiff
import Networks
import Support
import Testing

@testable import Models

/// The text of every kind of layer in `config.json`, as commit 1a6d527 wrote it: files that are kept, and
/// programs that read them, know these bytes.
@Suite struct LayerTextTests {
    private static let windows = WindowGeometry(
        kernel: Extent(5, 3), stride: Extent(2, 1), padding: .pixels(Extent(2, 1)), dilation: Extent(1, 2))
    private static let plain = WindowGeometry(kernel: 2, stride: 2)
    private static let windowText =
        #""kernel":[5,3],"stride":[2,1],"padding":[2,1],"dilation":[1,2]"#

    /// Each kind with its text, some with more than one form.
    static let texts: [(LayerDescription, String)] = [
        (
            .dense(inputs: 784, outputs: 50, activation: .leakyReLU(slope: 0.1)),
            #"{"type":"dense","inputs":784,"outputs":50,"activation":"leaky-relu:0.1"}"#
        ),
        (
            .convolution(
                channels: 4, outputs: 8, windows: windows, groups: 2, hasBias: false, activation: .relu),
            #"{"type":"convolution","channels":4,"outputs":8,"#
                + windowText + #","groups":2,"bias":false,"activation":"relu"}"#
        ),
        (
            .transposedConvolution(channels: 8, outputs: 4, windows: windows, groups: 4, activation: .tanh),
            #"{"type":"transposed_convolution","channels":8,"outputs":4,"#
                + windowText + #","groups":4,"activation":"tanh"}"#
        ),
        (
            .maxPooling(plain),
            #"{"type":"max_pooling","kernel":[2,2],"stride":[2,2],"padding":[0,0],"dilation":[1,1]}"#
        ),
        (
            .averagePooling(plain, countsPadding: false),
            #"{"type":"average_pooling","kernel":[2,2],"stride":[2,2],"padding":[0,0],"dilation":[1,1],"counts_padding":false}"#
        ),
        (.globalAveragePooling, #"{"type":"global_average_pooling"}"#),
        (
            .batchNormalization(channels: 16, momentum: 0.1, epsilon: 1e-5),
            #"{"type":"batch_normalization","channels":16,"momentum":0.10000000149011612,"epsilon":9.999999747378752e-06}"#
        ),
        (
            .layerNormalization(shape: [3, 4], epsilon: 1e-5),
            #"{"type":"layer_normalization","shape":[3,4],"epsilon":1e-05}"#
        ),
        (.dropout(rate: 0.3), #"{"type":"dropout","rate":0.3}"#),
        (.dropout(rate: 0), #"{"type":"dropout","rate":0}"#),
        (.activation(.elu(alpha: 0.5)), #"{"type":"activation","activation":"elu:0.5"}"#),
        (.flatten, #"{"type":"flatten"}"#),
        (.reshape([1, 28, 28]), #"{"type":"reshape","shape":[1,28,28]}"#),
        (
            .residual(body: [.dense(inputs: 4, outputs: 4, activation: .identity)], projection: nil),
            #"{"type":"residual","body":[{"type":"dense","inputs":4,"outputs":4,"activation":"identity"}]}"#
        ),
        (
            .residual(
                body: [.residual(body: [.flatten], projection: nil), .dropout(rate: 0.5)],
                projection: .reshape([4])),
            #"{"type":"residual","body":[{"type":"residual","body":[{"type":"flatten"}]},{"type":"dropout","rate":0.5}],"projection":[{"type":"reshape","shape":[4]}]}"#
        ),
    ]

    @Test func everyKindIsWrittenAsItWas() throws {
        for (layer, text) in Self.texts { #expect(try JSONText(encoding: layer).line == text) }
        #expect(Set(Self.texts.map(\.0.kind)) == Set(LayerRegistry.standard.names))
    }

    @Test func everyKindIsReadAsItWas() throws {
        for (layer, text) in Self.texts {
            let read = try JSONFile.decode(LayerDescription.self, from: Array(text.utf8), path: "layer.json")
            #expect(read == layer)
            #expect(try JSONText(encoding: read).line == text)
        }
    }

    @Test func aWholeConfigurationIsWrittenAsItWas() throws {
        let architecture = Architecture(
            name: "own", inputShape: [4],
            layers: [
                .dense(inputs: 4, outputs: 4, activation: .relu),
                .residual(body: [.dropout(rate: 0.5)], projection: nil), .reshape([2, 2]), .flatten,
            ])
        let configuration = ModelConfiguration(
            architecture: architecture, labels: ["a", "b", "c", "d"],
            preprocessing: Preprocessing(height: 2, width: 2))
        #expect(
            try configuration.json().document == """
                {
                  "format_version": 1,
                  "architecture": {
                    "name": "own",
                    "layers": [
                      {
                        "type": "dense",
                        "inputs": 4,
                        "outputs": 4,
                        "activation": "relu"
                      },
                      {
                        "type": "residual",
                        "body": [
                          {
                            "type": "dropout",
                            "rate": 0.5
                          }
                        ]
                      },
                      {
                        "type": "reshape",
                        "shape": [2, 2]
                      },
                      {
                        "type": "flatten"
                      }
                    ],
                    "output": "softmax"
                  },
                  "labels": ["a", "b", "c", "d"],
                  "preprocessing": {
                    "height": 2,
                    "width": 2,
                    "divide_by": 255
                  }
                }

                """)
    }
}
