import Arrays
import CKernels
import ExampleData

/// The point that kernel values are taken relative to, m:
/// K'(x, z) = <phi(x) - phi(m), phi(z) - phi(m)> = K(x, z) - K(x, m) - K(m, z) + K(m, m).
///
/// Far from the origin the values of a kernel are large and nearly alike, so that in a `Float` little is left of what
/// tells them apart; relative to a point among the examples they are as small as they can be. As the coefficients of a
/// solution add up to 0, K' has the same solution as K; only rho moves, by the sum of coefficients times `KernelAnchors`.
struct KernelCentre: Sendable {
    /// m; nil for the origin.
    let point: [Float]?
    let kernel: KernelFunction
    /// <m, m>.
    let square: Double
    /// K(m, m).
    let ownValue: Double

    /// Takes the mean of `examples`; nil for bytes, whose products are exact or near the origin, and for a function of
    /// one's own.
    init?(_ examples: FeatureMatrix, for kernel: KernelFunction) {
        guard let point = examples.origin(), let precise = kernel.preciseSettings else { return nil }
        self.point = point
        self.kernel = kernel
        square = point.reduce(0.0) { $0 + Double($1) * Double($1) }
        ownValue = precise.value(product: square, norm: square, norm: square)
    }
}

/// Half of what is subtracted from kernel values: K'(x, z) = K(x, z) - a_x - a_z, a_x = K(x, m) - K(m, m) / 2.
struct KernelAnchors: Sendable {
    /// a_x of each row.
    let values: [Double]
    /// The offsets for rows stored less m: <x, z> = <x - m, z - m> + o_x + o_z, o_x = <x, m> - <m, m> / 2; empty otherwise.
    let offsets: [Double]

    /// nil where values of `Float` are kept as they are: of the RBF, whose distances know no origin.
    init?(_ centre: KernelCentre, _ rows: FeatureRows.Values, count: Int, width: Int, squares: [Double]) {
        guard let point = centre.point, let kernel = centre.kernel.preciseSettings else { return nil }
        var products = [Double](repeating: 0, count: count)
        switch rows {
        case .bytes: return nil
        case .floats(let rows):
            if case .rbf = centre.kernel { return nil }
            rows.withUnsafeBufferPointer { rows in
                for row in 0..<count {
                    var sum = centre.square
                    for column in 0..<width {
                        sum += Double(rows[row * width + column]) * Double(point[column])
                    }
                    products[row] = sum
                }
            }
            offsets = products.map { $0 - centre.square / 2 }
        case .doubles(let rows):
            rows.withUnsafeBufferPointer { rows in
                for row in 0..<count {
                    var sum = 0.0
                    for column in 0..<width { sum += rows[row * width + column] * Double(point[column]) }
                    products[row] = sum
                }
            }
            // Values of the RBF that differ by more than this lose nothing; libsvm rounds the very same ones.
            let farthest = zip(squares, products).map { $0 - 2 * $1 + centre.square }.max() ?? 0
            if case .rbf = centre.kernel, kernel.gamma * farthest > Self.alike { return nil }
            offsets = []
        }
        values = products.indices.map {
            kernel.value(product: products[$0], norm: squares[$0], norm: centre.square) - centre.ownValue / 2
        }
    }

    /// An RBF whose values are all so near to 1 is taken relative to a point, too.
    private static let alike = 0.01

    private init(values: [Double], offsets: [Double]) { (self.values, self.offsets) = (values, offsets) }

    /// Returns the anchors of the rows at `places`.
    func picking(_ places: [Int]) -> KernelAnchors {
        KernelAnchors(
            values: places.map { values[$0] }, offsets: offsets.isEmpty ? [] : places.map { offsets[$0] })
    }
}

extension ck_svm_precise {
    /// K of two rows with that inner product and those squares.
    func value(product: Double, norm: Double, norm other: Double) -> Double {
        var (settings, product, norms, result) = (self, product, other, 0.0)
        ck_svm_apply_f64(&settings, &product, norm, &norms, &result, 1)
        return result
    }
}
