import Support

/// Predicted numbers against the true ones: on the diagonal where all is well.
///
/// Points that lie on one another are drawn once, so the file stays small; none is left out.
///
/// ```swift
/// let file = PredictionChart(actual: [1, 2, 3], predicted: [1.1, 1.8, 3.1]).svg()
/// ```
public struct PredictionChart: Sendable {
    /// The true numbers.
    public var actual: [Double]
    /// The prediction of each.
    public var predicted: [Double]
    /// The title.
    public var title: String
    /// A line under the title.
    public var subtitle: String
    /// Whether title and subtitle are drawn; on a page that has them itself they are not.
    public var showsTitle = true
    /// The label of the horizontal axis.
    public var targetLabel = "target"
    /// The label of the vertical axis.
    public var predictionLabel = "prediction"
    /// The width in CSS pixels.
    public var width = 460.0
    /// The height in CSS pixels.
    public var height = 420.0

    /// Creates a chart of predictions. Points that are not finite are left out.
    ///
    /// - Precondition: as many of each.
    public init(
        actual: [Double], predicted: [Double], title: String = "Predictions", subtitle: String = ""
    ) {
        require(
            actual.count == predicted.count, "\(predicted.count) predictions for \(actual.count) targets")
        (self.actual, self.predicted, self.title, self.subtitle) = (actual, predicted, title, subtitle)
    }

    /// Returns the chart as an SVG file. Both axes have one range, that of all points.
    public func svg(appearance: ChartAppearance = .automatic) -> String {
        var document = SVGDocument(
            width: width, height: height, title: title, summary: subtitle, appearance: appearance)
        let top = showsTitle ? document.addTitles(title, subtitle) : 8
        let points = zip(actual, predicted).filter { $0.isFinite && $1.isFinite }
        let all = points.map(\.0) + points.map(\.1)
        let xAxis = LineChart.Axis(label: targetLabel)
        let yAxis = LineChart.Axis(label: predictionLabel)
        var panel = LinePanel(xAxis: xAxis, yAxis: yAxis, series: [])
        // That of the vertical axis has room at its ends.
        let range = LinePanel.range(of: yAxis, values: all, isHorizontal: false)
        (panel.xAxis.range, panel.yAxis.range) = (range, range)
        panel.beneath = { x, y in [Self.diagonal(x, y)].compactMap(\.self) + PointMarks.drawn(points, x, y) }
        document.add(panel.drawn(in: Frame(x: 10, y: top, width: width - 20, height: height - top - 8)))
        return document.text()
    }

    private static func diagonal(_ x: AxisScale, _ y: AxisScale) -> SVGElement? {
        func text(_ value: Double) -> String { SVGElement.number(value) }
        let path = "M\(text(x.start)) \(text(y.start))L\(text(x.end)) \(text(y.end))"
        return SVGElement("path", ["class": "line thin stroke1", "stroke-dasharray": "7 3.5", "d": path])
    }
}

/// Many points as one path, thinned where they lie on one another.
enum PointMarks {
    static func drawn(_ points: [(Double, Double)], _ x: AxisScale, _ y: AxisScale) -> [SVGElement] {
        struct Place: Hashable {
            let x: Int, y: Int
        }
        var taken: Set<Place> = []
        var path = ""
        let radius = points.count > 400 ? 1.8 : 2.8
        for (across, up) in points {
            guard let px = x.coordinate(across), let py = y.coordinate(up) else { continue }
            guard taken.insert(Place(x: Int((px * 1.5).rounded()), y: Int((py * 1.5).rounded()))).inserted
            else { continue }
            path += SeriesMark.path(series: 0, x: px, y: py, radius: radius)
        }
        return path.isEmpty
            ? [] : [SVGElement("path", ["class": "fill0", "fill-opacity": "0.55", "d": path])]
    }
}
