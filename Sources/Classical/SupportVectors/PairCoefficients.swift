import Arrays
import Support

/// The coefficients of all pairs of classes, as libsvm keeps them: [K - 1, S], a column for each support vector, class by
/// class; row r of class k belongs to the pair of k and the r-th of the other classes.
struct PairCoefficients {
    private let coefficients: NDArray<Double>
    private let counts: [Int]

    init(_ coefficients: NDArray<Double>, _ counts: [Int]) {
        (self.coefficients, self.counts) = (coefficients, counts)
    }

    /// Returns the index of the pair of two classes among all, (0, 1), (0, 2), ..., (1, 2), ...
    static func pair(_ low: Int, _ high: Int, _ classCount: Int) -> Int {
        low * (2 * classCount - low - 1) / 2 + high - low - 1
    }

    /// Calls `body` with each pair, the index of a support vector and its coefficient, those that are 0 left out.
    private func forEach(_ body: (Int, Int, Double) -> Void) {
        let total = counts.reduce(0, +)
        coefficients.withUnsafeElements { values in
            var first = 0
            for (own, count) in counts.enumerated() {
                for problem in 0..<counts.count - 1 {
                    let other = problem < own ? problem : problem + 1
                    let pair = Self.pair(min(own, other), max(own, other), counts.count)
                    for place in first..<first + count {
                        let value = values[problem * total + place]
                        if value != 0 { body(pair, place, value) }
                    }
                }
                first += count
            }
        }
    }

    private var pairCount: Int { counts.count * (counts.count - 1) / 2 }

    /// Returns the sum over a pair's coefficients times these values of the support vectors, for each pair.
    func sums(of values: [Double]) -> [Double] {
        var sums = [Double](repeating: 0, count: pairCount)
        forEach { pair, place, coefficient in sums[pair] += coefficient * values[place] }
        return sums
    }

    /// The root of the sum of a pair's squared coefficients, the largest of all pairs.
    var largestNorm: Double {
        var sums = [Double](repeating: 0, count: pairCount)
        forEach { pair, _, coefficient in sums[pair] += coefficient * coefficient }
        return (sums.max() ?? 0).squareRoot()
    }

    /// Returns the sum over a pair's coefficients times their rows: w of each pair, [pairs, D].
    ///
    /// - Precondition: rows of doubles.
    func weights(_ rows: FeatureRows) -> FeatureRows {
        guard case .doubles(let values) = rows.values else {
            mistake("rows that are not doubles")
        }
        let width = rows.width
        var weights = [Double](repeating: 0, count: pairCount * width)
        weights.withUnsafeMutableBufferPointer { weights in
            values.withUnsafeBufferPointer { values in
                forEach { pair, place, coefficient in
                    for column in 0..<width {
                        weights[pair * width + column] += coefficient * values[place * width + column]
                    }
                }
            }
        }
        return FeatureRows(doubles: weights, count: pairCount, width: width)
    }

    /// Returns the coefficients of each class, [S_class, columns], filled up with zeros.
    func padded(to columns: Int) -> [[Float]] {
        let (total, problems) = (counts.reduce(0, +), counts.count - 1)
        return coefficients.withUnsafeElements { values in
            var padded: [[Float]] = []
            var first = 0
            for count in counts {
                var block = [Float](repeating: 0, count: count * columns)
                for place in 0..<count {
                    for problem in 0..<problems {
                        block[place * columns + problem] = Float(values[problem * total + first + place])
                    }
                }
                padded.append(block)
                first += count
            }
            return padded
        }
    }
}

extension KernelFunction {
    /// Estimates the usual error of a kernel value of these rows in `Float`.
    func rounding(_ rows: FeatureRows) -> Double {
        let most = Double(rows.norms.max() ?? 0) * Double(rows.scale) * Double(rows.scale)
        var gamma = 1.0
        if case .value(let value) = width { gamma = value }
        let unit = 6e-8
        switch self {
        case .linear, .custom: return unit * most
        case .rbf: return unit * (1 + 2 * gamma * most)
        case .sigmoid: return unit * (1 + gamma * most)
        case .polynomial(let degree, _, let constant):
            // Relative to a point among them, values are at most about as large as the slope of the power times this.
            let away = (rows.origin ?? []).reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
            let reach = most.squareRoot() + away
            let base = gamma * reach * reach + abs(constant)
            var power = 1.0
            for _ in 1..<max(1, degree) { power *= base }
            return unit * Double(degree) * power * max(1e-30, gamma * most)
        }
    }
}
