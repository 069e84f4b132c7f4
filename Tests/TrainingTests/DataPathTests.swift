import Arrays
import Autodiff
import Classical
import Datasets
import ExampleData
import Foundation
import Networks
import Support
import TestSupport
import Testing

@testable import Training

/// One `fit` for all that can be learnt from: pictures, tables, sparse rows, files, classes and numbers.
@Suite struct DataPathTests {
    private func trained(
        _ network: Sequential, on examples: any ExampleSource, loss: Loss = .crossEntropy, epochs: Int = 30,
        rate: Float = 0.1
    ) throws -> History {
        try Trainer(
            optimizer: .sgd(learningRate: rate), loss: loss, batchSize: 20, epochs: epochs, seed: 1
        ).fit(network, on: examples, validating: examples)
    }

    /// Three kinds of points, 60 x 4, with all their numbers, and where they belong.
    private func table() -> (rows: [[Float]], classes: [Int32]) {
        var random = RandomState(2)
        let classes = (0..<60).map { Int32($0 % 3) }
        let rows = classes.map { kind in
            (0..<4).map { Float(random.randn() * 0.3) + ($0 == Int(kind) ? 3 : 0) }
        }
        return (rows, classes)
    }

    @Test func greyPictures() throws {
        let history = try trained(Sequential { Dense(144, 4) }, on: ToyImages.make(80, seed: 1))
        #expect(history.training.accuracy > 0.95)
    }

    @Test func colourPictures() throws {
        // Class k is bright in channel k: [N, H, W, C] as a file of pictures has them.
        var random = RandomState(5)
        let classes = (0..<60).map { Int32($0 % 3) }
        let pixels = classes.flatMap { kind in
            (0..<64).flatMap { _ in
                (0..<3).map { UInt8(random.nextUInt32() % 100) + ($0 == Int(kind) ? 150 : 0) }
            }
        }
        let images = NDArray<UInt8>(shape: [60, 8, 8, 3], elements: pixels)
        let examples = LabeledExamples(
            .interleaved(images), classes: classes, classNames: ["red", "green", "blue"])
        #expect(examples.exampleShape == [3, 8, 8])
        let network = Sequential {
            Reshape([3, 8, 8])
            Convolution(3, 4, kernel: 3, activation: .relu)
            GlobalAveragePooling()
            Dense(4, 3)
        }
        let history = try trained(network, on: examples, epochs: 60, rate: 0.5)
        #expect(history.training.accuracy > 0.95)
    }

    @Test func aTableOfFloats() throws {
        let (rows, classes) = table()
        let examples = try LabeledExamples(
            validating: .floats(NDArray(shape: [60, 4], elements: rows.flatMap { $0 })), .classes(classes),
            classNames: ["a", "b", "c"])
        #expect(try trained(Sequential { Dense(4, 3) }, on: examples).training.accuracy > 0.95)
    }

    @Test func sparseText() throws {
        let (rows, classes) = table()
        try withTemporaryDirectory { directory in
            let path = directory + "/points.svm"
            // Wide rows of which few numbers are not zero.
            let text = zip(rows, classes).map { row, kind in
                "\(kind + 1) "
                    + row.enumerated().map { "\(1 + 50 * $0.offset):\($0.element)" }.joined(separator: " ")
            }
            try text.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
            let examples = try LibSVMText.readSparse(contentsOf: path)
            #expect(examples.exampleShape == [151] && examples.features.isMostlyZero)
            #expect(examples.classNames == ["1", "2", "3"])
            let history = try trained(Sequential { Dense(151, 3) }, on: examples)
            #expect(history.training.accuracy > 0.95)
        }
    }

    @Test func numbersAsTargets() throws {
        var random = RandomState(3)
        let x = (0..<100).map { _ in Float(random.rand() * 2 - 1) }
        let y = x.map { 3 * $0 - 1 }
        let examples = try LabeledExamples(
            validating: .floats(NDArray(shape: [100, 1], elements: x)), .values(NDArray(y)))
        let network = Sequential { Dense(1, 1) }
        let history = try trained(network, on: examples, loss: .meanSquaredError, epochs: 60)
        #expect(history.training.loss < 1e-4 && !history.training.hasAccuracy)
        #expect(history.measure == .loss && history.best != nil && history.guessing == nil)
        let weight = network.namedParameters.map { $0.parameter.value.elements[0] }
        #expect(abs(weight[0] - 3) < 0.05 && abs(weight[1] + 1) < 0.05)
        let verdict = TrainingVerdict(history, testCount: 100)
        #expect(verdict.kind == .unknown && verdict.sentence.contains("have no accuracy"))
        let line = history.csv.split(separator: "\n")[1].split(
            separator: ",", omittingEmptySubsequences: false)
        #expect(line[2].isEmpty && line[4].isEmpty && !line[1].isEmpty)
    }

    @Test func aLossOfClassesRefusesNumbers() throws {
        let examples = LabeledExamples(
            .floats(NDArray(shape: [4, 1], elements: [0, 1, 2, 3])), values: NDArray([0, 1, 2, 3]))
        func refusal(_ trainer: Trainer, _ outputs: Int) -> DescentError? {
            #expect(throws: DescentError.self) {
                try trainer.fit(Sequential { Dense(1, outputs) }, on: examples, validating: examples)
            }
        }
        #expect(refusal(Trainer(loss: .crossEntropy), 1)?.what.contains("tells classes apart") == true)
        #expect(refusal(Trainer(loss: .hinge), 1)?.what.contains("tells classes apart") == true)
        #expect(refusal(Trainer(loss: .meanSquaredError), 2)?.expected == "1")
        var watching = Trainer(loss: .meanSquaredError)
        watching.patience = Patience(2, measure: .accuracy)
        #expect(refusal(watching, 1)?.place == "patience")
        watching.patience = nil
        watching.augmentation = Augmentation(shift: 1)
        #expect(refusal(watching, 1)?.place == "augmentation")
    }

    /// Rows that are read from a file when they are asked for.
    private struct Streamed: ExampleSource {
        let path: String
        let targets: Targets
        let classNames: [String]
        let exampleShape: [Int]
        let contentChecksum: String
        var count: Int { targets.count }

        func features(of rows: [Int32]) throws -> FeatureMatrix {
            let size = exampleShape.reduce(1, *)
            guard let file = FileHandle(forReadingAtPath: path) else {
                throw DescentError(.missingInput, "no such file", at: path)
            }
            defer { try? file.close() }
            var bytes: [UInt8] = []
            for row in rows {
                try file.seek(toOffset: UInt64(Int(row) * size))
                bytes += try file.read(upToCount: size) ?? Data()
            }
            return .bytes(NDArray(shape: [rows.count] + exampleShape, elements: bytes))
        }
    }

    /// What does not fit in memory gives the weights and the scores of what does, with all that a run may have.
    @Test(arguments: [false, true]) func aStreamTrainsAsMemoryDoes(isAugmented: Bool) throws {
        let images = ToyImages.make(90, seed: 7)
        var trainer = Trainer(optimizer: .adam(), batchSize: 16, epochs: 3, seed: 2, trainLimit: 80)
        if isAugmented {
            trainer.augmentation = Augmentation(shift: 1, rotation: 8, elastic: 4)
            trainer.augmentation?.erasing = 0.2
        }
        trainer.average = .exponential(decay: 0.9)
        trainer.trainingSample = 30
        func network() -> Sequential {
            Sequential {
                Dense(144, 12)
                BatchNormalization(12)
                ActivationLayer(.relu)
                Dense(12, 4)
            }
        }
        try withTemporaryDirectory { directory in
            let path = directory + "/images"
            try Data(images.images.elements).write(to: URL(fileURLWithPath: path))
            let stream = Streamed(
                path: path, targets: images.targets, classNames: images.classNames,
                exampleShape: images.exampleShape, contentChecksum: images.contentChecksum)
            let (held, read) = (network(), network())
            let a = try trainer.fit(held, on: images, validating: images, testing: images)
            let b = try trainer.fit(read, on: stream, validating: stream, testing: stream)
            #expect(a.stepLosses == b.stepLosses && a.training == b.training && a.test == b.test)
            for (one, other) in paired(held.parameters, read.parameters) { #expect(one.value == other.value) }
        }
    }
}
