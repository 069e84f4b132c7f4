import ArrayFiles
import Arrays
import Foundation
import Support

/// The progress of a download.
public struct DownloadProgress: Sendable, Equatable {
    /// The file that is coming.
    public let file: String
    /// Its number, from 1, among the files that are fetched.
    package let number: Int
    /// The number of files to fetch.
    package let fileCount: Int
    /// The host that it comes from.
    package let host: String
    /// Bytes of the file that are here.
    public let received: Int
    /// Bytes of the whole file, if the host says so.
    public let total: Int?
}

/// Fetches files into a directory: mirrors in turn, resumed, checked, and named only when complete.
struct Download: Sendable {
    let source: DatasetSource
    let directory: String
    /// Seconds without a byte after which a mirror is given up.
    var silence = 15.0
    /// The most bytes that one file may have.
    var limit = 1 << 30
    let progress: @Sendable (DownloadProgress) -> Void

    /// The error of a cancelled download.
    static let stopped = DescentError(
        .interrupted, "the download was stopped", advice: "run it again: it goes on where it stopped")

    /// Fetches those of the source's files that are not there yet.
    ///
    /// - Throws: `unavailable` when no mirror gives a file; `cannotCreate`, `inputOutput` when it cannot be
    ///   kept; `interrupted` when the task is cancelled.
    func run() async throws {
        try await CacheDirectory.locked(directory) {
            // Looked at under the lock: another process may have fetched them while this one waited.
            let missing = source.files.filter { access(directory + "/" + $0.name, F_OK) != 0 }
            // The mirror that gave the last file is tried first for the next.
            var mirrors = source.mirrors
            for (index, file) in missing.enumerated() {
                let used = try await fetch(file, from: mirrors) { host, received, total in
                    progress(
                        DownloadProgress(
                            file: file.name, number: index + 1, fileCount: missing.count, host: host,
                            received: received, total: total))
                }
                mirrors = [mirrors[used]] + mirrors[..<used] + mirrors[(used + 1)...]
            }
        }
    }

    /// Fetches one file; the index of the mirror that gave it.
    private func fetch(
        _ file: DatasetSource.File, from mirrors: [String],
        _ report: @escaping @Sendable (String, Int, Int?) -> Void
    ) async throws -> Int {
        let destination = directory + "/" + file.name
        var part = try PartFile(path: destination + ".part")
        defer { part.close() }
        var reasons: [String] = []
        for (index, mirror) in mirrors.enumerated() {
            guard let url = URL(string: mirror + file.name) else {
                reasons.append("\(mirror): not an address")
                continue
            }
            let host = url.host ?? mirror
            var reason = ""
            // A mirror whose connection broke, or whose bytes were put after wrong ones of an earlier try, gets
            // another chance; one that gave nothing does not.
            for _ in 0..<3 {
                if Task.isCancelled { throw Self.stopped }
                let before = part.count
                let outcome = await Transfer.run(url, part: &part, silence: silence, limit: limit) {
                    report(host, $0, $1)
                }
                if Task.isCancelled { throw Self.stopped }
                if case .broken(let error) = outcome { throw error }
                if case .failed(let text) = outcome {
                    reason = text
                    if part.count > before { continue }
                    break
                }
                if let problem = try check(part, file) {
                    reason = problem
                    try part.restart()
                    if before > 0 { continue }
                    break
                }
                try part.rename(to: destination)
                return index
            }
            reasons.append("\(host): \(reason)")
        }
        if part.count == 0 { unlink(part.path) }
        throw DescentError(
            .unavailable, "cannot download \(file.name) of \(source.title)",
            got: reasons.joined(separator: ", "),
            advice:
                "fetch \(source.files.map(\.name).joined(separator: ", ")) by hand (see \(source.page)) and name "
                + "their directory, or use the built-in digits, which need no network")
    }

    /// Describes the fault of a file that has come; nil for a good one.
    ///
    /// A file without a published MD5 is unpacked, as far as its header says that it goes: gzip has a CRC.
    ///
    /// - Throws: `inputOutput` when this machine's disk cannot be read: no other mirror would help.
    private func check(_ part: PartFile, _ file: DatasetSource.File) throws -> String? {
        if let md5 = file.md5 {
            let got = try part.md5().hexadecimal()
            return got == md5 ? nil : "wrong MD5 \(got)"
        }
        do {
            guard try UnpackingReader(ByteSource(path: part.path)).isGzip else { return "not gzip data" }
            try IDX.check(part.path)
            return nil
        } catch let error as DescentError where error.kind == .badData {
            return error.what
        }
    }
}
