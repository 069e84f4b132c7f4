import Foundation
import Support

/// The error of `body` as `kind: text`, in which `DIR` stands for `directory`; "no error" without one.
package func failure(in directory: String = "", _ body: () throws -> Void) -> String {
    do {
        try body()
        return "no error"
    } catch {
        return describe(error, in: directory)
    }
}

/// The error of `body` as `kind: text`, in which `DIR` stands for `directory`; "no error" without one.
package func failure(
    in directory: String = "", isolation: isolated (any Actor)? = #isolation,
    _ body: () async throws -> Void
) async -> String {
    do {
        try await body()
        return "no error"
    } catch {
        return describe(error, in: directory)
    }
}

/// An error as `kind: text`, in which `DIR` stands for `directory`; one of another type says so.
package func describe(_ error: any Error, in directory: String = "") -> String {
    guard let error = error as? DescentError else { return "another error: \(error)" }
    let text = directory.isEmpty ? "\(error)" : "\(error)".replacingOccurrences(of: directory, with: "DIR")
    return "\(error.kind): \(text)"
}
