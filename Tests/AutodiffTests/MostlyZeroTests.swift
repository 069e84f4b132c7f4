import Arrays
import ExampleData
import Support
import TestSupport
import Testing

@testable import Autodiff

/// A first layer over examples that are mostly zero must give what the dense path gives, to rounding, and the same bits
/// on any number of threads; going down by its gradient must give the bits of gradient and update.
@Suite(.serialized) struct MostlyZeroTests {
    /// How the same examples are kept.
    enum Form: CaseIterable {
        case bytes, numbers, batch
    }

    /// Bytes of which about one in five is not zero.
    private func sparseBytes(rows: Int, columns: Int, random: inout RandomState) -> NDArray<UInt8> {
        let values = (0..<(rows * columns)).map { _ in
            random.rand() < 0.2 ? UInt8(random.randint(1, 256)) : 0
        }
        return NDArray(shape: [rows, columns], elements: values)
    }

    private func numbers(_ bytes: NDArray<UInt8>) -> NDArray<Float> {
        NDArray(shape: bytes.shape, elements: bytes.elements.map { Float($0) * Float(1) / 255 })
    }

    private func batch(_ x: NDArray<Float>, rows: [Int32]) -> NDArray<Float> {
        let (values, columns) = (x.elements, x.shape[1])
        return NDArray(
            shape: [rows.count, columns],
            elements: rows.flatMap { values[(Int($0) * columns)..<((Int($0) + 1) * columns)] })
    }

    private struct Result: Equatable {
        let y: [Float]
        let weight: [Float]
        let bias: [Float]
        /// The weights after a step down by a deferred gradient; nil where there is none.
        let stepped: [Float]?
    }

    private func run(
        _ bytes: NDArray<UInt8>, as form: Form, rows: [Int32], weight: NDArray<Float>, bias: NDArray<Float>,
        decay: Float = 0
    ) throws -> Result {
        let tape = Tape<Float>()
        let w = tape.variable(weight)
        let b = tape.variable(bias)
        let input =
            switch form {
            case .bytes: tape.input(FeatureMatrix.bytes(bytes), rows: rows)
            case .numbers: tape.input(FeatureMatrix.floats(numbers(bytes)), rows: rows)
            case .batch:
                tape.constant(batch(numbers(bytes), rows: rows))
            }
        let y = input.dense(weight: w, bias: b, activation: .sigmoid)
        let labels = rows.indices.map { Int32($0 % weight.shape[1]) }
        let gradients = tape.gradients(of: y.softmaxCrossEntropy(labels: labels))
        // A batch of fewer numbers is multiplied before they are counted: nothing is deferred then.
        let isDeferred = form != .batch || rows.count * weight.shape[0] >= 4096
        #expect(
            (gradients.deferred(at: w.node) != nil) == isDeferred,
            "\(rows.count) x \(weight.shape), \(form)")
        var stepped = weight
        if isDeferred {
            try #require(gradients.deferred(at: w.node)).descend(&stepped, rate: 0.1, decay: decay)
        }
        return Result(
            y: y.value.elements, weight: gradients[w].elements, bias: gradients[b].elements,
            stepped: isDeferred ? stepped.elements : nil)
    }

    // Widths around the vector length of 8 and the group of 7 vectors; columns around a group of 16 and the numbers from
    // which they are cut into blocks.
    @Test(
        arguments: [1, 3, 7, 8, 9, 10, 16, 50, 56, 57, 60, 100, 113, 128], [5, 16, 33, 250, 784])
    func agreesWithTheDensePath(width: Int, columns: Int) throws {
        for rows: [Int32] in [[3, 29, 0, 7, 7, 12, 28], (0..<70).map { Int32($0 * 7 % 30) }] {
            try compare(width: width, columns: columns, rows: rows, Form.allCases)
        }
    }

    // More rows than fit two tiles, more columns than sixteen blocks.
    @Test(arguments: [Form.bytes, .numbers]) func agreesForMany(form: Form) throws {
        try compare(width: 20, columns: 2100, rows: (0..<300).map { Int32($0 * 11 % 30) }, [form])
    }

    private func compare(width: Int, columns: Int, rows: [Int32], _ forms: [Form]) throws {
        let seed = width * 1000 + columns
        var random = RandomState(seed)
        let bytes = sparseBytes(rows: 30, columns: columns, random: &random)
        let weight: NDArray<Float> = random.normal(scale: 0.5, shape: [columns, width])
        let bias: NDArray<Float> = random.normal(scale: 0.5, shape: [width])
        try #require(FeatureMatrix.bytes(bytes).isMostlyZero)
        // The oracle: the same sums in Double, straight from the definition.
        let pixels = bytes.elements
        let x = rows.map { row in
            (0..<columns).map { Double(pixels[Int(row) * columns + $0]) * Double(Float(1) / 255) }
        }
        let w = weight.elements.map(Double.init)
        var y: [Double] = []
        for example in x {
            var sums = bias.elements.map(Double.init)
            for c in 0..<columns where example[c] != 0 {
                for j in 0..<width { sums[j] += example[c] * w[c * width + j] }
            }
            y += sums.map(sigmoid)
        }
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
            for c in 0..<columns where x[i][c] != 0 {
                for j in 0..<width { gradient[c * width + j] += x[i][c] * delta[i * width + j] }
            }
        }
        let stepped = zip(w, gradient).map { $0 - Double(Float(0.1)) * ($1 + Double(Float(0.01)) * $0) }
        for form in forms {
            let name = "seed \(seed), \(rows.count) rows, \(form)"
            let sparse = try run(bytes, as: form, rows: rows, weight: weight, bias: bias, decay: 0.01)
            expectClose(sparse.y, y, absolute: 5e-5, name)
            expectClose(sparse.weight, gradient, absolute: 1e-6, name)
            if let found = sparse.stepped { expectClose(found, stepped, absolute: 1e-6, name) }
        }
    }

    @Test(arguments: Form.allCases) func givesTheSameBitsOnAnyNumberOfThreads(form: Form) throws {
        var random = RandomState(5)
        let bytes = sparseBytes(rows: 300, columns: 784, random: &random)
        let weight: NDArray<Float> = random.normal(scale: 0.1, shape: [784, 50])
        let bias: NDArray<Float> = random.normal(scale: 0.1, shape: [50])
        let before = Threads.count
        defer { Threads.setCount(before) }
        for count in [100, 290] {
            let results = try [1, 2, 3, 7].map { threads in
                Threads.setCount(threads)
                return try run(
                    bytes, as: form, rows: (0..<Int32(count)).map { $0 }, weight: weight, bias: bias)
            }
            #expect(notEmpty(results).allSatisfy { $0 == results[0] })
        }
    }

    @Test func zerosAreFoundByCounting() {
        let full = NDArray<UInt8>(shape: [4, 10], elements: (0..<40).map { UInt8($0 + 1) })
        #expect(!FeatureMatrix.bytes(full).isMostlyZero)
        #expect(FeatureMatrix.bytes(NDArray<UInt8>(shape: [4, 10], repeating: 0)).isMostlyZero)
        #expect(!FeatureMatrix.floats(numbers(full)).isMostlyZero)
        #expect(FeatureMatrix.floats(NDArray<Float>(shape: [4, 10], repeating: 0)).isMostlyZero)
        // Three in ten are few enough; NaN is not zero.
        let some = NDArray<Float>(shape: [2, 10], elements: (0..<20).map { $0 < 6 ? .nan : 0 })
        #expect(CompressedRows(some)?.nonZeroCount == 6)
        #expect(CompressedRows(some, maximumDensity: 0.29) == nil)
    }

    @Test func compressedRowsGiveTheirNumbersBack() {
        let rows = CompressedRows(width: 4, starts: [0, 2, 2, 3], columns: [0, 3, 1], values: [5, -1, 0.5])
        #expect(rows.shape == [3, 4])
        let tape = Tape<Double>()
        let x = tape.input(FeatureMatrix.sparse(rows), rows: [2, 0, 1, 0])
        #expect(x.value.elements == [0, 0.5, 0, 0, 5, 0, 0, -1, 0, 0, 0, 0, 5, 0, 0, -1])
        let full = NDArray<Float>(shape: [2, 2], elements: [1, 2, 3, 4])
        #expect(
            tape.input(FeatureMatrix.floats(full), rows: [1, 1, 0]).value.elements == [3, 4, 3, 4, 1, 2])
    }

    /// A weight matrix that is computed from another one gets its gradient's numbers.
    @Test func aGradientThatWaitsIsComputedForWhoeverNeedsIt() throws {
        var random = RandomState(3)
        let bytes = sparseBytes(rows: 30, columns: 40, random: &random)
        let weight: NDArray<Float> = random.normal(shape: [40, 12])
        let tape = Tape<Float>()
        let w = tape.variable(weight)
        let b = tape.variable(NDArray<Float>(shape: [12], repeating: 0))
        let x = tape.input(FeatureMatrix.bytes(bytes), rows: (0..<30).map { $0 })
        // Twice the weights in one layer, the weights themselves in another over the same rows.
        let y = x.dense(weight: w + w, bias: b) + x.dense(weight: w, bias: b)
        let found = tape.gradients(of: y.sum())[w]
        var expected = [Double](repeating: 0, count: 480)
        for row in 0..<30 {
            for c in 0..<40 {
                for j in 0..<12 { expected[c * 12 + j] += 3 * Double(bytes.elements[row * 40 + c]) / 255 }
            }
        }
        expectClose(found.elements, expected, absolute: 1e-4, "three times the columns' sums")
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
