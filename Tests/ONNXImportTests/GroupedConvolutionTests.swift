import CGraph
import CKernels
import Support
import TestSupport
import Testing

@testable import ONNXImport

/// Convolutions of single pixels in groups, as ShuffleNet has them, against the operator's own kernel; and means of windows.
@Suite("Grouped convolutions in rows")
struct GroupedConvolutionTests {
    private func random(_ shape: [Int], _ seed: UInt64) throws -> ONNXTensor {
        var random = SplitMix64(state: seed)
        return try ONNXTensor(
            (0..<shape.reduce(1, *)).map { _ in Float.random(in: -1...1, using: &random) }, shape: shape)
    }

    @Test(arguments: [
        (1, 4, 6, 28, 8, 8), (2, 4, 34, 34, 7, 7), (3, 2, 5, 7, 1, 3), (1, 3, 17, 13, 12, 12),
        (2, 2, 33, 6, 4, 5),
    ])
    func eachAgreesWithTheDefinition(
        _ images: Int, _ groups: Int, _ channels: Int, _ outputs: Int, _ h: Int, _ w: Int
    )
        throws
    {
        let budget = MemoryBudget(limit: 1 << 28)
        let x = try random([images, groups * channels, h, w], 1)
        let weights = try random([groups * outputs, channels, 1, 1], 2)
        let bias = try random([groups * outputs], 3)
        let settings = try WindowSettings(
            Node(
                description: NodeDescription(), version: 13, loadTensor: { _ in x },
                compileGraph: { _ in throw DescentError(.badData, "a graph") }))
        let windows = try ConvolutionKernels.windows(x, weights, bias, groups: groups, settings)
        let plain = try ConvolutionKernels.convolve(x, weights, bias, groups: groups, windows, budget)
        let summand = try random(plain.shape, 4)
        for activation: FusedActivation in [
            .none, .relu(slope: 0), .relu(slope: 0.25), .clip(-0.5, 0.75), .hardSwish,
        ] {
            let fused = FusedConvolution(
                settings, groups: groups, weights: weights, factor: nil, bias: try bias.doubles(budget),
                activation)
            for adds in [false, true] {
                let sum = adds ? try ElementwiseKernels.binary(CG_ADD, plain, summand, budget) : plain
                let expected = try activation.apply(sum, budget)
                let got = try fused(x, adding: adds ? summand : nil, isOwned: false, budget).inRows(budget)
                let fault = try NodeCase.difference(got, expected, relative: 1e-4, absolute: 1e-5)
                #expect(fault == nil, "\(activation), adds \(adds): \(fault ?? "")")
            }
        }
    }

    @Test func aReluKeepsTheSmallestNumber() throws {
        let budget = MemoryBudget(limit: 1 << 28)
        let x = try ONNXTensor([Float](repeating: -.infinity, count: 4 * 20), shape: [1, 4, 4, 5])
        let weights = try ONNXTensor([Float](repeating: 1, count: 8), shape: [4, 2, 1, 1])
        let settings = try WindowSettings(
            Node(
                description: NodeDescription(), version: 13, loadTensor: { _ in x },
                compileGraph: { _ in throw DescentError(.badData, "a graph") }))
        let fused = FusedConvolution(
            settings, groups: 2, weights: weights, factor: nil, bias: [0, 0, 0, 0], .relu(slope: 0))
        let y = try fused(x, adding: nil, isOwned: false, budget).inRows(budget)
        #expect(try y.elements(as: Float.self).allSatisfy { $0 == 0 })
    }

    /// Planes of two axes go another way than planes of three: one plane more deep is the same windows.
    @Test(arguments: [true, false])
    func meansOfWindowsAreTheSameWithOneAxisMore(countsPadding: Bool) throws {
        let x = try random([2, 3, 7, 9], 5)
        var settings = Windows(
            lengths: [7, 9], results: [4, 5], kernel: [3, 3], strides: [2, 2], before: [1, 1], after: [1, 1],
            dilations: [1, 1])
        func means(_ windows: Windows) throws -> [Float] {
            let y = try ONNXTensor([Float](repeating: 0, count: 6 * 20), shape: [120])
            _ = windows.withForm {
                cg_average_pool(CG_FLOAT32, 6, $0, countsPadding ? 1 : 0, x.base, y.base)
            }
            return try y.elements()
        }
        let flat = try means(settings)
        settings.lengths.insert(1, at: 0)
        settings.results.insert(1, at: 0)
        settings.kernel.insert(1, at: 0)
        settings.strides.insert(1, at: 0)
        settings.before.insert(0, at: 0)
        settings.after.insert(0, at: 0)
        settings.dilations.insert(1, at: 0)
        #expect(try flat == means(settings))
    }
}
