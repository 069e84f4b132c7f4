/// A column of a table: its name, what it holds, and what becomes of it.
public struct TableColumn: Sendable, Equatable {
    /// What becomes of a column.
    public enum Role: Sendable, Equatable {
        /// Its numbers are a feature.
        case number
        /// Each of its texts is a feature that is 0 or 1.
        case category
        /// It says what should be learned.
        case label
        /// It is no feature.
        case leftOut(Reason)
    }

    /// Why a column is no feature.
    public enum Reason: Sendable, Equatable {
        /// It holds no value.
        case empty
        /// All its values are the same.
        case constant
        /// It names the row: texts that are all different, or numbers that count the rows.
        case identifier
        /// It holds dates or times.
        case date
        /// It has so many different texts.
        case manyTexts(Int)
        /// It says in other words what the label says.
        case repeatsLabel
        /// The caller left it out.
        case asked

        /// The reason in words.
        package var words: String {
            switch self {
            case .empty: "no values"
            case .constant: "all values are the same"
            case .identifier: "names the row"
            case .date: "dates"
            case .manyTexts(let count): "\(count) different texts"
            case .repeatsLabel: "says the same as the label"
            case .asked: "as asked"
            }
        }
    }

    /// The name: the header's, or a number.
    public let name: String
    /// What becomes of it.
    public internal(set) var role: Role
    /// Whether its values are texts.
    package let isText: Bool
    /// The number of missing values.
    public let missingCount: Int
    /// The smallest and the largest number; nil for texts, and where there is none.
    public let range: ClosedRange<Double>?
    /// The number of different texts; nil for numbers.
    package let textCount: Int?
}
