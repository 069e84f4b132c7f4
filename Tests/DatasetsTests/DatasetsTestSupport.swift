import Arrays
import Foundation
import Support

/// A new directory that goes away after `body`.
func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let path = FileManager.default.temporaryDirectory.path + "/descent-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try body(path)
}

/// The error of `body`, as `kind: text`, with `directory` taken out of it so that it can be compared.
func failure(in directory: String = "", _ body: () throws -> Void) -> String {
    do {
        try body()
        return "no error"
    } catch {
        return describe(error, in: directory)
    }
}

func describe(_ error: any Error, in directory: String) -> String {
    guard let error = error as? DescentError else { return "another error: \(error)" }
    let text = directory.isEmpty ? "\(error)" : "\(error)".replacingOccurrences(of: directory, with: "DIR")
    return "\(error.kind): \(text)"
}

/// The folder of data for development, beside the package or where DESCENT_SHARED says.
let sharedFolder: String = {
    if let path = ProcessInfo.processInfo.environment["DESCENT_SHARED"] { return path }
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    return package.deletingLastPathComponent().appendingPathComponent("shared").path
}()

func sharedData(_ name: String) -> String { "\(sharedFolder)/data/\(name)" }

func hasSharedData(_ name: String) -> Bool { FileManager.default.fileExists(atPath: sharedData(name)) }
