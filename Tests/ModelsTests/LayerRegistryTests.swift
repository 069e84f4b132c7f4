import ArrayFiles
import Arrays
import Autodiff
import Classification
import ExampleData
import Networks
import Support
import TestSupport
import Testing

@testable import Models

/// A layer of one's own: each element times a factor that is learned, plus a constant.
private struct Scaling: DescribedLayer {
    struct Configuration: LayerConfiguration {
        static let kind = "scaling"
        var width: Int
        var offset: Double
        var names: [String]
        var note: String?

        func check() throws {
            try check(width, "width")
            guard offset.magnitude <= 10 else {
                throw impossible("offset", expected: "-10 to 10", got: "\(offset)")
            }
        }
        func outputShape(for shape: [Int]) throws -> [Int] {
            guard shape == [width] else {
                throw DescentError(.usage, "rows do not fit", expected: "[\(width)]", got: "\(shape)")
            }
            return shape
        }
        func cost(for shape: [Int]) throws -> LayerCost {
            LayerCost(parameters: width, elementOperations: 2 * width)
        }
        func makeLayer() -> any Layer { Scaling(self) }
        var detail: String { "plus \(offset)" }
    }

    let settings: Configuration
    let factor: Parameter
    var configuration: any LayerConfiguration { settings }

    init(_ settings: Configuration) {
        self.settings = settings
        factor = Parameter(shape: [settings.width], initializer: .constant(1))
    }

    func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> {
        x * x.tape.parameter(factor) + Scalar(settings.offset)
    }
}

@Suite struct LayerRegistryTests {
    private static let scaling = Scaling.Configuration(width: 6, offset: 0.5, names: ["a", "ß"], note: nil)
    private static let text =
        #"{"type":"scaling","width":6,"offset":0.5,"names":["a","ß"]}"#

    private static var registry: LayerRegistry {
        var registry = LayerRegistry.standard
        registry.register(Scaling.Configuration.self)
        return registry
    }

    private func read(_ text: String, _ layers: LayerRegistry = .standard) throws -> LayerDescription {
        try JSONFile.decode(
            LayerDescription.self, from: Array(text.utf8), path: "config.json", layers: layers)
    }

    @Test func aLayerOfOnesOwnIsWrittenAndRead() throws {
        let layer = LayerDescription(Self.scaling)
        #expect(try JSONText(encoding: layer).line == Self.text)
        #expect(try read(Self.text, Self.registry) == layer)
        // Also inside a block, with the same registry.
        let block = LayerDescription.residual(body: [layer, .flatten], projection: layer)
        #expect(try read(JSONText(encoding: block).line, Self.registry) == block)
    }

    @Test func withoutItsLineItIsRefusedByName() {
        for text in [Self.text, #"{"type":"residual","body":[\#(Self.text)]}"#] {
            let error = #expect(throws: DescentError.self) { try read(text) }
            #expect(error?.kind == .badData && error?.place == "config.json")
            #expect(error?.what == "unknown layer type" && error?.got == "'scaling'")
            #expect(error?.expected == LayerRegistry.standard.names.joined(separator: ", "))
            #expect(error?.advice?.contains("registered") == true)
        }
    }

    @Test func impossibleSettingsOfOnesOwnAreRefused() {
        for (old, new, what) in [
            ("6", "0", "impossible width of a scaling layer"),
            ("6", "6.5", "'width' has an impossible value"),
            ("6", "1e300", "'width' has an impossible value"),
            ("6", #""six""#, "'width' has the wrong type"),
            ("6", "null", "'width' has no value"),
            ("0.5", "11", "impossible offset of a scaling layer"),
            (#""width":6,"#, "", "'width' is missing"),
            (#"["a","ß"]"#, #"["a",1]"#, "'names.[1]' has the wrong type"),
            (#"["a","ß"]"#, #"{"a":1}"#, "'names' has the wrong type"),
            (#""scaling""#, "7", "'type' has the wrong type"),
            (#""type":"scaling","#, "", "'type' is missing"),
        ] {
            let error = #expect(throws: DescentError.self) {
                try read(Self.text.replacing(old, with: new), Self.registry)
            }
            #expect(error?.kind == .badData && error?.what == what, "\(new): \(error?.description ?? "")")
        }
    }

    @Test func blocksWithinBlocksEndSomewhere() throws {
        func nested(_ levels: Int) -> String {
            (0..<levels).reduce(#"{"type":"flatten"}"#) { text, _ in #"{"type":"residual","body":[\#(text)]}"#
            }
        }
        #expect(throws: Never.self) { try read(nested(8)) }
        for levels in [9, 60] {
            let error = #expect(throws: DescentError.self) { try read(nested(levels)) }
            #expect(error?.what == "blocks within blocks within blocks", "\(levels)")
        }
        #expect(throws: DescentError.self) { try read(nested(100_000)) }
    }

    /// Every value of every kind's text is replaced by others: an error with the file's name, or a layer that can be asked.
    @Test func noValueEndsTheProgram() throws {
        let others: [JSONText] = [
            .null, true, 0, -1, 1, 7, .integer(.max), .integer(.min), 1.5, -0.5, 1e300, "", "relu", [], [[]],
            [0, 0], [-1, 3], [.integer(.max), 1], [1, 2, 3], .object([]), ["type": "flatten"],
        ]
        var refused = 0
        var accepted = 0
        for (_, text) in LayerTextTests.texts {
            let whole = try JSONFile.decode(JSONText.self, from: Array(text.utf8), path: "")
            guard case .object(let members) = whole else { continue }
            for (place, member) in members.enumerated() {
                for other in others {
                    var changed = members
                    changed[place] = .init(member.key, other)
                    do {
                        let layer = try read(JSONText.object(changed).line)
                        accepted += 1
                        for shape in [[784], [1, 28, 28], [3, 4], [4, 9, 9], []] {
                            _ = try? layer.outputShape(for: shape)
                            _ = try? layer.cost(for: shape)
                        }
                    } catch let error as DescentError {
                        refused += 1
                        #expect(error.kind == .badData && error.place == "config.json", "\(error)")
                    }
                }
                var without = members
                without.remove(at: place)
                let error = #expect(throws: (any Error).self) {
                    if member.key == "projection" { throw DescentError(.usage, "may be left out") }
                    _ = try read(JSONText.object(without).line)
                }
                #expect(error is DescentError)
            }
        }
        #expect(refused > 500 && accepted > 20, "\(refused) refused, \(accepted) accepted")
    }

    @Test func aModelFolderKeepsIt() throws {
        let directory = try TemporaryDirectory()
        var random = RandomState(3)
        let network = Sequential {
            Dense(144, 6, activation: .relu, initializer: .he)
            Scaling(Self.scaling)
            Dense(6, 4, initializer: .xavier)
        }
        network.initialize(using: &random)
        let data = ToyImages.make(8, seed: 1)
        let classifier = try NetworkClassifier(
            network, classNames: data.classNames, preprocessing: Preprocessing(height: 12, width: 12))
        #expect(classifier.summary == "144-6-scaling-4")
        let path = try ModelFolder(classifier, samples: data.features).write(
            to: .folder("\(directory.path)/own"))
        let error = #expect(throws: DescentError.self) { try ModelFolder.load(path) }
        #expect(error?.kind == .badData && error?.got == "'scaling'")
        #expect(error?.place == "\(path)/config.json")
        let loaded = try ModelFolder.load(path, layers: Self.registry).networkClassifier()
        #expect(loaded.architecture == classifier.architecture)
        #expect(
            try loaded.probabilities(of: .bytes(data.images))
                == classifier.probabilities(of: .bytes(data.images)))
        let summary = try NetworkSummary(of: loaded.makeNetwork(), inputShape: [144])
        #expect(summary.layers[1].detail == "plus 0.5" && summary.layers[1].type == "Scaling")
        #expect(summary.parameterCount == 144 * 6 + 6 + 6 + 6 * 4 + 4 && summary.operations == 2 * (864 + 24))
    }

    /// An activation of one's own, in a dense layer and by itself.
    private struct Cubed: ActivationFunction {
        static let kind = "cubed"
        init() {}
        init(from settings: inout SettingText) throws {}
        func callAsFunction<Scalar: DifferentiableScalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { x * x * x }
    }

    @Test func aModelFolderKeepsActivations() throws {
        let directory = try TemporaryDirectory()
        defer { withExtendedLifetime(directory) {} }
        var random = RandomState(3)
        let network = Sequential {
            Dense(144, 6, activation: Activation(Cubed()), initializer: .he)
            ActivationLayer(Activation(Cubed()))
            Dense(6, 4, initializer: .xavier)
        }
        network.initialize(using: &random)
        let data = ToyImages.make(8, seed: 1)
        let classifier = try NetworkClassifier(
            network, classNames: data.classNames, preprocessing: Preprocessing(height: 12, width: 12))
        let path = try ModelFolder(classifier, samples: data.features).write(
            to: .folder("\(directory.path)/own"))
        let error = #expect(throws: DescentError.self) { try ModelFolder.load(path) }
        #expect(error?.kind == .badData && error?.got == "'cubed'" && error?.place == "\(path)/config.json")
        var activations = ActivationRegistry.standard
        activations.register(Cubed.self)
        let loaded = try ModelFolder.load(path, activations: activations).networkClassifier()
        #expect(loaded.architecture == classifier.architecture)
        #expect(try loaded.predictions(for: data.images) == classifier.predictions(for: data.images))
    }
}
