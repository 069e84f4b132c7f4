import Arrays
import Support

/// Curves over a common axis: titles, nice marks, a legend, and the last value of each curve beside its end.
///
/// Series differ in colour, dashes and marks. Values that are not finite (or not positive on a logarithmic axis)
/// leave gaps.
///
/// ```swift
/// let chart = LineChart(
///     title: "Loss", xAxis: .init(label: "step"), yAxis: .init(label: "cross-entropy", scale: .logarithmic),
///     series: [.init(name: "SGD", values: losses)])
/// try chart.svg().write(toFile: "loss.svg", atomically: true, encoding: .utf8)
/// ```
public struct LineChart: Sendable {
    /// The scale of an axis.
    public enum Scale: String, Sendable, CaseIterable {
        /// Equal differences, equal lengths.
        case linear
        /// Equal ratios, equal lengths; positive values only.
        case logarithmic
    }

    /// The format of an axis's numbers.
    public enum NumberFormat: String, Sendable, CaseIterable {
        /// Decimals, as many as the marks need.
        case decimal
        /// Integers, with marks at integers only.
        case integer
        /// Fractions as percent: 0.5 is 50 %.
        case percent
    }

    /// One axis.
    public struct Axis: Sendable {
        /// The measured quantity, with its unit.
        package var label: String
        /// Linear or logarithmic.
        package var scale: Scale
        /// The format of its numbers.
        package var format: NumberFormat
        /// The range shown; `nil`: the range of the data.
        package var range: ClosedRange<Double>?
        /// Whether a range made from the data always includes zero.
        package var includesZero: Bool

        /// Creates an axis; linear, and as long as the data need, by default.
        public init(
            label: String = "", scale: Scale = .linear, format: NumberFormat = .decimal,
            range: ClosedRange<Double>? = nil, includesZero: Bool = false
        ) {
            self.label = label
            self.scale = scale
            self.format = format
            self.range = range
            self.includesZero = includesZero
        }
    }

    /// The line style of a curve.
    public enum Style: String, Sendable, CaseIterable {
        /// A line with marks at its points.
        case lineAndMarks
        /// A line alone: for functions.
        case line
        /// Marks alone: for single points.
        case marks
    }

    /// One curve: points in the order in which they are joined.
    public struct Series: Sendable {
        /// Its name in the legend.
        package var name: String
        /// The x of its points.
        public var positions: [Double]
        /// The y of its points.
        public var values: [Double]
        /// The line style.
        package var style: Style

        /// Creates a curve through the points `(positions[i], values[i])`.
        ///
        /// - Precondition: as many positions as values.
        public init(name: String, positions: [Double], values: [Double], style: Style = .lineAndMarks) {
            require(
                positions.count == values.count,
                "\(positions.count) positions for the \(values.count) values of \"\(name)\"")
            self.name = name
            self.positions = positions
            self.values = values
            self.style = style
        }

        /// Creates a curve through the points (0, `values[0]`), (1, `values[1]`) and so on.
        public init(name: String, values: [Double], style: Style = .lineAndMarks) {
            self.init(name: name, positions: values.indices.map(Double.init), values: values, style: style)
        }

        /// Creates the curve of a function over `range`: 201 points, joined.
        ///
        /// ```swift
        /// let parabola = LineChart.Series(name: "f", over: 0...20) { 0.01 * $0 * $0 + 0.1 * $0 }
        /// ```
        public init(name: String, over range: ClosedRange<Double>, _ function: (Double) -> Double) {
            let step = (range.upperBound - range.lowerBound) / 200
            let positions = (0...200).map {
                $0 == 200 ? range.upperBound : range.lowerBound + Double($0) * step
            }
            self.init(name: name, positions: positions, values: positions.map(function), style: .line)
        }
    }

    /// The title.
    public var title: String
    /// The subtitle: an explanation in a line under the title.
    package var subtitle: String
    /// The horizontal axis.
    package var xAxis: Axis
    /// The vertical axis.
    package var yAxis: Axis
    /// The curves; the seventh has the first one's colour again.
    package var series: [Series]
    /// Whether each curve's last value is shown beside its end.
    public var showsLastValues = true
    /// The width in CSS pixels.
    package var width: Double
    /// The height in CSS pixels.
    package var height: Double

    /// Creates a chart of `series`.
    public init(
        title: String, subtitle: String = "", xAxis: Axis = Axis(), yAxis: Axis = Axis(), series: [Series],
        width: Double = 720, height: Double = 420
    ) {
        self.title = title
        self.subtitle = subtitle
        self.xAxis = xAxis
        self.yAxis = yAxis
        self.series = series
        self.width = width
        self.height = height
    }

    /// Returns the chart as an SVG file.
    public func svg(appearance: ChartAppearance = .automatic) -> String {
        let panel = LinePanel(
            xAxis: xAxis, yAxis: yAxis, series: series, showsLastValues: showsLastValues)
        // A legend of many rows must leave the curves their room.
        let height = height + panel.legendExcess(in: width - 36)
        var document = SVGDocument(
            width: width, height: height, title: title, summary: subtitle, appearance: appearance)
        let top = document.addTitles(title, subtitle)
        document.add(panel.drawn(in: Frame(x: 18, y: top, width: width - 36, height: height - top - 12)))
        return document.text()
    }
}

extension LineChart.NumberFormat {
    func tickText(_ value: Double, decimals: Int) -> String {
        switch self {
        case .decimal: decimals > 5 ? NumberText.short(value) : NumberText.fixed(value, decimals: decimals)
        case .integer: NumberText.fixed(value, decimals: 0)
        case .percent: NumberText.percent(value, decimals: max(0, decimals - 2))
        }
    }

    /// Returns all the digits that distinguish a number from its neighbours.
    func exactText(_ value: Double) -> String {
        self == .percent ? NumberText.exact(value * 100) + "\u{A0}%" : NumberText.exact(value)
    }

    func valueText(_ value: Double) -> String {
        switch self {
        case .decimal: NumberText.short(value)
        case .integer: NumberText.fixed(value, decimals: 0)
        case .percent: NumberText.percent(value)
        }
    }
}

extension SVGDocument {
    /// Draws title and subtitle at the top left, wrapped where the page is too narrow for them, and says where the space
    /// below them begins.
    mutating func addTitles(_ title: String, _ subtitle: String) -> Double {
        var bottom = 14.0
        for (text, name, size, lines, space) in [
            (title, "title", ChartTheme.titleSize, 2, 0.0),
            (subtitle, "subtitle", ChartTheme.subtitleSize, 3, 8),
        ] where !text.isEmpty {
            let wrapped = TextFitting.wrapped(
                text, size: TextFitting.size(of: name), to: width - 40, lines: lines)
            for (number, line) in wrapped.enumerated() {
                bottom += size + (number == 0 ? space : 5)
                add(.text(line, x: 20, y: bottom, class: name))
            }
        }
        return bottom + 14
    }

    /// Returns the width that a page needs for its titles, up to a width at which they are wrapped.
    static func titleWidth(_ title: String, _ subtitle: String) -> Double {
        min(
            700,
            max(
                TextMetrics.width(of: title, size: TextFitting.size(of: "title")),
                TextMetrics.width(of: subtitle, size: TextFitting.size(of: "subtitle"))))
    }
}

/// A rectangle on the page, in CSS pixels.
struct Frame {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
    var right: Double { x + width }
    var bottom: Double { y + height }
}
