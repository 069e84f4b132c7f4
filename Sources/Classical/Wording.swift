/// Numbers as they stand in descriptions.
enum Wording {
    /// A count with its noun, thousands parted by commas: "1 example", "60,000 examples".
    static func counted(_ count: Int, _ noun: String) -> String {
        var digits = "\(count)"
        var end = digits.count - 3
        while end > 0 {
            digits.insert(",", at: digits.index(digits.startIndex, offsetBy: end))
            end -= 3
        }
        return "\(digits) \(noun)\(count == 1 ? "" : "s")"
    }

    /// A number without a fraction of zero: "5", "0.05".
    static func number(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
    }

    /// A share in percent with two decimals: "97.05 %".
    static func percent(_ share: Double) -> String {
        let hundredths = Int((share * 10_000).rounded())
        let rest = hundredths % 100
        return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest) %"
    }
}
