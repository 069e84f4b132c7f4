import CKernels
import Support

/// Where the rows of a text end, found by a first pass over it in parallel parts.
///
/// Whether a part begins within quotes follows from the number of quotes before it; each part is therefore counted both ways,
/// and the parts are put together afterwards.
struct RowSurvey: Sendable {
    /// Rows that end in one part.
    struct Part: Sendable {
        /// Where its first row begins.
        let start: Int
        /// After its last row.
        let end: Int
        /// The number of rows before it.
        let firstRow: Int
        let hasQuotes: Bool
    }

    /// The parts in which rows end, in order. Positions are counted from the survey's start.
    let parts: [Part]
    /// The number of rows, empty lines included.
    let rowCount: Int
    /// Whether a last quote is not closed.
    let endsInQuotes: Bool
    let hasZeros: Bool
    let hasHighBytes: Bool
    let hasLoneReturns: Bool
    /// The bytes of a part.
    let partSize: Int

    /// Bytes of a part: long enough that handing it over costs nothing, short enough for even work.
    static let partSize = 1 << 20
    /// Parts between two looks at a cancellation.
    private static let batch = 64

    init(
        _ storage: TextStorage, start: Int, cancellation: Cancellation?, partSize: Int = partSize
    ) throws {
        let (text, count) = (storage.base + start, storage.count - start)
        let partCount = (count + partSize - 1) / partSize
        var found = [ck_text_part](repeating: ck_text_part(), count: partCount)
        try found.withUnsafeMutableBufferPointer { found in
            for first in stride(from: 0, to: partCount, by: Self.batch) {
                try Cancellation.check(cancellation)
                guard let base = found.baseAddress else { break }
                ck_text_survey(
                    text, count, partSize, Int32(first), Int32(min(Self.batch, partCount - first)),
                    base + first)
            }
        }
        var parts: [Part] = []
        var (begin, row, isInside, quotes) = (0, 0, false, false)
        for part in found {
            let (rows, last) = isInside ? (part.rows.1, part.last.1) : (part.rows.0, part.last.0)
            // A row that began in an earlier part brings its quotes along.
            quotes = quotes || part.has_quotes != 0
            if rows > 0 {
                parts.append(Part(start: begin, end: last + 1, firstRow: row, hasQuotes: quotes))
                begin = last + 1
                row += rows
                quotes = part.has_quotes != 0
            }
            if part.odd_quotes != 0 { isInside.toggle() }
        }
        self.parts = parts
        self.partSize = partSize
        rowCount = row
        endsInQuotes = isInside
        hasZeros = found.contains { $0.has_zero != 0 }
        hasHighBytes = found.contains { $0.has_high != 0 }
        hasLoneReturns = found.contains { $0.has_return != 0 }
    }
}
