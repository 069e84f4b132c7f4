import Arrays
import CKernels
import Classification
import ExampleData
import Support

/// The mean loss of a logistic regression, 1/N sum -v_y log P(y | x) + 1/(2 C N) sum |w|^2, and its gradient; v: the weights of
/// the classes.
///
/// Features far from the origin are taken relative to their mean: as the intercepts are not penalised, only these change.
/// Large sets of examples are added up in single precision, without their zeros (`ck_logistic_rows`), some hundred rows at
/// a time; their sums, and all of small sets, are in double. Parts of rows are added up in order, so the bits do not
/// depend on the threads.
struct LogisticObjective {
    private enum Rows {
        /// [N, D].
        case dense(NDArray<Double>)
        case sparse(SparseRows)
    }

    private let rowValues: Rows
    private let classes: [Int32]
    /// K, or nil where all are 1.
    private let classWeights: [Double]?
    private let penalty: Double
    let width: Int
    /// The number of rows of weights: K, or one for two classes.
    let rows: Int
    /// The values subtracted from each feature.
    let origin: [Double]

    /// From so many features in all on, products are made in single precision.
    private static let manyFeatures = 1 << 21
    /// A feature is far from the origin when its mean is so many of its deviations.
    private static let far = 4.0
    /// The most parts that rows are summed in.
    private static let mostParts = 16

    init(
        _ examples: LabeledExamples, inverseStrength: Double, byteScale: Float,
        classWeights: ClassWeights = [:]
    ) {
        let features = examples.features
        width = features.featureCount
        rows = examples.classNames.count == 2 ? 1 : examples.classNames.count
        classes = examples.classes
        self.classWeights = classWeights.isNeutral ? nil : classWeights.values(for: examples)
        penalty = 1 / (inverseStrength * Double(examples.count))
        let isLarge = examples.count * width >= Self.manyFeatures
        switch features.dense {
        case .bytes(let array):
            origin = [Double](repeating: 0, count: width)
            rowValues =
                isLarge
                ? .sparse(SparseRows(features, scale: byteScale))
                : .dense(array.reshaped(examples.count, width).asType(Double.self) * Double(byteScale))
        case .floats(let array):
            let values = array.reshaped(examples.count, width)
            let origin = Self.origin(values)
            self.origin = origin
            if isLarge {
                // In double, so that values near the mean keep their digits.
                let moved =
                    origin.contains { $0 != 0 }
                    ? NDArray(shape: values.shape) { target in
                        values.withUnsafeElements { source in
                            for place in 0..<source.count {
                                target.initializeElement(
                                    at: place, to: Float(Double(source[place]) - origin[place % origin.count])
                                )
                            }
                        }
                    } : values
                rowValues = .sparse(SparseRows(.floats(moved), scale: 1))
            } else {
                rowValues = .dense(values.asType(Double.self) - NDArray(origin))
            }
        }
    }

    /// Returns the mean of each feature that is far from 0 for its deviation; 0 for the others, whose zeros stay zeros.
    private static func origin(_ values: NDArray<Float>) -> [Double] {
        let (count, width) = (values.shape[0], values.shape[1])
        var means = [Double](repeating: 0, count: width)
        var squares = means
        values.withUnsafeElements { values in
            for row in 0..<count {
                for column in 0..<width { means[column] += Double(values[row * width + column]) }
            }
            for column in 0..<width { means[column] /= Double(count) }
            for row in 0..<count {
                for column in 0..<width {
                    let away = Double(values[row * width + column]) - means[column]
                    squares[column] += away * away
                }
            }
        }
        return (0..<width).map {
            means[$0].magnitude > far * (squares[$0] / Double(count)).squareRoot() ? means[$0] : 0
        }
    }

    /// Weights, then intercepts.
    var parameterCount: Int { rows * (width + 1) }

    /// The share of the value that may be rounding.
    var rounding: Double { if case .sparse = rowValues { 1e-7 } else { 1e-14 } }

    /// Returns the loss and its gradient.
    func value(at point: [Double], _ cancellation: Cancellation?) throws -> (Double, [Double]) {
        try Cancellation.check(cancellation, at: "logistic regression")
        let share = 1 / Double(classes.count)
        var (loss, gradient) =
            switch rowValues {
            case .dense(let values): dense(values, point)
            case .sparse(let values): sparse(values, point)
            }
        loss *= share
        var norm = 0.0
        for place in point.indices {
            gradient[place] *= share
            guard place < rows * width else { continue }
            norm += point[place] * point[place]
            gradient[place] += penalty * point[place]
        }
        return (loss + 0.5 * penalty * norm, gradient)
    }

    /// Returns the gradient as it is without `origin`.
    func original(_ gradient: [Double]) -> [Double] {
        var gradient = gradient
        for row in 0..<rows {
            let intercept = gradient[rows * width + row]
            for column in 0..<width { gradient[row * width + column] += intercept * origin[column] }
        }
        return gradient
    }

    private func dense(_ values: NDArray<Double>, _ point: [Double]) -> (Double, [Double]) {
        let weights = NDArray(shape: [rows, width], elements: Array(point[..<(rows * width)]))
        var scores = matmul(values, weights.T) + NDArray(Array(point[(rows * width)...]))
        let loss = scores.withUnsafeMutableElements { turnIntoDifferences($0) }
        return (loss, matmul(scores.T, values).elements + scores.sum(axis: 0).elements)
    }

    private func sparse(_ values: SparseRows, _ point: [Double]) -> (Double, [Double]) {
        let lanes = Int(CK_LOGISTIC_LANES)
        let stride = (rows + lanes - 1) / lanes * lanes
        var weights = [Float](repeating: 0, count: width * stride)
        for row in 0..<rows {
            for column in 0..<width { weights[column * stride + row] = Float(point[row * width + column]) }
        }
        var intercepts = [Double](repeating: 0, count: stride)
        for row in 0..<rows { intercepts[row] = point[rows * width + row] }
        let (count, size) = (classes.count, (width + 1) * stride)
        let parts = max(1, min(Self.mostParts, count / 512))
        var losses = [Double](repeating: 0, count: parts)
        var sums = [Double](repeating: 0, count: parts * size)
        losses.withUnsafeMutableBufferPointer { losses in
            sums.withUnsafeMutableBufferPointer { sums in
                guard let sums = sums.baseAddress, let losses = losses.baseAddress else { return }
                values.withKernelForm { form in
                    // Each part has its own rows, its own loss and its own sums.
                    inParts(parts) { part in
                        withUnsafeTemporaryAllocation(of: Float.self, capacity: width * stride) { work in
                            losses[part] = ck_logistic_rows(
                                form, classes, rows, stride, weights, intercepts, classWeights,
                                count * part / parts, count * (part + 1) / parts,
                                sums + part * size, work.baseAddress)
                        }
                    }
                }
            }
        }
        var gradient = [Double](repeating: 0, count: parameterCount)
        for part in 0..<parts {
            for row in 0..<rows {
                for column in 0...width {
                    let place = column < width ? row * width + column : rows * width + row
                    gradient[place] += sums[part * size + column * stride + row]
                }
            }
        }
        return (losses.reduce(0, +), gradient)
    }

    /// Makes each row of scores v_y (P - [k = y]); returns the sum of -v_y log P(y).
    private func turnIntoDifferences(_ scores: UnsafeMutableBufferPointer<Double>) -> Double {
        var loss = 0.0
        for row in 0..<scores.count / rows {
            let number = Int(classes[row])
            let weight = classWeights?[number] ?? 1
            if rows == 1 {
                // The other class has score 0.
                let score = scores[row]
                let most = max(score, 0)
                let sum = exponential(score - most) + exponential(-most)
                loss += weight * (most + logarithm(sum) - (number == 1 ? score : 0))
                scores[row] = weight * (exponential(score - most) / sum - (number == 1 ? 1 : 0))
                continue
            }
            let start = row * rows
            var most = scores[start]
            for place in start..<start + rows { most = max(most, scores[place]) }
            loss += weight * (most - scores[start + number])
            var sum = 0.0
            for place in start..<start + rows {
                scores[place] = exponential(scores[place] - most)
                sum += scores[place]
            }
            loss += weight * logarithm(sum)
            for place in start..<start + rows { scores[place] /= sum }
            scores[start + number] -= 1
            guard weight != 1 else { continue }
            for place in start..<start + rows { scores[place] *= weight }
        }
        return loss
    }
}

extension LogisticObjective {
    /// About the inverse of the second derivative, the same for each class: (s X'X / N + penalty)^-1, [D + 1, D + 1].
    ///
    /// X'X is of some thousand of the examples; s is the mean of P (1 - P), which is at most 1/4 and small where
    /// classes are separated. With more features than pay for it, its diagonal only.
    ///
    /// Bounds of the second derivative by X'X: D. Böhning, "Multinomial logistic regression algorithm" (1992).
    func preconditioner() -> Preconditioner {
        let size = width + 1
        let sample = sample()
        let count = Double(max(1, sample.shape[0]))
        let isFull = size <= Self.mostFeatures
        var matrix: NDArray<Double>
        if isFull {
            matrix = matmul(sample.T, sample) * (Self.curvature / count)
        } else {
            matrix = square(sample).sum(axis: 0) * (Self.curvature / count)
        }
        matrix.withUnsafeMutableElements { values in
            for place in 0..<size {
                // The intercepts are not penalised; the rest keeps what is constant in the sample apart from 0.
                values[isFull ? place * size + place : place] += (place < width ? penalty : 0) + 1e-9
            }
        }
        if isFull, let inverse = try? inverse(matrix), inverse.elements.allSatisfy(\.isFinite) {
            return Preconditioner(matrix: inverse, rows: rows, width: width)
        }
        let diagonal = isFull ? (0..<size).map { matrix[at: $0, $0] } : matrix.elements
        return Preconditioner(matrix: NDArray(diagonal.map { 1 / $0 }), rows: rows, width: width)
    }

    private static let curvature = 0.03
    private static let sampleSize = 4096
    private static let mostFeatures = 2048

    /// Rows evenly from all, with a 1 after their features.
    private func sample() -> NDArray<Double> {
        let count = classes.count
        let wanted = min(count, Self.sampleSize)
        let places = (0..<wanted).map { $0 * count / wanted }
        let size = width + 1
        var values = [Double](repeating: 0, count: wanted * size)
        for row in 0..<wanted { values[row * size + width] = 1 }
        switch rowValues {
        case .dense(let rows):
            rows.withUnsafeElements { rows in
                for (row, place) in places.enumerated() {
                    for column in 0..<width { values[row * size + column] = rows[place * width + column] }
                }
            }
        case .sparse(let rows):
            rows.forEachEntry(of: places) { row, column, value in values[row * size + column] = Double(value)
            }
        }
        return NDArray(shape: [wanted, size], elements: values)
    }

    /// A symmetric matrix that each class's part of a point is multiplied by.
    struct Preconditioner {
        /// [D + 1, D + 1], or the diagonal only.
        let matrix: NDArray<Double>
        let rows: Int
        let width: Int

        /// Returns the product with weights, then intercepts.
        func callAsFunction(_ point: [Double]) -> [Double] {
            let size = width + 1
            var parts = [Double](repeating: 0, count: rows * size)
            for row in 0..<rows {
                for column in 0..<width { parts[row * size + column] = point[row * width + column] }
                parts[row * size + width] = point[rows * width + row]
            }
            let array = NDArray(shape: [rows, size], elements: parts)
            parts = (matrix.ndim == 2 ? matmul(array, matrix) : array * matrix).elements
            var result = point
            for row in 0..<rows {
                for column in 0..<width { result[row * width + column] = parts[row * size + column] }
                result[rows * width + row] = parts[row * size + width]
            }
            return result
        }
    }
}
