import ArrayFiles
import Arrays
import Support

/// Each feature moved and scaled so that the training rows fill 0...1: (x - min) / (max - min).
///
/// Rows outside the training set may exceed the range, as with scikit-learn's `MinMaxScaler`.
public struct MinMaxScaling: RowTransform, Equatable {
    /// The name of the type in a file.
    public static let kind = "min-max"
    /// The smallest value of each feature: D.
    package let minima: [Double]
    /// The largest less the smallest, D; 1 for constant features that are kept.
    package let ranges: [Double]
    /// The range that the smallest and the largest value are mapped to.
    package let target: ClosedRange<Double>

    /// Learns the ranges of rows [N, D].
    ///
    /// - Throws: `badData` for no rows, a feature that is not finite (row and column named), or, when they are
    ///   `refused`, a constant feature (column named).
    /// - Complexity: O(N D).
    package init(
        fitting rows: NDArray<Float>, to target: ClosedRange<Double> = 0...1,
        constants: ConstantFeatures = .refused
    ) throws {
        self.target = target
        (minima, ranges) = try RowStatistics.read(rows, for: "min-max scaling") { values, count, width in
            let (least, most) = RowStatistics.extremes(values, count, width)
            try RowStatistics.check(least, most, constants, for: "min-max scaling")
            return (least, zip(least, most).map { $0 == $1 ? 1 : $1 - $0 })
        }
    }

    /// Min-max scaling that has not seen any rows yet: `min-max`, `min-max:from=-1,to=1`.
    public struct Settings: RowTransformLearner {
        /// The range that the smallest and the largest value are mapped to.
        package var target: ClosedRange<Double>
        /// The treatment of features that are the same in all rows.
        package var constants: ConstantFeatures

        /// 0...1, and constant features are kept by default.
        public init(target: ClosedRange<Double> = 0...1, constants: ConstantFeatures = .kept) {
            (self.target, self.constants) = (target, constants)
        }

        /// Creates the settings of a text.
        public init(from settings: inout SettingText) throws {
            let reach = -1e30...1e30
            let least = try settings.number("from", in: reach) ?? 0
            let most = try settings.number("to", in: reach) ?? 1
            guard least <= most else {
                throw settings.wrong("to", expected: "\(least) or more", got: "\(most)")
            }
            self.init(target: least...most, constants: try settings.choice("constants") ?? .kept)
        }

        /// The settings that differ from the defaults.
        public var settingsText: String {
            let ends = target == 0...1 ? [] : ["from=\(target.lowerBound)", "to=\(target.upperBound)"]
            return (ends + (constants == .kept ? [] : ["constants=\(constants.rawValue)"])).joined(
                separator: ",")
        }

        /// `min-max scaling`.
        public var summary: String { "min-max scaling" }

        /// Learns the ranges.
        public func fit(_ rows: NDArray<Float>, cancellation: Cancellation?) throws -> MinMaxScaling {
            try MinMaxScaling(fitting: rows, to: target, constants: constants)
        }
    }

    /// The number of features.
    public var featureCount: Int { minima.count }
    /// The number of features, which does not change.
    public var outputCount: Int { minima.count }

    /// Returns the rows, scaled: [N, D].
    public func apply(to rows: NDArray<Float>) throws -> NDArray<Float> {
        let span = target.upperBound - target.lowerBound
        return try RowStatistics.apply(
            to: rows, minus: minima, times: ranges.map { span / $0 }, plus: target.lowerBound,
            for: "min-max scaling")
    }

    /// Puts minima, ranges and target under `prefix`.
    public func store(in file: inout SafeTensors, prefix: String) {
        file.set(NDArray(minima), named: prefix + "minima")
        file.set(NDArray(ranges), named: prefix + "ranges")
        file.set(NDArray([target.lowerBound, target.upperBound]), named: prefix + "target")
    }

    /// Restores the transform from the entries that `store` wrote.
    public init(from file: SafeTensors, prefix: String) throws {
        minima = try file.finite(named: prefix + "minima", as: Double.self, shape: [nil]).elements
        ranges = try file.finite(named: prefix + "ranges", as: Double.self, shape: [minima.count]).elements
        let ends = try file.finite(named: prefix + "target", as: Double.self, shape: [2]).elements
        guard ranges.allSatisfy({ $0 > 0 }) else {
            throw file.wrong(prefix + "ranges", expected: "numbers above 0")
        }
        guard ends[0] <= ends[1] else { throw file.wrong(prefix + "target", expected: "the lower end first") }
        target = ends[0]...ends[1]
    }
}
