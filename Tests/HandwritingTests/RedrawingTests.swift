import Arrays
import Datasets
import ExampleData
import Networks
import Support
import Testing
import Training

@testable import Handwriting

@Suite("Training on digits that are drawn anew")
struct RedrawingTests {
    private static let digits = LabeledExamples(
        .bytes(Digits.all.images), classes: Digits.all.labels.elements.map { Int32($0) },
        classNames: (0..<10).map(String.init))

    private func trainer() -> Trainer {
        var trainer = Trainer(optimizer: .adam(learningRate: 0.01), batchSize: 20, epochs: 3)
        trainer.redrawing = HandwritingVariation()
        return trainer
    }

    private func weights(_ trainer: Trainer) throws -> [Float] {
        var random = RandomState(1)
        let layer = Dense(784, 10, using: &random)
        let network = Sequential([layer])
        _ = try trainer.fit(network, on: try Self.digits.normalized(by: DigitNormalization()))
        return layer.weight.value.elements
    }

    @Test("A run is the same twice, and another than on digits as they are")
    func runs() throws {
        let first = try weights(trainer())
        #expect(try weights(trainer()) == first)
        var plain = trainer()
        plain.redrawing = nil
        #expect(try weights(plain) != first)
        #expect(plain != trainer())
        #expect(plain.settings.count + 1 == trainer().settings.count)
    }

    @Test("Other examples, or an augmentation besides, are refused")
    func refused() throws {
        let network = Sequential([Dense(784, 10)])
        let rows = LabeledExamples(
            .floats(NDArray<Float>(shape: [4, 784], repeating: 0)), classes: [0, 1, 2, 3],
            classNames: (0..<10).map(String.init))
        #expect(throws: DescentError.self) { try trainer().fit(network, on: rows) }
        var both = trainer()
        both.augmentation = Augmentation(shift: 1)
        #expect(throws: DescentError.self) { try both.fit(network, on: Self.digits) }
        #expect(throws: DescentError.self) { try rows.normalized(by: DigitNormalization()) }
    }

    @Test("A data set keeps its targets, and colours are read as a picture's")
    func normalized() throws {
        let normalization = DigitNormalization()
        let grey = try Self.digits.normalized(by: normalization)
        #expect(grey.targets == Self.digits.targets && grey.exampleShape == [28, 28])
        let planes = (0..<10).flatMap { index in
            (0..<3).flatMap { _ in Digits.image(index).elements }
        }
        let colour = LabeledExamples(
            .bytes(NDArray(shape: [10, 3, 28, 28], elements: planes)),
            classes: [Int32](repeating: 0, count: 10),
            classNames: ["0"])
        #expect(try colour.normalized(by: normalization).images == grey.images[0..<10])
    }

    @Test("The recipe normalises what it draws, and the others do not")
    func recipe() throws {
        let recipe = try #require(Recipe.named("handwriting"))
        #expect(recipe.normalization == DigitNormalization() && recipe.trainer.redrawing != nil)
        #expect(Recipe.all.filter { $0.normalization != nil || $0.trainer.redrawing != nil } == [recipe])
    }
}
