import Arrays
import Classical
import Support

/// Transforms of rows, in double precision and rounded once, as Descent computes them.
extension GraphBuilder {
    /// Adds a transform.
    ///
    /// - Throws: `usage` for a kind that ONNX cannot be told.
    mutating func add(_ transform: any RowTransform, to rows: Rows) throws -> Rows {
        let values = doubles(rows)
        let result: String
        switch transform {
        case let scaling as StandardScaling:
            result = scaled(values, minus: scaling.means, times: scaling.scales.map { 1 / $0 }, plus: 0)
        case let scaling as MinMaxScaling:
            let span = scaling.target.upperBound - scaling.target.lowerBound
            result = scaled(
                values, minus: scaling.minima, times: scaling.ranges.map { span / $0 },
                plus: scaling.target.lowerBound)
        case let components as PrincipalComponents:
            var matrix = components.components
            if components.isWhitening {
                let deviations = components.explainedVariances.map { $0.squareRoot() }
                matrix = matrix / NDArray(deviations).reshaped(deviations.count, 1)
            }
            let centred = add("Sub", values, constant(components.means, "means"))
            result = add("MatMul", centred, constant(matrix.T.contiguousCopy(), "components"))
        default:
            throw DescentError(
                .usage, "a transform of rows that ONNX cannot be told", at: type(of: transform).kind,
                expected: "standard, min-max or pca",
                advice: "one of one's own has code that only Swift can run")
        }
        return Rows(name: cast(result, to: .float), width: transform.outputCount, areBytes: false)
    }

    private mutating func scaled(
        _ values: String, minus: [Double], times: [Double], plus: Double
    ) -> String {
        let product = add(
            "Mul", add("Sub", values, constant(minus, "offsets")), constant(times, "factors"))
        return plus == 0 ? product : add("Add", product, scalar(plus))
    }
}
