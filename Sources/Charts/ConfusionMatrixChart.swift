import Arrays
import Images
import Support

/// A confusion matrix: rows are the true classes, columns the predicted ones.
///
/// Each cell has its count and its share of the row in percent; right answers (the diagonal) are blue, mistakes
/// orange, the darker the larger the share. The last column is the recall of each class. Where a page gives it less room
/// (`maximumWidth`), cells shrink and lose their shares, then their counts, which tooltips keep.
///
/// ```swift
/// let chart = ConfusionMatrixChart(counts: [[970, 10], [31, 1104]], classNames: ["0", "1"], title: "MNIST")
/// let file = chart.svg()
/// ```
public struct ConfusionMatrixChart: Sendable {
    /// `counts[t][p]`: how many of class t were answered as class p.
    package var counts: [[Int]]
    /// The names of the classes.
    package var classNames: [String]
    /// The title.
    package var title: String
    /// A line under the title; `nil`: the accuracy.
    public var subtitle: String?
    /// Whether title and subtitle are drawn; on a page that has them itself they are not.
    public var showsTitle = true
    /// The width to shrink to, as far as cells of 10 pixels can; `nil`: as wide as it gets.
    public var maximumWidth: Double?
    /// The label of the columns.
    public var predictedLabel = "predicted class"
    /// The label of the rows.
    public var trueLabel = "true class"
    /// The label of the last column.
    public var recallLabel = "recall"

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

    /// Sizes that follow from the names and from the room there is.
    private struct Layout {
        let names: [String]
        let cell: Double
        let left: Double
        let right: Double
        let header: Double
        /// The class of the names in the style sheet.
        let nameClass: String
        /// The angle of the names of the columns: 0, −45 or −90 degrees.
        let angle: Int
    }

    private func layout() -> Layout {
        let count = Double(max(classNames.count, 1))
        let widest = maximumWidth.map { max(40, min(180, $0 * 0.25)) } ?? 180
        let right = max(maximumWidth == nil ? 72 : 58, TextMetrics.width(of: recallLabel, size: 12) + 16)
        func names(_ size: Double) -> ([String], Double) {
            let names = classNames.map { TextFitting.shortened($0, size: size, to: widest) }
            return (names, names.map { TextMetrics.width(of: $0, size: size) }.max() ?? 0)
        }
        var (shown, longest) = names(ChartTheme.labelSize)
        var cell = max(34, min(58, 640 / count)).rounded()
        var isSmall = false
        if let maximumWidth, 50 + longest + count * cell + right > maximumWidth {
            isSmall = (maximumWidth - 50 - longest - right) / count < 14
            if isSmall { (shown, longest) = names(9) }
            cell = max(10, min(cell, ((maximumWidth - 50 - longest - right) / count * 4).rounded(.down) / 4))
        }
        // Names are beside the cells and, tilted, above them: the page grows with them, up to a point.
        let angle = longest <= cell - 6 ? 0 : cell >= 13 ? -45 : -90
        return Layout(
            names: shown, cell: cell, left: 50 + longest, right: right,
            header: angle == 0 ? 18 : angle == -45 ? longest * 0.71 + 12 : longest + 10,
            nameClass: isSmall ? "small" : "name", angle: angle)
    }

    /// Returns the chart as an SVG file.
    public func svg(appearance: ChartAppearance = .automatic) -> String {
        let layout = layout()
        let (cell, left) = (layout.cell, layout.left)
        let subtitle = subtitle ?? summary
        let titleWidth = showsTitle ? SVGDocument.titleWidth(title, subtitle) : 0
        let side = cell * Double(classNames.count)
        let width = max(left + side + layout.right, titleWidth + 40).rounded(.up)
        var document = SVGDocument(
            width: width, height: 1, title: title, summary: subtitle, appearance: appearance)
        let titles = showsTitle ? document.addTitles(title, subtitle) : 4
        let top = (titles + 18 + layout.header).rounded(.up)
        document.height = (top + side + 20).rounded(.up)
        // Centred over a few columns the label would begin outside the page.
        let half = TextMetrics.width(of: predictedLabel, size: ChartTheme.labelSize) / 2
        document.add(
            .text(
                predictedLabel, x: max(left + side / 2, half + 8), y: top - layout.header - 6, class: "label",
                anchor: .middle))
        document.add(
            SVGElement(
                "text",
                [
                    "class": "label", "text-anchor": "middle",
                    "transform": "translate(32 \(SVGElement.number(top + side / 2))) rotate(-90)",
                ], text: trueLabel))
        document.add(.text(recallLabel, x: left + side + 10, y: top - 6, class: "label"))
        for (row, name) in layout.names.enumerated() {
            let y = top + (Double(row) + 0.5) * cell
            document.add(.text(name, x: left - 8, y: y + 4, class: layout.nameClass, anchor: .end))
            document.add(columnName(name, x: left + (Double(row) + 0.5) * cell, y: top - 6, layout))
            document.add(cells(row: row, x: left, y: top + Double(row) * cell, cell: cell))
            let total = counts[row].reduce(0, +)
            let recall = total > 0 ? NumberText.percent(Double(counts[row][row]) / Double(total)) : "\u{2013}"
            document.add(.text(recall, x: left + side + 10, y: y + 4, class: layout.nameClass))
        }
        return document.text()
    }

    /// The accuracy in words.
    package var summary: String {
        let total = counts.reduce(0) { $0 + $1.reduce(0, +) }
        guard total > 0 else { return "No answers" }
        let right = counts.indices.reduce(0) { $0 + counts[$1][$1] }
        return
            "\(NumberText.fixed(Double(right), decimals: 0)) of \(NumberText.fixed(Double(total), decimals: 0)) "
            + "correct: accuracy \(NumberText.percent(Double(right) / Double(total)))"
    }

    private func columnName(_ name: String, x: Double, y: Double, _ layout: Layout) -> SVGElement {
        guard layout.angle != 0 else {
            return .text(name, x: x, y: y, class: layout.nameClass, anchor: .middle)
        }
        let right = x + (layout.angle == -90 ? 3 : 2)
        let place =
            "translate(\(SVGElement.number(right)) \(SVGElement.number(y))) rotate(\(layout.angle))"
        return SVGElement("text", ["class": layout.nameClass, "transform": place], text: name)
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
            let gap = cell < 20 ? 0.25 : 0.5
            var square = SVGElement(
                "rect",
                [
                    "x": left + gap, "y": y + gap, "width": cell - 2 * gap, "height": cell - 2 * gap,
                    count > 0 ? "style" : "class": count > 0 ? "fill:\(color.hexadecimal)" : "empty",
                ])
            // Ink or paper, whichever can be read on the cell; the cells are the same on light and dark pages.
            let ink = "fill:" + (color.luminance > 0.25 ? "#1F2328" : "#FFFFFF")
            let number = NumberText.fixed(Double(count), decimals: 0)
            let size = ["caption", "small"].first {
                TextMetrics.width(of: number, size: TextFitting.size(of: $0)) <= cell - 2
            }
            let name = cell >= 34 ? "caption" : cell >= 14 ? size : nil
            if count > 0, name == nil {
                square.add(
                    SVGElement("title", text: "\(classNames[row]) \u{2192} \(classNames[column]): \(number)"))
            }
            group.add(square)
            guard count > 0, let name else { continue }
            let center = left + cell / 2
            let hasShare = cell >= 46
            group.add(cellText(number, name, ink, x: center, y: y + cell / 2 + (hasShare ? -1 : 4)))
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
