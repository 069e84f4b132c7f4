import Support

/// How well probabilities are kept: the share of right answers against the confidence, and how many answers have it.
///
/// On the diagonal, of answers given with 80 % are 80 % right; below it the classifier is too sure.
///
/// ```swift
/// let chart = ReliabilityChart(bins: bins, title: "Reliability")
/// let file = chart.svg()
/// ```
public struct ReliabilityChart: Sendable {
    /// The answers of about one confidence.
    public struct Bin: Sendable, Equatable {
        /// The bin is over lower...upper, in 0...1.
        package var lower: Double
        /// The end of the bin.
        package var upper: Double
        /// The number of answers.
        package var count: Int
        /// Their mean confidence; nil when there are none.
        package var confidence: Double?
        /// The share of them that is right; nil when there are none.
        package var accuracy: Double?

        /// Creates a bin.
        ///
        /// - Precondition: no negative count.
        public init(lower: Double, upper: Double, count: Int, confidence: Double?, accuracy: Double?) {
            require(count >= 0, "a count of \(count)")
            (self.lower, self.upper, self.count) = (lower, upper, count)
            (self.confidence, self.accuracy) = (confidence, accuracy)
        }
    }

    /// The bins, drawn as a curve and as bars for their counts.
    package var bins: [Bin]
    /// The bins after calibration: a second curve; empty for none.
    public var calibrated: [Bin] = []
    /// The title.
    package var title: String
    /// A line under the title.
    package var subtitle: String
    /// Whether title and subtitle are drawn; on a page that has them itself they are not.
    public var showsTitle = true
    /// The label of the horizontal axis.
    public var confidenceLabel = "confidence"
    /// The label of the vertical axis.
    public var accuracyLabel = "share of right answers"
    /// The names of the curves, shown where there are two.
    public var seriesNames = ("as given", "calibrated")
    /// The width in CSS pixels.
    public var width = 460.0
    /// The height in CSS pixels.
    public var height = 420.0

    /// Creates a chart of bins.
    public init(bins: [Bin], title: String = "Reliability", subtitle: String = "") {
        (self.bins, self.title, self.subtitle) = (bins, title, subtitle)
    }

    /// Returns the chart as an SVG file.
    public func svg(appearance: ChartAppearance = .automatic) -> String {
        var document = SVGDocument(
            width: width, height: height, title: title, summary: subtitle, appearance: appearance)
        let top = showsTitle ? document.addTitles(title, subtitle) : 8
        let curves = calibrated.isEmpty ? [bins] : [bins, calibrated]
        let series = curves.enumerated().map { number, bins in
            let filled = bins.filter { $0.confidence != nil && $0.accuracy != nil }
            return LineChart.Series(
                name: calibrated.isEmpty ? "" : number == 0 ? seriesNames.0 : seriesNames.1,
                positions: filled.compactMap(\.confidence), values: filled.compactMap(\.accuracy))
        }
        var panel = LinePanel(
            xAxis: .init(label: confidenceLabel, format: .percent, range: 0...1),
            yAxis: .init(label: accuracyLabel, format: .percent, range: 0...1), series: series)
        panel.showsLastValues = false
        panel.beneath = beneath
        document.add(panel.drawn(in: Frame(x: 10, y: top, width: width - 20, height: height - top - 8)))
        return document.text()
    }

    /// Bars of the counts, the largest a quarter of the plot high, and the diagonal.
    private func beneath(_ x: AxisScale, _ y: AxisScale) -> [SVGElement] {
        let most = Double(bins.map(\.count).max() ?? 0)
        var bars = SVGElement("g")
        for bin in bins where bin.count > 0 {
            guard let left = x.coordinate(bin.lower), let right = x.coordinate(bin.upper),
                let bottom = y.coordinate(0), let quarter = y.coordinate(0.25)
            else { continue }
            let height = max(1, (bottom - quarter) * Double(bin.count) / most)
            bars.add(
                SVGElement(
                    "rect",
                    [
                        "class": "between fill0", "x": left + 0.5, "y": bottom - height,
                        "width": max(0.5, right - left - 1), "height": height,
                    ]))
        }
        guard let left = x.coordinate(0), let right = x.coordinate(1), let bottom = y.coordinate(0),
            let top = y.coordinate(1)
        else { return [bars] }
        let diagonal =
            "M\(SVGElement.number(left)) \(SVGElement.number(bottom))L\(SVGElement.number(right)) \(SVGElement.number(top))"
        return [bars, SVGElement("path", ["class": "axis", "stroke-dasharray": "4 4", "d": diagonal])]
    }
}
