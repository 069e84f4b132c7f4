import Descent
import Glibc
import Tables

extension Benchmark {
    /// A CSV of a million rows and 50 columns of numbers, read into columns: normal numbers with six decimals, and with all the
    /// digits that a double needs. The file is a block of 10,000 rows a hundred times; peers write the same.
    static var tables: [Benchmark] { ["six decimals", "all digits"].map(reading) }

    private static let (blockRows, blocks, columns) = (10_000, 100, 50)

    private static func reading(_ digits: String) -> Benchmark {
        Benchmark(
            name: "read a CSV of 1,000,000 x 50, \(digits)", unit: .milliseconds, askedRatio: 1,
            peers: ["polars", "pandas"].map {
                Peer(script: "tables", job: .rounds(["--reader", $0, "--digits", digits]))
            }
        ) { environment in
            let path = "\(environment.scratch)/table.csv"
            try write(digits, to: path)
            return .body { _ = try Tables.Table(unlabeled: path) }
        }
    }

    private static func write(_ digits: String, to path: String) throws {
        var random = RandomState(1)
        let numbers = random.normal(shape: [blockRows, columns]).elements
        var block = ""
        for row in 0..<blockRows {
            let texts = numbers[row * columns..<(row + 1) * columns].map {
                digits == "all digits" ? "\($0)" : sixDecimals($0)
            }
            block += texts.joined(separator: ",") + "\n"
        }
        let header = (1...columns).map { "c\($0)" }.joined(separator: ",") + "\n"
        guard let file = fopen(path, "w") else {
            throw DescentError(.cannotCreate, "cannot write", at: path)
        }
        defer { fclose(file) }
        fputs(header, file)
        for _ in 0..<blocks { fputs(block, file) }
    }

    private static func sixDecimals(_ number: Double) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
            _ = withVaList([number]) { vsnprintf(buffer.baseAddress, 32, "%.6f", $0) }
            return buffer.baseAddress.map { String(cString: $0) } ?? ""
        }
    }
}
