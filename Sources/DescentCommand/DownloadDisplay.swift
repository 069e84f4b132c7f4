import Descent
import Synchronization

/// The progress of a download on standard error: a line that is redrawn on a terminal, a line per file elsewhere.
final class DownloadDisplay: Sendable {
    private struct State {
        var file = ""
        var lastDraw: ContinuousClock.Instant?
    }

    private let options: (isQuiet: Bool, isTerminal: Bool)
    private let name: String
    private let state = Mutex(State())

    init(_ options: OutputOptions, name: String) {
        self.options = (options.quiet, Output.error.isTerminal)
        self.name = name
    }

    /// Shows how far it is; called on any thread.
    func show(_ progress: DownloadProgress) {
        guard !options.isQuiet else { return }
        state.withLock { state in
            let now = ContinuousClock.now
            let isNew = state.file != progress.file
            state.file = progress.file
            if options.isTerminal {
                if !isNew, let last = state.lastDraw, now - last < .milliseconds(100) { return }
                state.lastDraw = now
                let line = String(Self.line(progress, of: name).prefix(max(1, Output.error.columns - 1)))
                Output.error.tryWrite("\r\(line)\u{1B}[K")
            } else if isNew {
                Output.error.tryWrite(Self.line(progress, of: name) + "\n")
            }
        }
    }

    /// Takes the line away.
    func clear() {
        state.withLock { state in
            if options.isTerminal, state.lastDraw != nil { Output.error.tryWrite("\r\u{1B}[K") }
            state.lastDraw = nil
        }
    }

    static func line(_ progress: DownloadProgress, of name: String) -> String {
        let megabytes = { (bytes: Int) in Numerals.fixed(Double(bytes) / 1e6, 1) }
        var line = "downloading \(name), file \(progress.number) of \(progress.fileCount): \(progress.file)"
        if let total = progress.total {
            line += ", \(megabytes(progress.received)) of \(megabytes(total)) MB"
        } else if progress.received > 0 {
            line += ", \(megabytes(progress.received)) MB"
        }
        return line + " from \(progress.host)"
    }
}
