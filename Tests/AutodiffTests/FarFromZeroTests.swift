import Arrays
import TestSupport
import Testing

@testable import Autodiff

/// Normalisation of numbers that lie far from zero and near each other, against plain loops in Double of the same numbers
/// (`Float`s are exact there).
@Suite struct FarFromZeroTests {
    /// y = (x - mean) / sqrt(variance + epsilon) and the gradients of sum(y g) by x, and by a scale of ones.
    private func exact(_ x: [Double], _ g: [Double], epsilon: Double) -> (
        y: [Double], byX: [Double], byScale: Double
    ) {
        let count = Double(x.count)
        // In distances from the first, so that Double too loses nothing.
        let d = x.map { $0 - x[0] }
        let mean = d.reduce(0, +) / count
        let variance = d.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
        let inverse = 1 / (variance + epsilon).squareRoot()
        let y = d.map { ($0 - mean) * inverse }
        let (plain, along) = (g.reduce(0, +) / count, zip(g, y).reduce(0) { $0 + $1.0 * $1.1 } / count)
        let byX = zip(g, y).map { inverse * ($0 - plain - $1 * along) }
        return (y, byX, along * count)
    }

    private func expectNear(
        _ found: some Collection<Float>, _ wanted: [Double], _ tolerance: Double, _ what: String
    ) {
        #expect(found.count == wanted.count)
        let size = max(1, wanted.map(abs).max() ?? 0)
        for (found, wanted) in paired(found, wanted) {
            #expect(abs(Double(found) - wanted) <= tolerance * size, "\(what): \(found), exactly \(wanted)")
        }
    }

    // MARK: Layer normalisation

    @Test(arguments: [1, 5, 16, 17, 784], [0, 1e4, -1e4, 1e6, 1e7] as [Float])
    func layerNormalisation(columns: Int, origin: Float) {
        var random = RandomState(3)
        let rows = 3
        let x = NDArray<Float>(
            shape: [rows, columns],
            elements: (0..<rows * columns).map { _ in origin + Float(random.normal() as Double) * 2 })
        let g = NDArray<Float>(
            shape: [rows, columns],
            elements: (0..<rows * columns).map { _ in Float(random.normal() as Double) })
        let tape = Tape<Float>()
        let (input, gain) = (tape.variable(x), tape.variable(NDArray(shape: [columns], repeating: 1)))
        let shift = tape.variable(NDArray(shape: [columns], repeating: 0))
        let y = input.layerNormalized(gain: gain, shift: shift)
        let gradients = tape.gradients(of: (y * tape.constant(g)).sum())
        var byGain = [Double](repeating: 0, count: columns)
        for row in 0..<rows {
            let place = row * columns..<(row + 1) * columns
            let (own, up) = (x.elements[place].map(Double.init), g.elements[place].map(Double.init))
            let wanted = exact(own, up, epsilon: 1e-5)
            expectNear(y.value.elements[place], wanted.y, 2e-5, "row \(row)")
            expectNear(gradients[input].elements[place], wanted.byX, 2e-5, "gradient of row \(row)")
            for column in 0..<columns { byGain[column] += up[column] * wanted.y[column] }
        }
        expectNear(gradients[gain].elements, byGain, 5e-5, "gradient by the gain")
    }

    /// The figures of the fault: 16 numbers 10000 + i / 1000 in Float begin with -1.3313, by the loops above.
    @Test func layerNormalisationOfSmallSteps() {
        let x = (0..<16).map { 10000 + Float($0) / 1000 }
        let tape = Tape<Float>(recordsGradients: false)
        let y = tape.constant(NDArray(shape: [1, 16], elements: x)).layerNormalized(
            gain: tape.constant(NDArray(shape: [16], repeating: 1)),
            shift: tape.constant(NDArray(shape: [16], repeating: 0)))
        #expect(abs(y.value.elements[0] + 1.3313) < 1e-4, "\(y.value.elements[0])")
        expectNear(
            y.value.elements, exact(x.map(Double.init), x.map { _ in 0 }, epsilon: 1e-5).y, 1e-5, "steps")
    }

    /// Also where nothing is added to a variance of zero, and for a third, whose sums round.
    @Test(arguments: [1e-5, 0], [1e7, 1 / 3, -3e4, 0, 1e30] as [Float])
    func aConstantRowIsZero(epsilon: Double, number: Float) {
        let tape = Tape<Float>()
        let x = tape.variable(NDArray(shape: [2, 37], repeating: number))
        let y = x.layerNormalized(
            gain: tape.constant(NDArray(shape: [37], repeating: 2)),
            shift: tape.constant(NDArray(shape: [37], repeating: 0.5)), epsilon: epsilon)
        #expect(notEmpty(y.value.elements).allSatisfy { $0 == 0.5 })
        let g = NDArray<Float>(shape: [2, 37], elements: (0..<74).map { Float($0 % 5) })
        let gradient = tape.gradients(of: (y * tape.constant(g)).sum())[x]
        #expect(notEmpty(gradient.elements).allSatisfy { $0.isFinite })
        if epsilon == 0 { #expect(notEmpty(gradient.elements).allSatisfy { $0 == 0 }) }
    }

    /// Squares of these overflow in Float.
    @Test func layerNormalisationOfVeryLargeNumbers() {
        let x = (0..<8).map { Float($0) * 1e25 }
        let tape = Tape<Float>(recordsGradients: false)
        let y = tape.constant(NDArray(shape: [1, 8], elements: x)).layerNormalized(
            gain: tape.constant(NDArray(shape: [8], repeating: 1)),
            shift: tape.constant(NDArray(shape: [8], repeating: 0)))
        expectNear(y.value.elements, exact(x.map(Double.init), x.map { _ in 0 }, epsilon: 1e-5).y, 1e-5, "")
    }

    // MARK: Batch normalisation

    /// One channel of `x` [N, C, H, W] (or [N, C]), image by image.
    private func channel<Scalar>(_ array: NDArray<Scalar>, _ channel: Int) -> [Scalar] {
        let (channels, pixels) = (array.shape[1], array.shape.dropFirst(2).reduce(1, *))
        let elements = array.elements
        var found: [Scalar] = []
        for image in 0..<array.shape[0] {
            let start = (image * channels + channel) * pixels
            found += elements[start..<start + pixels]
        }
        return found
    }

    /// Rows, channels last and blocks of sixteen, with channels that do not fill them, and tiles' ends.
    @Test(arguments: [
        [64, 3], [9, 3, 5, 7], [7, 5, 6, 6], [5, 16, 4, 4], [6, 20, 9, 11], [2, 33, 30, 30],
    ])
    func batchNormalisation(shape: [Int]) {
        for origin in [0, 1e4, -1e6, 1e7] as [Float] {
            for layout in shape.count == 2 ? [.rows] : [ImageLayout.rows, .channelsLast, .blocked] {
                check(shape, layout, origin)
            }
        }
    }

    private func check(_ shape: [Int], _ layout: ImageLayout, _ origin: Float) {
        var random = RandomState(5)
        let count = shape.reduce(1, *)
        let x = NDArray<Float>(
            shape: shape, elements: (0..<count).map { _ in origin + Float(random.normal() as Double) * 3 })
        let g = NDArray<Float>(
            shape: shape, elements: (0..<count).map { _ in Float(random.normal() as Double) })
        let tape = Tape<Float>()
        let leaf = tape.variable(x)
        let input = tape.record(Value(LayoutArray(x).converted(to: layout)), from: [leaf]) { [$0] }
        let scale = tape.variable(NDArray(shape: [shape[1]], repeating: 1))
        let shift = tape.variable(NDArray(shape: [shape[1]], repeating: 0))
        let (y, moments) = input.batchNormalization(scale: scale, shift: shift, epsilon: 1e-5)
        let gradients = tape.gradients(of: (y * tape.constant(g)).sum())
        let what = "\(shape) \(layout) at \(origin)"
        for index in 0..<shape[1] {
            let (own, up) = (channel(x, index).map(Double.init), channel(g, index).map(Double.init))
            let wanted = exact(own, up, epsilon: 1e-5)
            expectNear(channel(y.value, index), wanted.y, 2e-5, what)
            expectNear(channel(gradients[leaf], index), wanted.byX, 2e-5, "\(what), gradient")
            expectNear(
                [gradients[scale].elements[index]], [wanted.byScale], 1e-4, "\(what), gradient by scale")
            let mean = own.map { $0 - own[0] }.reduce(0, +) / Double(own.count) + own[0]
            let variance = own.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(own.count)
            // To the last digit far from zero; at zero to that of the distances.
            let found = moments.mean.elements[index]
            #expect(found == Float(mean) || abs(Double(found) - mean) < 1e-6, "\(what): \(found), \(mean)")
            #expect(abs(Double(moments.variance.elements[index]) / variance - 1) < 1e-5, "\(what)")
        }
    }

    /// The figures of the fault.
    @Test func batchNormalisationOfSmallSteps() {
        for (numbers, wanted) in [
            ([1e6, 1e6 + 1, 1e6 + 2, 1e6 + 3], [-1.341636, -0.447212, 0.447212, 1.341636]),
            ([1e7, 1e7, 1e7, 1e7], [0, 0, 0, 0]),
        ] as [([Float], [Double])] {
            for shape in [[4, 1], [4, 1, 1, 1], [1, 1, 2, 2]] {
                let tape = Tape<Float>(recordsGradients: false)
                let (y, _) = tape.constant(NDArray(shape: shape, elements: numbers)).batchNormalization(
                    scale: tape.constant(NDArray([1])), shift: tape.constant(NDArray([0])), epsilon: 1e-5)
                expectNear(y.value.elements, wanted, 2e-6, "\(numbers) as \(shape)")
            }
        }
    }

    /// With moments that are given, as evaluation does.
    @Test func evaluationFarFromZero() {
        let x: [Float] = [1e7, 1e7 + 1, 1e7 + 2, 1e7 + 3]
        let tape = Tape<Float>(recordsGradients: false)
        let (y, _) = tape.constant(NDArray(shape: [4, 1], elements: x)).batchNormalization(
            scale: tape.constant(NDArray([2])), shift: tape.constant(NDArray([1])), epsilon: 0,
            moments: ChannelMoments(mean: NDArray([1e7 + 1]), variance: NDArray([4])))
        #expect(y.value.elements == [0, 1, 2, 3])
    }

    /// A third: its sums round in Double too.
    @Test func aConstantChannelIsItsShift() {
        for number in [1 / 3, 1e7, -1e-3] as [Double] {
            let tape = Tape<Double>(recordsGradients: false)
            let (y, moments) = tape.constant(NDArray(shape: [7, 3, 2, 5], repeating: number))
                .batchNormalization(
                    scale: tape.constant(NDArray([1, 2, 3])), shift: tape.constant(NDArray([0.5, 0, -1])),
                    epsilon: 1e-5)
            #expect(notEmpty(moments.mean.elements).allSatisfy { $0 == number })
            #expect(notEmpty(moments.variance.elements).allSatisfy { $0 == 0 })
            #expect(
                notEmpty(channel(y.value, 0)).allSatisfy { $0 == 0.5 }
                    && notEmpty(channel(y.value, 2)).allSatisfy { $0 == -1 })
        }
    }
}
