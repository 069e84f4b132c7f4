import Support

/// The residuals of predicted numbers, predicted − actual, against the predictions: around zero everywhere if all is well.
///
/// Points that lie on one another are drawn once, so the file stays small; none is left out.
///
/// ```swift
/// let file = ResidualChart(predicted: [1, 2, 3], residuals: [0.1, -0.2, 0.1]).svg()
/// ```
public struct ResidualChart: Sendable {
    /// The predictions.
    package var predicted: [Double]
    /// The residual of each.
    package var residuals: [Double]
    /// The title.
    package var title: String
    /// A line under the title.
    package var subtitle: String
    /// Whether title and subtitle are drawn; on a page that has them itself they are not.
    public var showsTitle = true
    /// The label of the horizontal axis.
    public var predictionLabel = "prediction"
    /// The label of the vertical axis.
    public var residualLabel = "prediction \u{2212} target"
    /// The width in CSS pixels.
    public var width = 460.0
    /// The height in CSS pixels.
    public var height = 420.0

    /// Creates a chart of residuals. Points that are not finite are left out.
    ///
    /// - Precondition: as many of each.
    public init(
        predicted: [Double], residuals: [Double], title: String = "Residuals", subtitle: String = ""
    ) {
        require(
            predicted.count == residuals.count,
            "\(residuals.count) residuals for \(predicted.count) predictions")
        (self.predicted, self.residuals, self.title, self.subtitle) = (predicted, residuals, title, subtitle)
    }

    /// Returns the chart as an SVG file.
    public func svg(appearance: ChartAppearance = .automatic) -> String {
        var document = SVGDocument(
            width: width, height: height, title: title, summary: subtitle, appearance: appearance)
        let top = showsTitle ? document.addTitles(title, subtitle) : 8
        let points = zip(predicted, residuals).filter { $0.isFinite && $1.isFinite }
        // The axes are those of all points; the points themselves are drawn beneath, thinned.
        let xAxis = LineChart.Axis(label: predictionLabel)
        let yAxis = LineChart.Axis(label: residualLabel, includesZero: true)
        var panel = LinePanel(xAxis: xAxis, yAxis: yAxis, series: [])
        panel.xAxis.range = LinePanel.range(of: xAxis, values: points.map(\.0), isHorizontal: true)
        panel.yAxis.range = LinePanel.range(of: yAxis, values: points.map(\.1), isHorizontal: false)
        panel.beneath = { x, y in Self.marks(points, x, y) }
        document.add(panel.drawn(in: Frame(x: 10, y: top, width: width - 20, height: height - top - 8)))
        return document.text()
    }

    private static func marks(_ points: [(Double, Double)], _ x: AxisScale, _ y: AxisScale) -> [SVGElement] {
        var drawn = PointMarks.drawn(points, x, y)
        if let zero = y.coordinate(0) {
            let line = "M\(SVGElement.number(x.start)) \(SVGElement.number(zero))H\(SVGElement.number(x.end))"
            drawn.append(
                SVGElement("path", ["class": "line thin stroke1", "stroke-dasharray": "7 3.5", "d": line]))
        }
        return drawn
    }
}
