import Arrays
import TestSupport
import Testing

@testable import Autodiff

/// The primitives on images in Double against central differences.
@Suite struct ImageGradientTests {
    typealias Case = OperatorCheck

    private static func convolution(
        _ name: String, _ x: [Int], _ w: [Int], bias: Bool = true, stride: Extent = 1, padding: Padding = 0,
        dilation: Extent = 1, groups: Int = 1, relu: Bool = false
    ) -> Case {
        let geometry = WindowGeometry(
            kernel: Extent(w[2], w[3]), stride: stride, padding: padding, dilation: dilation)
        return Case(name: "convolution, \(name)", shapes: [x, w] + (bias ? [[w[0]]] : [])) {
            $0[0].convolution(
                weight: $0[1], bias: bias ? $0[2] : nil, geometry: geometry, groups: groups, relu: relu)
        }
    }

    private static func transposed(
        _ name: String, _ x: [Int], _ w: [Int], bias: Bool = true, stride: Extent = 1, padding: Padding = 0,
        dilation: Extent = 1, groups: Int = 1
    ) -> Case {
        let geometry = WindowGeometry(
            kernel: Extent(w[2], w[3]), stride: stride, padding: padding, dilation: dilation)
        return Case(name: "transposed, \(name)", shapes: [x, w] + (bias ? [[w[1] * groups]] : [])) {
            $0[0].transposedConvolution(
                weight: $0[1], bias: bias ? $0[2] : nil, geometry: geometry, groups: groups)
        }
    }

    private static func largest(
        _ x: [Int], _ kernel: Extent, stride: Extent, padding: Padding = 0
    ) -> Case {
        let geometry = WindowGeometry(kernel: kernel, stride: stride, padding: padding)
        return Case(name: "max \(kernel), stride \(stride), padding \(geometry.padding)", shapes: [x]) {
            $0[0].maxPooling(geometry)
        }
    }

    private static func mean(
        _ x: [Int], _ kernel: Extent, stride: Extent, padding: Padding = 0, counts: Bool = true
    ) -> Case {
        let geometry = WindowGeometry(kernel: kernel, stride: stride, padding: padding)
        return Case(name: "mean \(kernel), stride \(stride), \(geometry.padding), \(counts)", shapes: [x]) {
            $0[0].averagePooling(geometry, countsPadding: counts)
        }
    }

    private static func normalization(_ x: [Int], training: Bool) -> Case {
        let channels = x[1]
        let known = ChannelMoments<Double>(
            mean: NDArray(shape: [channels], elements: (0..<channels).map { 0.3 - 0.2 * Double($0) }),
            variance: NDArray(shape: [channels], elements: (0..<channels).map { 0.5 + 0.4 * Double($0) }))
        return Case(
            name: "normalization of \(x), \(training ? "training" : "evaluation")",
            shapes: [x, [channels], [channels]]
        ) {
            $0[0].batchNormalization(
                scale: $0[1], shift: $0[2], epsilon: 1e-3, moments: training ? nil : known
            ).0
        }
    }

    static let cases: [Case] = [
        convolution("1x1", [2, 3, 3, 2], [4, 3, 1, 1]),
        convolution("2x2", [2, 2, 4, 3], [3, 2, 2, 2], bias: false),
        convolution("3x3, same, relu", [1, 2, 4, 4], [2, 2, 3, 3], padding: .same, relu: true),
        convolution("5x5, stride 2, padding 2", [1, 2, 6, 5], [2, 2, 5, 5], stride: 2, padding: 2),
        convolution(
            "2x3, strides 2x1, padding 1x2", [1, 2, 5, 4], [2, 2, 2, 3], stride: Extent(2, 1),
            padding: .pixels(Extent(1, 2))),
        convolution(
            "3x2, dilation 2x3, no bias", [1, 2, 6, 5], [2, 2, 3, 2], bias: false,
            padding: 1, dilation: Extent(2, 3)),
        convolution("3x3 in 2 groups", [1, 4, 4, 4], [6, 2, 3, 3], padding: 1, groups: 2),
        convolution("3x3, depthwise, relu", [2, 3, 4, 3], [3, 1, 3, 3], padding: 1, groups: 3, relu: true),
        transposed("3x3", [2, 2, 3, 2], [2, 3, 3, 3]),
        transposed(
            "2x3, stride 2x3, no bias", [1, 2, 3, 2], [2, 2, 2, 3], bias: false, stride: Extent(2, 3)),
        transposed(
            "3x3, stride 2, padding 1, dilation 2, 2 groups", [1, 4, 3, 3], [4, 1, 3, 3], stride: 2,
            padding: 1, dilation: 2, groups: 2),
        largest([2, 2, 4, 6], 2, stride: 2),
        largest([1, 3, 5, 5], 3, stride: 2, padding: 1),
        largest([1, 2, 6, 4], Extent(3, 2), stride: 1, padding: .pixels(Extent(2, 1))),
        mean([2, 2, 4, 6], 2, stride: 2),
        mean([1, 2, 5, 5], 3, stride: 2, padding: 1),
        mean([1, 2, 5, 5], 3, stride: 2, padding: 1, counts: false),
        mean([1, 2, 4, 5], Extent(2, 3), stride: 1, padding: .pixels(Extent(1, 2)), counts: false),
        Case(name: "global mean", shapes: [[2, 3, 3, 4]]) { $0[0].globalAveragePooling() },
        normalization([3, 2, 2, 3], training: true),
        normalization([2, 3, 2, 2], training: false),
        normalization([5, 3], training: true),
        normalization([4, 3], training: false),
        Case(name: "convolution, pooled and itself", shapes: [[1, 2, 5, 5], [2, 2, 2, 2]]) {
            let y = $0[0].convolution(weight: $0[1], bias: nil, geometry: WindowGeometry(kernel: 2))
            return y.maxPooling(WindowGeometry(kernel: 2, stride: 2)).reshaped(to: [8])
                + y.sum() * y.globalAveragePooling().sum()
        },
    ]

    @Test(arguments: cases)
    func agreesWithCentralDifferences(_ test: Case) {
        var test = test
        test.seed = 20_261_124
        test.expectGradients()
    }

    /// The negative control: slips that a convolution's pullback could well have.
    @Test func catchesWrongGradients() {
        var random = RandomState(3)
        let x: NDArray<Double> = random.uniform(low: -2, high: 2, shape: [2, 2, 4, 4])
        let w: NDArray<Double> = random.uniform(low: -2, high: 2, shape: [2, 2, 3, 3])
        let geometry = WindowGeometry(kernel: 3, padding: 1)
        let shape = ConvolutionShape(
            channels: 2, size: 4, outputs: 2, resultSize: 4, geometry: geometry, groups: 1, hasBias: false,
            relu: false, precision: .float32)
        let turned = NDArray(shape: w.shape, elements: w.elements.reversed())
        typealias Pullback = (NDArray<Double>) -> [NDArray<Double>?]
        let slips: [(String, Pullback)] = [
            (
                "weights turned",
                { g in
                    [
                        shape.sourceGradient(g, weights: turned),
                        shape.weightGradient(x, upstream: g, shape: w.shape),
                    ]
                }
            ),
            (
                "convolved forward instead of back",
                { g in
                    [shape.forward(g, weights: w), shape.weightGradient(x, upstream: g, shape: w.shape)]
                }
            ),
            (
                "weights of the mean image",
                { g in
                    [
                        shape.sourceGradient(g, weights: w),
                        shape.weightGradient(x, upstream: g, shape: w.shape) * 0.5,
                    ]
                }
            ),
            (
                "one weight forgotten",
                { g in
                    var gradient = shape.weightGradient(x, upstream: g, shape: w.shape)
                    gradient.withUnsafeMutableElements { $0[7] = 0 }
                    return [shape.sourceGradient(g, weights: w), gradient]
                }
            ),
        ]
        func check(_ pullback: @escaping Pullback) -> GradientCheck {
            checkGradients(at: [x, w]) { inputs in
                let y = shape.forward(inputs[0].value, weights: inputs[1].value)
                return weighed(
                    inputs[0].tape.record(.array(y), from: inputs) {
                        pullback($0.array()).map { $0.map { .array($0) } }
                    })
            }
        }
        for (name, pullback) in slips {
            #expect(!check(pullback).passes(tolerance: 1e-6), "\(name) was not caught")
        }
        let right = check { g in
            [shape.sourceGradient(g, weights: w), shape.weightGradient(x, upstream: g, shape: w.shape)]
        }
        #expect(right.passes(tolerance: 1e-7))
    }

    @Test(arguments: cases)
    func theTapeIsFreedWithItsLastUser(_ test: Case) {
        weak var doubles: Tape<Double>?
        do {
            let own = Tape<Double>()
            let inputs = test.shapes.map { own.variable(NDArray(shape: $0, repeating: 0.5)) }
            _ = own.gradients(of: test.computation(inputs))
            doubles = own
        }
        #expect(doubles == nil, "\(test.name)")
    }
}
