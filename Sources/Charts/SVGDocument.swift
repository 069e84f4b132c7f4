/// An SVG picture in one file: no scripts, no fonts or pictures from elsewhere, its own background.
///
/// It shows in browsers, in a README on GitHub and in librsvg. Its style rules begin with the class `descent`, and
/// it uses no ids, so several pictures can be in one HTML page.
package struct SVGDocument: Sendable {
    /// The width in CSS pixels.
    package let width: Double
    /// The height in CSS pixels.
    package internal(set) var height: Double
    /// A description of the picture for people who do not see it: the first line of the file.
    package let title: String
    /// The picture in a sentence or two, for the same.
    package let summary: String
    /// On which page it will be seen.
    package let appearance: ChartAppearance
    private var elements: [SVGElement] = []

    /// Creates a picture with nothing on it.
    package init(
        width: Double, height: Double, title: String, summary: String = "",
        appearance: ChartAppearance = .automatic
    ) {
        self.width = width
        self.height = height
        self.title = title
        self.summary = summary
        self.appearance = appearance
    }

    /// Draws an element over all that is there. Its texts end at the page's edge (`TextFitting`).
    package mutating func add(_ element: SVGElement) {
        elements.append(element)
    }

    /// Returns the file's text.
    package func text() -> String {
        var root = SVGElement(
            "svg",
            [
                "xmlns": "http://www.w3.org/2000/svg", "width": width, "height": height,
                "viewBox": "0 0 \(SVGElement.number(width)) \(SVGElement.number(height))", "class": "descent",
                "role": "img",
            ])
        root.add(SVGElement("title", text: title.isEmpty ? "Chart" : title))
        if !summary.isEmpty { root.add(SVGElement("desc", text: summary)) }
        root.add(SVGElement("style", text: ChartTheme.styleSheet(for: appearance)))
        root.add(SVGElement("rect", ["class": "page", "width": width, "height": height]))
        for element in elements { root.add(element.fitted(to: width)) }
        var output = ""
        root.write(into: &output)
        return output + "\n"
    }
}

extension SVGElement {
    /// The alignment of a text at its point.
    enum Anchor: String {
        case start, middle, end
    }

    /// Returns one line of text of a class of the style sheet.
    static func text(
        _ text: String, x: Double, y: Double, class name: String, anchor: Anchor = .start
    ) -> SVGElement {
        anchor == .start
            ? SVGElement("text", ["x": x, "y": y, "class": name], text: text)
            : SVGElement("text", ["x": x, "y": y, "class": name, "text-anchor": anchor.rawValue], text: text)
    }
}
