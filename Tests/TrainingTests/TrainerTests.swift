import ArrayFiles
import Arrays
import Autodiff
import Datasets
import ExampleData
import Models
import Networks
import Support
import TestSupport
import Testing

@testable import Training

@Suite(.serialized) struct TrainerTests {
    private func network(_ classes: Int = 4) -> Sequential {
        Sequential {
            Dense(144, 20, activation: .sigmoid, initializer: .xavier)
            Dense(20, classes, initializer: .xavier)
        }
    }

    private func bits(_ network: Sequential) -> [[UInt32]] {
        network.parameters.map { $0.value.elements.map(\.bitPattern) }
    }

    @Test func learnsWhatIsEasy() throws {
        let network = network()
        let test = ToyImages.make(80, seed: 2)
        let history = try Trainer(optimizer: .sgd(learningRate: 0.5), batchSize: 10, epochs: 12)
            .fit(network, on: ToyImages.make(203, seed: 1), validating: test)
        #expect(history.epochs.count == 12)
        #expect(history.epochs[0].steps == 21)
        #expect((history.test?.accuracy ?? 0) >= 0.95, "\(history.csv)")
        #expect(history.training.loss < history.epochs[0].training.loss)
        // The scores are what an evaluation of the network gives.
        let classifier = try NetworkClassifier(
            network, classNames: test.classNames, preprocessing: Preprocessing(height: 12, width: 12))
        let evaluation = try classifier.evaluate(on: test)
        #expect(evaluation.accuracy == history.test?.accuracy)
        #expect(abs(evaluation.loss - (history.test?.loss ?? 0)) < 1e-6)
    }

    /// What would be trained otherwise than it seems is told before.
    @Test func oddSettingsAreTold() throws {
        let images = ToyImages.make(40, seed: 1)
        var trainer = Trainer(batchSize: 10, epochs: 5)
        #expect(try trainer.warnings(for: network(), on: images).isEmpty)
        trainer.schedule = .warmUp(steps: 20, then: .cosine())
        trainer.average = .equal(from: 21)
        #expect(
            try trainer.warnings(for: network(), on: images) == [
                "the warm-up takes all 20 steps of the run; cosine never begins",
                "weights are averaged from step 21 and the run has 20: nothing is averaged, the result is the last weights",
            ])
        // 20 are held back, or left out: ten steps.
        #expect(try trainer.warnings(for: network(), on: images, holding: 20)[0].contains("the run has 10"))
        trainer.trainLimit = 11
        #expect(try trainer.warnings(for: network(), on: images)[0].contains("the run has 10"))
        let normal = Sequential {
            Dense(144, 8)
            BatchNormalization(8)
            Dense(8, 4)
        }
        #expect(try Trainer(batchSize: 2).warnings(for: normal, on: images).isEmpty)
        let single = try Trainer(batchSize: 1).warnings(for: normal, on: images)
        #expect(single.count == 1 && single[0].hasPrefix("batch normalisation has one number"), "\(single)")
        #expect(try Trainer(batchSize: 8).warnings(for: normal, on: images.prefix(1)).count == 1)
        #expect(throws: DescentError.self) { try trainer.warnings(for: Dense(7, 4), on: images) }
    }

    /// A long average over a short run: the result is no worse than the last weights by much (it was a third of them).
    @Test func aLongAverageDoesNotRuinAShortRun() throws {
        let (train, test) = (ToyImages.make(200, seed: 1), ToyImages.make(80, seed: 2))
        func accuracy(_ average: WeightAverage.Rule?) throws -> Double {
            var trainer = Trainer(optimizer: .sgd(learningRate: 0.5), batchSize: 10, epochs: 12)
            trainer.average = average
            return try trainer.fit(network(), on: train, validating: test).test?.accuracy ?? 0
        }
        let plain = try accuracy(nil)
        let averaged = try accuracy(.exponential(decay: 0.9999))
        #expect(plain > 0.9 && averaged > plain - 0.05, "\(plain), averaged \(averaged)")
    }

    @Test func theBitsDependOnTheSeedAndNotOnThreads() throws {
        let threads = Threads.count
        defer { Threads.setCount(threads) }
        let data = ToyImages.make(150, seed: 3)
        func run(seed: Int, threads: Int) throws -> [[UInt32]] {
            Threads.setCount(threads)
            let network = network()
            _ = try Trainer(batchSize: 32, epochs: 2, seed: seed, reinitializesWeights: true).fit(
                network, on: data)
            return bits(network)
        }
        let one = try run(seed: 5, threads: 1)
        #expect(try run(seed: 5, threads: 2) == one)
        #expect(try run(seed: 5, threads: 1) == one)
        #expect(try run(seed: 6, threads: 1) != one)
    }

    // RandomState(seed) first draws the weights in the order of the parameters, then one permutation an epoch.
    @Test func oneGeneratorDrawsWeightsThenOrders() throws {
        let data = ToyImages.make(30, seed: 4)
        let trained = network()
        _ = try Trainer(
            optimizer: .sgd(learningRate: 0.1), batchSize: 7, epochs: 2, seed: 9, reinitializesWeights: true
        ).fit(trained, on: data)

        let byHand = network()
        var random = RandomState(9)
        byHand.initialize(using: &random)
        var step = TrainingStep(byHand, optimizer: .sgd(learningRate: 0.1))
        let inputs = FeatureMatrix.bytes(data.images)
        let labels = data.classes
        for _ in 0..<2 {
            let order = random.permutation(30).elements.map { Int32($0) }
            for start in stride(from: 0, to: 30, by: 7) {
                _ = step(
                    Batch(
                        of: inputs, targets: .classes(labels), rows: Array(order[start..<min(30, start + 7)]))
                )
            }
        }
        #expect(bits(trained) == bits(byHand))
    }

    @Test func trainLimitTakesTheFirstExamples() throws {
        let data = ToyImages.make(100, seed: 5)
        let (limited, short) = (network(), network())
        let history = try Trainer(epochs: 1, trainLimit: 30).fit(limited, on: data)
        _ = try Trainer(epochs: 1).fit(short, on: data.prefix(30))
        #expect(history.epochs[0].samples == 30)
        #expect(bits(limited) == bits(short))
    }

    @Test func goesOnFromTheWeightsThatAreThere() throws {
        let data = ToyImages.make(40, seed: 6)
        let network = network()
        for parameter in network.parameters {
            parameter.value = NDArray(shape: parameter.shape, repeating: 0.25)
        }
        let cancellation = Cancellation()
        cancellation.cancel()
        _ = try Trainer().fit(network, on: data, cancellation: cancellation)
        #expect(
            notEmpty(network.parameters).allSatisfy { notEmpty($0.value.elements).allSatisfy { $0 == 0.25 } })
    }

    /// New weights are those of the seed, whatever was there before; without them a run goes on.
    @Test func newWeightsAreAskedFor() throws {
        let data = ToyImages.make(60, seed: 6)
        func trained(_ reinitializes: Bool, runs: Int) throws -> [[UInt32]] {
            let network = network()
            for _ in 0..<runs {
                _ = try Trainer(batchSize: 20, epochs: 1, seed: 4, reinitializesWeights: reinitializes).fit(
                    network, on: data)
            }
            return bits(network)
        }
        #expect(try trained(true, runs: 1) == trained(true, runs: 2))
        #expect(try trained(false, runs: 1) != trained(false, runs: 2))
        #expect(try trained(false, runs: 1) == trained(false, runs: 1))
        #expect(try trained(false, runs: 1) != trained(true, runs: 1))
    }

    @Test func aRunawayLearningRateLeavesTheFirstWeights() throws {
        let data = ToyImages.make(40, seed: 7)
        let network = Sequential {
            Dense(144, 20, activation: .relu)
            Dense(20, 20, activation: .relu)
            Dense(20, 4)
        }
        let error = #expect(throws: TrainingDiverged.self) {
            try Trainer(
                optimizer: .sgd(learningRate: 1e30), batchSize: 10, epochs: 3, reinitializesWeights: true
            ).fit(network, on: data)
        }
        #expect(error?.learningRate == Double(Float(1e30)))
        #expect(error?.epoch == 1)
        #expect(error?.history.epochs.isEmpty == true)
        var random = RandomState(1)
        let fresh = Sequential(
            network.layers.map { layer in
                let dense = layer as? Dense
                return Dense(dense?.weight.shape[0] ?? 1, dense?.weight.shape[1] ?? 1)
            })
        fresh.initialize(using: &random)
        #expect(bits(network) == bits(fresh))
    }

    @Test func examplesThatDoNotFitAreRefused() {
        let data = ToyImages.make(20, seed: 8)
        let classes = #expect(throws: DescentError.self) { try Trainer().fit(network(7), on: data) }
        #expect(classes?.kind == .usage)
        #expect(classes?.expected == "4")
        #expect(classes?.got == "[7]")
        let size = #expect(throws: DescentError.self) {
            try Trainer().fit(Sequential { Dense(100, 4) }, on: data)
        }
        #expect(size?.kind == .usage)
        let nothing = #expect(throws: DescentError.self) {
            try Trainer().fit(network(), on: data.prefix(0))
        }
        #expect(nothing?.kind == .badData)
    }
}
