import Classical
import Descent

/// Each feature divided by the largest that it had in training, then raised to a power.
struct PowerScaling: RowTransform {
    static let kind = "power"

    /// What it is before it has seen rows.
    struct Settings: RowTransformLearner {
        typealias Fitted = PowerScaling
        static let usage = "power:0.5"

        let exponent: Double

        init(exponent: Double) { self.exponent = exponent }

        init(from settings: inout SettingText) throws {
            self.init(exponent: try settings.number("exponent", main: true, in: 0.01...10) ?? 0.5)
        }

        var settingsText: String { "\(exponent)" }
        var summary: String { "shares of the largest to the power of \(exponent)" }

        func fit(_ rows: NDArray<Float>, cancellation: Cancellation?) throws -> PowerScaling {
            PowerScaling(largest: maximum(rows.max(axis: 0), 1e-6), exponent: exponent)
        }
    }

    let largest: NDArray<Float>
    let exponent: Double
    var featureCount: Int { largest.count }
    var outputCount: Int { largest.count }
    var summary: String { "to the power of \(exponent)" }

    func apply(to rows: NDArray<Float>) throws -> NDArray<Float> {
        power(maximum(rows / largest, 0), Float(exponent))
    }

    func store(in file: inout SafeTensors, prefix: String) {
        file.set(largest, named: prefix + "largest")
        file.set(NDArray([exponent]), named: prefix + "exponent")
    }

    init(largest: NDArray<Float>, exponent: Double) { (self.largest, self.exponent) = (largest, exponent) }

    init(from file: SafeTensors, prefix: String) throws {
        largest = try file.array(named: prefix + "largest")
        let exponents = try file.array(named: prefix + "exponent", as: Double.self)
        guard largest.ndim == 1, let exponent = exponents.elements.first, exponent > 0 else {
            throw DescentError(.badData, "a power scaling that is none", at: file.path)
        }
        self.exponent = exponent
    }
}
