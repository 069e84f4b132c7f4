/// One pair of axes with its curves, drawn into a rectangle: the part that `LineChart` and `LearningCurve` share.
struct LinePanel {
    /// The space between two curves, filled, with a few words in it.
    struct Gap {
        var upper: Int
        var lower: Int
        var label: String
    }

    var xAxis: LineChart.Axis
    var yAxis: LineChart.Axis
    var series: [LineChart.Series]
    var gap: Gap?
    var showsLastValues = true
    /// The layer beneath the curves: arrows, regions.
    var beneath: ((AxisScale, AxisScale) -> [SVGElement])?
    /// Whether a unit has the same length on both axes; both must then have a range.
    var hasEqualUnits = false
    /// Whether every point has a mark, whatever their number: steps of a path.
    var marksEveryPoint = false

    /// Marks are drawn at every point up to this many points; at some of them beyond.
    static let mostMarkedPoints = 32
    /// Beyond this many points the line is thin and only its end has a mark.
    static let mostJoinedPoints = 500
    static let labelDistance = 15.0

    /// Returns the panel inside `frame`; the vertical axis's label is above it, as a heading.
    func drawn(in frame: Frame) -> SVGElement {
        let xRange = Self.range(of: xAxis, values: series.flatMap(positions), isHorizontal: true)
        let yRange = Self.range(
            of: yAxis, values: series.flatMap { usable($0).map(\.y) }, isHorizontal: false)
        var group = SVGElement("g")
        var plot = frame
        plot.y += drawHeading(in: frame, into: &group)
        plot.height = max(20, frame.bottom - plot.y - 22 - (xAxis.label.isEmpty ? 0 : 17))
        let yTicks = ticks(of: yAxis, in: yRange, about: max(2, Int(plot.height / 46)))
        let tickWidth = yTicks.labels.map { TextMetrics.width(of: $0, size: ChartTheme.tickSize) }.max() ?? 0
        let ends = series.map { showsLastValues && $0.style != .marks ? usable($0).last : nil }
        let endTexts = ends.map { $0.map { yAxis.format.valueText($0.y) } }
        let endWidth =
            endTexts.compactMap { $0 }.map { TextMetrics.width(of: $0, size: ChartTheme.labelSize) }.max()
            ?? 0
        plot.x += tickWidth + 9
        plot.width = max(10, frame.right - plot.x - endWidth - 14)
        if hasEqualUnits {
            let ratio = (yRange.upperBound - yRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)
            (plot.width, plot.height) = (
                min(plot.width, plot.height / ratio), min(plot.height, plot.width * ratio)
            )
        }
        let inset = hasEqualUnits ? 0.0 : 1.0
        let x = AxisScale(
            range: xRange, kind: xAxis.scale, start: plot.x + 8 * inset, end: plot.right - 4 * inset)
        let y = AxisScale(range: yRange, kind: yAxis.scale, start: plot.bottom, end: plot.y)
        var xTicks = ticks(of: xAxis, in: xRange, about: max(2, Int((frame.width - 90) / 48)))
        // The ends of the epochs matter most.
        if xAxis.format == .integer, xAxis.scale == .linear { xTicks.end(at: xRange.upperBound) }
        group.add(axes(plot, x, y, xTicks, yTicks))
        // An inner picture cuts off points outside a range that the caller has set, without an id to clash.
        let isCut = xAxis.range != nil || yAxis.range != nil
        var curves = isCut ? clip(plot) : SVGElement("g")
        if let gap { drawGap(gap, x, y, bottom: plot.bottom, into: &curves) }
        for element in beneath?(x, y) ?? [] { curves.add(element) }
        for (number, one) in series.enumerated() { drawCurve(one, number, x, y, into: &curves) }
        group.add(curves)
        let endPlaces = ends.map { end in
            end.flatMap { point in
                x.coordinate(point.x).flatMap { px in y.coordinate(point.y).map { (px, $0) } }
            }
        }
        drawEndLabels(endTexts, endPlaces, plot, into: &group)
        return group
    }

    // MARK: Ranges and marks

    /// Returns the range of an axis: the caller's, or the data's, widened to whole steps when vertical.
    static func range(
        of axis: LineChart.Axis, values: [Double], isHorizontal: Bool
    ) -> ClosedRange<Double> {
        if let range = axis.range, axis.scale == .linear || range.lowerBound > 0 { return range }
        let isLogarithmic = axis.scale == .logarithmic
        guard var lower = values.min(), var upper = values.max() else {
            return isLogarithmic ? 1...10 : 0...1
        }
        if isLogarithmic {
            return AxisTicks.niceLogarithmicRange(
                max(1e-300, min(lower, 1e300)), max(1e-300, min(upper, 1e300)))
        }
        // Beyond this a step would be infinite; such points are drawn at the edge.
        (lower, upper) = (max(-1e300, min(lower, 1e300)), max(-1e300, min(upper, 1e300)))
        if axis.includesZero { (lower, upper) = (min(lower, 0), max(upper, 0)) }
        if isHorizontal { return lower < upper ? lower...upper : lower - 1...upper + 1 }
        let range = AxisTicks.niceRange(lower, upper, about: 5)
        guard axis.format == .percent, lower >= 0, upper <= 1 else { return range }
        return max(0, range.lowerBound)...min(1, range.upperBound)
    }

    private func ticks(of axis: LineChart.Axis, in range: ClosedRange<Double>, about count: Int) -> AxisTicks
    {
        switch axis.scale {
        case .linear: AxisTicks.linear(in: range, about: count, format: axis.format)
        case .logarithmic: AxisTicks.logarithmic(in: range, about: count)
        }
    }

    /// Returns the points that have coordinates on the axes.
    private func usable(_ series: LineChart.Series) -> [(x: Double, y: Double)] {
        zip(series.positions, series.values).filter { isUsable($0, $1) }.map { (x: $0, y: $1) }
    }

    /// Returns the positions that have a coordinate, whether there is a value or not: a curve that breaks off is seen to.
    private func positions(_ series: LineChart.Series) -> [Double] {
        series.positions.filter { $0.isFinite && (xAxis.scale == .linear || $0 > 0) }
    }

    private func isUsable(_ x: Double, _ y: Double) -> Bool {
        x.isFinite && y.isFinite && (xAxis.scale == .linear || x > 0) && (yAxis.scale == .linear || y > 0)
    }

    // MARK: Drawing

    /// Draws the heading and the legend, in one row if they fit, and says how high they are.
    private func drawHeading(in frame: Frame, into group: inout SVGElement) -> Double {
        var height = 4.0
        let legend = legend(in: frame.width)
        let headingWidth = TextMetrics.width(of: yAxis.label, size: ChartTheme.headingSize * 1.06)
        if !yAxis.label.isEmpty {
            height += ChartTheme.headingSize
            group.add(.text(yAxis.label, x: frame.x + 2, y: frame.y + height, class: "heading"))
        }
        guard let legend else { return height + 12 }
        if !yAxis.label.isEmpty && headingWidth + 24 + legend.width <= frame.width {
            let left = frame.right - legend.width
            group.add(legend.drawn(x: left, y: frame.y + height, limit: legend.width + 1))
        } else {
            height += yAxis.label.isEmpty ? ChartTheme.labelSize : Legend.rowHeight + 1
            group.add(legend.drawn(x: frame.x + 2, y: frame.y + height, limit: frame.width))
            height += Double(legend.places(limit: frame.width).last?.row ?? 0) * Legend.rowHeight
        }
        return height + 12
    }

    /// Returns the legend, where there is one.
    private func legend(in width: Double) -> Legend? {
        guard series.count > 1 || series.first.map({ !$0.name.isEmpty }) ?? false else { return nil }
        return Legend(series: series).shortened(to: width)
    }

    /// Returns the extra height that a panel needs for all rows of its legend.
    func legendExcess(in width: Double) -> Double {
        let rows = (legend(in: width)?.places(limit: width).last?.row ?? 0) + 1
        return Double(max(0, rows - 3)) * Legend.rowHeight
    }

    private func axes(
        _ plot: Frame, _ x: AxisScale, _ y: AxisScale, _ xTicks: AxisTicks, _ yTicks: AxisTicks
    ) -> SVGElement {
        var group = SVGElement("g")
        var lines = ""
        var labels: [SVGElement] = []
        for (value, text) in zip(yTicks.values, yTicks.labels) {
            guard let place = y.coordinate(value) else { continue }
            lines +=
                "M\(SVGElement.number(plot.x)) \(SVGElement.number(place))H\(SVGElement.number(plot.right))"
            if !text.isEmpty {
                labels.append(.text(text, x: plot.x - 7, y: place + 4, class: "tick", anchor: .end))
            }
        }
        var marks =
            "M\(SVGElement.number(plot.x)) \(SVGElement.number(plot.bottom))H\(SVGElement.number(plot.right))"
        for (value, text) in zip(xTicks.values, xTicks.labels) {
            guard let place = x.coordinate(value) else { continue }
            marks += "M\(SVGElement.number(place)) \(SVGElement.number(plot.bottom))v4"
            if !text.isEmpty {
                labels.append(.text(text, x: place, y: plot.bottom + 18, class: "tick", anchor: .middle))
            }
        }
        if !lines.isEmpty { group.add(SVGElement("path", ["class": "gridline", "d": lines])) }
        group.add(SVGElement("path", ["class": "axis", "d": marks]))
        for label in labels { group.add(label) }
        if !xAxis.label.isEmpty {
            group.add(
                .text(
                    xAxis.label, x: (plot.x + plot.right) / 2, y: plot.bottom + 36, class: "label",
                    anchor: .middle))
        }
        return group
    }

    private func clip(_ plot: Frame) -> SVGElement {
        SVGElement(
            "svg",
            [
                "x": plot.x, "y": plot.y - 6, "width": plot.width, "height": plot.height + 12,
                "viewBox": [plot.x, plot.y - 6, plot.width, plot.height + 12].map(SVGElement.number)
                    .joined(separator: " "),
            ])
    }

    private func drawEndLabels(
        _ texts: [String?], _ ends: [(x: Double, y: Double)?], _ plot: Frame, into group: inout SVGElement
    ) {
        let all = series.indices.filter { number in
            guard texts[number] != nil, let end = ends[number] else { return false }
            return end.y >= plot.y - 1 && end.y <= plot.bottom + 1
        }
        let room = Int(max(0, plot.height) / Self.labelDistance) + 1
        let shown = Self.thinned(all, to: room) { ends[$0]?.y ?? 0 }
        let wanted = shown.map { ends[$0]?.y ?? 0 }
        let places = LabelSpreading.spread(
            wanted, distance: Self.labelDistance, inside: plot.y...max(plot.y, plot.bottom))
        for (index, number) in shown.enumerated() {
            // A curve that breaks off has its label where it ends, not at the edge.
            let end = min(plot.right, (ends[number]?.x ?? 0) + 4)
            group.add(
                .text(
                    texts[number] ?? "", x: end + 8, y: places[index] + 4.2,
                    class: "value text\(number % ChartTheme.seriesCount)"))
        }
    }
    /// Returns the values whose labels have room below one another: all, or some of them from the highest to the lowest.
    private static func thinned(_ all: [Int], to room: Int, height: (Int) -> Double) -> [Int] {
        guard all.count > room else { return all }
        let sorted = all.sorted { (height($0), $0) < (height($1), $1) }
        guard room > 1 else { return Array(sorted.prefix(room)) }
        return (0..<room).map { sorted[$0 * (sorted.count - 1) / (room - 1)] }
    }
}
