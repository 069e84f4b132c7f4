import Arrays
import Classical
import Classification
import Datasets
import ExampleData
import Networks
import Pipelines
import Support
import TestSupport
import Testing

@testable import Models

/// What is unlike everything that was learned is told, and the detector proves itself with its model.
@Suite struct NoveltyTests {
    private let directory: TemporaryDirectory
    private let data = ToyImages.make(120, seed: 1)

    init() throws { directory = try TemporaryDirectory() }

    private func network(_ name: String, seed: Int = 1) throws -> NetworkClassifier {
        let model = TrainableNetwork(
            architecture: try Architecture(named: name, inputs: 144, classes: 4), classNames: data.classNames,
            preprocessing: Preprocessing(height: 12, width: 12))
        var random = RandomState(seed)
        model.network.initialize(using: &random)
        return try model.classifier()
    }

    private func written(_ classifier: any TrainedClassifier) throws -> String {
        var folder = ModelFolder(classifier, samples: data.prefix(3).features)
        folder.novelty = try ModelNovelty(fittedTo: data, of: classifier, seed: 2)
        return try folder.write(to: .folder("\(directory.path)/model"))
    }

    private var stranger: NDArray<UInt8> {
        let pixels = (0..<144).map { place -> UInt8 in (place / 12 + place) % 2 == 0 ? 0 : 255 }
        return NDArray(shape: [12, 12], elements: pixels)
    }

    @Test func aNetworksStrangersAreUnknown() throws {
        let path = try written(network("mlp:32,16"))
        #expect(try directory.names("model").contains("novelty.safetensors"))
        let model = try ClassifierModel(contentsOf: path)
        let novelty = try #require(model.novelty)
        #expect(novelty.detectors.map(\.featureCount) == [144, 16])
        let ordinary = try novelty.isNovel(data.features)
        #expect(ordinary.count { $0 } <= 3)
        let answer = try model.predict(stranger, rejectingBelow: 0)
        #expect(answer.rejection == .novel && answer.isUnknown && data.classNames.contains(answer.className))
        // Nothing is rejected unless that is asked for.
        #expect(try !model.predict(stranger).isUnknown)
        let known = try #require(ordinary.firstIndex(of: false))
        let image = data.images[known].contiguousCopy()
        #expect(try model.predict(image, rejectingBelow: 0).rejection == nil)
        // A network without training is never sure of four classes.
        #expect(try model.predict(image, rejectingBelow: 0.9).rejection == .unsure)
    }

    /// The short way of a single image gives the numbers of the long one.
    @Test(arguments: ["lenet", "mlp:8", "softmax"]) func anImageIsPredictedAsManyAre(name: String) throws {
        let classifier = try network(name == "softmax" ? "conv:4@3,pool" : name)
        let model = try ClassifierModel(contentsOf: written(classifier))
        for row in 0..<8 {
            let image = data.images[row].contiguousCopy()
            let one = try model.predict(image)
            let wanted = try #require(
                classifier.predictions(for: data.images[row..<row + 1].contiguousCopy()).first)
            #expect(one == wanted)
        }
        // Another size is brought to the model's.
        let large = NDArray<UInt8>(shape: [24, 24, 3], repeating: 90)
        #expect(try model.predict(large) == model.predict(NDArray<UInt8>(shape: [12, 12], repeating: 90)))
        #expect(
            failure { _ = try model.predict(NDArray<UInt8>(shape: [12], repeating: 0)) }.hasPrefix("badData"))
    }

    @Test func aPipelinesRowsTellToo() throws {
        let pipeline = try Pipeline(.pixels, NearestNeighbors(k: 3)).fit(data)
        let model = try ClassifierModel(contentsOf: written(pipeline))
        #expect(model.novelty?.detectors.map(\.featureCount) == [144, 144])
        #expect(try model.predict(stranger, rejectingBelow: 0.1).rejection == .novel)
    }

    /// The means of cells by hand: 15 lines in 14 cells, two in the last.
    @Test func aLookIsTheMeansOfItsCells() throws {
        let pixels = NDArray<UInt8>(shape: [1, 3, 15, 28], elements: (0..<1260).map { UInt8($0 % 256) })
        let values = pixels.elements
        let look = NoveltyLook(exampleShape: [3, 15, 28])
        let rows = try look.rows(of: .bytes(pixels)).elements
        #expect(look.width == 3 * 14 * 14 && rows.count == look.width)
        func mean(_ plane: Int, _ lines: Range<Int>, _ columns: Range<Int>) -> Float {
            let found = lines.flatMap { y in columns.map { Float(values[(plane * 15 + y) * 28 + $0]) } }
            return found.reduce(0, +) / Float(found.count) / 255
        }
        #expect(abs(rows[0] - mean(0, 0..<1, 0..<2)) < 1e-6)
        #expect(abs(rows[195] - mean(0, 13..<15, 26..<28)) < 1e-6)
        #expect(abs(rows[196 + 15] - mean(1, 1..<2, 2..<4)) < 1e-6)
        let row = NDArray<Float>(shape: [1, 3], elements: [1, -2, 3])
        #expect(try NoveltyLook(exampleShape: [3]).rows(of: .floats(row)) == row)
    }

    @Test func aDamagedDetectorIsFound() throws {
        let path = try written(network("mlp:8"))
        let other = try network("mlp:8", seed: 5)
        let file = "\(path)/novelty.safetensors"
        let bytes = try Files.read(file, limit: 1 << 24)
        func loading() -> String { failure(in: directory.path) { _ = try ModelFolder.load(path) } }
        // A bit of a representative, which no sample may be near: the checksum tells it.
        var changed = bytes
        changed[bytes.count - 1] ^= 1
        try AtomicFile.write(changed, to: file)
        #expect(loading().hasPrefix("badData: DIR/model/novelty.safetensors: the file has changed"))
        // Without checksums the distances of the samples tell another model's.
        Files.remove("\(path)/checksums.json")
        try ModelNovelty(fittedTo: data, of: other, seed: 2).write(
            to: file, samples: data.prefix(3).features)
        #expect(
            loading().hasPrefix("badData: DIR/model/novelty.safetensors: the novelty detector does not give"))
        try ModelNovelty(fittedTo: data, of: network("mlp:6"), seed: 2).write(
            to: file, samples: data.prefix(3).features)
        #expect(
            loading().hasPrefix("badData: DIR/model/novelty.safetensors: the novelty detector does not fit"))
        // Folders of older versions have none.
        Files.remove(file)
        #expect(try ModelFolder.load(path).novelty == nil)
    }

    @Test func whatCannotBeFittedIsLeftOut() throws {
        let classifier = try network("mlp:8")
        #expect(ModelNovelty.fitted(to: data.prefix(1), of: classifier, seed: 1) == nil)
        let wide = NDArray<Float>(shape: [3, 20_000], repeating: 1)
        #expect(
            failure {
                let examples = LabeledExamples(
                    .floats(wide), classes: [0, 1, 0], classNames: ["a", "b"])
                let pipeline = try Pipeline(.pixels, NearestNeighbors(k: 1)).fit(examples)
                _ = try ModelNovelty(fittedTo: examples, of: pipeline)
            }.hasPrefix("badData"))
    }
}
