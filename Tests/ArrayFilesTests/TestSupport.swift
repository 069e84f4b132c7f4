import Arrays
import Foundation
import Support

@testable import ArrayFiles

/// A new directory that goes away after `body`.
func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = FileManager.default.temporaryDirectory.path + "/descent-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
}

func contents(_ path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map { [UInt8]($0) }
}

func names(in directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
}

/// The error of `body`, as `kind: text`, with `directory` taken out of it so that it can be compared.
func failure(in directory: String = "", _ body: () throws -> Void) -> String {
    do {
        try body()
        return "no error"
    } catch let error as DescentError {
        let text =
            directory.isEmpty ? "\(error)" : "\(error)".replacingOccurrences(of: directory, with: "DIR")
        return "\(error.kind): \(text)"
    } catch {
        return "another error: \(error)"
    }
}
