/// A JSON value for output, whose objects keep the order of their keys.
///
/// Foundation's encoder sorts keys or leaves their order undefined; the files and lines that Descent writes are read by
/// people too, so their keys have the order in which they are given.
package enum JSONText: Equatable, Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    case number(Double)
    case string(String)
    case array([JSONText])
    case object([Member])

    /// One key and its value.
    package struct Member: Equatable, Sendable {
        package let key: String
        package let value: JSONText

        package init(_ key: String, _ value: JSONText) {
            self.key = key
            self.value = value
        }
    }

    /// A number, or null for nil.
    package static func number(_ value: Double?) -> JSONText { value.map(JSONText.number) ?? .null }

    /// A number rounded to a number of decimals, without meaningless digits.
    package static func rounded(_ value: Double?, decimals: Int) -> JSONText {
        guard let value, value.isFinite else { return .null }
        var scale = 1.0
        for _ in 0..<decimals { scale *= 10 }
        let rounded = (value * scale).rounded() / scale
        return .number(rounded.isFinite ? rounded : value)
    }

    /// A string, or null for nil.
    package static func string(_ value: String?) -> JSONText { value.map(JSONText.string) ?? .null }

    /// The value on one line, without spaces.
    package var line: String {
        var text = ""
        write(to: &text, indentation: nil)
        return text
    }

    /// The value over several lines, two spaces a level, with a newline at the end; arrays of plain values stay
    /// on one line.
    package var document: String {
        var text = ""
        write(to: &text, indentation: 0)
        return text + "\n"
    }

    private var isPlain: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }

    private func write(to text: inout String, indentation: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .number(let value): text += Self.numeral(value)
        case .string(let value): Self.quote(value, to: &text)
        case .array(let values):
            let level = values.allSatisfy(\.isPlain) ? nil : indentation
            let separator = level == nil && indentation != nil ? ", " : ","
            Self.writeItems(values, between: "[", "]", separator: separator, to: &text, indentation: level) {
                $0.write(to: &$1, indentation: $2)
            }
        case .object(let members):
            Self.writeItems(members, between: "{", "}", separator: ",", to: &text, indentation: indentation) {
                Self.quote($0.key, to: &$1)
                $1 += $2 == nil ? ":" : ": "
                $0.value.write(to: &$1, indentation: $2)
            }
        }
    }

    private static func writeItems<Item>(
        _ items: [Item], between open: String, _ close: String, separator: String, to text: inout String,
        indentation: Int?, _ write: (Item, inout String, Int?) -> Void
    ) {
        text += open
        let inner = indentation.map { $0 + 2 }
        for (place, item) in items.enumerated() {
            if place > 0 { text += separator }
            if let inner { text += "\n" + String(repeating: " ", count: inner) }
            write(item, &text, inner)
        }
        if let indentation, !items.isEmpty { text += "\n" + String(repeating: " ", count: indentation) }
        text += close
    }

    /// The text of a number. JSON has no infinity and no NaN: they become null. Integers are written without ".0".
    private static func numeral(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
        return value.description
    }

    private static func quote(_ string: String, to text: inout String) {
        text += "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            // C1 controls and delete are allowed in JSON, but a terminal may obey them.
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}

extension JSONText: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(arrayLiteral elements: JSONText...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONText)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}
