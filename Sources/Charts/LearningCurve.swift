import Arrays
import Support
import Training

/// The course of a training: loss and accuracy on the training and on the test data, epoch by epoch.
///
/// Two panels side by side. Where the network has memorised its training data (`TrainingVerdict` says overfitting), the
/// space between the accuracies is filled and named.
///
/// ```swift
/// let curve = LearningCurve(
///     epochs: [1, 2, 3], trainingLoss: [0.9, 0.4, 0.3], trainingAccuracy: [0.80, 0.89, 0.92],
///     testAccuracy: [0.81, 0.90, 0.92], title: "784-50-10 on MNIST")
/// let file = curve.svg()
/// ```
public struct LearningCurve: Sendable {
    /// The number of each epoch, rising; 0 is the state before training.
    package var epochs: [Int]
    /// The mean loss over the training data, for each epoch.
    package var trainingLoss: [Double]
    /// The mean loss over the test data, for each epoch.
    package var testLoss: [Double]?
    /// The accuracy on the training data, 0 to 1, for each epoch.
    package var trainingAccuracy: [Double]
    /// The same for the test data; NaN in every epoch when there are none.
    package var testAccuracy: [Double]
    /// The name of the second examples; "validation", where they were held back from the training data.
    public var testName = "test"
    /// The epoch whose weights are the result, where that is not the last: it is marked, and the figures are its.
    public var keptEpoch: Int?
    /// The title.
    package var title: String
    /// A line under the title; `nil`: the final figures.
    package var subtitle: String?
    /// The name of the loss.
    package var lossName: String
    /// The verdict on the run (`TrainingVerdict`), which decides whether the picture speaks of overfitting; `nil`: the verdict
    /// of the final accuracies alone, by the same rule.
    public var verdict: TrainingVerdict.Kind?
    /// The number of test examples, if the verdict is to allow for chance where none is given.
    package var testCount: Int?

    /// Creates the curves of one training run. Values that are not finite leave gaps.
    ///
    /// - Precondition: as many values in each as there are epochs.
    public init(
        epochs: [Int], trainingLoss: [Double], testLoss: [Double]? = nil, trainingAccuracy: [Double],
        testAccuracy: [Double], title: String, subtitle: String? = nil,
        lossName: String = "Loss (cross-entropy)"
    ) {
        for (name, values) in [
            ("trainingLoss", trainingLoss), ("testLoss", testLoss ?? trainingLoss),
            ("trainingAccuracy", trainingAccuracy), ("testAccuracy", testAccuracy),
        ] {
            require(
                values.count == epochs.count, "\(name) has \(values.count) values for \(epochs.count) epochs")
        }
        self.epochs = epochs
        self.trainingLoss = trainingLoss
        self.testLoss = testLoss
        self.trainingAccuracy = trainingAccuracy
        self.testAccuracy = testAccuracy
        self.title = title
        self.subtitle = subtitle
        self.lossName = lossName
    }

    /// The index of the epoch whose weights are the result.
    private var result: Int? {
        keptEpoch.flatMap { epochs.lastIndex(of: $0) } ?? epochs.indices.last
    }

    /// Training less test accuracy at the end, or at the epoch that was kept, as a fraction; `nil` when either is not known
    /// there.
    package var finalGap: Double? {
        guard let result else { return nil }
        let gap = trainingAccuracy[result] - testAccuracy[result]
        return gap.isFinite ? gap : nil
    }

    /// The final figures in one line.
    package var summary: String {
        guard let result, let last = epochs.last else { return "No epoch yet" }
        let (training, loss) = (trainingAccuracy[result], trainingLoss[result])
        var text =
            keptEpoch.map { "Epoch \($0) of \(last) was kept: " }
            ?? "After \(last) \(last == 1 ? "epoch" : "epochs"): "
        text += "training accuracy \(NumberText.percent(training)), "
        if hasTest {
            text += "\(testName) accuracy \(NumberText.percent(testAccuracy[result])), "
        }
        if let testLoss = testLoss?[result] {
            text += "training loss \(NumberText.short(loss)), \(testName) loss \(NumberText.short(testLoss))"
        } else {
            text += "loss \(NumberText.short(loss))"
        }
        return text
    }

    /// The name of the space between the accuracies; `nil` where it says nothing.
    var overfitting: String? {
        guard let result, finalGap != nil else { return nil }
        let kind =
            verdict
            ?? TrainingVerdict.judgement(
                trainingAccuracy: trainingAccuracy[result], testAccuracy: testAccuracy[result],
                testCount: testCount)
        switch kind {
        case .overfitted: return "overfitting"
        case .someOverfitting: return "some overfitting"
        default: return nil
        }
    }

    /// Returns the picture as an SVG file.
    public func svg(
        width: Double = 900, height: Double = 390, appearance: ChartAppearance = .automatic
    ) -> String {
        let subtitle = subtitle ?? summary
        var document = SVGDocument(
            width: width, height: height, title: title, summary: summary, appearance: appearance)
        let top = document.addTitles(title, subtitle)
        let space = 26.0
        let half = (width - 36 - space) / 2
        var frame = Frame(x: 18, y: top, width: half, height: height - top - 10)
        document.add(lossPanel.drawn(in: frame))
        frame.x += half + space
        document.add(accuracyPanel.drawn(in: frame))
        return document.text()
    }

    private var hasTest: Bool { testAccuracy.contains { $0.isFinite } }

    private var epochAxis: LineChart.Axis { .init(label: "epoch", format: .integer) }

    private func series(_ name: String, _ values: [Double]) -> LineChart.Series {
        .init(name: name, positions: epochs.map(Double.init), values: values)
    }

    /// Returns a mark at the epoch that was kept.
    private func mark(_ values: [Double]) -> [LineChart.Series] {
        guard let kept = keptEpoch, let place = epochs.lastIndex(of: kept), values[place].isFinite else {
            return []
        }
        return [
            .init(
                name: "kept: epoch \(kept)", positions: [Double(kept)], values: [values[place]], style: .marks
            )
        ]
    }

    private var lossPanel: LinePanel {
        var panel = LinePanel(
            xAxis: epochAxis, yAxis: .init(label: lossName, includesZero: true),
            series: [series("training", trainingLoss)])
        if let testLoss { panel.series.append(series(testName, testLoss)) }
        panel.series += mark(testLoss ?? trainingLoss)
        return panel
    }

    private var accuracyPanel: LinePanel {
        var panel = LinePanel(
            xAxis: epochAxis, yAxis: .init(label: "Accuracy", format: .percent),
            series: [series("training", trainingAccuracy)])
        if hasTest { panel.series.append(series(testName, testAccuracy)) }
        if let gap = finalGap, let word = overfitting {
            let points = NumberText.fixed(gap * 100, decimals: 1)
            panel.gap = .init(upper: 0, lower: 1, label: "\(word): \(points) points apart")
        }
        panel.series += mark(hasTest ? testAccuracy : trainingAccuracy)
        return panel
    }
}
