import Foundation
import Support
import Testing

@testable import Tables

/// Files of `Fixtures/`, and what Python makes of them (`make_fixtures.py`).
enum Fixture {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Fixtures").path

    static func path(_ name: String) -> String { "\(folder)/\(name)" }

    struct Expected: Decodable {
        struct People: Decodable {
            let standard: [[Float]]
            let minmax: [[Float]]
            let none: [[Float]]
        }

        let rows: [String: [[String]]]
        let people: People
    }

    static func expected() throws -> Expected {
        let data = try Data(contentsOf: URL(fileURLWithPath: path("expected.json")))
        return try JSONDecoder().decode(Expected.self, from: data)
    }
}

/// A table of a text, cut into parts of 64 bytes so that rows cross them.
func table(
    _ text: String, label: String? = nil, task: TableTask? = nil, ignoring: [String] = [],
    options: TableOptions = TableOptions()
) throws -> Table {
    try Table(
        TableText(bytes: Array(text.utf8), path: "t.csv", encoding: options.encoding, partSize: 64),
        label: label,
        task: task, ignoring: ignoring, options: options)
}

/// The same without a label.
func source(_ bytes: [UInt8], options: TableOptions = TableOptions(), partSize: Int = 64) throws
    -> TableSource
{
    try TableSource(
        TableText(bytes: bytes, path: "t.csv", encoding: options.encoding, partSize: partSize),
        options: options,
        cancellation: nil, progress: nil
    ) { _ in [] }
}
