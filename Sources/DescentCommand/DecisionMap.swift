import Descent

/// The decisions of a classifier of two features over a part of the plane, and their chart.
struct DecisionMap {
    let horizontal: [Double]
    let vertical: [Double]
    let classes: [Int32]
    /// Functions that are 0 on a boundary: [rows * columns] each.
    let boundaries: [[Double]]
    /// A function that is -1 and 1 on the margins of a support vector machine of two classes.
    let margin: [Double]?

    /// Creates the decisions over the points' own part of the plane and a little more.
    ///
    /// - Throws: the errors of the classifier.
    init(_ classifier: any Classifier, around points: NDArray<Float>, columns: Int = 280) throws {
        let elements = points.elements
        func range(_ axis: Int) -> ClosedRange<Double> {
            let values = stride(from: axis, to: elements.count, by: 2).map { Double(elements[$0]) }
            let (low, high) = (values.min() ?? 0, values.max() ?? 0)
            let room = high > low ? 0.12 * (high - low) : 1
            return (low - room)...(high + room)
        }
        func places(_ range: ClosedRange<Double>, _ count: Int) -> [Double] {
            (0..<count).map { place in
                let share = Double(place) / Double(count - 1)
                return range.lowerBound * (1 - share) + range.upperBound * share
            }
        }
        horizontal = places(range(0), columns)
        vertical = places(range(1), columns)
        let (across, up) = (horizontal, vertical)
        let grid = FeatureMatrix.floats(
            NDArray(
                shape: [columns * columns, 2],
                elements: up.flatMap { y in across.flatMap { x in [Float(x), Float(y)] } }))
        let answers = try classifier.answers(for: grid)
        classes = answers.classes
        (boundaries, margin) = try Self.fields(classifier, grid, answers)
    }

    private static func fields(_ classifier: any Classifier, _ grid: FeatureMatrix, _ answers: Answers) throws
        -> (
            [[Double]], [Double]?
        )
    {
        let count = classifier.classNames.count
        switch classifier {
        case let machine as SupportVectorClassifier where count == 2:
            let decisions = try machine.decisionValues(of: grid).elements
            return ([decisions], decisions)
        case let machine as SupportVectorClassifier:
            return (pairLeads(try machine.decisionValues(of: grid).elements, answers.classes, count), nil)
        case let machine as LinearSupportVectorClassifier:
            let values = try machine.decisionValues(of: grid).elements
            return count == 2 ? ([values], values) : (leads(values, count), nil)
        default: return (leads(answers.scores.elements.map(Double.init), count), nil)
        }
    }

    /// By how much each class but the last is ahead of the best of the others; `values`: [N, K].
    private static func leads(_ values: [Double], _ count: Int) -> [[Double]] {
        (0..<count - 1).map { number in
            stride(from: 0, to: values.count, by: count).map { row in
                let others = (0..<count).filter { $0 != number }.map { values[row + $0] }
                return values[row + number] - (others.max() ?? 0)
            }
        }
    }

    /// Votes of pairs decide, so no single function is 0 on the boundary of a class; but between two classes their pair's
    /// own is. So: how clearly the class wins against the closest other one, or how clearly it loses against the winner.
    ///
    /// `values`: [N, K (K - 1) / 2], the pairs (0, 1), (0, 2), ..., (1, 2), ...
    private static func pairLeads(_ values: [Double], _ classes: [Int32], _ count: Int) -> [[Double]] {
        let pairs = count * (count - 1) / 2
        func pair(_ one: Int, _ other: Int) -> Int {
            let (first, second) = (min(one, other), max(one, other))
            return first * (2 * count - first - 1) / 2 + second - first - 1
        }
        return (0..<count - 1).map { number in
            classes.enumerated().map { row, winner in
                func distance(_ other: Int) -> Double { values[row * pairs + pair(number, other)].magnitude }
                guard winner == number else { return -distance(Int(winner)) }
                return (0..<count).filter { $0 != number }.map(distance).min() ?? 0
            }
        }
    }

    /// Returns the chart, with the examples that the classifier learned from.
    func chart(
        title: String, subtitle: String, examples: LabeledExamples, supportVectors: Set<Int>
    ) -> DecisionBoundaryChart {
        var chart = DecisionBoundaryChart(
            title: title, subtitle: subtitle, horizontal: horizontal, vertical: vertical, classes: classes,
            classNames: examples.classNames)
        chart.boundaries = boundaries
        chart.margin = margin
        let rows = examples.features.unscaledFloats.elements
        chart.points = examples.classes.enumerated().map { index, number in
            DecisionBoundaryChart.Point(
                x: Double(rows[2 * index]), y: Double(rows[2 * index + 1]), classIndex: number,
                isSupportVector: supportVectors.contains(index))
        }
        return chart
    }
}
