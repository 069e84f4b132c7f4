import Arrays
import Support

/// A value of an attribute in an SVG element: text, or a number written with at most two decimals.
package protocol SVGAttribute {
    /// The text of the attribute, not yet escaped.
    var attributeText: String { get }
}

extension String: SVGAttribute {
    /// The text itself.
    package var attributeText: String { self }
}

extension Int: SVGAttribute {
    /// The digits.
    package var attributeText: String { String(self) }
}

extension Double: SVGAttribute {
    /// The number with at most two decimals; a hundredth of a pixel is finer than any screen.
    package var attributeText: String { SVGElement.number(self) }
}

/// An element of an SVG picture: a name, attributes in their order, and its content.
///
/// ```swift
/// var group = SVGElement("g", ["class": "grid"])
/// group.add(SVGElement("line", ["x1": 0.0, "y1": 5.25, "x2": 100.0, "y2": 5.25]))
/// ```
package struct SVGElement: Sendable {
    private enum Child: Sendable {
        case element(SVGElement)
        case text(String)
    }

    private let name: String
    private var attributes: [(name: String, value: String)]
    private var children: [Child] = []

    /// Creates an element that holds nothing yet.
    package init(_ name: String, _ attributes: KeyValuePairs<String, any SVGAttribute> = [:]) {
        self.name = name
        self.attributes = attributes.map { ($0.key, $0.value.attributeText) }
    }

    /// Creates an element that holds text.
    package init(_ name: String, _ attributes: KeyValuePairs<String, any SVGAttribute> = [:], text: String) {
        self.init(name, attributes)
        add(text: text)
    }

    /// Whether there is no content.
    package var isEmpty: Bool { children.isEmpty }

    /// Puts an element inside, after all others.
    package mutating func add(_ element: SVGElement) {
        children.append(.element(element))
    }

    /// Puts text inside, after all others; it is escaped when written.
    package mutating func add(text: String) {
        children.append(.text(text))
    }

    /// Its name: "text", "path".
    var tag: String { name }

    /// Returns the value of an attribute; nil where it has none of this name.
    func attribute(_ name: String) -> String? { attributes.first { $0.name == name }?.value }

    /// The content, where that is text alone.
    var ownText: String? {
        var own = ""
        for child in children {
            guard case .text(let text) = child else { return nil }
            own += text
        }
        return own
    }

    /// Returns the same with other elements inside.
    func mapChildren(_ change: (SVGElement) -> SVGElement) -> SVGElement {
        var changed = self
        changed.children = children.map { child in
            if case .element(let element) = child { .element(change(element)) } else { child }
        }
        return changed
    }

    /// Returns the same with another text, and one that shows where a pointer rests on it.
    func withText(_ text: String, tooltip: String) -> SVGElement {
        var changed = self
        changed.children = [.text(text), .element(SVGElement("title", text: tooltip))]
        return changed
    }

    /// The element as XML, each element inside on a line of its own.
    package func write(into output: inout String, indent: Int = 0) {
        output += "<\(name)"
        for (name, value) in attributes { output += " \(name)=\"\(Self.escaped(value))\"" }
        guard !children.isEmpty else {
            output += "/>"
            return
        }
        output += ">"
        var hasElements = false
        // White space inside a text would be drawn.
        let isText = name == "text"
        for child in children {
            switch child {
            case .text(let text): output += Self.escaped(text)
            case .element(let element):
                hasElements = !isText
                if hasElements { output += "\n" + String(repeating: " ", count: indent + 1) }
                element.write(into: &output, indent: indent + 1)
            }
        }
        if hasElements { output += "\n" + String(repeating: " ", count: indent) }
        output += "</\(name)>"
    }

    /// Text with the characters that mean something in XML replaced, and those that XML 1.0 forbids (control
    /// characters, U+FFFE, U+FFFF) turned into U+FFFD.
    package static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n", "\t": escaped.unicodeScalars.append(scalar)
            case "\u{0}"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    /// Returns a coordinate with at most two decimals, no trailing zeros, never an exponent and never "-0".
    ///
    /// - Precondition: finite, below 10^13 in magnitude.
    package static func number(_ value: Double) -> String {
        require(value.magnitude < 1e13, "a coordinate of \(value)")
        let hundredths = Int((value * 100).rounded(.toNearestOrAwayFromZero))
        var text = String(hundredths.magnitude / 100)
        let rest = Int(hundredths.magnitude % 100)
        if rest != 0 {
            text += "." + (rest % 10 == 0 ? String(rest / 10) : rest < 10 ? "0\(rest)" : String(rest))
        }
        return hundredths < 0 ? "-" + text : text
    }
}
