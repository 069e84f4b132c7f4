/// What the caller knows of a file; what is nil is detected.
public struct TableOptions: Sendable {
    /// The encoding.
    public var encoding: TextEncoding?
    /// What stands between two fields.
    public var delimiter: DelimitedFormat.Delimiter?
    /// What stands before a number's fraction.
    public var decimal: DelimitedFormat.DecimalSeparator?
    /// What the first row holds.
    public var header: DelimitedFormat.Header?
    /// Columns that are text, whatever their values look like: postal codes, for instance.
    public var textColumns: Set<String>

    /// Creates options, by default to detect all.
    public init(
        encoding: TextEncoding? = nil, delimiter: DelimitedFormat.Delimiter? = nil,
        decimal: DelimitedFormat.DecimalSeparator? = nil, header: DelimitedFormat.Header? = nil,
        textColumns: Set<String> = []
    ) {
        self.encoding = encoding
        self.delimiter = delimiter
        self.decimal = decimal
        self.header = header
        self.textColumns = textColumns
    }
}
