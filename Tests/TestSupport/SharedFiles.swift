import Foundation
import Testing

/// The folder of data for development: `shared` beside the package, or the one that DESCENT_SHARED names. Tests that need
/// it are skipped where it is not.
package enum SharedFiles {
    /// The folder's path, whether it is there or not.
    package static let folder: String = {
        if let path = ProcessInfo.processInfo.environment["DESCENT_SHARED"], !path.isEmpty { return path }
        // Three steps up from this file is the package.
        var place = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { place.deleteLastPathComponent() }
        return place.appendingPathComponent("shared").path
    }()

    /// The path of a file or folder in it, such as `data/mnist`.
    package static func path(_ name: String) -> String { "\(folder)/\(name)" }

    /// Whether all of the files or folders are there.
    package static func have(_ names: [String]) -> Bool {
        names.allSatisfy { FileManager.default.fileExists(atPath: path($0)) }
    }

    /// The reason with which a test is skipped, the same for all that need the same.
    package static func reason(_ names: [String]) -> Comment {
        "needs \(names.map { "../shared/\($0)" }.joined(separator: " and ")); DESCENT_SHARED names another folder"
    }
}

extension Trait where Self == ConditionTrait {
    /// Skips a test where one of the shared files or folders is missing.
    package static func needsShared(_ names: String...) -> Self {
        .enabled(if: SharedFiles.have(names), SharedFiles.reason(names))
    }
}
