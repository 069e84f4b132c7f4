import CKernels
import Glibc
import Support

/// The parts that columns are read in, each with room for what it finds: few enough that the room is bounded, however wide rows are.
struct ReadingParts {
    /// The parts, in order: those of the survey, or several of them as one.
    let parts: [RowSurvey.Part]

    /// Lists of texts of all parts: 48 MB while they are empty.
    static let listLimit = 1 << 20
    /// Flags of all parts, a byte each.
    static let flagLimit = 1 << 26

    /// `columns`: all of them; `texts`: those that are read as texts.
    init(
        _ surveyed: [RowSurvey.Part], columns: Int, texts: Int, listLimit: Int = listLimit,
        flagLimit: Int = flagLimit
    ) {
        let most = max(1, min(listLimit / max(1, texts), flagLimit / max(1, columns)))
        let size = max(1, (surveyed.count + most - 1) / most)
        guard size > 1 else {
            parts = surveyed
            return
        }
        parts = stride(from: 0, to: surveyed.count, by: size).map { first in
            let group = surveyed[first..<min(surveyed.count, first + size)]
            return RowSurvey.Part(
                start: surveyed[first].start, end: surveyed[group.endIndex - 1].end,
                firstRow: surveyed[first].firstRow, hasQuotes: group.contains(where: \.hasQuotes))
        }
    }
}

/// The texts that parts find in columns of texts, a list for each part and column.
final class TextLists {
    let base: UnsafeMutablePointer<ck_texts>
    private let parts: Int
    private let columns: Int

    /// The number of lists.
    var count: Int { parts * columns }

    /// - Throws: `inputOutput` when there is not so much memory.
    init(parts: Int, columns: Int) throws {
        (self.parts, self.columns) = (parts, columns)
        let size = max(1, parts * columns)
        guard let memory = calloc(size, MemoryLayout<ck_texts>.stride) else {
            throw DescentError(
                .inputOutput, "not enough memory for the texts of \(Numerals.counted(columns, "column"))",
                expected: Numerals.bytes(size * MemoryLayout<ck_texts>.stride))
        }
        base = memory.bindMemory(to: ck_texts.self, capacity: size)
    }

    deinit {
        for index in 0..<count { ck_texts_clear(base + index) }
        free(base)
    }

    /// The lists of a column, in the order of the parts. They are this object's.
    func lists(ofColumn column: Int) -> [ck_texts] { (0..<parts).map { base[$0 * columns + column] } }
}
