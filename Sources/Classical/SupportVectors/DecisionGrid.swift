import Arrays
import ExampleData
import Support

/// The decision of a machine over a part of the plane, as values for a chart.
package struct DecisionGrid: Sendable {
    /// The first feature at each column.
    package let horizontal: [Double]
    /// The second feature at each row, ascending.
    package let vertical: [Double]
    /// The class at each grid point: [rows, columns].
    package let classes: NDArray<Int32>
    /// The decision functions of the pairs at each grid point: [rows, columns, K (K - 1) / 2]. The boundary of a pair is where
    /// its function is 0, the margin where it is -1 or 1.
    package let decisions: NDArray<Double>
    /// The support vectors: [S, 2].
    package let supportVectors: NDArray<Float>
    /// The class of each support vector.
    package let supportClasses: [Int]
}

extension SupportVectorClassifier {
    /// Returns the decisions at `columns` x `rows` grid points, evenly over the ranges, both ends included.
    ///
    /// - Throws: `usage` when examples have another number of features than two, a range is empty or not finite, or
    ///   there are fewer than two columns or rows.
    package func decisionGrid(
        horizontal: ClosedRange<Double>, vertical: ClosedRange<Double>, columns: Int = 200, rows: Int = 200
    ) throws -> DecisionGrid {
        guard supportVectors.featureCount == 2 else {
            throw DescentError(
                .usage, "only two features can be drawn", expected: "2", got: "\(supportVectors.featureCount)"
            )
        }
        guard columns >= 2 && rows >= 2 else {
            throw DescentError(
                .usage, "too small a grid", expected: "2 x 2 or more", got: "\(columns) x \(rows)")
        }
        for range in [horizontal, vertical] {
            guard
                range.lowerBound.isFinite && range.upperBound.isFinite && range.lowerBound < range.upperBound
            else {
                throw DescentError(
                    .usage, "an empty range", expected: "two numbers that ascend", got: "\(range)")
            }
        }
        func places(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
            (0..<count).map { place in
                let share = Double(place) / Double(count - 1)
                return range.lowerBound * (1 - share) + range.upperBound * share
            }
        }
        let (x, y) = (places(horizontal, columns), places(vertical, rows))
        let points = FeatureMatrix.floats(
            NDArray(
                shape: [rows * columns, 2],
                elements: y.flatMap { y in x.flatMap { x in [Float(x), Float(y)] } }))
        // Bytes become the features that they encode.
        let support: NDArray<Float>
        switch supportVectors.dense {
        case .bytes(let array):
            support = NDArray(shape: array.shape, elements: array.elements.map { Float($0) * byteScale })
        case .floats(let array): support = array
        }
        let decisions = try decisionValues(of: points)
        return DecisionGrid(
            horizontal: x, vertical: y,
            classes: NDArray(shape: [rows, columns], elements: winners(decisions)),
            decisions: decisions.reshaped(rows, columns, thresholds.count),
            supportVectors: support,
            supportClasses: supportCounts.enumerated().flatMap {
                [Int](repeating: $0.offset, count: $0.element)
            })
    }
}
