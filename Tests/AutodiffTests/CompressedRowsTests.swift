import Arrays
import Testing

@testable import Autodiff

/// A first layer over rows kept without their zeros must give what the dense path gives, to rounding, and the same
/// bits on any number of threads.
@Suite(.serialized) struct CompressedRowsTests {
    /// Bytes of which about one in five is not zero.
    private func sparseBytes(rows: Int, columns: Int, random: inout RandomState) -> NDArray<UInt8> {
        let values = (0..<(rows * columns)).map { _ in
            random.rand() < 0.2 ? UInt8(random.randint(1, 256)) : 0
        }
        return NDArray(shape: [rows, columns], elements: values)
    }

    private struct Result: Equatable {
        let y: [Float]
        let weight: [Float]
        let bias: [Float]
    }

    private func run(_ inputs: ByteRows, rows: [Int32], weight: NDArray<Float>, bias: NDArray<Float>)
        -> Result
    {
        let tape = Tape<Float>()
        let w = tape.variable(weight)
        let b = tape.variable(bias)
        let y = tape.input(inputs, rows: rows).dense(weight: w, bias: b, activation: .sigmoid)
        let labels = rows.indices.map { Int32($0 % weight.shape[1]) }
        let gradients = tape.gradients(of: y.softmaxCrossEntropy(labels: labels))
        return Result(y: y.value.elements, weight: gradients[w].elements, bias: gradients[b].elements)
    }

    // Widths around the vector length of 8 and the group of 7 vectors; columns around a block of 196.
    @Test(arguments: [1, 3, 7, 8, 9, 10, 16, 50, 56, 57, 60, 100, 113, 128], [5, 196, 250, 784])
    func agreesWithTheDensePath(width: Int, columns: Int) throws {
        let seed = width * 1000 + columns
        var random = RandomState(seed)
        let bytes = sparseBytes(rows: 30, columns: columns, random: &random)
        let weight: NDArray<Float> = random.normal(scale: 0.5, shape: [columns, width])
        let bias: NDArray<Float> = random.normal(scale: 0.5, shape: [width])
        let rows: [Int32] = [3, 29, 0, 7, 7, 12, 28]
        let inputs = ByteRows(bytes)
        try #require(inputs.compressed != nil)
        let sparse = run(inputs, rows: rows, weight: weight, bias: bias)

        // The oracle: the same sums in Double, straight from the definition.
        let x = rows.map { row in
            (0..<columns).map { Double(bytes.elements[Int(row) * columns + $0]) * Double(Float(1) / 255) }
        }
        let w = weight.elements.map(Double.init)
        var y: [Double] = []
        for example in x {
            for j in 0..<width {
                var sum = Double(bias.elements[j])
                for c in 0..<columns { sum += example[c] * w[c * width + j] }
                y.append(sigmoid(sum))
            }
        }
        expectClose(sparse.y, y, tolerance: 2e-5, "seed \(seed), y")
        var delta: [Double] = []
        for i in rows.indices {
            let own = Array(y[(i * width)..<((i + 1) * width)])
            let sum = own.map(exponential).reduce(0, +)
            for j in 0..<width {
                let p = exponential(own[j]) / sum - (j == i % width ? 1 : 0)
                delta.append(p / Double(rows.count) * own[j] * (1 - own[j]))
            }
        }
        var gradient = [Double](repeating: 0, count: columns * width)
        for i in rows.indices {
            for c in 0..<columns {
                for j in 0..<width { gradient[c * width + j] += x[i][c] * delta[i * width + j] }
            }
        }
        expectClose(sparse.weight, gradient, tolerance: 1e-6, "seed \(seed), weight gradient")
    }

    @Test func givesTheSameBitsOnAnyNumberOfThreads() throws {
        var random = RandomState(5)
        let bytes = sparseBytes(rows: 300, columns: 784, random: &random)
        let weight: NDArray<Float> = random.normal(scale: 0.1, shape: [784, 50])
        let bias: NDArray<Float> = random.normal(scale: 0.1, shape: [50])
        let inputs = ByteRows(bytes)
        let before = Threads.count
        defer { Threads.setCount(before) }
        let results = [1, 2, 3, 7].map { threads in
            Threads.setCount(threads)
            return run(inputs, rows: Array(0..<100), weight: weight, bias: bias)
        }
        #expect(results.allSatisfy { $0 == results[0] })
    }

    @Test func denseBytesAreNotCompressed() {
        let full = NDArray<UInt8>(shape: [4, 10], elements: (0..<40).map { UInt8($0 + 1) })
        #expect(ByteRows(full).compressed == nil)
        let empty = NDArray<UInt8>(shape: [4, 10], repeating: 0)
        #expect(ByteRows(empty).compressed?.nonZeroCount == 0)
    }
}

private func exponential(_ x: Double) -> Double {
    // exp by its series with halving, so that the oracle shares no code with what it checks.
    let halvings = 10
    let small = x / 1024
    var (term, sum) = (1.0, 1.0)
    for n in 1...12 {
        term *= small / Double(n)
        sum += term
    }
    for _ in 0..<halvings { sum *= sum }
    return sum
}

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exponential(-x)) }

private func expectClose(_ found: [Float], _ expected: [Double], tolerance: Double, _ name: Comment) {
    #expect(found.count == expected.count, name)
    let worst = zip(found, expected).map { abs(Double($0) - $1) }.max() ?? 0
    #expect(worst <= tolerance, name)
}
