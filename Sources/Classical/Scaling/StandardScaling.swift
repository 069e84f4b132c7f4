import ArrayFiles
import Arrays
import Support

/// Each feature with mean 0 and standard deviation 1 over the training rows: (x - m) / s.
///
/// s is the root of the mean square deviation (divided by N, as in scikit-learn's `StandardScaler`).
public struct StandardScaling: RowTransform, Equatable {
    /// The name of the type in a file.
    public static let kind = "standard"
    /// The mean of each feature: D.
    package let means: [Double]
    /// The divisor of each deviation, D: the standard deviation, or 1 for constant features that are kept.
    package let scales: [Double]

    /// Learns means and deviations from rows [N, D].
    ///
    /// - Throws: `badData` for no rows, a feature that is not finite (row and column named), or, when they are
    ///   `refused`, a constant feature (column named).
    /// - Complexity: O(N D).
    package init(fitting rows: NDArray<Float>, constants: ConstantFeatures = .refused) throws {
        (means, scales) = try RowStatistics.read(rows, for: "standard scaling") { values, count, width in
            let (least, most) = RowStatistics.extremes(values, count, width)
            try RowStatistics.check(least, most, constants, for: "standard scaling")
            var means = [Double](repeating: 0, count: width)
            for row in 0..<count {
                for column in 0..<width { means[column] += Double(values[row * width + column]) }
            }
            for column in 0..<width { means[column] /= Double(count) }
            var squares = [Double](repeating: 0, count: width)
            for row in 0..<count {
                for column in 0..<width {
                    let away = Double(values[row * width + column]) - means[column]
                    squares[column] += away * away
                }
            }
            let scales = (0..<width).map { column in
                least[column] == most[column] ? 1 : (squares[column] / Double(count)).squareRoot()
            }
            return (means, scales)
        }
    }

    /// Standard scaling that has not seen any rows yet: `standard`, `standard:constants=refused`.
    public struct Settings: RowTransformLearner {
        /// The treatment of features that are the same in all rows.
        package var constants: ConstantFeatures

        /// Constant features are kept by default.
        public init(constants: ConstantFeatures = .kept) { self.constants = constants }

        /// Creates the settings of a text.
        public init(from settings: inout SettingText) throws {
            self.init(constants: try settings.choice("constants") ?? .kept)
        }

        /// The settings that differ from the defaults.
        public var settingsText: String { constants == .kept ? "" : "constants=\(constants.rawValue)" }

        /// `standard scaling`.
        public var summary: String { "standard scaling" }

        /// Learns means and deviations.
        public func fit(_ rows: NDArray<Float>, cancellation: Cancellation?) throws -> StandardScaling {
            try StandardScaling(fitting: rows, constants: constants)
        }
    }

    /// The number of features.
    public var featureCount: Int { means.count }
    /// The number of features, which does not change.
    public var outputCount: Int { means.count }

    /// Returns the rows, scaled: [N, D].
    public func apply(to rows: NDArray<Float>) throws -> NDArray<Float> {
        try RowStatistics.apply(
            to: rows, minus: means, times: scales.map { 1 / $0 }, plus: 0, for: "standard scaling")
    }

    /// Puts means and scales under `prefix`.
    public func store(in file: inout SafeTensors, prefix: String) {
        file.set(NDArray(means), named: prefix + "means")
        file.set(NDArray(scales), named: prefix + "scales")
    }

    /// Restores the transform from the entries that `store` wrote.
    public init(from file: SafeTensors, prefix: String) throws {
        means = try file.finite(named: prefix + "means", as: Double.self, shape: [nil]).elements
        scales = try file.finite(named: prefix + "scales", as: Double.self, shape: [means.count]).elements
        guard scales.allSatisfy({ $0 > 0 }) else {
            throw file.wrong(prefix + "scales", expected: "numbers above 0")
        }
    }
}
