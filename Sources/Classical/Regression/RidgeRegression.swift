import Arrays
import Classification
import ExampleData
import Regression
import Support

/// Linear regression whose weights are kept small: y = W x + b.
///
/// Minimises sum_n |W x_n + b - t_n|^2 + alpha |W|^2, the intercepts b free, for each output by itself: scikit-learn's `Ridge`.
/// With features and targets less their means, W' = (X'X + alpha I)^-1 X'T. alpha = 0 is least squares, and the shortest W
/// of several.
///
/// ```swift
/// let regressor = try RidgeRegression(alpha: 1).fit(houses)
/// print(regressor.weights, regressor.intercepts)
/// ```
///
/// Source: A. E. Hoerl, R. W. Kennard, "Ridge regression: biased estimation for nonorthogonal problems" (1970).
public struct RidgeRegression: RegressionLearner, Equatable {
    /// The weight of the squared weights against the errors; 0 or more.
    public var alpha: Double
    /// The factor on bytes; floating-point features are taken as they are.
    package var byteScale: Float = 1 / 255

    /// Creates a regression with that penalty.
    public init(alpha: Double = 1) { self.alpha = alpha }

    /// `ridge regression`.
    public static let title = "ridge regression"

    /// The settings that `init(from:)` reads.
    public static let settingNames = ["alpha"]

    /// Creates a regression with the settings of a text.
    public init(from settings: inout SettingText) throws {
        self.init(
            alpha: try DescentError.naming("alpha") {
                try settings.number("alpha", in: 0...1e30)
            } ?? 1)
    }

    /// alpha.
    public var settings: [LearnerSetting]? {
        byteScale == RidgeRegression().byteScale ? [LearnerSetting("alpha", alpha)] : nil
    }

    /// `ridge regression, alpha 1`.
    public func summary(of regressor: RidgeRegressor) -> String {
        "\(Self.title), alpha \(Numerals.number(alpha))"
    }

    /// Examples whose products are summed at a time, in double precision.
    private static let block = 4096

    /// Learns the weights.
    ///
    /// By Cholesky's factors of X'X + alpha I, or of XX' + alpha I where there are fewer examples than features
    /// (W' = X' (XX' + alpha I)^-1 T); where alpha is 0, or the factors' diagonal says that rounding would show, by X's singular values.
    ///
    /// - Throws: `usage` for impossible settings; `badData` for targets that are classes, no examples or features, a number that
    ///   is not finite; `interrupted`.
    /// - Complexity: O(N D min(N, D) + min(N, D)^3); memory for N D numbers only where N < D or singular values are taken.
    public func fit(
        _ examples: LabeledExamples, cancellation: Cancellation?, progress: ((LearningProgress) -> Void)?
    ) throws -> RidgeRegressor {
        guard alpha >= 0, alpha <= 1e30, byteScale > 0, byteScale <= 1e30 else {
            throw DescentError(
                .usage, "impossible settings", at: Self.title,
                expected: "alpha 0 or more, scale of bytes above 0, both at most 1e30",
                got: "alpha \(alpha), scale \(byteScale)")
        }
        let targets = try RegressionChecks.require(examples, for: Self.title).asType(Double.self)
        let rows = CentredRows(examples.features, byteScale: byteScale)
        let origin = try rows.mean(cancellation)
        let middle = targets.mean(axis: 0)
        let moved = targets - middle
        let count = examples.count
        var weights: NDArray<Double>?
        if alpha > 0, rows.width <= count {
            var (squares, products) = (
                NDArray<Double>.zeros(rows.width, rows.width),
                NDArray<Double>.zeros(rows.width, moved.shape[1])
            )
            for first in stride(from: 0, to: count, by: Self.block) {
                try Cancellation.check(cancellation, at: Self.title)
                progress?(
                    LearningProgress(
                        activity: "products of \(first) of \(count)", fraction: Double(first) / Double(count))
                )
                let range = first..<min(count, first + Self.block)
                let x = rows[range, origin]
                squares = squares + matmul(x.T, x)
                products = products + matmul(x.T, moved[range])
            }
            weights = PositiveSystem.solution(squares, products, penalty: alpha)
        } else if alpha > 0 {
            let x = rows[0..<count, origin]
            try Cancellation.check(cancellation, at: Self.title)
            weights = PositiveSystem.solution(matmul(x, x.T), moved, penalty: alpha).map { matmul(x.T, $0) }
        }
        try Cancellation.check(cancellation, at: Self.title)
        let found = try weights ?? bySingularValues(rows[0..<count, origin], moved)
        let intercepts = middle - matmul(origin, found)
        guard found.elements.allSatisfy(\.isFinite), intercepts.elements.allSatisfy(\.isFinite) else {
            throw DescentError(
                .badData, "the weights have become too large", at: Self.title, expected: "finite numbers",
                advice: "scale the features")
        }
        progress?(LearningProgress(activity: "solved", fraction: 1))
        return RidgeRegressor(
            byteScale: byteScale, weights: found.T.contiguousCopy(), intercepts: intercepts.elements)
    }

    /// V diag(s / (s^2 + alpha)) U' T of X = U diag(s) V'.
    private func bySingularValues(_ x: NDArray<Double>, _ targets: NDArray<Double>) throws -> NDArray<Double>
    {
        if alpha == 0 { return try leastSquares(x, targets).solution.reshaped(x.shape[1], targets.shape[1]) }
        let (u, values, v) = try svd(x, fullMatrices: false)
        // What rounding made of values that are 0 must not be divided by a penalty that is smaller still.
        let least = (values.elements.first ?? 0) * Double(max(x.shape[0], x.shape[1])) * Double.ulpOfOne
        let factors = values.elements.map { $0 > least ? $0 / ($0 * $0 + alpha) : 0 }
        return matmul(v.T, matmul(u.T, targets) * NDArray(factors).reshaped(factors.count, 1))
    }
}

/// Rows of features in double precision, scaled, some at a time.
struct CentredRows {
    let features: FeatureMatrix
    private let scale: Double
    var width: Int { features.featureCount }

    init(_ features: FeatureMatrix, byteScale: Float) {
        self.features = features
        scale = if case .bytes = features.storage { Double(byteScale) } else { 1 }
    }

    /// The examples of a range less `origin`: [rows, D].
    subscript(range: Range<Int>, origin: NDArray<Double>) -> NDArray<Double> {
        let rows = features[range].unscaledFloats.asType(Double.self)
        return (scale == 1 ? rows : rows * scale) - origin
    }

    /// The mean of each feature: D.
    func mean(_ cancellation: Cancellation?) throws -> NDArray<Double> {
        var sums = NDArray<Double>.zeros(width)
        for first in stride(from: 0, to: features.count, by: 4096) {
            try Cancellation.check(cancellation, at: RidgeRegression.title)
            let range = first..<min(features.count, first + 4096)
            sums = sums + features[range].unscaledFloats.asType(Double.self).sum(axis: 0)
        }
        return sums * (scale / Double(features.count))
    }
}

/// Equations with a symmetric, positive definite matrix.
enum PositiveSystem {
    /// A matrix whose condition is worse than this, as the factors' diagonal has it, leaves half of the digits or fewer.
    private static let worstCondition = 1e8

    /// X with (A + penalty I) X = B, by Cholesky's factors; nil where rounding leaves none, or too few digits.
    static func solution(
        _ matrix: NDArray<Double>, _ right: NDArray<Double>, penalty: Double
    ) -> NDArray<Double>? {
        let (size, width) = (right.shape[0], right.shape[1])
        var matrix = matrix
        matrix.withUnsafeMutableElements { values in
            for place in 0..<size { values[place * size + place] += penalty }
        }
        guard let factor = try? cholesky(matrix) else { return nil }
        let diagonal = factor.diagonal().elements
        let (most, least) = (diagonal.max() ?? 1, diagonal.min() ?? 1)
        guard most * most < worstCondition * least * least else { return nil }
        var solution = right.contiguousCopy()
        factor.withUnsafeElements { factor in
            solution.withUnsafeMutableElements { x in
                // L Y = B, then L' X = Y.
                for row in 0..<size {
                    for column in 0..<width {
                        var sum = x[row * width + column]
                        for k in 0..<row { sum -= factor[row * size + k] * x[k * width + column] }
                        x[row * width + column] = sum / factor[row * size + row]
                    }
                }
                for row in stride(from: size - 1, through: 0, by: -1) {
                    for column in 0..<width {
                        let value = x[row * width + column] / factor[row * size + row]
                        x[row * width + column] = value
                        for k in 0..<row { x[k * width + column] -= factor[row * size + k] * value }
                    }
                }
            }
        }
        return solution.elements.allSatisfy(\.isFinite) ? solution : nil
    }
}
