/// How a text is cut into rows, fields and numbers.
public struct DelimitedFormat: Sendable, Equatable, Codable {
    /// What stands between two fields.
    public enum Delimiter: String, Sendable, Codable, CaseIterable {
        /// `,`
        case comma
        /// A tab.
        case tab
        /// `;`
        case semicolon
        /// `|`
        case pipe

        var byte: UInt8 {
            switch self {
            case .comma: UInt8(ascii: ",")
            case .tab: UInt8(ascii: "\t")
            case .semicolon: UInt8(ascii: ";")
            case .pipe: UInt8(ascii: "|")
            }
        }
    }

    /// What stands between the whole part of a number and its fraction.
    public enum DecimalSeparator: String, Sendable, Codable, CaseIterable {
        /// `.`
        case point
        /// `,`
        case comma

        var byte: UInt8 { self == .point ? UInt8(ascii: ".") : UInt8(ascii: ",") }
    }

    /// What the first row holds.
    public enum Header: String, Sendable, Codable, CaseIterable {
        /// The names of the columns.
        case names
        /// Values: the columns have no names.
        case none
        /// The numbers of rows and of features, and the names of the classes: scikit-learn's own files.
        case counts
    }

    /// What stands between two fields.
    package var delimiter: Delimiter
    /// What stands between the whole part of a number and its fraction.
    package var decimal: DecimalSeparator
    /// What the first row holds.
    package var header: Header

    /// Creates a format.
    package init(delimiter: Delimiter = .comma, decimal: DecimalSeparator = .point, header: Header = .names) {
        (self.delimiter, self.decimal, self.header) = (delimiter, decimal, header)
    }
}
