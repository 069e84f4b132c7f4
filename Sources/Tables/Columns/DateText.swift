/// Recognition of dates and times as people and programs write them.
///
/// `2024-01-31`, `2024/1/31`, `20240131` is a number; `31.01.2024`, `31.1.24`, `31/01/2024`, `01/31/2024`, `31-01-2024`; each may be
/// followed by a time after a space or a T: `14:05`, `14:05:59`, `14:05:59.123`, with Z, +09:00 or +0900 after it, AM or PM; a time
/// alone is one too.
enum DateText {
    static func isDate(_ text: String) -> Bool {
        var rest = Substring(text).drop { $0 == " " }
        if isTime(rest) { return true }
        guard let first = number(&rest, digits: 1...4), let mark = rest.first, "-/.".contains(mark) else {
            return false
        }
        rest.removeFirst()
        // A full stop may be followed by a space: 31. 1. 2024, and Korean 2024. 1. 31.
        if mark == "." { rest = rest.drop { $0 == " " } }
        guard let second = number(&rest, digits: 1...2), rest.first == mark else { return false }
        rest.removeFirst()
        if mark == "." { rest = rest.drop { $0 == " " } }
        guard let third = number(&rest, digits: 1...4) else { return false }
        let isDate =
            if first.digits == 4 {
                isMonth(second.value) && isDay(third.value) && third.digits <= 2
            } else if first
                .digits <= 2
            {
                (third.digits == 4 || third.digits == 2)
                    && (isDay(first.value) && isMonth(second.value)
                        || isMonth(first.value) && isDay(second.value))
            } else { false }
        guard isDate else { return false }
        if mark == ".", rest.first == "." { rest.removeFirst() }
        if rest.isEmpty { return true }
        guard rest.first == " " || rest.first == "T" || rest.first == "t" else { return false }
        rest = rest.dropFirst().drop { $0 == " " }
        return rest.isEmpty || isTime(rest)
    }

    private static func isMonth(_ value: Int) -> Bool { (1...12).contains(value) }
    private static func isDay(_ value: Int) -> Bool { (1...31).contains(value) }

    private static func isTime(_ text: Substring) -> Bool {
        var rest = text
        guard let hours = number(&rest, digits: 1...2), hours.value < 25, skip(&rest, ":"),
            let minutes = number(&rest, digits: 2...2), minutes.value < 60
        else { return false }
        if skip(&rest, ":") {
            guard let seconds = number(&rest, digits: 2...2), seconds.value < 61 else { return false }
            if skip(&rest, ".") || skip(&rest, ",") {
                guard number(&rest, digits: 1...9) != nil else { return false }
            }
        }
        rest = rest.drop { $0 == " " }
        let zone = rest.lowercased()
        if zone.isEmpty || zone == "z" || zone == "am" || zone == "pm" || zone == "utc" { return true }
        guard skip(&rest, "+") || skip(&rest, "-"), number(&rest, digits: 2...2) != nil else { return false }
        _ = skip(&rest, ":")
        return rest.isEmpty || number(&rest, digits: 2...2) != nil && rest.isEmpty
    }

    private static func skip(_ text: inout Substring, _ mark: Character) -> Bool {
        guard text.first == mark else { return false }
        text.removeFirst()
        return true
    }

    private static func number(_ text: inout Substring, digits: ClosedRange<Int>) -> (
        value: Int, digits: Int
    )? {
        let found = text.prefix { $0.isASCII && $0.isNumber }
        guard digits.contains(found.count), let value = Int(found) else { return nil }
        text = text.dropFirst(found.count)
        return (value, found.count)
    }
}
