/// The one rule for texts that are longer than their space: titles and labels of several lines are wrapped, and whatever
/// would still leave the page is shortened. The whole text is then in a tooltip.
enum TextFitting {
    /// The distance from the edge of a page that texts keep.
    static let margin = 6.0

    /// Returns the text as it is, or its beginning and "…" where it is wider than `width`.
    static func shortened(_ text: String, size: Double, to width: Double) -> String {
        guard TextMetrics.width(of: text, size: size) > width else { return text }
        let ellipsis = "\u{2026}"
        var room = width - TextMetrics.width(of: ellipsis, size: size)
        var kept = ""
        for character in text {
            room -= TextMetrics.width(of: String(character), size: size)
            guard room >= 0 else { break }
            kept.append(character)
        }
        while kept.last == " " { kept.removeLast() }
        return kept + ellipsis
    }

    /// Returns the text in lines at most `width` wide, broken at spaces; at most `count` of them, the last one shortened.
    static func wrapped(_ text: String, size: Double, to width: Double, lines count: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var words = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)[...]
        while let word = words.popFirst() {
            let longer = line.isEmpty ? word : "\(line) \(word)"
            if line.isEmpty || TextMetrics.width(of: longer, size: size) <= width {
                line = longer
                continue
            }
            guard lines.count + 1 < count else {
                lines.append(shortened(([longer] + words).joined(separator: " "), size: size, to: width))
                return lines
            }
            lines.append(line)
            line = word
        }
        // A single word may be too long for a line of its own.
        return (lines + [line]).map { shortened($0, size: size, to: width) }
    }

    /// Returns the size of a class of the style sheet; letters of bold ones are wider.
    static func size(of name: String) -> Double {
        switch name.prefix(while: { $0 != " " }) {
        case "title": ChartTheme.titleSize * 1.06
        case "subtitle": ChartTheme.subtitleSize
        case "heading": ChartTheme.headingSize * 1.06
        case "tick": ChartTheme.tickSize
        case "caption": ChartTheme.captionSize
        case "wrong": ChartTheme.captionSize * 1.06
        case "value": ChartTheme.labelSize * 1.06
        case "small": 9
        default: ChartTheme.labelSize
        }
    }
}

extension SVGElement {
    /// Returns the element with its texts shortened to a page of this width. Rotated ones are left to the chart.
    func fitted(to width: Double) -> SVGElement {
        guard tag == "text" else { return mapChildren { $0.fitted(to: width) } }
        guard attribute("transform") == nil, let x = attribute("x").flatMap({ Double($0) }),
            let text = ownText
        else { return self }
        let (left, right) = (x - TextFitting.margin, width - TextFitting.margin - x)
        let room =
            switch attribute("text-anchor") {
            case "middle": 2 * min(left, right)
            case "end": left
            default: right
            }
        let size = TextFitting.size(of: attribute("class") ?? "")
        let short = TextFitting.shortened(text, size: size, to: max(0, room))
        guard short != text else { return self }
        return withText(short, tooltip: text)
    }
}
