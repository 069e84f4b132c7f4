import Descent

/// The training's progress on standard error: a bar that is redrawn on a terminal, a line per epoch elsewhere,
/// nothing with `--quiet`.
final class ProgressDisplay {
    /// The style of the progress display.
    enum Style: Equatable {
        case bar(isUTF8: Bool, isColored: Bool)
        case lines
        case none
    }

    private let style: Style
    private let output: Output
    /// The examples that the epochs are measured on besides the training examples.
    private let watched: History.Watched
    private let clock = ContinuousClock()
    private var lastDraw: ContinuousClock.Instant?
    private var lastTest: Scores?
    private var lastWarning: DescentError?

    init(_ style: Style, on output: Output = .error, watching watched: History.Watched = .test) {
        self.style = style
        self.watched = watched
        self.output = output
    }

    /// Returns the style that fits the stream and the flags.
    static func style(_ options: OutputOptions, on output: Output = .error) -> Style {
        if options.quiet { return .none }
        // The lines of epochs are on standard output already, as JSON.
        guard output.isTerminal else { return options.json && Output.areOne ? .none : .lines }
        return .bar(isUTF8: Environment.isUTF8, isColored: options.usesColor(on: output))
    }

    /// Shows a piece of news.
    func show(_ event: TrainingEvent) {
        switch (event, style) {
        case (.checkpointFailed(let error), _): warn(error)
        case (_, .none), (.step, .lines): break
        case (.epoch(let epoch, let progress), .lines):
            output.tryWrite(Self.line(epoch, of: progress.epochs, watching: watched) + "\n")
        case (.step(let progress), .bar(let isUTF8, let isColored)):
            draw(progress, isUTF8, isColored)
        case (.epoch(let epoch, let progress), .bar(let isUTF8, let isColored)):
            lastTest = epoch.test
            draw(progress, isUTF8, isColored)
        }
    }

    /// Says that a checkpoint is missing, also where no progress is shown: each reason once.
    private func warn(_ error: DescentError) {
        guard lastWarning != error else { return }
        lastWarning = error
        clear()
        output.tryWrite(
            "descent: warning: no checkpoint could be written: \(error.naming.description); the training goes on, and the next"
                + " one is tried when it is due\n")
    }

    /// Takes the bar away.
    func clear() {
        if case .bar = style, lastDraw != nil { output.tryWrite("\r\u{1B}[K") }
        lastDraw = nil
    }

    private func draw(_ progress: TrainingProgress, _ isUTF8: Bool, _ isColored: Bool) {
        let now = clock.now
        if let lastDraw, now - lastDraw < .milliseconds(100) { return }
        lastDraw = now
        let bar = Self.bar(
            progress, test: lastTest, watching: watched, columns: output.columns, isUTF8: isUTF8,
            isColored: isColored)
        output.tryWrite("\r\(bar)\u{1B}[K")
    }

    /// Returns the line of one epoch.
    static func line(_ epoch: History.Epoch, of epochs: Int, watching watched: History.Watched = .test)
        -> String
    {
        var line = "epoch \(pad(epoch.number, like: epochs))/\(epochs)"
        line += "  training loss \(Numerals.loss(epoch.training.loss))"
        if epoch.training.hasAccuracy {
            line += "  training accuracy \(Numerals.percent(epoch.training.accuracy))"
        }
        if let test = epoch.test {
            line +=
                test.hasAccuracy
                ? "  \(watched.rawValue) accuracy \(Numerals.percent(test.accuracy))"
                : "  \(watched.rawValue) loss \(Numerals.loss(test.loss))"
        }
        return line + "  \(Numerals.duration(epoch.seconds))"
    }

    /// Returns the bar at one moment, at most `columns` − 1 wide: parts that do not fit are left out, the least
    /// important first.
    static func bar(
        _ progress: TrainingProgress, test: Scores?, watching watched: History.Watched = .test, columns: Int,
        isUTF8: Bool, isColored: Bool
    ) -> String {
        let epoch = "epoch \(pad(progress.epoch, like: progress.epochs))/\(progress.epochs)"
        let step = "step \(pad(progress.step, like: progress.stepsPerEpoch))/\(progress.stepsPerEpoch)"
        let left = "\(Numerals.duration(progress.secondsLeft)) left"
        let loss = "loss \(Numerals.loss(progress.loss))"
        let rate = "\(Numerals.grouped(Int(min(progress.samplesPerSecond, 1e12)))) samples/s"
        let accuracy = test.map {
            "\(watched.rawValue) \($0.hasAccuracy ? Numerals.percent($0.accuracy) : Numerals.loss($0.loss))"
        }

        let room = max(1, columns - 1)
        for parts in [
            [step, rate, loss, accuracy, left], [step, rate, loss, left], [rate, loss, left], [loss, left],
            [left],
        ] {
            let text = parts.compactMap { $0 }.joined(separator: "  ")
            let width = room - epoch.count - text.count - 6
            guard width >= 8 else { continue }
            return epoch + "  " + cells(progress.fraction, min(width, 30), isUTF8, isColored) + "  " + text
        }
        return String(epoch.prefix(room))
    }

    private static func cells(_ fraction: Double, _ width: Int, _ isUTF8: Bool, _ isColored: Bool) -> String {
        let full = min(width, max(0, Int((fraction * Double(width)).rounded(.down))))
        let done = String(repeating: isUTF8 ? "\u{2501}" : "=", count: full)
        let rest = String(
            repeating: isUTF8 ? (isColored ? "\u{2501}" : "\u{2500}") : "-", count: width - full)
        return isColored ? "\u{1B}[32m\(done)\u{1B}[90m\(rest)\u{1B}[0m" : done + rest
    }

    /// Returns a number with spaces before it, as wide as the largest possible one: the line does not jump.
    private static func pad(_ number: Int, like largest: Int) -> String {
        let digits = String(number)
        return String(repeating: " ", count: max(0, String(largest).count - digits.count)) + digits
    }
}
