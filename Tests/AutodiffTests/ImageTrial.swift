import Arrays
import TestSupport

@testable import Autodiff

/// A small network on images, drawn at random: a convolution, perhaps pooled, and something after it.
struct ImageTrial: CustomStringConvertible {
    /// When the convolution's own result is asked for.
    enum Asking: CaseIterable { case never, beforePooling, asLossBeforePooling, asLossAfterPooling }
    /// What follows.
    enum Next: CaseIterable {
        case nothing, convolution, dense, globalMean, normalization, residual, sigmoid, largest, mean
    }

    var images = 1, channels = 1, outputs = 1, groups = 1
    var size: Extent = 1
    var geometry = WindowGeometry(kernel: 1)
    var hasBias = true, relu = true
    var pooling: WindowGeometry?
    var asking = Asking.never
    var next = Next.nothing

    var description: String {
        "[\(images), \(channels), \(size)] to \(outputs), \(geometry), groups \(groups), bias \(hasBias), relu \(relu), "
            + "pooling \(pooling.map { "\($0)" } ?? "none"), asked \(asking), then \(next)"
    }

    /// The trial of a seed.
    init(seed: Int) {
        var picks = Picks(state: UInt64(seed))
        repeat {
            images = picks.one(of: [1, 2, 7, 16, 17, 100, 150])
            channels = picks.one(of: [1, 2, 3, 4, 6, 15, 16, 17, 30, 32, 48])
            outputs = picks.one(of: [1, 5, 6, 16, 20, 30, 32])
            size = Extent(picks.one(of: [4, 5, 8, 9, 12]), picks.one(of: [4, 6, 7, 8, 13]))
            geometry = WindowGeometry(
                kernel: picks.one(of: [1, 2, 3, 3, 5, Extent(3, 2), Extent(1, 4)]),
                stride: picks.one(of: [1, 1, 1, 2, Extent(2, 1)]), padding: picks.one(of: [0, 0, 1, 2]),
                dilation: picks.one(of: [1, 1, 1, 2]))
            let divisors = (1...channels).filter { channels % $0 == 0 && outputs % $0 == 0 }
            groups = picks.one(of: [1, 1, 1, divisors.last ?? 1, picks.one(of: divisors)])
            // A third of the grouped ones: each channel by itself.
            if groups > 1, picks.one(of: [false, false, true]) { (outputs, groups) = (channels, channels) }
        } while !isSmall
        hasBias = picks.one(of: [true, true, false])
        relu = picks.one(of: [true, true, false])
        asking = picks.one(of: [.never, .never] + Asking.allCases)
        next = picks.one(of: Next.allCases)
        let poolings = [
            WindowGeometry(kernel: 2, stride: 2), WindowGeometry(kernel: 2, stride: 2),
            WindowGeometry(kernel: 2), WindowGeometry(kernel: 3, stride: 2, padding: 1),
            WindowGeometry(kernel: Extent(3, 2), stride: Extent(1, 2), padding: .pixels(Extent(2, 1))),
        ].filter { fits($0) }
        pooling = picks.one(of: [true, true, false]) && !poolings.isEmpty ? picks.one(of: poolings) : nil
    }

    private var resultSize: Extent? { geometry.windows(height: size.height, width: size.width) }

    private func fits(_ pooling: WindowGeometry) -> Bool {
        resultSize.flatMap { pooling.windows(height: $0.height, width: $0.width) } != nil
    }

    /// Small enough for many trials in seconds, even where Swift is compiled without optimisation.
    private var isSmall: Bool {
        guard let result = resultSize else { return false }
        let results = images * outputs * result.height * result.width
        let depth = channels / groups * geometry.kernel.height * geometry.kernel.width
        return results * depth <= 3_000_000 && results <= 50_000
            && images * channels * size.height * size.width <= 80_000
    }

    /// Images, weights and biases, of small whole numbers so that Float convolves them without rounding.
    func inputs(seed: Int, whole: Bool = true) -> [NDArray<Double>] {
        var random = RandomState(seed)
        let pooled = pooling.flatMap { p in
            resultSize.flatMap { p.windows(height: $0.height, width: $0.width) }
        }
        let last = pooled ?? resultSize ?? 1
        var shapes = [
            [images, channels, size.height, size.width],
            [outputs, channels / groups, geometry.kernel.height, geometry.kernel.width],
        ]
        if hasBias { shapes.append([outputs]) }
        switch next {
        case .convolution: shapes += [[17, outputs, 3, 3], [17]]
        case .dense: shapes += [[outputs * last.height * last.width, 3], [3]]
        case .normalization: shapes += [[outputs], [outputs]]
        case .residual: shapes += [[outputs, outputs, 1, 1]]
        default: break
        }
        return shapes.map { shape in
            let drawn: NDArray<Double> = random.uniform(low: -2, high: 2, shape: shape)
            return whole ? NDArray(shape: shape, elements: drawn.elements.map { $0.rounded() }) : drawn
        }
    }

    /// The result, and the gradients by all inputs of its elements weighed by small whole numbers.
    func results<Scalar: DifferentiableScalar>(
        _ inputs: [NDArray<Double>], in scalar: Scalar.Type,
        cache: ConvolutionCache = ConvolutionCache(winograd: false)
    ) -> [NDArray<Double>] {
        let tape = Tape<Scalar>()
        let x = inputs.map {
            tape.variable(NDArray(shape: $0.shape, elements: $0.elements.map { Scalar($0) }))
        }
        let rest = Array(x.dropFirst(hasBias ? 3 : 2))
        let convolved = x[0].convolution(
            weight: x[1], bias: hasBias ? x[2] : nil, geometry: geometry, groups: groups, relu: relu,
            cache: cache)
        if asking == .beforePooling { _ = convolved.value }
        var losses = asking == .asLossBeforePooling ? [weighed(convolved)] : []
        let pooled = pooling.map { convolved.maxPooling($0) } ?? convolved
        if asking == .asLossAfterPooling { losses.append(weighed(convolved)) }
        let result = followed(pooled, rest)
        losses.append(weighed(result))
        let gradients = tape.gradients(of: losses.dropFirst().reduce(losses[0]) { $0 + $1 })
        return ([result.value] + x.map { gradients[$0] }).map {
            NDArray(shape: $0.shape, elements: $0.elements.map { Double($0) })
        }
    }

    private func followed<Scalar>(_ y: Tensor<Scalar>, _ rest: [Tensor<Scalar>]) -> Tensor<Scalar> {
        switch next {
        case .nothing: return y
        case .convolution:
            return y.convolution(
                weight: rest[0], bias: rest[1], geometry: WindowGeometry(kernel: 3, padding: 1), relu: true,
                cache: ConvolutionCache(winograd: false))
        case .dense:
            return y.reshaped(to: [images, y.shape.dropFirst().reduce(1, *)]).dense(
                weight: rest[0], bias: rest[1])
        case .globalMean: return y.globalAveragePooling()
        case .normalization:
            return y.batchNormalization(scale: rest[0], shift: rest[1], epsilon: 0.5).0
        case .residual:
            let branch = y.convolution(weight: rest[0], bias: nil, geometry: WindowGeometry(kernel: 1))
            return (y * 3 + branch).relu()
        case .sigmoid: return (y * 0.125).sigmoid()
        case .largest: return (y * 2).maxPooling(WindowGeometry(kernel: 2, padding: 1))
        case .mean:
            return y.averagePooling(WindowGeometry(kernel: 2, stride: 2, padding: 1), countsPadding: relu)
        }
    }

    private func weighed<Scalar>(_ tensor: Tensor<Scalar>) -> Tensor<Scalar> {
        let count = tensor.shape.reduce(1, *)
        let weights = NDArray<Scalar>(
            shape: tensor.shape, elements: (0..<count).map { Scalar(Double($0 % 5) - 1) })
        return (tensor * tensor.tape.constant(weights)).sum()
    }
}

/// Choices that a seed decides.
struct Picks {
    private var random: SplitMix64

    init(state: UInt64) { random = SplitMix64(state: state) }

    mutating func one<Element>(of list: [Element]) -> Element {
        list[Int(random.next() % UInt64(list.count))]
    }
}
