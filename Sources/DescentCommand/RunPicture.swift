import Descent

/// The picture of `descent runs compare`: the accuracies of the runs over their epochs; where none has epochs, because no
/// network was trained, their accuracies as bars.
struct RunPicture {
    let runs: [SavedRun]

    init(_ runs: [SavedRun]) { self.runs = runs }

    /// Returns the file's text.
    ///
    /// - Throws: `badData` where no run has an accuracy.
    func svg() throws -> String {
        runs.contains { !$0.epochs.isEmpty } ? curves : try bars()
    }

    /// The runs' names, each with the settings that distinguish it from the others where few and short ones do.
    var names: [String] {
        let settings = SavedRun.differingSettings(runs).filter { setting in
            setting.name != "arguments" && !setting.name.contains("checksum")
                && setting.values.allSatisfy { $0.count <= 24 }
        }
        for count in 1...3 where count <= settings.count {
            let differences = runs.indices.map { run in
                settings.prefix(count).map { "\($0.name) \($0.values[run])" }.joined(separator: ", ")
            }
            if Set(differences).count == runs.count {
                return zip(runs, differences).map { "\($0.name): \($1)" }
            }
        }
        let models = runs.map(RunText.model)
        guard Set(models).count > 1 else { return runs.map(\.name) }
        return zip(runs, models).map { $0.name.contains($1) ? $0.name : "\($0.name): \($1)" }
    }

    private var title: String { "accuracy of \(Numerals.counted(runs.count, "run"))" }

    /// The accuracies that networks were watched by (training where one has none) over one another. A model without epochs is
    /// a level line: the value it reached.
    private var curves: String {
        let networks = runs.filter { !$0.epochs.isEmpty }
        let hasTest = networks.allSatisfy { run in run.epochs.contains { $0.test != nil } }
        let watched = Set(networks.map(\.watched))
        let kind =
            !hasTest
            ? "Training" : watched == [.test] ? "Test" : watched.count == 1 ? "Validation" : "Watched"
        let last = networks.compactMap { $0.epochs.last?.number }.max() ?? 1
        let series = zip(runs, names).compactMap { run, name -> LineChart.Series? in
            guard !run.epochs.isEmpty else {
                guard let accuracy = hasTest ? run.testAccuracy : run.trainAccuracy else { return nil }
                return .init(
                    name: kind == "Validation" ? "\(name) (test)" : name,
                    positions: [1, Double(max(2, last))],
                    values: [accuracy, accuracy], style: .line)
            }
            return .init(
                name: watched.count == 1 || !hasTest ? name : "\(name) (\(run.watched.rawValue))",
                positions: run.epochs.map { Double($0.number) },
                values: run.epochs.map { hasTest ? $0.test?.accuracy ?? .nan : $0.training.accuracy })
        }
        return LineChart(
            title: "\(kind) \(title)",
            xAxis: .init(label: "epoch", format: .integer), yAxis: .init(label: "accuracy", format: .percent),
            series: series
        ).svg()
    }

    private func bars() throws -> String {
        let isTest = runs.contains { $0.testAccuracy != nil }
        let bars = zip(runs, names).compactMap { run, name -> BarChart.Bar? in
            guard let accuracy = isTest ? run.testAccuracy : run.trainAccuracy, (0...1).contains(accuracy)
            else { return nil }
            return BarChart.Bar(name: name, value: accuracy)
        }
        guard !bars.isEmpty else {
            throw DescentError(
                .badData, "there is nothing to draw: none of the runs has epochs or an accuracy", at: "--svg",
                got: runs.map(\.name).joined(separator: ", "), advice: "leave out --svg")
        }
        let missing = runs.count - bars.count
        return BarChart(
            title: "\(isTest ? "Test" : "Training") \(title)",
            subtitle: missing == 0 ? "" : "\(Numerals.counted(missing, "run")) without one left out",
            label: "accuracy", bars: bars
        ).svg()
    }
}
