import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import Autodiff

/// Values and gradients as PyTorch has them (`Vectors/make_image_vectors.py`; its version is in the file).
@Suite struct ImageVectorTests {
    typealias Listed = ListedArray

    struct Options: Decodable, Sendable {
        var kernel, stride, padding, dilation: [Int]?
        var groups: Int?
        var relu, countsPadding, training: Bool?
        var mean, variance: Listed?

        var geometry: WindowGeometry {
            func extent(_ list: [Int]?) -> Extent { list.map { Extent($0[0], $0[1]) } ?? 1 }
            return WindowGeometry(
                kernel: extent(kernel), stride: extent(stride),
                padding: .pixels(padding.map(Self.extent) ?? Extent(0, 0)),
                dilation: extent(dilation))
        }

        private static func extent(_ list: [Int]) -> Extent { Extent(list[0], list[1]) }
    }

    struct Case: Decodable, Sendable, CustomTestStringConvertible {
        let name, operation: String
        let inputs: [Listed]
        let options: Options
        let output, upstream: Listed
        let gradients: [Listed]
        var testDescription: String { name }

        func run<Scalar: DifferentiableScalar>(_ x: [Tensor<Scalar>]) -> Tensor<Scalar>? {
            let bias = x.count > 2 ? x[2] : nil
            switch operation {
            case "convolution":
                return x[0].convolution(
                    weight: x[1], bias: bias, geometry: options.geometry, groups: options.groups ?? 1,
                    relu: options.relu ?? false)
            case "transposed":
                return x[0].transposedConvolution(
                    weight: x[1], bias: bias, geometry: options.geometry, groups: options.groups ?? 1)
            case "max": return x[0].maxPooling(options.geometry)
            case "average":
                return x[0].averagePooling(options.geometry, countsPadding: options.countsPadding ?? true)
            case "global": return x[0].globalAveragePooling()
            case "normalization":
                guard let mean = options.mean, let variance = options.variance else { return nil }
                let known = ChannelMoments<Scalar>(mean: mean.array(), variance: variance.array())
                return x[0].batchNormalization(
                    scale: x[1], shift: x[2], epsilon: 1e-5, moments: options.training == true ? nil : known
                ).0
            default: return nil
            }
        }
    }

    struct Vectors: Decodable { let cases: [Case] }

    @Test func followsPyTorch() throws {
        let cases = try vectors("images.json", as: Vectors.self).cases
        #expect(cases.count == 18)
        for test in cases {
            try compare(test, in: Double.self, tolerance: 1e-10)
            try compare(test, in: Float.self, tolerance: 1e-5)
        }
    }

    private func compare<Scalar: DifferentiableScalar>(
        _ test: Case, in scalar: Scalar.Type, tolerance: Double
    ) throws {
        let tape = Tape<Scalar>()
        let inputs = test.inputs.map { tape.variable($0.array()) }
        let output = try #require(test.run(inputs), "\(test.name): \(test.operation) is not known")
        let gradients = tape.gradients(of: (output * tape.constant(test.upstream.array())).sum())
        let found = [output.value] + inputs.map { gradients[$0] }
        for (place, (found, wanted)) in paired(found, [test.output] + test.gradients).enumerated() {
            let size = max(1, wanted.elements.map(abs).max() ?? 0)
            expectClose(
                found, wanted.value, absolute: tolerance * size,
                "\(test.name) in \(scalar), \(place == 0 ? "value" : "gradient \(place - 1)")")
        }
    }
}
