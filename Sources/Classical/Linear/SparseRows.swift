import Arrays
import CKernels
import ExampleData

/// Rows of features without their zeros, as the linear solvers read them: bytes too stay bytes, in 3 bytes an entry.
struct SparseRows: Sendable {
    private enum Values: Sendable {
        case bytes(columns: [UInt16], values: [UInt8], table: [Float])
        case floats(columns: [UInt32], values: [Float])
    }

    let count: Int
    let width: Int
    private let starts: [Int64]
    private let values: Values

    /// - `scale`: the factor on bytes.
    init(_ examples: FeatureMatrix, scale: Float) {
        let (count, width) = (examples.count, examples.featureCount)
        self.count = count
        self.width = width
        let table = (0..<256).map { Float($0) * scale }
        // Columns of bytes are stored in 16 bits; longer rows are rare and become floating-point features.
        var storage = examples.storage
        if case .bytes(let array) = storage, width > 65_536 {
            storage = .floats(
                NDArray(shape: [count, width], elements: array.elements.map { table[Int($0)] }))
        }
        switch storage {
        case .bytes(let array):
            (starts, values) = array.withUnsafeElements { dense in
                let starts = Self.starts(count) {
                    ck_linear_count_u8(dense.baseAddress, width, $0, $1, $2)
                }
                let (columns, values): ([UInt16], [UInt8]) = Self.fill(starts) {
                    ck_linear_fill_u8(dense.baseAddress, width, $0, $1, starts, $2, $3)
                }
                return (starts, .bytes(columns: columns, values: values, table: table))
            }
        case .floats(let array):
            (starts, values) = array.withUnsafeElements { dense in
                let starts = Self.starts(count) {
                    ck_linear_count_f32(dense.baseAddress, width, $0, $1, $2)
                }
                let (columns, values): ([UInt32], [Float]) = Self.fill(starts) {
                    ck_linear_fill_f32(dense.baseAddress, width, $0, $1, starts, $2, $3)
                }
                return (starts, .floats(columns: columns, values: values))
            }
        case .sparse(let rows):
            var (starts, columns, values): ([Int64], [UInt32], [Float]) = ([0], [], [])
            for row in 0..<count {
                let entries = rows.entries(ofRow: row)
                columns += entries.columns.map { UInt32($0) }
                values += entries.values
                starts.append(Int64(values.count))
            }
            // What is empty has no address.
            if values.isEmpty { (columns, values) = ([0], [0]) }
            (self.starts, self.values) = (starts, .floats(columns: columns, values: values))
        }
    }

    /// Finds the start of each row, and the end; rows are counted in parts that write their own counts.
    private static func starts(
        _ count: Int, _ body: (Int, Int, UnsafeMutablePointer<Int64>) -> Void
    ) -> [Int64] {
        var starts = [Int64](repeating: 0, count: count + 1)
        starts.withUnsafeMutableBufferPointer { starts in
            guard let base = starts.baseAddress else { return }
            let parts = max(1, min(16, count / 1024))
            inParts(parts) { part in
                body(count * part / parts, count * (part + 1) / parts, base + 1)
            }
        }
        for row in 0..<count { starts[row + 1] += starts[row] }
        return starts
    }

    /// Columns and values of all entries; each part writes those of its own rows.
    private static func fill<Column, Value>(
        _ starts: [Int64],
        _ body: (Int, Int, UnsafeMutablePointer<Column>, UnsafeMutablePointer<Value>) -> Void
    ) -> ([Column], [Value]) {
        let count = starts.count - 1
        let total = Int(starts[count])
        let parts = max(1, min(16, count / 1024))
        var values: [Value] = []
        let columns = [Column](unsafeUninitializedCapacity: max(1, total)) { columns, columnCount in
            values = [Value](unsafeUninitializedCapacity: max(1, total)) { values, valueCount in
                if let columns = columns.baseAddress, let values = values.baseAddress {
                    inParts(parts) { part in
                        body(count * part / parts, count * (part + 1) / parts, columns, values)
                    }
                }
                valueCount = total
            }
            columnCount = total
        }
        return (columns, values)
    }

    /// |x|^2 of each row, and `bias` squared; each part writes its own rows.
    func norms(bias: Float) -> [Float] {
        [Float](unsafeUninitializedCapacity: max(1, count)) { norms, filled in
            guard let base = norms.baseAddress else { return }
            let parts = max(1, min(16, count / 1024))
            withKernelForm { form in
                inParts(parts) { part in
                    ck_linear_norms(
                        form, count * part / parts, count * (part + 1) / parts, bias, base)
                }
            }
            filled = count
        }
    }

    /// Calls `body` with each entry of the rows `places`: the index among these, the column and the value.
    func forEachEntry(of places: [Int], _ body: (Int, Int, Float) -> Void) {
        for (row, place) in places.enumerated() {
            for entry in Int(starts[place])..<Int(starts[place + 1]) {
                switch values {
                case .bytes(let columns, let values, let table):
                    body(row, Int(columns[entry]), table[Int(values[entry])])
                case .floats(let columns, let values): body(row, Int(columns[entry]), values[entry])
                }
            }
        }
    }

    /// Calls `body` with the form that the kernels read; it is valid only during the call.
    func withKernelForm<Result>(_ body: (UnsafePointer<ck_linear_rows>) throws -> Result) rethrows -> Result {
        try starts.withUnsafeBufferPointer { starts in
            var form = ck_linear_rows()
            form.starts = starts.baseAddress
            form.count = count
            form.width = width
            switch values {
            case .bytes(let columns, let values, let table):
                return try columns.withUnsafeBufferPointer { columns in
                    try values.withUnsafeBufferPointer { values in
                        try table.withUnsafeBufferPointer { table in
                            form.columns16 = columns.baseAddress
                            form.bytes = values.baseAddress
                            form.table = table.baseAddress
                            return try withUnsafePointer(to: &form, body)
                        }
                    }
                }
            case .floats(let columns, let values):
                return try columns.withUnsafeBufferPointer { columns in
                    try values.withUnsafeBufferPointer { values in
                        form.columns32 = columns.baseAddress
                        form.numbers = values.baseAddress
                        return try withUnsafePointer(to: &form, body)
                    }
                }
            }
        }
    }
}
