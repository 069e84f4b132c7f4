import Descent
import Synchronization

/// How far the reading of one's own data is, on standard error: a line that is redrawn on a terminal, a line every ten
/// seconds elsewhere. What is over in a moment says nothing.
final class ReadingDisplay: Sendable {
    private struct State {
        var start: ContinuousClock.Instant?
        var lastDraw: ContinuousClock.Instant?
        var isDrawn = false
        /// A table's test file is read after it: a smaller share is a new beginning.
        var lastShare = 0.0
    }

    private let style: ProgressDisplay.Style
    private let name: String
    private let state = Mutex(State())

    init(_ options: OutputOptions, name: String) {
        style = ProgressDisplay.style(options)
        self.name = name
    }

    /// Shows how far it is; called on any thread.
    func show(_ progress: ReadingProgress) {
        guard style != .none else { return }
        let now = ContinuousClock.now
        state.withLock { state in
            let share =
                switch progress {
                case .decoding(let images): Double(images.done) / Double(max(1, images.total))
                case .table(let share): share
                }
            if share < state.lastShare - 0.1 { state.start = now }
            state.lastShare = share
            let start = state.start ?? now
            state.start = start
            let seconds = (now - start).inSeconds
            guard seconds > (style == .lines ? 5 : 0.3), share < 1 else { return }
            let pause: Duration = style == .lines ? .seconds(10) : .milliseconds(100)
            if let last = state.lastDraw, now - last < pause { return }
            state.lastDraw = now
            let line = Self.line(progress, of: name, seconds: seconds)
            if style == .lines { return Output.error.tryWrite(line + "\n") }
            state.isDrawn = true
            Output.error.tryWrite("\r\(line.prefix(max(1, Output.error.columns - 1)))\u{1B}[K")
        }
    }

    /// Takes the line away.
    func clear() {
        state.withLock { state in
            if state.isDrawn { Output.error.tryWrite("\r\u{1B}[K") }
            state.isDrawn = false
        }
    }

    /// "decoding 12,345 of 50,000, 1,430/s, 26 s left", or "reading wine.csv, 42 %, 3 s left".
    static func line(_ progress: ReadingProgress, of name: String, seconds: Double) -> String {
        let (words, share): (String, Double)
        switch progress {
        case .decoding(let images):
            share = Double(images.done) / Double(max(1, images.total))
            let rate = seconds > 0 ? Int(Double(images.done) / seconds) : 0
            words =
                "decoding \(Numerals.grouped(images.done)) of \(Numerals.grouped(images.total)), \(Numerals.grouped(rate))/s"
        case .table(let read):
            share = read
            words = "reading \(name.showingControlCharacters), \(Numerals.fixed(100 * read, 0)) %"
        }
        guard share > 0 else { return words }
        return "\(words), \(left(seconds * (1 - share) / share)) left"
    }

    /// Whole seconds below a minute: tenths of a guess say nothing.
    private static func left(_ seconds: Double) -> String {
        seconds < 59.5 ? "\(Numerals.fixed(max(1, seconds), 0)) s" : Numerals.duration(seconds)
    }
}
