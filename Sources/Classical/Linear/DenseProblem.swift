import Arrays
import ExampleData

/// One class against the rest in double precision, for the solvers that end a problem which coordinate descent leaves open:
/// minimise P(w) = 1/2 |w|^2 + sum of U_i max(0, 1 - y_i <w, x_i>)^p, where x has the bias as its last feature.
struct DenseProblem {
    private let examples: FeatureMatrix
    private let scale: Double
    private let bias: Double
    let count: Int
    /// Features of a row, the bias among them; or N, where rows are fewer (see `basis`).
    private(set) var width: Int
    /// |x_i|^2.
    private(set) var squares: [Double] = []

    /// An orthonormal basis of the rows, [N, D + 1], where there are fewer rows than features: w is in their span, and rows
    /// and weights are written in its N vectors. Products of rows do not change, and matrices of (D + 1)^2 become those of N^2.
    private var basis: NDArray<Double>?

    /// All blocks, where they take little memory.
    private var kept: [NDArray<Double>] = []

    /// Rows that are made double at once.
    private static let blockSize = 2048
    /// So many features in all are kept: 128 MB.
    private static let fewFeatures = 1 << 24

    init(_ examples: FeatureMatrix, scale: Float, bias: Float) {
        self.examples = examples
        if case .bytes = examples.storage { self.scale = Double(scale) } else { self.scale = 1 }
        self.bias = Double(bias)
        (count, width) = (examples.count, examples.featureCount + 1)
        var squares: [Double] = []
        var kept: [NDArray<Double>] = []
        forEachBlock { block, _ in
            squares += square(block).sum(axis: 1).elements
            if count * width <= Self.fewFeatures { kept.append(block) }
        }
        (self.squares, self.kept) = (squares, kept)
        if count < width, kept.count == 1, let parts = try? svd(kept[0], fullMatrices: false) {
            self.kept = [parts.u * parts.s]
            (basis, width) = (parts.vt, count)
        }
    }

    /// Weights of the features, as this problem writes them.
    func coordinates(of weights: [Double]) -> [Double] {
        guard let basis else { return weights }
        return matmul(basis, NDArray(weights)).elements
    }

    /// Returns the solution's weights of the features.
    func weights(at coordinates: [Double]) -> [Double] {
        guard let basis else { return coordinates }
        return matmul(NDArray(coordinates), basis).elements
    }

    /// y_i y_j <x_i, x_j>, [N, N], where rows are fewer than features; nil elsewhere.
    func signedProducts(_ signs: [Double]) -> NDArray<Double>? {
        guard basis != nil, let rows = kept.first else { return nil }
        let signed = rows * NDArray(shape: [count, 1], elements: signs)
        return matmul(signed, signed.T)
    }

    /// Returns the rows, some at a time, and where they begin.
    private func forEachBlock(_ body: (NDArray<Double>, Int) throws -> Void) rethrows {
        for (place, first) in stride(from: 0, to: count, by: Self.blockSize).enumerated() {
            if place < kept.count {
                try body(kept[place], first)
                continue
            }
            let range = first..<min(count, first + Self.blockSize)
            let columns = width - 1
            let block = NDArray<Double>(shape: [range.count, width]) { target in
                examples[range].unscaledFloats.withUnsafeElements { source in
                    for row in 0..<range.count {
                        for column in 0..<columns {
                            target.initializeElement(
                                at: row * width + column, to: Double(source[row * columns + column]) * scale)
                        }
                        target.initializeElement(at: row * width + columns, to: bias)
                    }
                }
            }
            try body(block, first)
        }
    }

    /// <w, x_i> for weights [K, width]: K arrays of N.
    func scores(_ weights: [[Double]]) -> [[Double]] {
        let matrix = NDArray(shape: [weights.count, width], elements: weights.flatMap { $0 })
        var scores = [[Double]](repeating: [], count: weights.count)
        forEachBlock { block, _ in
            let found = matmul(matrix, block.T).elements
            let rows = block.shape[0]
            for place in scores.indices { scores[place] += found[place * rows..<(place + 1) * rows] }
        }
        return scores
    }

    /// sum of c_i x_i.
    func sum(_ factors: [Double]) -> [Double] {
        var sum = NDArray<Double>.zeros(1, width)
        forEachBlock { block, first in
            let rows = block.shape[0]
            sum += matmul(NDArray(shape: [1, rows], elements: Array(factors[first..<first + rows])), block)
        }
        return sum.elements
    }

    /// I + sum of c_i x_i x_i', [width, width]; rows whose c_i is 0 cost nothing.
    func curvature(_ factors: [Double]) -> NDArray<Double> {
        var result = NDArray<Double>.zeros(width, width)
        forEachBlock { block, first in
            let used = (0..<block.shape[0]).filter { factors[first + $0] > 0 }
            guard !used.isEmpty else { return }
            let roots = used.map { factors[first + $0].squareRoot() }
            let rows = block.taking(used) * NDArray(shape: [used.count, 1], elements: roots)
            result += matmul(rows.T, rows)
        }
        result.withUnsafeMutableElements { values in
            for place in 0..<width { values[place * width + place] += 1 }
        }
        return result
    }
}
