import Arrays
import Images
import Support

/// A confusion matrix: rows are the true classes, columns the predicted ones.
///
/// Each cell has its count and its share of the row in percent; right answers (the diagonal) are blue, mistakes
/// orange, the darker the larger the share. The last column is the recall of each class.
///
/// ```swift
/// let chart = ConfusionMatrixChart(counts: [[970, 10], [31, 1104]], classNames: ["0", "1"], title: "MNIST")
/// let file = chart.svg()
/// ```
public struct ConfusionMatrixChart: Sendable {
    /// `counts[t][p]`: how many of class t were answered as class p.
    public var counts: [[Int]]
    /// The names of the classes.
    public var classNames: [String]
    /// The title.
    public var title: String
    /// A line under the title; `nil`: the accuracy.
    public var subtitle: String?

    /// Creates a chart of counts.
    ///
    /// - Precondition: `counts` is square, with a row for each name; no negative count.
    public init(counts: [[Int]], classNames: [String], title: String = "", subtitle: String? = nil) {
        let shape = "\(counts.count) rows of \(counts.map(\.count)) counts for \(classNames.count) classes"
        require(
            counts.count == classNames.count && counts.allSatisfy { $0.count == classNames.count }, shape)
        require(counts.allSatisfy { $0.allSatisfy { $0 >= 0 } }, "a count is negative")
        self.counts = counts
        self.classNames = classNames
        self.title = title
        self.subtitle = subtitle
    }

    /// Returns the chart as an SVG file.
    public func svg(appearance: ChartAppearance = .automatic) -> String {
        let count = classNames.count
        // Names are beside the cells and, tilted, above them: the page grows with them, up to a point.
        let classNames = classNames.map {
            TextFitting.shortened($0, size: ChartTheme.labelSize, to: 180)
        }
        let longest = classNames.map { TextMetrics.width(of: $0, size: ChartTheme.labelSize) }.max() ?? 0
        let cell = max(34, min(58, 640 / Double(max(count, 1)))).rounded()
        let isTilted = longest > cell - 6
        let left = 20 + 22 + longest + 8
        let subtitle = subtitle ?? summary
        let titleWidth = SVGDocument.titleWidth(title, subtitle)
        let side = cell * Double(count)
        let width = max(left + side + 72, titleWidth + 40).rounded(.up)
        var document = SVGDocument(
            width: width, height: 1, title: title, summary: subtitle, appearance: appearance)
        let header = isTilted ? longest * 0.71 + 12 : 18
        let top = (document.addTitles(title, subtitle) + 18 + header).rounded(.up)
        document.height = (top + side + 20).rounded(.up)
        document.add(
            .text("predicted class", x: left + side / 2, y: top - header - 6, class: "label", anchor: .middle)
        )
        document.add(
            SVGElement(
                "text",
                [
                    "class": "label", "text-anchor": "middle",
                    "transform": "translate(32 \(SVGElement.number(top + side / 2))) rotate(-90)",
                ], text: "true class"))
        document.add(.text("recall", x: left + side + 10, y: top - 6, class: "label"))
        for (row, name) in classNames.enumerated() {
            let y = top + (Double(row) + 0.5) * cell
            document.add(.text(name, x: left - 8, y: y + 4, class: "name", anchor: .end))
            document.add(
                columnName(name, x: left + (Double(row) + 0.5) * cell, y: top - 6, isTilted: isTilted))
            document.add(cells(row: row, x: left, y: top + Double(row) * cell, cell: cell))
            let total = counts[row].reduce(0, +)
            let recall = total > 0 ? NumberText.percent(Double(counts[row][row]) / Double(total)) : "\u{2013}"
            document.add(.text(recall, x: left + side + 10, y: y + 4, class: "name"))
        }
        return document.text()
    }

    /// The accuracy in words.
    public var summary: String {
        let total = counts.reduce(0) { $0 + $1.reduce(0, +) }
        guard total > 0 else { return "No answers" }
        let right = counts.indices.reduce(0) { $0 + counts[$1][$1] }
        return
            "\(NumberText.fixed(Double(right), decimals: 0)) of \(NumberText.fixed(Double(total), decimals: 0)) "
            + "correct: accuracy \(NumberText.percent(Double(right) / Double(total)))"
    }

    private func columnName(_ name: String, x: Double, y: Double, isTilted: Bool) -> SVGElement {
        guard isTilted else { return .text(name, x: x, y: y, class: "name", anchor: .middle) }
        let place = "translate(\(SVGElement.number(x + 2)) \(SVGElement.number(y))) rotate(-45)"
        return SVGElement("text", ["class": "name", "transform": place], text: name)
    }

    private func cells(row: Int, x: Double, y: Double, cell: Double) -> SVGElement {
        let total = counts[row].reduce(0, +)
        var group = SVGElement("g")
        for (column, count) in counts[row].enumerated() {
            let share = total > 0 ? Double(count) / Double(total) : 0
            // The cube root makes the small shares of mistakes visible.
            let strength = Mathematics.power(share, 1.0 / 3) * 0.85
            let color = DivergingPalette.color(row == column ? -strength : strength)
            let left = x + Double(column) * cell
            group.add(
                SVGElement(
                    "rect",
                    [
                        "x": left + 0.5, "y": y + 0.5, "width": cell - 1, "height": cell - 1,
                        count > 0 ? "style" : "class": count > 0 ? "fill:\(color.hexadecimal)" : "empty",
                    ]))
            guard count > 0 else { continue }
            // Ink or paper, whichever can be read on the cell; the cells are the same on light and dark pages.
            let ink = "fill:" + (color.luminance > 0.25 ? "#1F2328" : "#FFFFFF")
            let center = left + cell / 2
            let hasShare = cell >= 46
            group.add(
                cellText(
                    NumberText.fixed(Double(count), decimals: 0), "caption", ink, x: center,
                    y: y + cell / 2 + (hasShare ? -1 : 4)))
            if hasShare {
                let text = NumberText.percent(share, decimals: share == 1 ? 0 : 1)
                group.add(cellText(text, "small", ink, x: center, y: y + cell / 2 + 11))
            }
        }
        return group
    }

    private func cellText(_ text: String, _ name: String, _ style: String, x: Double, y: Double) -> SVGElement
    {
        SVGElement(
            "text", ["class": name, "style": style, "text-anchor": "middle", "x": x, "y": y], text: text)
    }
}
