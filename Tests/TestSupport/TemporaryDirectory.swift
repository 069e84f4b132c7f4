import Foundation
import Support

/// A new directory for one test, removed with the last reference to it.
///
/// ```swift
/// private let directory: TemporaryDirectory
/// init() throws { directory = try TemporaryDirectory() }
/// ```
package final class TemporaryDirectory: Sendable {
    /// The path from the root, without a slash at its end.
    package let path: String

    /// Makes the directory in that of the system, with `prefix` as the beginning of its name.
    package init(prefix: String = "descent-test-") throws {
        path = try Files.makeTemporaryDirectory(in: Environment.temporaryDirectory, prefix: prefix)
    }

    deinit { Files.remove(path) }

    /// The names in the directory, or in a directory of it, sorted.
    package func names(_ folder: String = "") throws -> [String] {
        try Files.names(in: folder.isEmpty ? path : "\(path)/\(folder)")
    }

    /// A file of the directory as text.
    package func text(_ file: String) throws -> String {
        String(decoding: try Files.read("\(path)/\(file)", limit: 1 << 24), as: UTF8.self)
    }
}

/// Runs `body` with the path of a new directory, which is removed afterwards.
package func withTemporaryDirectory<Result>(_ body: (String) throws -> Result) throws -> Result {
    let directory = try TemporaryDirectory()
    return try withExtendedLifetime(directory) { try body(directory.path) }
}

/// Runs `body` with the path of a new directory, which is removed afterwards.
package func withTemporaryDirectory<Result>(
    isolation: isolated (any Actor)? = #isolation, _ body: (String) async throws -> Result
) async throws -> Result {
    let directory = try TemporaryDirectory()
    let result = try await body(directory.path)
    return withExtendedLifetime(directory) { result }
}

extension Files {
    /// Removes a file, a link, or a directory with all that is in it. Only tests do so: Descent itself removes nothing that it
    /// has not written.
    package static func remove(_ path: String) {
        if isRealDirectory(path) {
            for name in (try? names(in: path)) ?? [] { remove("\(path)/\(name)") }
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}

/// The bytes of a file; nil where there is none.
package func contents(_ path: String) -> [UInt8]? {
    FileManager.default.contents(atPath: path).map { [UInt8]($0) }
}

/// The names in a directory, sorted.
package func names(in directory: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
}
