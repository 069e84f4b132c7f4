import Descent

/// `descent train --find-lr`.
struct RateTest {
    let job: TrainingJob
    let study: StudyOptions
    let options: OutputOptions

    /// Makes the test and prints it; nothing is trained or kept.
    func run(on data: Dataset) throws {
        try WrittenFile.svg.check(study.svg)
        let model = try job.makeModel(for: data)
        let test = LearningRateTest(
            job.trainer, range: study.lrRange?.bounds ?? 1e-6...10, steps: study.steps)
        let interruption = Interruption {}
        defer { interruption.end() }
        let curve = try test.run(model.network, on: data.train, cancellation: interruption.cancellation)
        // A picture that cannot be written must not cost the figures.
        var problem: (any Error)?
        if let path = study.svg {
            do { try WrittenFile.svg.write(chart(curve, model, data).svg(), to: path) } catch {
                problem = error
            }
        }
        try Output.standard.write(options.json ? json(curve) : text(curve, model, data))
        if let problem { throw problem }
        if interruption.cancellation.isCancelled {
            throw DescentError(
                .interrupted, "interrupted after \(Numerals.counted(curve.points.count, "step"))")
        }
    }

    private func title(_ model: TrainableNetwork, _ data: Dataset) -> String {
        "\(model.architecture.name) on \(data.name), \(type(of: job.trainer.optimizer).kind), batch \(job.trainer.batchSize)"
    }

    private func chart(_ curve: LearningRateCurve, _ model: TrainableNetwork, _ data: Dataset)
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
            title: "Learning rates: \(title(model, data))", subtitle: curve.summary,
            xAxis: .init(label: "learning rate", scale: .logarithmic),
            yAxis: .init(label: "\(job.trainer.loss) of a batch"),
            series: series)
        chart.showsLastValues = false
        return chart
    }

    private func text(_ curve: LearningRateCurve, _ model: TrainableNetwork, _ data: Dataset) -> String {
        let plot = TerminalPlot(
            x: curve.points.map(\.rate), y: curve.drawnLosses, isLogarithmic: true,
            columns: min(78, max(40, Output.standard.columns)))
        return """
            \(title(model, data).showingControlCharacters): \(curve.points.count) steps, the rate from \
            \(Numerals.twoDigits(curve.range.lowerBound)) to \(Numerals.twoDigits(curve.points.last?.rate ?? curve.range.lowerBound))

            \(plot.text(xLabel: "learning rate", yLabel: "loss, smoothed"))
            \(curve.sentence)
            Nothing was trained or kept.\(study.svg.map { "\ncurve      \($0.showingControlCharacters)" } ?? "")

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
