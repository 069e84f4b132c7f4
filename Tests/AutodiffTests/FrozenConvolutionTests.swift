import Arrays
import Foundation
import Testing

@testable import Autodiff

/// A convolution whose parameters are frozen computes the gradient by its images alone, with the same bits.
@Suite struct FrozenConvolutionTests {
    enum Form: CaseIterable { case plain, pooled, transposed }

    @Test(arguments: Form.allCases)
    func nothingIsComputedForFrozenWeightsInFloat(_ form: Form) throws { try check(form, in: Float.self) }

    @Test(arguments: Form.allCases)
    func nothingIsComputedForFrozenWeightsInDouble(_ form: Form) throws { try check(form, in: Double.self) }

    /// The pooled convolution of 28 x 28 images is the one that skips zeros, where the processor has it.
    @Test func theKernelThatSkipsZerosLeavesTheWeightsOut() throws {
        let frozen = try gradients(
            .pooled, trainable: false, in: Float.self, side: 28, channels: 16, outputs: 32)
        let trained = try gradients(
            .pooled, trainable: true, in: Float.self, side: 28, channels: 16, outputs: 32)
        #expect(frozen[1] == nil)
        #expect(trained[1] != nil)
        #expect(frozen[0] == trained[0])
    }

    private func check<Scalar: DifferentiableScalar>(_ form: Form, in _: Scalar.Type) throws {
        let frozen = try gradients(form, trainable: false, in: Scalar.self)
        let trained = try gradients(form, trainable: true, in: Scalar.self)
        // What is not computed is nil: a tape drops a gradient that nobody needs, which hides the work.
        #expect(frozen[1] == nil, "\(form)")
        #expect(trained[1] != nil, "\(form)")
        #expect(frozen[0] == trained[0], "\(form)")
        #expect(frozen[0]?.elements.contains { $0 != 0 } == true, "\(form)")
    }

    /// What the convolution's pullback gives by the images and by the weights.
    private func gradients<Scalar: DifferentiableScalar>(
        _ form: Form, trainable: Bool, in _: Scalar.Type, side: Int = 6, channels: Int = 2, outputs: Int = 3
    ) throws -> [NDArray<Scalar>?] {
        final class Weights {}
        var random = RandomState(3)
        let tape = Tape<Scalar>()
        let given: NDArray<Scalar> = random.normal(scale: 1, shape: [3, channels, side, side]).asType()
        let first: NDArray<Scalar> = random.normal(
            scale: 1, shape: form == .transposed ? [channels, outputs, 3, 3] : [outputs, channels, 3, 3]
        ).asType()
        let images = tape.variable(given)
        let weight = tape.variable(for: Weights(), isTrainable: trainable) { first }
        let geometry = WindowGeometry(kernel: 3, padding: 1)
        let result =
            switch form {
            case .plain: images.convolution(weight: weight, bias: nil, geometry: geometry)
            case .pooled:
                images.convolution(weight: weight, bias: nil, geometry: geometry, relu: true)
                    .maxPooling(WindowGeometry(kernel: 2, stride: 2))
            case .transposed: images.transposedConvolution(weight: weight, bias: nil, geometry: geometry)
            }
        var node = result.node
        // In `Double` the pooling is a node of its own after the convolution.
        while !tape.nodes[node].inputs.contains(weight.node) {
            node = try #require(tape.nodes[node].inputs.first)
        }
        let pullback = try #require(tape.nodes[node].pullback)
        let upstream = NDArray<Scalar>.ones(shape: tape.nodes[node].shape)
        return pullback(.array(upstream)).map { $0?.array() }
    }
}
