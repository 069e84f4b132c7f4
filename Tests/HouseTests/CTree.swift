import Foundation

/// The C tree as its files show it: folders, includes, macros, entries.
enum CTree {
    static let targets = ["CKernels", "COneDNN", "CInference", "CGraph"]
    /// The folders of CKernels in the order of its README, with those that each may use beside itself.
    static let uses: [(folder: String, folders: Set<String>)] = {
        guard let text = (try? Repository.text(of: "Sources/CKernels/README.md")) ?? nil else { return [] }
        return text.split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            guard line.hasPrefix("| `"), let name = cells.first else { return nil }
            let used = cells.count > 2 ? cells[2].split(separator: ",") : []
            let ticks = CharacterSet(charactersIn: " `")
            return (
                name.trimmingCharacters(in: ticks), Set(used.map { $0.trimmingCharacters(in: ticks) })
            )
        }
    }()

    static func files(_ endings: [String]) throws -> [String] {
        try Repository.files().filter { path in
            targets.contains { path.hasPrefix("Sources/\($0)/") } && endings.contains(where: path.hasSuffix)
        }
    }

    static func text(_ path: String) throws -> String { try Repository.text(of: path) ?? "" }

    /// `text` without comments and with the lines of a macro as one.
    static func code(_ path: String) throws -> String {
        try text(path).replacing(/\/\*.*?\*\//.dotMatchesNewlines(), with: " ")
            .replacing(/\/\/[^\n]*/, with: "").replacing("\\\n", with: " ")
    }

    /// The entries that public headers declare and that have arguments, without their suffixes (_f32).
    static func entries() throws -> Set<String> {
        var found: Set<String> = []
        for path in try files([".h"]) where path.contains("/include/") {
            let code = try code(path)
            for match in code.matches(
                of: /\b(c(?:k|dnn|i)_[a-z0-9_]+)(?:##suffix)?\(([^;{}()]*(?:\([^;{}()]*\)[^;{}()]*)*)\)\s*;/)
            where match.output.2 != "void" {
                found.insert(plain(String(match.output.1)))
            }
        }
        return found
    }

    static func plain(_ name: String) -> String {
        name.replacing(/_(?:f32|f64|i32|i64|placed)?$/, with: "")
    }
}
