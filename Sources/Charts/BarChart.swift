import Arrays
import Support

/// Fractions as bars, one below the other, each with its name above and its value beside it: accuracies of models.
///
/// ```swift
/// let chart = BarChart(title: "Test accuracy", bars: [.init(name: "knn", value: 0.97), .init(name: "svm", value: 0.98)])
/// let file = chart.svg()
/// ```
public struct BarChart: Sendable {
    /// One bar.
    public struct Bar: Sendable, Equatable {
        /// The name of the bar.
        package var name: String
        /// The length: 0 to 1.
        package var value: Double

        /// Creates a bar.
        ///
        /// - Precondition: 0 <= value <= 1.
        public init(name: String, value: Double) {
            require((0...1).contains(value), "a bar of \(value), which is not in 0 ... 1")
            (self.name, self.value) = (name, value)
        }
    }

    /// The title.
    package var title: String
    /// A line under the title.
    package var subtitle: String
    /// The label of the values, under the axis.
    package var label: String
    /// The bars, from above.
    package var bars: [Bar]
    /// The width in CSS pixels; the height follows from the number of bars.
    package var width = 720.0

    /// Creates a chart of `bars`.
    public init(title: String, subtitle: String = "", label: String = "", bars: [Bar]) {
        (self.title, self.subtitle, self.label, self.bars) = (title, subtitle, label, bars)
    }

    private static let rowHeight = 40.0

    /// Returns the chart as an SVG file.
    public func svg(appearance: ChartAppearance = .automatic) -> String {
        var document = SVGDocument(
            width: width, height: 1, title: title, summary: subtitle, appearance: appearance)
        let top = document.addTitles(title, subtitle)
        let bottom = top + Double(bars.count) * Self.rowHeight + 6
        // The values are placed behind the longest possible bar.
        let scale = AxisScale(range: 0...1, kind: .linear, start: 20, end: width - 78)
        func place(_ value: Double) -> Double { scale.coordinate(value) ?? 20 }
        let ticks = AxisTicks.linear(in: 0...1, about: 6, format: .percent)
        var lines = ""
        for (value, text) in zip(ticks.values, ticks.labels) {
            let x = SVGElement.number(place(value))
            lines += "M\(x) \(SVGElement.number(top))V\(SVGElement.number(bottom))"
            let anchor = value == 0 ? SVGElement.Anchor.start : .middle
            document.add(.text(text, x: place(value), y: bottom + 16, class: "tick", anchor: anchor))
        }
        document.add(SVGElement("path", ["class": "gridline", "d": lines]))
        for (number, bar) in bars.enumerated() {
            let y = top + Double(number) * Self.rowHeight
            document.add(.text(bar.name, x: 20, y: y + 14, class: "name"))
            document.add(
                SVGElement(
                    "rect",
                    [
                        "class": "fill0", "x": 20.0, "y": y + 20, "width": place(bar.value) - 20,
                        "height": 14.0,
                    ]))
            document.add(
                .text(
                    NumberText.percent(bar.value, decimals: 2), x: place(bar.value) + 8, y: y + 31.5,
                    class: "value text0"))
        }
        if !label.isEmpty {
            document.add(
                .text(label, x: (20 + place(1)) / 2, y: bottom + 34, class: "label", anchor: .middle))
        }
        document.height = (bottom + (label.isEmpty ? 26 : 46)).rounded(.up)
        return document.text()
    }
}
