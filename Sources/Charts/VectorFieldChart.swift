import Arrays
import Support

/// A field of arrows over a plane, a gradient for instance, with paths drawn over it.
///
/// A unit is as long upwards as to the right. The longest arrow is as long as the arrows are apart; the others in
/// proportion.
///
/// ```swift
/// let field = VectorFieldChart(title: "Downhill", over: -2...2, and: -2...2) { x, y in (-2 * x, -2 * y) }
/// let file = field.svg()
/// ```
public struct VectorFieldChart: Sendable {
    /// An arrow from (`x`, `y`) to (`x + dx`, `y + dy`).
    public struct Arrow: Sendable, Equatable {
        /// The x of its start.
        package var x: Double
        /// The y of its start.
        package var y: Double
        /// The x component.
        package var dx: Double
        /// The y component.
        package var dy: Double

        /// Creates an arrow.
        public init(x: Double, y: Double, dx: Double, dy: Double) {
            self.x = x
            self.y = y
            self.dx = dx
            self.dy = dy
        }
    }

    /// The title.
    package var title: String
    /// A line under the title.
    package var subtitle: String
    /// The name of the horizontal axis.
    package var xLabel: String
    /// The name of the vertical axis.
    package var yLabel: String
    /// The arrows at their true lengths; those that are not finite are left out.
    package var arrows: [Arrow]
    /// Curves over the arrows: a path of gradient descent. Every point has a mark, unless it would cover the one before.
    package var paths: [LineChart.Series]
    /// The range of x.
    package var xRange: ClosedRange<Double>
    /// The range of y.
    package var yRange: ClosedRange<Double>
    /// The factor on the arrows' length; `nil`: as long as fits between them.
    package var scale: Double?
    /// The width in CSS pixels; the height follows from the ranges.
    public var width = 560.0

    /// Creates the field of a function: `columns * columns` arrows, evenly spread over the two ranges.
    ///
    /// `field`: the vector at a point.
    ///
    /// - Precondition: both ranges have a length; `columns` at least 2.
    public init(
        title: String, subtitle: String = "", xLabel: String = "x0", yLabel: String = "x1",
        over xRange: ClosedRange<Double>, and yRange: ClosedRange<Double>, columns: Int = 17,
        paths: [LineChart.Series] = [], field: (Double, Double) -> (dx: Double, dy: Double)
    ) {
        require(columns >= 2, "a field has at least 2 columns, not \(columns)")
        require(
            xRange.lowerBound < xRange.upperBound && yRange.lowerBound < yRange.upperBound,
            "a field needs room: \(xRange) and \(yRange)")
        self.title = title
        self.subtitle = subtitle
        self.xLabel = xLabel
        self.yLabel = yLabel
        self.paths = paths
        self.xRange = xRange
        self.yRange = yRange
        // Half a step of room on every side, so that no arrow begins on the edge.
        func places(_ range: ClosedRange<Double>) -> [Double] {
            let step = (range.upperBound - range.lowerBound) / Double(columns)
            return (0..<columns).map { range.lowerBound + (Double($0) + 0.5) * step }
        }
        arrows = places(yRange).flatMap { y in
            places(xRange).map { x in
                let vector = field(x, y)
                return Arrow(x: x, y: y, dx: vector.dx, dy: vector.dy)
            }
        }
    }

    /// The arrows as they are drawn.
    var drawnArrows: [Arrow] {
        let finite = arrows.filter { $0.x.isFinite && $0.y.isFinite && $0.dx.isFinite && $0.dy.isFinite }
        let longest = finite.map { max($0.dx.magnitude, $0.dy.magnitude) }.max() ?? 0
        guard longest > 0 else { return [] }
        let columns = max(1, Double(finite.count).squareRoot().rounded())
        let room = min(xRange.upperBound - xRange.lowerBound, yRange.upperBound - yRange.lowerBound) / columns
        let scale = scale ?? room / longest
        return finite.map { Arrow(x: $0.x, y: $0.y, dx: $0.dx * scale, dy: $0.dy * scale) }
    }

    /// Returns the chart as an SVG file.
    public func svg(appearance: ChartAppearance = .automatic) -> String {
        let ratio = (yRange.upperBound - yRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)
        var panel = LinePanel(
            xAxis: .init(label: xLabel, range: xRange), yAxis: .init(label: yLabel, range: yRange),
            series: paths)
        panel.beneath = arrowPaths
        panel.hasEqualUnits = true
        panel.marksEveryPoint = true
        panel.showsLastValues = false
        var document = SVGDocument(
            width: width, height: 1, title: title, summary: subtitle, appearance: appearance)
        let top = document.addTitles(title, subtitle)
        // Room for the heading above and the marks and name below.
        let height = (width - 90) * ratio + 74
        document.height = (top + height + 12).rounded(.up)
        document.add(panel.drawn(in: Frame(x: 18, y: top, width: width - 36, height: height)))
        return document.text()
    }
}

extension VectorFieldChart {
    /// Returns the arrows as one path: a shaft and a filled head, the head no longer than 6 pixels.
    func arrowPaths(_ x: AxisScale, _ y: AxisScale) -> [SVGElement] {
        var path = ""
        for arrow in drawnArrows {
            guard let fromX = x.coordinate(arrow.x), let fromY = y.coordinate(arrow.y),
                let toX = x.coordinate(arrow.x + arrow.dx), let toY = y.coordinate(arrow.y + arrow.dy)
            else { continue }
            let (dx, dy) = (toX - fromX, toY - fromY)
            let length = (dx * dx + dy * dy).squareRoot()
            guard length > 0.5 else { continue }
            let head = min(6, length * 0.6) / length
            let (baseX, baseY) = (toX - dx * head, toY - dy * head)
            let (sideX, sideY) = (-dy * head * 0.42, dx * head * 0.42)
            func at(_ x: Double, _ y: Double) -> String { "\(SVGElement.number(x)) \(SVGElement.number(y))" }
            path += "M\(at(fromX, fromY))L\(at(baseX, baseY))"
            path +=
                "M\(at(toX, toY))L\(at(baseX + sideX, baseY + sideY))L\(at(baseX - sideX, baseY - sideY))Z"
        }
        return path.isEmpty ? [] : [SVGElement("path", ["class": "arrow", "d": path])]
    }
}
