import Arrays
import Autodiff
import Foundation
import Support
import TestSupport
import Testing

@testable import Networks

/// The layers on images: what they refuse, what they keep between calls, and their running moments.
@Suite struct ImageLayerTests {
    private static func error(
        _ what: String, _ place: String, _ expected: String, _ got: String, advice: String? = nil
    ) -> DescentError {
        DescentError(.usage, what, at: place, expected: expected, got: got, advice: advice)
    }

    @Test func shapesFollowThroughALayer() throws {
        #expect(try Convolution(1, 30, kernel: 5).outputShape(for: [1, 28, 28]) == [30, 24, 24])
        #expect(
            try Convolution(4, 6, kernel: Extent(3, 2), stride: 2, padding: 1, dilation: 2).outputShape(
                for: [4, 9, 8]) == [6, 4, 4])
        #expect(
            try TransposedConvolution(4, 6, kernel: 3, stride: 2, padding: 1).outputShape(for: [4, 5, 7])
                == [6, 9, 13])
        #expect(try MaxPooling(3, stride: 2, padding: 1).outputShape(for: [5, 7, 8]) == [5, 4, 4])
        #expect(try AveragePooling(2).outputShape(for: [5, 7, 8]) == [5, 3, 4])
        #expect(try GlobalAveragePooling().outputShape(for: [5, 7, 8]) == [5])
        #expect(try BatchNormalization(5).outputShape(for: [5, 7, 8]) == [5, 7, 8])
        #expect(try BatchNormalization(5).outputShape(for: [5]) == [5])
        #expect(try Reshape([1, 28, 28]).outputShape(for: [784]) == [1, 28, 28])
    }

    /// The shape that a layer foretells is the one that it gives.
    @Test func layersKeepTheirWord() throws {
        let layers: [any Layer] = [
            Convolution(4, 6, kernel: Extent(3, 2), stride: 2, padding: 1, dilation: 2),
            Convolution(4, 8, kernel: 3, padding: .same, groups: 4, activation: .tanh),
            TransposedConvolution(4, 6, kernel: 3, stride: 2, padding: 1, activation: .relu),
            MaxPooling(3, stride: 2, padding: 1), AveragePooling(2), GlobalAveragePooling(),
            BatchNormalization(4),
            Reshape([288]),
        ]
        for layer in layers {
            let tape = Tape<Float>()
            let result = layer(tape.constant(NDArray(shape: [2, 4, 9, 8], repeating: 1)))
            #expect(try layer.outputShape(for: [4, 9, 8]) == Array(result.shape.dropFirst()), "\(layer)")
        }
    }

    @Test func whatDoesNotFitNamesTheLayer() {
        #expect(
            throws: Self.error(
                "images do not fit the layer", "Convolution(3, 8, kernel: 5x5)", "3 channels: [3, H, W]",
                "[1, 28, 28]")
        ) { try Convolution(3, 8, kernel: 5).outputShape(for: [1, 28, 28]) }
        #expect(
            throws: Self.error(
                "images do not fit the layer", "Convolution(1, 8, kernel: 5x3)", "1 channels: [1, H, W]",
                "[784]",
                advice: "put Reshape([C, H, W]) before the layer")
        ) { try Convolution(1, 8, kernel: Extent(5, 3)).outputShape(for: [784]) }
        #expect(
            throws: Self.error(
                "images are smaller than the kernel", "Convolution(1, 8, kernel: 5x5)",
                "at least 5x5 pixels with their padding", "[1, 4, 9]")
        ) { try Convolution(1, 8, kernel: 5).outputShape(for: [1, 4, 9]) }
        #expect(
            throws: Self.error(
                "images do not fit the layer", "TransposedConvolution(4, 6, kernel: 3x3)",
                "4 channels: [4, H, W]",
                "[6, 3, 3]")
        ) { try TransposedConvolution(4, 6, kernel: 3).outputShape(for: [6, 3, 3]) }
        #expect(
            throws: Self.error(
                "images are smaller than the window", "MaxPooling(3x3)",
                "at least 3x3 pixels with their padding",
                "[8, 2, 2]")
        ) { try MaxPooling(3).outputShape(for: [8, 2, 2]) }
        #expect(
            throws: Self.error("only images have windows", "AveragePooling(2x2)", "[C, H, W]", "[50]")
        ) { try AveragePooling(2).outputShape(for: [50]) }
        #expect(
            throws: Self.error("only images have channels", "GlobalAveragePooling()", "[C, H, W]", "[50]")
        ) { try GlobalAveragePooling().outputShape(for: [50]) }
        #expect(
            throws: Self.error(
                "channels do not fit the layer", "BatchNormalization(4)", "[4, H, W] or [4]", "[3, 8, 8]")
        ) { try BatchNormalization(4).outputShape(for: [3, 8, 8]) }
        #expect(
            throws: Self.error("examples have another size", "Reshape([1, 28, 28])", "784 numbers", "[783]")
        ) { try Reshape([1, 28, 28]).outputShape(for: [783]) }
    }

    @Test func aSequenceSaysWhichLayer() {
        let network = Sequential {
            Reshape([1, 8, 8])
            Convolution(1, 4, kernel: 5)
            MaxPooling(2)
            Convolution(4, 8, kernel: 3)
        }
        #expect(
            throws: Self.error(
                "images are smaller than the kernel", "layer 3, Convolution(4, 8, kernel: 3x3)",
                "at least 3x3 pixels with their padding", "[4, 2, 2]")
        ) { try network.outputShape(for: [64]) }
    }

    private func evaluated(_ layer: any Layer, _ x: NDArray<Float>) -> [Float] {
        layer(Tape<Float>(recordsGradients: false, isTraining: false).constant(x)).value.elements
    }

    private func evaluatedInDouble(_ layer: any Layer, _ x: NDArray<Float>) -> [Double] {
        let x = NDArray<Double>(shape: x.shape, elements: x.elements.map { Double($0) })
        return layer(Tape<Double>(recordsGradients: false, isTraining: false).constant(x)).value.elements
    }

    private func agree(_ layer: any Layer, _ x: NDArray<Float>) -> Bool {
        paired(evaluated(layer, x), evaluatedInDouble(layer, x)).allSatisfy {
            abs(Double($0) - $1) <= 1e-4
        }
    }

    /// Packed weights are kept between evaluations; whatever changes the weights, the next result is theirs.
    @Test func changedWeightsGiveNewResults() {
        var random = RandomState(8)
        let layer = Convolution(4, 20, kernel: 3)
        let x: NDArray<Float> = random.normal(scale: 1, shape: [3, 4, 7, 6])
        var results: [[Float]] = []
        for _ in 0..<3 {
            layer.initialize(using: &random)
            results.append(evaluated(layer, x))
            #expect(evaluated(layer, x) == results.last)
            #expect(agree(layer, x))
        }
        #expect(results[0] != results[1] && results[1] != results[2])
        // In place, by the optimiser's way.
        layer.weight.value.withUnsafeMutableElements { $0[5] += 1 }
        #expect(evaluated(layer, x) != results[2])
        #expect(agree(layer, x))
        // Images of another size have primitives of their own, with the same weights.
        let larger: NDArray<Float> = random.normal(scale: 1, shape: [2, 4, 9, 9])
        #expect(agree(layer, larger) && agree(layer, x))
    }

    @Test func trainingAfterEvaluationLeavesNothingStale() {
        var random = RandomState(9)
        let layer = Convolution(4, 6, kernel: 3, activation: .relu)
        layer.initialize(using: &random)
        let x: NDArray<Float> = random.normal(scale: 1, shape: [5, 4, 6, 6])
        var state = OptimizerState(.sgd(learningRate: 0.01), for: layer.parameters)
        var before = evaluated(layer, x)
        for _ in 0..<3 {
            let tape = Tape<Float>()
            let y = layer(tape.constant(x))
            #expect(y.value.elements == before)
            let gradients = tape.gradients(of: (y * y).sum())
            tape.clear()
            let place = layer.weight.value.withUnsafeElements { UnsafeRawPointer($0.baseAddress) }
            state.update(with: gradients)
            // The cache has let the weights go: they were changed where they lie.
            #expect(layer.weight.value.withUnsafeElements { UnsafeRawPointer($0.baseAddress) } == place)
            let after = evaluated(layer, x)
            #expect(after != before && agree(layer, x))
            before = after
        }
    }

    private struct Moments: Decodable {
        let batches, outputs: [ListedArray]
        let mean, variance, evaluated: ListedArray
    }

    /// Three batches by PyTorch (`AutodiffTests/Vectors/make_image_vectors.py`; its version is in the file).
    @Test func runningMomentsFollowPyTorch() throws {
        let wanted: Moments = try vectors("batch_normalization.json")
        let layer = BatchNormalization(3)
        var random = RandomState(1)
        layer.initialize(using: &random)
        func expectNear(_ found: [Float], _ wanted: ListedArray) {
            expectClose(found, wanted.elements, absolute: 2e-6, relative: 2e-6)
        }
        #expect(wanted.batches.count == 3)
        for (batch, output) in paired(wanted.batches, wanted.outputs) {
            expectNear(layer(Tape<Float>().constant(batch.array())).value.elements, output)
        }
        expectNear(layer.runningMean.value.elements, wanted.mean)
        expectNear(layer.runningVariance.value.elements, wanted.variance)
        let moments = (layer.runningMean.value.elements, layer.runningVariance.value.elements)
        expectNear(evaluated(layer, wanted.batches[0].array()), wanted.evaluated)
        // Evaluation measures nothing.
        #expect(moments == (layer.runningMean.value.elements, layer.runningVariance.value.elements))
        #expect(layer.parameterCount == 6)
    }
}
