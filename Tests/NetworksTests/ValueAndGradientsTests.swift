import Arrays
import Autodiff
import ExampleData
import Testing

@testable import Networks

/// The loss and gradients of a network without a tape in the caller's hands: against central differences, and against the
/// tape itself.
@Suite struct ValueAndGradientsTests {
    private struct Model: Layer {
        let hidden = Dense(5, 4, activation: .tanh, initializer: .normal(standardDeviation: 0.5))
        let output = Dense(4, 3, initializer: .normal(standardDeviation: 0.5))
        let unused = Dense(2, 2)

        init() {
            var random = RandomState(7)
            initialize(using: &random)
        }

        func callAsFunction<Scalar>(_ x: Tensor<Scalar>) -> Tensor<Scalar> { output(hidden(x)) }
        var used: [Parameter] { [hidden.weight, hidden.bias, output.weight, output.bias] }
    }

    private let labels: [Int32] = [2, 0, 1, 1]

    private func batch<Scalar: FloatingScalar>(_ scalar: Scalar.Type) -> NDArray<Scalar> {
        var random = RandomState(3)
        return random.normal(shape: [4, 5])
    }

    @Test func agreesWithCentralDifferences() throws {
        let (model, x) = (Model(), batch(Double.self))
        let (value, gradients) = valueAndGradients(of: model, in: Double.self) {
            $0(x).softmaxCrossEntropy(labels: labels)
        }
        for (index, parameter) in model.used.enumerated() {
            func loss(_ moved: NDArray<Double>) -> Double {
                let tape = Tape<Double>(recordsGradients: false)
                _ = tape.variable(for: parameter) { moved }
                return model(tape.constant(x)).softmaxCrossEntropy(labels: labels).value.item()
            }
            let own = parameter.value.asType(Double.self)
            #expect(value == loss(own))
            let numerical = numericalGradient(of: loss, at: own)
            let found = gradients[parameter]
            #expect(found.shape == parameter.shape)
            let difference = zip(found.elements, numerical.elements).map { abs($0 - $1) }.max() ?? .nan
            #expect(difference < 1e-8, "parameter \(index)")
            #expect(numerical.elements.contains { abs($0) > 1e-3 }, "parameter \(index)")
        }
    }

    @Test func namesAreThoseOfTheNetwork() throws {
        let (model, x) = (Model(), batch(Float.self))
        let (_, gradients) = valueAndGradients(of: model) { $0(x).softmaxCrossEntropy(labels: labels) }
        #expect(gradients.names == model.namedParameters.map(\.name))
        #expect(gradients["hidden.weight"] == gradients[model.hidden.weight])
        #expect(gradients["hidden.wait"] == nil)
        // The loss does not depend on it.
        #expect(gradients["unused.weight"] == NDArray(shape: [2, 2], repeating: 0))
    }

    /// Every form of a batch gives the bits of a tape that is handled by hand.
    @Test func givesTheBitsOfTheTape() throws {
        let model = Model()
        let bytes = NDArray<UInt8>(shape: [6, 5], elements: (0..<30).map { UInt8($0 * 8 % 251) })
        let (rows, images): ([Int32], FeatureMatrix) = ([4, 0, 5, 1], FeatureMatrix.bytes(bytes))
        let tape = Tape<Float>()
        let loss = model(tape.input(images, rows: rows)).softmaxCrossEntropy(labels: labels)
        let expected = tape.gradients(of: loss)
        let numbers = NDArray<Float>(shape: [6, 5], elements: bytes.elements.map { Float($0) / 255 })
        let gathered = tape.input(images, rows: rows).value
        for (value, gradients) in [
            valueAndGradients(of: model) { $0(images, rows: rows).softmaxCrossEntropy(labels: labels) },
            valueAndGradients(of: model) { $0(gathered).softmaxCrossEntropy(labels: labels) },
            valueAndGradients(of: model) {
                $0($0.constant(gathered)).softmaxCrossEntropy(labels: labels)
            },
        ] {
            #expect(value == loss.value.item())
            for parameter in model.used { #expect(gradients[parameter] == expected[parameter]) }
        }
        let (close, _) = valueAndGradients(of: model) {
            $0(FeatureMatrix.floats(numbers), rows: rows).softmaxCrossEntropy(labels: labels)
        }
        #expect(abs(close - loss.value.item()) < 1e-6)
    }

    /// Descent by hand, as a student writes it; a penalty on weights goes into the gradient.
    @Test func aStudentsStepLowersTheLoss() {
        let (model, x) = (Model(), batch(Float.self))
        func step() -> (value: Float, gradients: ParameterGradients<Float>) {
            valueAndGradients(of: model) { network in
                let weight = network.parameter(model.output.weight)
                return network(x).softmaxCrossEntropy(labels: labels) + (weight * weight).sum() * 0.01
            }
        }
        let plain = valueAndGradients(of: model) { $0(x).softmaxCrossEntropy(labels: labels) }
        let (first, gradients) = step()
        let penalty = gradients[model.output.weight] - plain.gradients[model.output.weight]
        let wanted = model.output.weight.value * 0.02
        #expect(zip(penalty.elements, wanted.elements).allSatisfy { abs($0 - $1) < 1e-6 })
        for parameter in model.parameters { parameter.value -= 0.1 * gradients[parameter] }
        #expect(step().value < first)
    }
}
