import Support
import TestSupport
import Testing

@testable import Tables

/// Mutated tables are read or refused, the same by both readers. DESCENT_FUZZ=1000000 gives each test a million.
@Suite struct TableFuzzTests {
    private static let words = [
        "\"", "\"\"", ",", ";", "\t", "|", "\n", "\r", "\r\n", "\n\n", "\0", " ", "NA", "?", "nan", "inf",
        "1e999", "-1e-999", "1,5", "0x10", "2024-01-31", "\u{FEFF}", "sep=;\n", "label", "가", "e\u{301}",
        "\"a\nb\"",
        "3,2,red,green\n", "\u{0}\u{0}", "12345678901234567890123",
    ]

    private func seeds() throws -> [[UInt8]] {
        let names = [
            "quotes.csv", "stray.csv", "semicolons.csv", "cp949.csv", "utf16.csv", "people.csv", "blank.csv",
            "returns.csv", "tabs.tsv", "pipes.csv", "european.csv", "separator.csv", "utf16be.csv",
            "quotes.csv.gz", "euc-kr.csv", "bom.csv",
        ]
        let seeds = names.compactMap { contents(Fixture.path($0)) }
        #expect(seeds.count == names.count)
        return seeds
    }

    /// What is learned from is read again as what is predicted: the same features.
    @Test func tables() throws {
        var round = 0
        let result = fuzz(try seeds(), seed: 9, words: Self.words) { bytes in
            round += 1
            let text = try TableText(bytes: bytes, partSize: round % 2 == 0 ? 64 : 128)
            let table = try Table(text, label: nil, task: nil, ignoring: [], options: TableOptions())
            let scaling = TablePreprocessing.Scaling.allCases[round % 3]
            let preprocessing = try TablePreprocessing(fittedTo: table, scaling: scaling)
            let examples = try table.examples(preprocessing)
            let again = try Table(text, for: preprocessing, labeledOnly: true)
            let prepared = try again.examples(preprocessing)
            guard prepared.count == examples.count, prepared.targets == examples.targets,
                prepared.features.unscaledFloats == examples.features.unscaledFloats
            else { throw Mismatch.reread }
            if table.count > 2 { _ = try? table.split(test: 0.4, seed: round & 7) }
        }
        #expect(result.other == nil)
        #expect(result.accepted > mutationCount / 50 && result.refused > mutationCount / 20, "\(result)")
    }

    /// A table that a model is asked about may be anything.
    @Test func rowsForAModel() throws {
        let people = try #require(contents(Fixture.path("people.csv")))
        let preprocessing = try TablePreprocessing(
            fittedTo: Table(
                TableText(bytes: people), label: nil, task: nil, ignoring: [], options: TableOptions()))
        let result = fuzz([people], seed: 10, words: Self.words + preprocessing.columns.map(\.name)) {
            bytes in
            let table = try Table(TableText(bytes: bytes, partSize: 64), for: preprocessing)
            let features = try preprocessing.applied(to: table).features
            guard features.shape == [table.count, preprocessing.featureCount],
                features.elements.allSatisfy(\.isFinite)
            else { throw Mismatch.features }
        }
        #expect(result.other == nil)
        #expect(result.accepted > mutationCount / 20 && result.refused > mutationCount / 20, "\(result)")
    }

    /// The vectorised reader and the one that goes byte by byte see the same rows and texts.
    @Test func bothReaders() throws {
        let result = fuzz(try seeds(), seed: 11, words: Self.words) { bytes in
            let text = try TableText(bytes: bytes, partSize: 64)
            var options = TableOptions(header: DelimitedFormat.Header.none)
            options.delimiter = try FormatDetection(text, delimiter: nil, decimal: nil, header: nil).format
                .delimiter
            let source = try TableSource(text, options: options, cancellation: nil, progress: nil) { layout in
                Set(layout.names)
            }
            var reader = try DelimitedReader(text, delimiter: options.delimiter)
            for row in source.rows {
                guard let fields = try reader.next(), fields.count == source.names.count else {
                    throw Mismatch.rows
                }
                for (column, field) in fields.enumerated() {
                    // A missing value has no text of its own.
                    guard let value = source.values[column].text(Int(row)) else { continue }
                    guard
                        value == field || value == field.filter({ $0 != " " && $0 != "\t" })
                            || field.contains(value)
                    else { throw Mismatch.text(value, field) }
                }
            }
            guard try reader.next() == nil else { throw Mismatch.rows }
        }
        #expect(result.other == nil)
        #expect(result.accepted > mutationCount / 50, "\(result)")
    }

    /// Every encoding that can be asked for.
    @Test func encodings() throws {
        var round = 0
        let result = fuzz(try seeds(), seed: 12, words: Self.words) { bytes in
            round += 1
            let encoding = TextEncoding.allCases[round % TextEncoding.allCases.count]
            let text = try TableText(bytes: bytes, encoding: encoding)
            guard String(validating: text.bytes, as: UTF8.self) != nil else { throw Mismatch.encoding }
            _ = try TableSource(
                text, options: TableOptions(encoding: encoding), cancellation: nil, progress: nil
            ) { _ in [] }
        }
        #expect(result.other == nil)
        #expect(result.accepted > mutationCount / 50 && result.refused > mutationCount / 50, "\(result)")
    }

    private enum Mismatch: Error { case reread, features, rows, encoding, text(String, String) }
}
