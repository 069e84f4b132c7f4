import Arrays
import Support

/// The errors of predicted numbers.
///
/// ```swift
/// let errors = RegressionErrors(predicted: [1, 2, 3], actual: [1, 2, 5])
/// errors.meanAbsolute      // 0.6667
/// errors.rootMeanSquare    // 1.1547
/// errors.rSquared          // 0.5385
/// ```
///
/// Of several outputs each has its own figures (`outputs`), and the figures of all are their means, as in scikit-learn.
public struct RegressionErrors: Equatable, Sendable {
    /// The figures of one output.
    public struct Output: Equatable, Sendable {
        /// MAE: 1/N sum |y - t|.
        public let meanAbsolute: Double
        /// RMSE: the root of 1/N sum (y - t)^2.
        public let rootMeanSquare: Double
        /// R^2 = 1 - sum (y - t)^2 / sum (t - mean t)^2: 1 for no error, 0 for always saying the mean, below 0 for worse.
        ///
        /// Of targets that are all the same it is 1 where all are met, else 0.
        public let rSquared: Double
    }

    /// The number of examples, N.
    public let count: Int
    /// The figures of each output: K.
    public let outputs: [Output]

    /// Computes the errors of answers [N, K] on targets [N, K], or of [N] on [N].
    ///
    /// - Precondition: the same shape, one or two axes.
    public init(predicted: NDArray<Float>, actual: NDArray<Float>) {
        require(
            predicted.shape == actual.shape && (1...2).contains(actual.ndim),
            "answers of shape \(predicted.shape) for targets of shape \(actual.shape)")
        count = actual.shape[0]
        let width = actual.ndim == 1 ? 1 : actual.shape[1]
        let (answers, targets) = (predicted.elements, actual.elements)
        let count = count
        outputs = (0..<width).map { column in
            let rows = stride(from: column, to: count * width, by: width)
            let mean = rows.reduce(0) { $0 + Double(targets[$1]) } / Double(max(1, count))
            var (absolute, square, spread) = (0.0, 0.0, 0.0)
            for place in rows {
                let error = Double(answers[place]) - Double(targets[place])
                let away = Double(targets[place]) - mean
                absolute += error.magnitude
                square += error * error
                spread += away * away
            }
            let most = Double(max(1, count))
            return Output(
                meanAbsolute: absolute / most, rootMeanSquare: (square / most).squareRoot(),
                rSquared: spread > 0 ? 1 - square / spread : square > 0 ? 0 : 1)
        }
    }

    /// Computes the errors of single numbers.
    public init(predicted: [Float], actual: [Float]) {
        self.init(predicted: NDArray(predicted), actual: NDArray(actual))
    }

    private func mean(_ figure: KeyPath<Output, Double>) -> Double {
        outputs.reduce(0) { $0 + $1[keyPath: figure] } / Double(max(1, outputs.count))
    }

    /// MAE, the mean over the outputs.
    public var meanAbsolute: Double { mean(\.meanAbsolute) }
    /// RMSE, the mean over the outputs.
    public var rootMeanSquare: Double { mean(\.rootMeanSquare) }
    /// R^2, the mean over the outputs.
    public var rSquared: Double { mean(\.rSquared) }
}
