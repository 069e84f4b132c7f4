import ArrayFiles
import Arrays
import Classical
import Classification
import ExampleData
import ONNXImport
import Support
import TestSupport
import Testing

@testable import Pipelines

/// Features that a network of an ONNX file sees, and files as classifiers.
@Suite("ONNX networks in pipelines")
struct ONNXFeaturesTests {
    private let directory: TemporaryDirectory
    private let path: String

    init() throws {
        directory = try TemporaryDirectory()
        path = "\(directory.path)/net.onnx"
        try AtomicFile.write(Wire.redOrBlue(), to: path)
    }

    /// Pictures of one colour each, [N, 3, 4, 4].
    private func pictures(_ colors: [[UInt8]], side: Int = 4) -> FeatureMatrix {
        .bytes(
            NDArray(
                shape: [colors.count, 3, side, side],
                elements: colors.flatMap { color in
                    color.flatMap { Array(repeating: $0, count: side * side) }
                }))
    }

    /// What a text chooses, without the user's cache.
    private func choice(_ settings: String = ",mean=0,deviation=1") throws -> FeatureChoice {
        let parsed = try FeatureChoice(parsing: "onnx:\(path)\(settings)")
        var eyes = try #require(parsed.extractor as? ONNXFeatures)
        eyes.cacheFolder = nil
        return FeatureChoice(eyes)
    }

    @Test func theTensorBeforeTheLastLayerIsTaken() throws {
        let model = try ONNXModel(bytes: Wire.redOrBlue())
        #expect(model.lastLayerInput == "seen" && !model.endsInSoftmax)
        let softmax = try ONNXModel(
            bytes: Wire.redOrBlue(
                ending: Wire.node("Softmax", ["logits"], ["p"]) + Wire.node("Identity", ["p"], ["q"]),
                output: "q"))
        #expect(softmax.lastLayerInput == "seen" && softmax.endsInSoftmax)
        let features = try choice()
        #expect(features.pictureSize?.height == 4 && features.pictureSize?.width == 4)
        // Blue first: the convolution swaps. Colours are not taken in grey.
        let rows = try features.rows(of: pictures([[255, 51, 0], [0, 0, 102]]), cancellation: nil)
        for (got, wanted) in zip(rows.unscaledFloats.elements, [0, 0.2, 1, 0.4, 0, 0] as [Float]) {
            #expect(abs(got - wanted) < 1e-5)
        }
        #expect(rows.shape == [2, 3])
    }

    @Test func picturesAreBroughtToTheNetworksForm() throws {
        let features = try choice("@pool,mean=0.2,deviation=0.5")
        let usual = try features.rows(of: pictures([[255, 51, 0]]), cancellation: nil).unscaledFloats
        for (got, wanted) in zip(usual.elements, [-0.4, 0, 1.6] as [Float]) {
            #expect(abs(got - wanted) < 1e-5)
        }
        let large = try features.rows(of: pictures([[255, 51, 0]], side: 9), cancellation: nil)
        #expect(zip(large.unscaledFloats.elements, usual.elements).allSatisfy { abs($0 - $1) < 1e-5 })
        let grey = FeatureMatrix.bytes(
            NDArray(shape: [1, 4, 4], elements: [UInt8](repeating: 255, count: 16)))
        let white = try features.rows(of: grey, cancellation: nil).unscaledFloats.elements
        #expect(white.allSatisfy { abs($0 - 1.6) < 1e-5 })
    }

    @Test func aPipelineLearnsFromThemAndTravels() throws {
        var random = RandomState(5)
        let colors = (0..<40).map { index in
            [index % 2 == 0 ? 200 : 40, UInt8(random.uniform() * 255), index % 2 == 0 ? 30 : 220] as [UInt8]
        }
        let examples = LabeledExamples(
            pictures(colors), classes: (0..<40).map { Int32($0 % 2) }, classNames: ["red", "blue"])
        var activities: [String] = []
        let trained = try Pipeline(choice(), LogisticRegression()).fit(examples) {
            activities.append($0.activity)
        }
        #expect(try trained.evaluate(on: examples).accuracy == 1)
        #expect(trained.name == "logistic on onnx" && activities.contains("looking with net.onnx"))
        // The model is whole without the file.
        let kept = "\(directory.path)/model.safetensors"
        try trained.stored().write(to: kept)
        Files.remove(path)
        let again = try PipelineClassifier(from: SafeTensors(contentsOf: kept))
        #expect(again.features == trained.features && again.summary == trained.summary)
        #expect(
            try again.answers(for: examples.features, cancellation: nil)
                == trained.answers(for: examples.features, cancellation: nil))
    }

    @Test func rowsAreKeptByPictureAndFile() throws {
        var features = try ONNXFeatures(
            bytes: Files.read(path, limit: 1 << 20), path: path, tensor: nil)
        let cache = "\(directory.path)/cache"
        features.cacheFolder = cache
        let some = pictures([[1, 2, 3], [9, 9, 9], [1, 2, 3]])
        var asked = 0
        let first = try features.rows(of: some, cancellation: nil) { _ in asked += 1 }
        #expect(asked == 1)
        #expect(try Files.names(in: cache).count == 1)
        let second = try features.rows(of: some, cancellation: nil) { _ in asked += 1 }
        #expect(asked == 1 && second.unscaledFloats.elements == first.unscaledFloats.elements)
        // A picture more is the only one that is looked at; a cache that is damaged costs time.
        let more = try features.rows(of: pictures([[1, 2, 3], [4, 4, 4]]), cancellation: nil) { _ in
            asked += 1
        }
        #expect(
            asked == 2
                && more.unscaledFloats.elements.prefix(3).elementsEqual(
                    first.unscaledFloats.elements.prefix(3))
        )
        for name in try Files.names(in: cache) { try AtomicFile.write("damaged", to: "\(cache)/\(name)") }
        #expect(
            try features.rows(of: some, cancellation: nil, progress: nil).unscaledFloats.elements
                == first.unscaledFloats.elements)
    }

    @Test func aFileIsAClassifier() throws {
        let opened = try ONNXFile.open(path, classNames: ["red", "blue"])
        #expect(opened.note.contains("softmax of 'logits'") && opened.note.contains("0.485"))
        let answers = try opened.classifier.answers(
            for: pictures([[255, 0, 0], [0, 0, 255]]), cancellation: nil)
        #expect(answers.classes == [0, 1])
        let sums = answers.scores.sum(axis: 1).elements
        #expect(sums.allSatisfy { abs($0 - 1) < 1e-5 } && answers.scores.elements[0] > 0.99)
        // Names of the file, as one exporter writes them.
        try AtomicFile.write(
            Wire.redOrBlue(metadata: Wire.metadata("names", "{0: 'rot', 1: 'blau'}")), to: path)
        #expect(try ONNXFile.open(path).classifier.classNames == ["rot", "blau"])
    }

    /// A network whose matrix `w` [3, 2] lies in another file.
    private func networkWithWeights(in location: String) -> [UInt8] {
        let weights =
            [UInt64(3), 2].flatMap { Wire.number(1, $0) } + Wire.number(2, 1) + Wire.text(8, "w")
            + Wire.field(13, Wire.text(1, "location") + Wire.text(2, location)) + Wire.number(14, 1)
        let graph =
            Wire.node("GlobalAveragePool", ["image"], ["pool"]) + Wire.node("Flatten", ["pool"], ["seen"])
            + Wire.node("MatMul", ["seen", "w"], ["logits"]) + Wire.field(5, weights)
            + Wire.value(11, "image", [nil, 3, 4, 4]) + Wire.value(12, "logits", [nil, 2])
        return Wire.model(graph)
    }

    /// A model folder holds one file: weights beside it are put in.
    @Test func weightsInOtherFilesTravelWithTheModel() throws {
        let numbers: [Float] = [-4, 4, 0, 0, 4, -4]
        let beside = "\(directory.path)/weights.bin"
        try AtomicFile.write(numbers.withUnsafeBytes { Array($0) }, to: beside)
        try AtomicFile.write(networkWithWeights(in: "weights.bin"), to: path)
        let opened = try ONNXFile.open(path)
        let bytes = try ONNXFile.bytes(of: path)
        Files.remove(beside)
        let alone = try ONNXModel(bytes: bytes)
        #expect(!alone.hasExternalData && bytes.count < 400)
        let pixels = (0..<48).map { Float($0 / 16) }
        let scores = try alone(["image": ONNXTensor(pixels, shape: [1, 3, 4, 4])])["logits"]
        #expect(try scores?.elements(as: Float.self) == [8, -8])
        let red = NDArray<UInt8>(
            shape: [1, 3, 4, 4], elements: (0..<48).map { $0 < 16 ? UInt8(250) : 10 })
        #expect(try opened.classifier.answers(for: .bytes(red)).classes == [1])
        // What is gone is not put in, and nothing outside the folder.
        #expect(throws: DescentError.self) { try ONNXFile.bytes(of: path) }
        try AtomicFile.write(networkWithWeights(in: "../weights.bin"), to: path)
        let error = #expect(throws: DescentError.self) { try ONNXFile.bytes(of: path) }
        #expect(error?.what == "external data whose path leaves the model's folder")
        #expect(error?.place?.hasSuffix("tensor 'w'") == true)
    }

    @Test func whatDoesNotFitIsNamed() throws {
        let noFile = #expect(throws: DescentError.self) { try FeatureChoice(parsing: "onnx") }
        #expect(noFile?.expected == "onnx:FILE[@TENSOR]")
        let missing = #expect(throws: DescentError.self) { try FeatureChoice(parsing: "onnx:nowhere.onnx") }
        #expect(missing?.kind == .missingInput)
        let tensor = #expect(throws: DescentError.self) { try choice("@nothing") }
        #expect(tensor?.got == "'nothing'")
        let names = #expect(throws: DescentError.self) {
            try ONNXFile.open(path, classNames: ["a", "b", "c"])
        }
        #expect(names?.expected == "2 names" && names?.got == "3")
        var size = ONNXPictures.Settings()
        size.size = (8, 8)
        let other = #expect(throws: DescentError.self) { try ONNXFile.open(path, size) }
        #expect(other?.expected == "4x4")
        var mean = ONNXPictures.Settings()
        mean.mean = [0.1, 0.2]
        #expect(throws: DescentError.self) { try ONNXFile.open(path, mean) }
    }
}
