import CKernels
import Support

/// Memory for one value of each row, huge pages for long columns.
///
/// Filled by the reader before the column is handed out, and by nobody after.
final class ColumnBuffer<Value: BitwiseCopyable>: @unchecked Sendable {
    let base: UnsafeMutablePointer<Value>
    let count: Int
    private let size: Int

    /// - Throws: `inputOutput` when there is not so much memory.
    init(count: Int) throws {
        self.count = count
        size = max(64, (count * MemoryLayout<Value>.stride + 63) / 64 * 64)
        guard let memory = ck_buffer_take(size) else {
            throw DescentError(
                .inputOutput, "not enough memory for a column", expected: "\(Numerals.bytes(size))")
        }
        base = memory.bindMemory(to: Value.self, capacity: size / MemoryLayout<Value>.stride)
    }

    deinit { ck_buffer_give(base, size) }

    subscript(row: Int) -> Value { base[row] }

    var values: UnsafeBufferPointer<Value> { UnsafeBufferPointer(start: base, count: count) }
}

/// The values of a column, one for each row of the file.
enum ColumnValues: Sendable {
    /// Numbers; NaN where the value is missing.
    case numbers(ColumnBuffer<Double>)
    /// Texts by number; -1 where the value is missing.
    case texts(ColumnBuffer<Int32>, [String])

    /// Whether the value of a row is missing.
    func isMissing(_ row: Int) -> Bool {
        switch self {
        case .numbers(let numbers): numbers[row].isNaN
        case .texts(let codes, _): codes[row] < 0
        }
    }

    /// The value of a row as text; nil where it is missing.
    func text(_ row: Int) -> String? {
        switch self {
        case .numbers(let numbers): numbers[row].isNaN ? nil : Self.text(of: numbers[row])
        case .texts(let codes, let texts): codes[row] < 0 ? nil : texts[Int(codes[row])]
        }
    }

    /// The shortest text that reads back as the same number: `1`, `0.1`, `1e+20`.
    static func text(of number: Double) -> String {
        let text = number.description
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
