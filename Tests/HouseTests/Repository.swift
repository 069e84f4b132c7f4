import Foundation

/// The working tree that these tests look at, and the programs that know about it.
enum Repository {
    /// The package's root: three steps up from this file.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    struct Outcome {
        let status: Int32
        let output: String
        let errors: String
    }

    /// Runs a program of the PATH in the root and waits for it. The outputs go through files: a pipe that
    /// nobody empties while the other is read would stop the program.
    static func run(_ arguments: String...) throws -> Outcome { try run(arguments: arguments) }

    static func run(arguments: [String]) throws -> Outcome {
        let folder = FileManager.default.temporaryDirectory.appending(path: "house-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let output = folder.appending(path: "output"), errors = folder.appending(path: "errors")
        try Data().write(to: output)
        try Data().write(to: errors)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.currentDirectoryURL = root
        // SwiftPM leaves a temporary directory behind each time that it runs: here it goes with the folder.
        process.environment = ProcessInfo.processInfo.environment.merging(["TMPDIR": folder.path]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus, output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8))
    }

    /// Whether the tree is a git checkout with git at hand; an unpacked archive is not.
    static let isCheckout = (try? run("git", "rev-parse", "--is-inside-work-tree"))?.status == 0

    /// The files that git tracks or would track, as paths from the root.
    static func files() throws -> [String] {
        let listed = try run("git", "ls-files", "--cached", "--others", "--exclude-standard")
        return listed.output.split(separator: "\n").map(String.init)
            .filter { FileManager.default.fileExists(atPath: root.appending(path: $0).path) }
    }

    /// A file's text; nil when it is not text.
    static func text(of path: String) throws -> String? {
        String(data: try Data(contentsOf: root.appending(path: path)), encoding: .utf8)
    }
}
