import Arrays
import Support

/// A classifier's decision regions in the plane, the boundary between them, the margin of a
/// support vector machine, and the training examples, support vectors in rings.
///
/// ```swift
/// let grid = try machine.decisionGrid(horizontal: -2...3, vertical: -1...2)
/// var chart = DecisionBoundaryChart(
///     title: "Two moons", horizontal: grid.horizontal, vertical: grid.vertical, classes: grid.classes.elements,
///     classNames: machine.labels)
/// chart.boundaries = [grid.decisions.elements]
/// chart.margin = grid.decisions.elements
/// try chart.svg().write(toFile: "boundary.svg", atomically: true, encoding: .utf8)
/// ```
public struct DecisionBoundaryChart: Sendable {
    /// An example.
    public struct Point: Sendable, Equatable {
        /// The first feature.
        package var x: Double
        /// The second feature.
        package var y: Double
        /// Its class, an index into the names.
        package var classIndex: Int32
        /// Whether it is a support vector.
        package var isSupportVector: Bool

        /// Creates an example.
        public init(x: Double, y: Double, classIndex: Int32, isSupportVector: Bool = false) {
            self.x = x
            self.y = y
            self.classIndex = classIndex
            self.isSupportVector = isSupportVector
        }
    }

    /// The title.
    package var title: String
    /// A line under the title.
    package var subtitle: String
    /// The name of the first feature.
    package var xLabel = "x0"
    /// The name of the second feature.
    package var yLabel = "x1"
    /// The first feature at each column of the grid, ascending.
    package let horizontal: [Double]
    /// The second feature at each row of the grid, ascending.
    package let vertical: [Double]
    /// The class at each grid point: [rows, columns], row by row.
    package let classes: [Int32]
    /// The classes' names; the seventh has the first one's colour again.
    package let classNames: [String]
    /// Functions over the grid that are 0 on a boundary: [rows, columns] each.
    public var boundaries: [[Double]] = []
    /// A function over the grid that is -1 and 1 on the margins: [rows, columns].
    public var margin: [Double]?
    /// The examples.
    public var points: [Point] = []
    /// The width in CSS pixels; the height follows from the ranges where they are about as long as each other.
    package var width = 640.0

    /// Creates the regions of a grid.
    ///
    /// - Precondition: two columns and rows or more, ascending; a class for each grid point.
    public init(
        title: String, subtitle: String = "", horizontal: [Double], vertical: [Double], classes: [Int32],
        classNames: [String]
    ) {
        require(
            horizontal.count >= 2 && vertical.count >= 2
                && classes.count == horizontal.count * vertical.count,
            "\(classes.count) classes on \(vertical.count) rows of \(horizontal.count) columns")
        self.title = title
        self.subtitle = subtitle
        self.horizontal = horizontal
        self.vertical = vertical
        self.classes = classes
        self.classNames = classNames
    }

    /// Returns the chart as an SVG file.
    public func svg(appearance: ChartAppearance = .automatic) -> String {
        let (left, right) = (horizontal[0], horizontal[horizontal.count - 1])
        let (bottom, top) = (vertical[0], vertical[vertical.count - 1])
        let ratio = (top - bottom) / (right - left)
        // A circle should look like one, unless one feature is much longer than the other.
        let hasEqualUnits = ratio >= 0.5 && ratio <= 1.5
        let series = classNames.enumerated().map { number, name in
            let own = points.filter { Int($0.classIndex) == number }
            return LineChart.Series(
                name: name, positions: own.map(\.x), values: own.map(\.y), style: .marks)
        }
        var panel = LinePanel(
            xAxis: .init(label: xLabel, range: left...right),
            yAxis: .init(label: yLabel, range: bottom...top),
            series: series)
        panel.hasEqualUnits = hasEqualUnits
        panel.showsLastValues = false
        panel.beneath = { x, y in regions(x, y) + lines(x, y) + rings(x, y) }
        var document = SVGDocument(
            width: width, height: 1, title: title, summary: subtitle, appearance: appearance)
        let head = document.addTitles(title, subtitle)
        let height = (width - 90) * (hasEqualUnits ? ratio : 0.75) + 74
        document.height = (head + height + 12).rounded(.up)
        document.add(panel.drawn(in: Frame(x: 18, y: head, width: width - 36, height: height)))
        return document.text()
    }

    // MARK: Layers

    /// Returns one path for each class: a rectangle for each run of grid points in a row.
    private func regions(_ x: AxisScale, _ y: AxisScale) -> [SVGElement] {
        let (across, up) = (Self.edges(horizontal, x), Self.edges(vertical, y))
        var paths = [String](repeating: "", count: classNames.count)
        for row in vertical.indices {
            var start = 0
            while start < horizontal.count {
                let number = Int(classes[row * horizontal.count + start])
                var end = start + 1
                while end < horizontal.count, Int(classes[row * horizontal.count + end]) == number {
                    end += 1
                }
                if paths.indices.contains(number) {
                    paths[number] +=
                        "M\(SVGElement.number(across[start])) \(SVGElement.number(up[row]))"
                        + "H\(SVGElement.number(across[end]))V\(SVGElement.number(up[row + 1]))"
                        + "H\(SVGElement.number(across[start]))Z"
                }
                start = end
            }
        }
        return paths.enumerated().filter { !$0.element.isEmpty }.map { number, path in
            SVGElement(
                "path",
                [
                    "class": "region fill\(number % ChartTheme.seriesCount)", "shape-rendering": "crispEdges",
                    "d": path,
                ])
        }
    }

    /// Returns the edges of the cells around the grid points, one more than points.
    private static func edges(_ places: [Double], _ scale: AxisScale) -> [Double] {
        let middles = zip(places, places.dropFirst()).map { $0 / 2 + $1 / 2 }
        return ([places[0]] + middles + [places[places.count - 1]]).map { scale.coordinate($0) ?? 0 }
    }

    private func lines(_ x: AxisScale, _ y: AxisScale) -> [SVGElement] {
        let margins = margin.map { [($0, -1.0), ($0, 1.0)] } ?? []
        return [
            ("margin", margins.map { path($0.0, $0.1, x, y) }.joined()),
            ("boundary", boundaries.map { path($0, 0, x, y) }.joined()),
        ]
        .filter { !$0.1.isEmpty }
        .map { SVGElement("path", ["class": $0.0, "d": $0.1]) }
    }

    private func path(_ values: [Double], _ level: Double, _ x: AxisScale, _ y: AxisScale) -> String {
        guard values.count == classes.count else { return "" }
        let contour = ContourLines(
            columns: horizontal.count, rows: vertical.count, values: values, level: level)
        return contour.lines().map { line in
            "M"
                + line.map { place in
                    let (px, py) = (Self.value(horizontal, place.column), Self.value(vertical, place.row))
                    return
                        "\(SVGElement.number(x.coordinate(px) ?? 0)) \(SVGElement.number(y.coordinate(py) ?? 0))"
                }.joined(separator: "L")
        }.joined()
    }

    /// Returns the value between two grid points of an axis.
    private static func value(_ places: [Double], _ place: Double) -> Double {
        let lower = min(max(0, Int(place)), places.count - 2)
        let share = place - Double(lower)
        return places[lower] * (1 - share) + places[lower + 1] * share
    }

    private func rings(_ x: AxisScale, _ y: AxisScale) -> [SVGElement] {
        let path = points.filter(\.isSupportVector).compactMap { point -> String? in
            guard let px = x.coordinate(point.x), let py = y.coordinate(point.y) else { return nil }
            return SeriesMark.path(series: 0, x: px, y: py, radius: 6.5)
        }.joined()
        return path.isEmpty ? [] : [SVGElement("path", ["class": "ring", "d": path])]
    }
}
