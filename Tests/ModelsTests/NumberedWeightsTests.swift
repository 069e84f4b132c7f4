import Arrays
import Datasets
import Models
import Support
import TestSupport
import Testing

/// The textbook's trained weights (oreilly-japan/deep-learning-from-scratch), in ../shared, on MNIST's test images.
@Suite struct NumberedWeightsTests {
    /// Accuracies as the fixtures' README states them; the last two behind dropout.
    @Test(
        .needsShared("fixtures/pickles", "data/mnist"),
        arguments: [
            ("simple-conv", "params", 0.9600), ("simple-conv", "params_2016", 0.9890),
            ("deep-conv", "deep_convnet_params", 0.9797), ("deep-conv", "deep_convnet_params_2016", 0.9935),
        ])
    func theTextbooksWeightsGiveItsAccuracies(name: String, file: String, accuracy: Double) throws {
        let test = try DatasetSource.mnist.read(directory: SharedFiles.path("data/mnist")).test
        let architecture = try Architecture(named: name, inputs: 784, classes: 10)
        let network = try NumberedWeights(contentsOf: SharedFiles.path("fixtures/pickles/\(file).pkl"))
            .network(of: architecture)
        let classifier = try NetworkClassifier(
            architecture: architecture, network: network, classNames: test.classNames)
        #expect(try classifier.evaluate(on: test).accuracy == accuracy)
    }

    @Test(.needsShared("fixtures/pickles"))
    func anotherNetworksWeightsAreRefused() throws {
        let architecture = try Architecture(named: "lenet", inputs: 784, classes: 10)
        let weights = try NumberedWeights(contentsOf: SharedFiles.path("fixtures/pickles/params.pkl"))
        let error = #expect(throws: DescentError.self) { try weights.network(of: architecture) }
        #expect(error?.what == "'W1' has another shape")
        #expect(error?.expected == "[6, 1, 5, 5]")
        #expect(error?.got == "[30, 1, 5, 5]")
    }
}
