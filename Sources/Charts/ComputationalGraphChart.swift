import Arrays
import Support

/// A computation as a graph: its operations as circles, the values on the edges between them, and below each edge
/// the gradient that comes back along it.
///
/// ```swift
/// let graph = ComputationalGraphChart(
///     title: "A product", nodes: [.init("x", column: 0, row: 0), .init("×", column: 1, row: 0)],
///     edges: [.init(0, 1, value: 2, gradient: 0.5)])
/// let file = graph.svg()
/// ```
public struct ComputationalGraphChart: Sendable {
    /// An operation, or a value at the graph's edge.
    public struct Node: Sendable {
        /// The text in the circle.
        package var label: String
        /// Its column from the left, 0 first.
        package var column: Double
        /// Its row from above, 0 first.
        package var row: Double

        /// Creates an operation at its column and row.
        public init(_ label: String, column: Double, row: Double) {
            self.label = label
            self.column = column
            self.row = row
        }
    }

    /// A value that goes from one operation to another.
    public struct Edge: Sendable {
        /// The number of the node that it comes from.
        package var from: Int
        /// The number of the node that it goes to.
        package var to: Int
        /// The value carried forward.
        package var value: Double
        /// The gradient carried back.
        package var gradient: Double?

        /// Creates an edge between two nodes, by their indices.
        public init(_ from: Int, _ to: Int, value: Double, gradient: Double? = nil) {
            self.from = from
            self.to = to
            self.value = value
            self.gradient = gradient
        }
    }

    /// The title.
    package var title: String
    /// A line under the title.
    package var subtitle: String
    /// The operations.
    package var nodes: [Node]
    /// The values between them.
    package var edges: [Edge]

    /// Creates a graph.
    ///
    /// - Precondition: every edge names two nodes that there are.
    public init(title: String, subtitle: String = "", nodes: [Node], edges: [Edge]) {
        require(
            edges.allSatisfy { nodes.indices.contains($0.from) && nodes.indices.contains($0.to) },
            "an edge names one of \(nodes.count) nodes")
        self.title = title
        self.subtitle = subtitle
        self.nodes = nodes
        self.edges = edges
    }

    private static let columnWidth = 142.0
    private static let rowHeight = 92.0

    /// Returns the chart as an SVG file.
    public func svg(appearance: ChartAppearance = .automatic) -> String {
        let columns = nodes.map(\.column).max() ?? 0
        let rows = nodes.map(\.row).max() ?? 0
        let width = max(columns * Self.columnWidth + 110, SVGDocument.titleWidth(title, subtitle) + 40)
        var document = SVGDocument(
            width: width.rounded(.up), height: 1, title: title, summary: subtitle,
            appearance: appearance)
        let top = document.addTitles(title, subtitle) + 42
        document.height = top + rows * Self.rowHeight + 50
        let centers = nodes.map { (x: 55 + $0.column * Self.columnWidth, y: top + $0.row * Self.rowHeight) }
        for edge in edges { draw(edge, from: centers[edge.from], to: centers[edge.to], into: &document) }
        for (node, center) in zip(nodes, centers) {
            let half = Self.halfWidth(of: node)
            document.add(
                SVGElement(
                    "rect",
                    [
                        "class": "empty", "x": center.x - half, "y": center.y - 19, "width": 2 * half,
                        "height": 38.0, "rx": 19.0,
                    ]))
            document.add(
                SVGElement(
                    "rect",
                    [
                        "class": "frame", "x": center.x - half, "y": center.y - 19, "width": 2 * half,
                        "height": 38.0, "rx": 19.0,
                    ]))
            document.add(
                .text(Self.shown(node), x: center.x, y: center.y + 4.5, class: "heading", anchor: .middle))
        }
        return document.text()
    }

    /// Shortens a node's label to the room in its column.
    private static func shown(_ node: Node) -> String {
        TextFitting.shortened(node.label, size: TextFitting.size(of: "heading"), to: 78)
    }

    private static func halfWidth(of node: Node) -> Double {
        max(19, TextMetrics.width(of: shown(node), size: ChartTheme.labelSize) / 2 + 9)
    }

    /// A line with a head short of the target, and the two values at its middle.
    private func draw(
        _ edge: Edge, from: (x: Double, y: Double), to: (x: Double, y: Double),
        into document: inout SVGDocument
    ) {
        let (dx, dy) = (to.x - from.x, to.y - from.y)
        let length = max(1, (dx * dx + dy * dy).squareRoot())
        let half = Self.halfWidth(of: nodes[edge.to])
        let room = min(length, half + 3)
        let (tipX, tipY) = (to.x - dx / length * room, to.y - dy / length * room)
        let (backX, backY) = (tipX - dx / length * 8, tipY - dy / length * 8)
        func at(_ x: Double, _ y: Double) -> String { "\(SVGElement.number(x)) \(SVGElement.number(y))" }
        let (sideX, sideY) = (-dy / length * 3.5, dx / length * 3.5)
        document.add(
            SVGElement(
                "path",
                [
                    "class": "arrow",
                    "d": "M\(at(from.x, from.y))L\(at(backX, backY))M\(at(tipX, tipY))"
                        + "L\(at(backX + sideX, backY + sideY))L\(at(backX - sideX, backY - sideY))Z",
                ]))
        // A slanted edge would cross its values if they were no further off.
        let away = abs(dy) / length * 22
        // Edges that meet at a node part towards their beginnings: there the values have room.
        let part = dy == 0 ? 0.5 : 0.38
        let (x, y) = (from.x + dx * part, from.y + dy * part)
        document.add(
            .text(NumberText.short(edge.value), x: x, y: y - 6 - away, class: "value text0", anchor: .middle))
        if let gradient = edge.gradient {
            document.add(
                .text(
                    NumberText.short(gradient), x: x, y: y + 15 + away, class: "value text1", anchor: .middle)
            )
        }
    }
}
