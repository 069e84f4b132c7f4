import ArgumentParser
import Descent

/// `descent find-lr`: the learning rate that suits a network, by a short run in which it grows.
struct FindRateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "find-lr",
        abstract: "Find a learning rate: let it grow from step to step and watch the loss.",
        discussion: """
            The rate grows by the same factor at each step. Where the loss falls fastest \
            is a good rate; where it turns upward is too large a one (Smith 2017). \
            Flags of 'descent train' for the network and its steps are taken, but for \
            --lr, --schedule, --average and --patience. Nothing is trained or kept.

            EXAMPLES
              descent find-lr
                  of the two-layer network on built-in digits
              descent find-lr --data mnist --model lenet --optimizer adam
                  of another network and rule
              descent find-lr --model lenet --svg lr.svg
                  with a picture of the curve
              descent find-lr --lr-range 1e-4..1 --steps 300
                  a closer look
            """)

    @OptionGroup var trial: TrialOptions

    @Option(
        help: ArgumentHelp(
            "The rates that are tried, smallest to largest (default: 1e-6..10).", valueName: "a..b"))
    var lrRange: NumberRange?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Steps, 20 or more (default: by the size of the data).", valueName: "n"))
    var steps: Int?

    @Option(
        help: ArgumentHelp("Draw the curve into this file.", valueName: "file"),
        completion: .file(extensions: ["svg"]))
    var svg: String?

    func validate() throws {
        try WrittenFile.svg.checkName(svg, of: "--svg")
        if let range = lrRange,
            !(Float(range.bounds.lowerBound) > 0 && Float(range.bounds.upperBound).isFinite)
        {
            throw ValidationError("--lr-range must lie within 1.4e-45..3.4e38, not \(range.text)")
        }
        if let steps, !(20...1_000_000).contains(steps) {
            throw ValidationError("--steps must be 20 to 1000000, not \(steps)")
        }
        // A recipe's own settings are let alone, and flags beside it are refused with it.
        let unused = [
            ("lr", trial.training.lr != nil), ("schedule", trial.tools.schedule != .constant),
            ("average", trial.tools.average != nil), ("patience", trial.tools.patience != nil),
        ]
        for (flag, isGiven) in unused where isGiven && trial.preset.recipe == nil {
            throw ValidationError(
                "--\(flag) has no effect here: the rate grows from step to step (see --lr-range), and nothing is kept"
            )
        }
    }

    func run() async throws {
        try WrittenFile.svg.check(svg)
        let (job, data) = try await trial.job("find-lr")
        let model = try job.makeModel(for: data)
        let test = LearningRateFinder(
            job.trainer, range: lrRange?.bounds ?? 1e-6...10, steps: steps)
        let interruption = Interruption(saying: trial.options)
        defer { interruption.end() }
        let curve = try test.run(model.network, on: data.train, cancellation: interruption.cancellation)
        // A picture that cannot be written must not cost the figures.
        var problem: (any Error)?
        if let path = svg {
            do { try WrittenFile.svg.write(chart(curve, model, job, data).svg(), to: path) } catch {
                problem = error
            }
        }
        try Output.standard.write(trial.options.json ? json(curve) : text(curve, model, job, data))
        if let problem { throw problem }
        if interruption.cancellation.isCancelled {
            throw DescentError(
                .interrupted, "interrupted after \(Numerals.counted(curve.points.count, "step"))")
        }
    }

    private func title(_ model: TrainableNetwork, _ job: TrainingJob, _ data: ExampleParts) -> String {
        "\(model.architecture.name) on \(data.name), \(type(of: job.trainer.optimizer).kind), batch \(job.trainer.batchSize)"
    }

    private func chart(
        _ curve: LearningRateCurve, _ model: TrainableNetwork, _ job: TrainingJob, _ data: ExampleParts
    )
        -> LineChart
    {
        let rates = curve.points.map(\.rate)
        var series: [LineChart.Series] = [
            .init(
                name: "loss, smoothed", positions: rates, values: curve.drawnLosses, style: .line)
        ]
        if let suggestion = curve.suggestion,
            let point = curve.points.first(where: { $0.rate >= suggestion.rate })
        {
            series.append(
                .init(
                    name: "suggested: \(Numerals.twoDigits(suggestion.rate))", positions: [point.rate],
                    values: [point.smoothed], style: .marks))
        }
        var chart = LineChart(
            title: "Learning rates: \(title(model, job, data))", subtitle: curve.summary,
            xAxis: .init(label: "learning rate", scale: .logarithmic),
            yAxis: .init(label: "\(job.trainer.loss) of a batch"),
            series: series)
        chart.showsLastValues = false
        return chart
    }

    private func text(
        _ curve: LearningRateCurve, _ model: TrainableNetwork, _ job: TrainingJob, _ data: ExampleParts
    ) -> String {
        let plot = TerminalPlot(
            x: curve.points.map(\.rate), y: curve.drawnLosses, isLogarithmic: true,
            columns: min(78, max(40, Output.standard.columns)))
        return """
            \(title(model, job, data).showingControlCharacters): \(curve.points.count) steps, the rate from \
            \(Numerals.twoDigits(curve.range.lowerBound)) to \(Numerals.twoDigits(curve.points.last?.rate ?? curve.range.lowerBound))

            \(plot.text(xLabel: "learning rate", yLabel: "loss, smoothed"))
            \(curve.sentence)
            Nothing was trained or kept.\(svg.map { "\ncurve      \($0.showingControlCharacters)" } ?? "")

            """
    }

    private func json(_ curve: LearningRateCurve) -> String {
        let points = curve.points.map { point -> JSONText in
            [
                "rate": .number(point.rate), "loss": .rounded(point.loss, decimals: 6),
                "smoothed": .rounded(point.smoothed, decimals: 6),
            ]
        }
        let line: JSONText = [
            "event": "find-lr", "version": 1, "suggestion": .number(curve.suggestion?.rate),
            "slope": .rounded(curve.suggestion?.slope, decimals: 6),
            "bound": .number(curve.suggestion?.bound),
            "diverged": .bool(curve.ending == .diverged), "sentence": .string(curve.sentence),
            "points": .array(points),
        ]
        return line.line + "\n"
    }
}
