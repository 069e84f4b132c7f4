import Support

/// What it brings to leave unsure answers out: the accuracy of the answers that are given against their share of all.
///
/// ```swift
/// let file = CoverageChart(coverage: [0.5, 1], accuracy: [1, 0.9], title: "Rejection").svg()
/// ```
public struct CoverageChart: Sendable {
    /// The shares of the examples that are answered, rising, 0...1.
    package var coverage: [Double]
    /// The accuracy among those.
    package var accuracy: [Double]
    /// The title.
    package var title: String
    /// A line under the title.
    package var subtitle: String
    /// Whether title and subtitle are drawn; on a page that has them itself they are not.
    public var showsTitle = true
    /// The label of the horizontal axis.
    public var coverageLabel = "share of examples answered"
    /// The label of the vertical axis.
    public var accuracyLabel = "accuracy of these"
    /// The width in CSS pixels.
    public var width = 460.0
    /// The height in CSS pixels.
    public var height = 420.0

    /// Creates a chart of the points (`coverage[i]`, `accuracy[i]`).
    ///
    /// - Precondition: as many of each.
    public init(
        coverage: [Double], accuracy: [Double], title: String = "Accuracy and coverage",
        subtitle: String = ""
    ) {
        require(
            coverage.count == accuracy.count,
            "\(accuracy.count) accuracies for \(coverage.count) coverages")
        (self.coverage, self.accuracy, self.title, self.subtitle) = (coverage, accuracy, title, subtitle)
    }

    /// Returns the chart as an SVG file.
    public func svg(appearance: ChartAppearance = .automatic) -> String {
        var document = SVGDocument(
            width: width, height: height, title: title, summary: subtitle, appearance: appearance)
        let top = showsTitle ? document.addTitles(title, subtitle) : 8
        var panel = LinePanel(
            xAxis: .init(label: coverageLabel, format: .percent, range: 0...1),
            yAxis: .init(label: accuracyLabel, format: .percent),
            series: [
                .init(
                    name: "", positions: coverage, values: accuracy,
                    style: coverage.count > 1 ? .line : .marks)
            ])
        panel.showsLastValues = coverage.count > 1
        document.add(panel.drawn(in: Frame(x: 10, y: top, width: width - 20, height: height - top - 8)))
        return document.text()
    }
}
