import Arrays
import ExampleData
import TestSupport
import Testing

@testable import Autodiff

/// A NaN stays one, whatever comes after it: the oracle is arithmetic in Double by loops, columns and matrix products, where
/// no instruction chooses between two numbers.
@Suite struct NonFiniteTests {
    static let activations: [Activation] = [
        .identity, .sigmoid, .tanh, .relu, .leakyReLU(slope: 0.1), .leakyReLU(slope: 0), .elu(alpha: 1),
        .elu(alpha: 0), .gelu, .geluTanh, .silu, .softplus, .softmax,
    ]

    /// A convolution of one pixel with ReLU over NaN and 1.
    @Test(arguments: [1, 4, 16, 17], [1, 5, 16])
    func reluAfterAConvolution(_ channels: Int, _ outputs: Int) {
        for half in [false, true] {
            for images in [1, 3, 17] {
                let tape = Tape<Float>()
                var numbers = [Float](repeating: 1, count: images * channels * 2)
                for image in 0..<images { numbers[image * channels * 2] = .nan }
                let x = tape.variable(NDArray(shape: [images, channels, 1, 2], elements: numbers))
                let w = tape.variable(NDArray(shape: [outputs, channels, 1, 1], repeating: 1))
                let y = x.convolution(
                    weight: w, bias: nil, geometry: WindowGeometry(kernel: 1), relu: true,
                    precision: half ? .bfloat16 : .float32
                )
                let found = y.value.elements
                for place in found.indices {
                    #expect(place % 2 == 0 ? found[place].isNaN : found[place] == Float(channels))
                }
                // A gradient through such a number is none either: the step that it belongs to has diverged.
                let gradients = tape.gradients(of: y.sum())
                #expect(y.sum().value.elements[0].isNaN)
                let broken = gradients[w].elements.enumerated().filter { $0.element.isNaN }.map(\.offset)
                #expect(broken == (0..<outputs).map { $0 * channels })
            }
        }
    }

    /// Where NaN are, and all other numbers, after a convolution with ReLU, pooled or not, as in Double.
    @Test(arguments: 0..<12)
    func imagesKeepThem(_ seed: Int) {
        var picks = Picks(state: UInt64(seed) &* 31 &+ 5)
        for _ in 0..<8 {
            let channels = picks.one(of: [1, 3, 4, 8, 16, 20]), outputs = picks.one(of: [1, 6, 16, 24])
            let images = picks.one(of: [1, 2, 19]), kernel = picks.one(of: [1, 2, 3, 5] as [Extent])
            let pooling = picks.one(
                of: [
                    nil, WindowGeometry(kernel: 2, stride: 2),
                    WindowGeometry(kernel: 3, stride: 2, padding: 1),
                ] as [WindowGeometry?])
            var numbers = (0..<images * channels * 81).map { _ in
                picks.one(of: [-2, -1, 0, 1, 2] as [Double])
            }
            for _ in 0..<3 { numbers[picks.one(of: Array(numbers.indices))] = .nan }
            let weights = (0..<outputs * channels * kernel.height * kernel.width).map { _ in
                picks.one(of: [-2, -1, 0, 1, 2] as [Double])
            }
            func result<Scalar: DifferentiableScalar>(in: Scalar.Type) -> [Double] {
                let tape = Tape<Scalar>()
                let x = tape.constant(
                    NDArray(shape: [images, channels, 9, 9], elements: numbers.map { Scalar($0) }))
                let w = tape.variable(
                    NDArray(
                        shape: [outputs, channels, kernel.height, kernel.width],
                        elements: weights.map { Scalar($0) }))
                let y = x.convolution(
                    weight: w, bias: nil, geometry: WindowGeometry(kernel: kernel), relu: true,
                    cache: ConvolutionCache(winograd: false))
                return (pooling.map { y.maxPooling($0) } ?? y).value.elements.map { Double($0) }
            }
            let (found, wanted) = (result(in: Float.self), result(in: Double.self))
            #expect(wanted.contains { $0.isNaN })
            #expect(
                paired(found, wanted).allSatisfy { $0 == $1 || ($0.isNaN && $1.isNaN) },
                "\(images) images, \(channels) to \(outputs) by \(kernel), pooled \(String(describing: pooling))"
            )
        }
    }

    /// By itself, after a dense layer of every kind (narrow, wide, in bfloat16), and in Double.
    @Test(arguments: activations)
    func activationsKeepThem(_ activation: Activation) {
        func check<Scalar: DifferentiableScalar>(_: Scalar.Type, _ precision: Precision = .float32) {
            for (depth, width) in [(16, 10), (300, 200), (7, 3), (1, 1)] {
                let tape = Tape<Scalar>(precision: precision)
                var numbers = [Scalar](repeating: 0.5, count: 3 * depth)
                numbers[depth] = .nan
                let x = tape.variable(NDArray(shape: [3, depth], elements: numbers))
                let w = tape.variable(NDArray(shape: [depth, width], repeating: 0.25))
                let y = x.dense(
                    weight: w, bias: tape.variable(NDArray(shape: [width], repeating: 0)),
                    activation: activation)
                let found = y.value.elements
                for place in found.indices {
                    #expect(found[place].isNaN == (place / width == 1), "\(activation), \(depth) to \(width)")
                }
                let gradients = tape.gradients(of: y.sum())
                #expect(gradients[w].elements.contains { $0.isNaN }, "\(activation), \(depth) to \(width)")
                let alone = x.activated(activation).value.elements
                for place in alone.indices where alone[place].isNaN != numbers[place].isNaN {
                    #expect(activation == .softmax && place / depth == 1)
                }
            }
        }
        check(Float.self)
        check(Float.self, .bfloat16)
        check(Double.self)
    }

    /// The largest of a window with a NaN is it, the mean too; dropout and residual sums keep it.
    @Test(arguments: [1, 4, 16, 20])
    func otherLayersKeepThem(_ channels: Int) {
        func check<Scalar: DifferentiableScalar>(_: Scalar.Type) {
            let tape = Tape<Scalar>()
            var numbers = [Scalar](repeating: 2, count: 2 * channels * 16)
            for channel in 0..<channels { numbers[channel * 16 + 5] = .nan }
            let x = tape.variable(NDArray(shape: [2, channels, 4, 4], elements: numbers))
            for windows in [
                WindowGeometry(kernel: 2, stride: 2), WindowGeometry(kernel: 2, stride: 2, padding: 1),
            ] {
                let count = windows.padding == 0 ? 4 : 9
                let broken = windows.padding == 0 ? 0 : 4
                for y in [x.maxPooling(windows), x.averagePooling(windows, countsPadding: false)] {
                    for (place, value) in y.value.elements.enumerated() {
                        let isNaN = place / count < channels && place % count == broken
                        #expect(
                            isNaN ? value.isNaN : value == 2, "\(channels) channels, \(windows), \(place)")
                    }
                }
            }
            for y in [x.dropout(rate: 0.9), x.relu() + x, x.relu() * 0, x.sigmoid()] {
                for (place, value) in y.value.elements.enumerated() {
                    #expect(value.isNaN == numbers[place].isNaN, "\(channels) channels, \(place)")
                }
            }
        }
        check(Float.self)
        check(Double.self)
    }

    /// Without zeros too, whatever holds the numbers: a weight that meets one that is not zero is in the result.
    @Test func aFirstLayerThatSkipsZerosKeepsThem() throws {
        var numbers = [Float](repeating: 0, count: 20 * 50)
        for row in 0..<20 { numbers[row * 50 + row] = 1 }
        numbers[3 * 50 + 40] = .nan
        let x = NDArray(shape: [20, 50], elements: numbers)
        var weights = [Float](repeating: 0.5, count: 50 * 12)
        weights[7 * 12 + 2] = .nan
        let bytes = NDArray(shape: [20, 50], elements: numbers.map { $0 == 1 ? UInt8(1) : 0 })
        for form in ["bytes", "numbers"] {
            let tape = Tape<Float>()
            let input =
                form == "bytes"
                ? tape.input(FeatureMatrix.bytes(bytes), rows: (0..<20).map { Int32($0) }) : tape.constant(x)
            let w = tape.variable(NDArray(shape: [50, 12], elements: weights))
            let y = input.dense(
                weight: w, bias: tape.variable(NDArray(shape: [12], repeating: 0)), activation: .relu)
            for (place, value) in y.value.elements.enumerated() {
                // Zero times NaN is one only where zeros are multiplied.
                let mayBe = place % 12 == 2
                let isNaN = place == 7 * 12 + 2 || (form == "numbers" && place / 12 == 3)
                #expect(isNaN ? value.isNaN : mayBe || !value.isNaN, "\(form), \(place)")
            }
        }
    }
}
