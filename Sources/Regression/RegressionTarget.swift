/// What a regressor predicts: the name of the label's column, and its unit where the name says it.
///
/// ```swift
/// RegressionTarget(column: "price (EUR)").unit     // "EUR"
/// ```
public struct RegressionTarget: Codable, Equatable, Sendable {
    /// The name of the column, as the table has it.
    public let name: String
    /// The unit; nil where it is not known.
    public let unit: String?

    /// Creates a target from its parts.
    public init(name: String, unit: String?) { (self.name, self.unit) = (name, unit) }

    /// Creates the target of a column. What stands in brackets at the end of its name, as in `price (EUR)` or `weight [kg]`, is
    /// the unit.
    public init(column name: String) {
        var unit: String?
        for (opening, closing) in [("(", ")"), ("[", "]")] where name.hasSuffix(closing) {
            guard let start = name.lastIndex(of: Character(opening)) else { continue }
            let inner = name[name.index(after: start)...].dropLast()
            let trimmed = inner.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()
            if !trimmed.isEmpty, start > name.startIndex { unit = String(trimmed) }
        }
        self.init(name: name, unit: unit)
    }
}
