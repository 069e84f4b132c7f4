import ArrayFiles
import Arrays
import Foundation
import Glibc
import Support
import Training

/// The results of a search so far, on disk: `journal.jsonl`, one line of JSON for the search and one for each result.
///
/// Each line is on the disk before the next trial begins. A process that was killed leaves at most half a last line, which
/// is cut off when the journal is opened again.
public final class SearchJournal {
    /// The file's name in the folder of the search.
    public static let fileName = "journal.jsonl"
    /// The path of the file.
    public let path: String
    /// The results that stood in it when it was opened.
    public private(set) var results: [SearchResult] = []
    /// The processes that the journal's lock does not keep out, in words; nil where it keeps out all.
    package let lockCaveat: String?
    private let descriptor: Int32

    /// Opens the journal in `folder`, or begins one. `title`: one line of JSON that says which search it is.
    ///
    /// - Throws: `cannotCreate`, `inputOutput`; `usage` when the folder has another search, or another process is at it;
    ///   `badData`, with the line, when a line is damaged or does not belong to `search`.
    public init(in folder: String, title: String, of search: SettingsSearch) throws {
        let path = "\(folder)/\(Self.fileName)"
        self.path = path
        try AtomicFile.createDirectory(at: folder)
        descriptor = try RegularFile.open(
            path, flags: O_RDWR | O_CREAT | O_APPEND, failing: .cannotCreate
        ).descriptor
        let outcome = FileLock.take(descriptor, patience: 300)
        lockCaveat = FileLock.caveat(outcome, of: descriptor).map {
            "\($0): let nobody else search in \(folder) until this ends"
        }
        guard outcome != .held else {
            throw DescentError(
                .usage, "another process is at this search", at: path,
                advice: "wait for it, or give another `folder`")
        }
        var bytes = try Files.read(path, limit: 1 << 28)
        // Before anything is cut off: the file may belong to another program.
        let newline = UInt8(ascii: "\n")
        let begun = bytes.prefix { $0 != newline }
        guard
            begun.elementsEqual(title.utf8) || (begun.count == bytes.count && title.utf8.starts(with: begun))
        else {
            throw DescentError(
                .usage, "the folder has another search: other ranges, settings, data or budget", at: path,
                advice: "give the same settings as before to go on, or another folder with `folder`")
        }
        bytes.removeSubrange((bytes.lastIndex(of: newline).map { $0 + 1 } ?? 0)...)
        guard ftruncate(descriptor, off_t(bytes.count)) == 0 else {
            throw Files.failure(.inputOutput, "cannot cut off half a line", path)
        }
        let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
        guard !lines.isEmpty else {
            try append(title)
            return
        }
        let settings = search.settings
        results = try lines.dropFirst().enumerated().map { number, line in
            try Self.result(line, at: "\(path), line \(number + 2)", settings, search.plan)
        }
    }

    deinit { FileLock.close(descriptor) }

    /// Writes a result down; it is on the disk when the call returns.
    ///
    /// - Throws: `inputOutput`.
    public func add(_ result: SearchResult) throws {
        results.append(result)
        try append(Self.json(result).line)
    }

    private func append(_ line: String) throws {
        let bytes = Array((line + "\n").utf8)
        // One call: a reader sees the line whole, or cut off at its end.
        guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else {
            throw Files.failure(.inputOutput, "cannot write the journal", path)
        }
    }

    /// Returns the line of a result.
    package static func json(_ result: SearchResult) -> JSONText {
        var (refused, isDiverged): (String?, Bool) = (nil, false)
        switch result.outcome {
        case .scored: break
        case .diverged: isDiverged = true
        case .refused(let why): refused = why
        }
        return [
            "trial": .integer(result.trial), "rung": .integer(result.rung), "epochs": .integer(result.epochs),
            "settings": .object(result.settings.map { .init($0.name, .string($0.value)) }),
            "accuracy": .number(result.scores?.accuracy), "loss": .number(result.scores?.loss),
            "diverged": .bool(isDiverged), "refused": .string(refused),
            "seconds": .rounded(result.seconds, decimals: 3),
        ]
    }

    private struct Line: Decodable {
        var trial, rung, epochs: Int
        var settings: [String: String]
        var accuracy, loss: Double?
        var diverged: Bool
        var refused: String?
        var seconds: Double
    }

    private static func result(
        _ bytes: some Sequence<UInt8>, at place: String, _ settings: [[SearchSetting]],
        _ plan: SuccessiveHalving
    ) throws -> SearchResult {
        guard let line = try? JSONDecoder().decode(Line.self, from: Data(bytes)) else {
            throw DescentError(
                .badData, "not a line of a journal", at: place,
                advice: "remove the line, or give another folder with `folder`")
        }
        guard settings.indices.contains(line.trial), plan.rungs.indices.contains(line.rung),
            plan.rungs[line.rung].epochs == line.epochs,
            Dictionary(settings[line.trial].map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
                == line.settings
        else {
            throw DescentError(
                .badData, "the line belongs to another search", at: place,
                advice: "give another folder with `folder`")
        }
        let outcome: SearchResult.Outcome
        if let why = line.refused {
            outcome = .refused(why)
        } else if let accuracy = line.accuracy, !line.diverged {
            outcome = .scored(Scores(loss: line.loss ?? .infinity, accuracy: accuracy))
        } else {
            outcome = .diverged
        }
        return SearchResult(
            trial: line.trial, rung: line.rung, epochs: line.epochs, settings: settings[line.trial],
            outcome: outcome,
            seconds: line.seconds)
    }
}
