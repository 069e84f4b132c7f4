import Descent

/// The output of `descent tune` about its results.
struct TuneReport {
    let work: TuneWork
    let results: [SearchResult]
    let folder: String
    /// The scores of one answer for all, on the examples that the choice is made by.
    var guessing: Guessing?

    /// Returns the line of one trial.
    static func line(_ result: SearchResult) -> String {
        let settings = result.settings.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
        return
            "trial \(result.trial + 1), \(Numerals.counted(result.epochs, "epoch")): \(settings): \(outcome(result))"
            .showingControlCharacters + "  \(Numerals.duration(result.seconds))"
    }

    /// Returns the same as a JSON line. Trials are numbered from 1, as in the text; in the journal they count from 0.
    static func event(_ result: SearchResult) -> String {
        JSONText.object([.init("event", "trial"), .init("version", 1)] + members(result)).line
    }

    private static func members(_ result: SearchResult) -> [JSONText.Member] {
        var numbered = result
        numbered.trial += 1
        guard case .object(let members) = SearchJournal.json(numbered) else { return [] }
        return members
    }

    private static func outcome(_ result: SearchResult) -> String {
        switch result.outcome {
        case .scored(let scores): "validation accuracy \(Numerals.percent(scores.accuracy))"
        case .diverged: "diverged"
        case .refused(let why): "not possible: \(why)"
        }
    }

    /// Returns the command that trains with the best settings, on all training images.
    func command(_ best: SearchResult) -> String {
        var words = ["descent", "train"]
        let source = work.command.source
        if source.data != nil || source.dataDir != nil { words += ["--data", source.name().rawValue] }
        if let directory = source.dataDir { words += ["--data-dir", directory] }
        if let limit = work.command.trainLimit { words += ["--train-limit", String(limit)] }
        return Shell.line(words + work.arguments(best.settings, epochs: best.epochs))
    }

    private func found() throws -> SearchResult {
        if let best = SettingsSearch.best(of: results) { return best }
        let why = results.lazy.compactMap { result -> String? in
            if case .refused(let why) = result.outcome { return why }
            return nil
        }.first
        throw DescentError(
            .failed, "no trial could be trained to its end", at: folder, got: why ?? "all diverged",
            advice: "give other ranges, in another folder")
    }

    /// Returns whether a result is better than one answer for all.
    private func hasLearned(_ result: SearchResult) -> Bool {
        guard let guessing, let accuracy = result.scores?.accuracy else { return true }
        return accuracy > guessing.limit()
    }

    /// Returns the best ten of those trained longest, and the next command.
    func text() throws -> String {
        let best = try found()
        let top = results.filter { $0.rung == best.rung && $0.scores != nil }
            .sorted {
                ($0.scores?.accuracy ?? 0, -($0.scores?.loss ?? 0)) > (
                    $1.scores?.accuracy ?? 0, -($1.scores?.loss ?? 0)
                )
            }
            .prefix(10)
        var table = TextTable(
            ["trial"] + work.search.ranges.map(\.name) + ["epochs", "validation accuracy", "loss", "seconds"])
        for result in top {
            table.rows.append(
                [String(result.trial + 1)] + result.settings.map(\.value) + [
                    String(result.epochs), Numerals.percent(result.scores?.accuracy ?? 0),
                    Numerals.loss(result.scores?.loss ?? .nan), Numerals.fixed(result.seconds, 2),
                ])
        }
        let bad = results.filter { $0.scores == nil }.count
        let verdict =
            hasLearned(best)
            ? ""
            : "\nNot even the best has learned: always answering the most frequent class gets "
                + "\(Numerals.percent(guessing?.accuracy ?? 0)) of these examples right.\n"
        return """
            \(table.text)
            \(Numerals.counted(results.count, "training")) in \(Numerals.duration(results.reduce(0) { $0 + $1.seconds }))\
            \(bad > 0 ? ", \(bad) of them diverged or not possible" : ""); the test images were not looked at.
            \(verdict)
            journal    \(folder.showingControlCharacters)/\(SearchJournal.fileName)
            chart      \(folder.showingControlCharacters)/trials.svg
            train      \(Invocation.program) \(command(best).dropFirst("descent ".count))

            """
    }

    /// Returns the last line with `--json`.
    func json() throws -> String {
        let best = try found()
        let line: JSONText = [
            "event": "result", "version": 1, "trials": .integer(results.count),
            "best": .object(Self.members(best)),
            "verdict": .string((hasLearned(best) ? TrainingVerdict.Kind.unknown : .notLearned).rawValue),
            "command": .string(command(best)), "folder": .string(folder),
        ]
        return line.line + "\n"
    }

    /// Returns the titles of the pictures by the names of their files: the trials, and each numeric range.
    private static func titles(_ ranges: [SearchRange]) -> [String: String] {
        var titles = ["trials": overviewTitle]
        for range in ranges where range.isLogarithmic != nil {
            titles[range.name] = "Validation accuracy by \(range.name)"
        }
        return titles
    }

    /// Refuses to replace a file that no search has drawn.
    ///
    /// - Throws: `cannotCreate` that names the file.
    static func checkCharts(_ ranges: [SearchRange], in folder: String) throws {
        for (name, title) in titles(ranges).sorted(by: { $0.key < $1.key }) {
            let path = "\(folder)/\(name).svg"
            guard Files.exists(path) else { continue }
            let text = try? String(decoding: Files.read(path, limit: 64 << 20).prefix(4096), as: UTF8.self)
            guard text?.contains(">\(title)<") != true else { continue }
            throw DescentError(
                .cannotCreate, "a file that no search has drawn is in the way of a picture", at: path,
                advice: "move it, or give another --out")
        }
    }

    /// `trials.svg`, and one chart for each numeric range.
    ///
    /// - Throws: as `checkCharts`, and the errors of writing.
    func writeCharts() throws {
        guard results.contains(where: { $0.scores != nil }) else { return }
        try Self.checkCharts(work.search.ranges, in: folder)
        let subtitle = work.rounds
        try AtomicFile.write(overview(subtitle).svg(), to: "\(folder)/trials.svg")
        for (place, range) in work.search.ranges.enumerated() {
            guard let isLogarithmic = range.isLogarithmic else { continue }
            let chart = chart(of: place, isLogarithmic, subtitle)
            try AtomicFile.write(chart.svg(), to: "\(folder)/\(range.name).svg")
        }
    }

    private static let overviewTitle = "Trials of a search"

    /// Returns the accuracy over the first numeric setting; without one, a series for each value of the first one.
    private func overview(_ subtitle: String) -> LineChart {
        for (place, range) in work.search.ranges.enumerated() {
            guard let isLogarithmic = range.isLogarithmic else { continue }
            var chart = chart(of: place, isLogarithmic, subtitle)
            chart.title = Self.overviewTitle
            return chart
        }
        let scored = results.filter { $0.scores != nil }
        let values = Set(scored.compactMap { $0.settings.first?.value }).sorted()
        let series = values.map { value in
            let points = scored.filter { $0.settings.first?.value == value }
            return LineChart.Series(
                name: "\(work.search.ranges.first?.name ?? "setting") \(value)",
                positions: points.map { Double($0.trial + 1) },
                values: points.map { $0.scores?.accuracy ?? .nan }, style: .marks)
        }
        var chart = LineChart(
            title: Self.overviewTitle, subtitle: subtitle, xAxis: .init(label: "trial", format: .integer),
            yAxis: .init(label: "validation accuracy", format: .percent), series: series)
        chart.showsLastValues = false
        return chart
    }

    private func chart(of place: Int, _ isLogarithmic: Bool, _ subtitle: String) -> LineChart {
        let name = work.search.ranges[place].name
        let axis = LineChart.Axis(label: name, scale: isLogarithmic ? .logarithmic : .linear)
        return chart("Validation accuracy by \(name)", subtitle, axis) {
            Double($0.settings[place].value) ?? .nan
        }
    }

    private func chart(
        _ title: String, _ subtitle: String, _ axis: LineChart.Axis, _ position: (SearchResult) -> Double
    ) -> LineChart {
        let series = work.search.plan.rungs.enumerated().compactMap { number, rung -> LineChart.Series? in
            let points = results.filter { $0.rung == number && $0.scores != nil }
            guard !points.isEmpty else { return nil }
            return .init(
                name: Numerals.counted(rung.epochs, "epoch"), positions: points.map(position),
                values: points.map { $0.scores?.accuracy ?? .nan }, style: .marks)
        }
        var chart = LineChart(
            title: title, subtitle: subtitle, xAxis: axis,
            yAxis: .init(label: "validation accuracy", format: .percent),
            series: series)
        chart.showsLastValues = false
        return chart
    }
}
