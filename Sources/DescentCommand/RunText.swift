import Descent

/// Runs as text, as JSON and as a picture.
enum RunText {
    static func setting(_ run: SavedRun, _ name: String) -> String {
        run.settings.first { $0.name == name }?.value.showingControlCharacters ?? "-"
    }

    /// Names the model of a run: a recipe by its name, else the network's or classifier's.
    static func model(_ run: SavedRun) -> String {
        let words = setting(run, "arguments").split(separator: " ").map(String.init)
        for (place, word) in words.enumerated() {
            if word.hasPrefix("--recipe=") { return String(word.dropFirst(9)) }
            if word == "--recipe", place + 1 < words.count { return words[place + 1] }
        }
        return run.network.name
    }

    /// The figures that runs are compared by.
    static let figures: [(String, @Sendable (SavedRun) -> String)] = [
        ("test accuracy", { $0.testAccuracy.map(Numerals.percent) ?? "-" }),
        (
            "best accuracy watched",
            { run in
                run.epochs.compactMap { epoch in
                    epoch.test.flatMap { $0.hasAccuracy ? ($0.accuracy, epoch.number) : nil }
                }
                .max { $0.0 < $1.0 }.map {
                    "\(Numerals.percent($0.0)) (\(run.watched.rawValue), epoch \($0.1))"
                } ?? "-"
            }
        ),
        ("training accuracy", { $0.trainAccuracy.map(Numerals.percent) ?? "-" }),
        ("test loss", { $0.testLoss.map(Numerals.loss) ?? "-" }),
        ("training loss", { $0.trainLoss.map(Numerals.loss) ?? "-" }),
        ("steps", { $0.steps.map(Numerals.grouped) ?? "-" }),
        ("seconds of training", { $0.trainSeconds.map { Numerals.fixed($0, 2) } ?? "-" }),
    ]

    /// Those of models that predict numbers, where there are some among the runs.
    static func numberFigures(_ runs: [SavedRun]) -> [(String, @Sendable (SavedRun) -> String)] {
        guard runs.contains(where: { $0.testErrors != nil }) else { return [] }
        return [
            ("test R2", { $0.testErrors?.r2.map { Numerals.fixed($0, 4) } ?? "-" }),
            ("test MAE", { $0.testErrors.map { Numerals.measure($0.mae) } ?? "-" }),
            ("test RMSE", { $0.testErrors.map { Numerals.measure($0.rmse) } ?? "-" }),
        ]
    }

    /// Runs in columns: their settings, then their figures. A setting too long for a column, such as the command line,
    /// is below, a line for each run.
    static func sideBySide(
        _ runs: [SavedRun], _ settings: [(name: String, values: [String])],
        figures: [(String, @Sendable (SavedRun) -> String)]
    ) -> String {
        let names = runs.map(\.name.showingControlCharacters)
        var table = TextTable([""] + names, alignments: [.left] + runs.map { _ in .right })
        var below = ""
        for setting in settings {
            let values = setting.values.map(\.showingControlCharacters)
            if values.contains(where: { $0.count > 40 }) {
                var lines = TextTable([setting.name, ""], alignments: [.left, .left])
                lines.rows = zip(names, values).map { [$0, $1] }
                below += "\n" + lines.text
            } else {
                table.rows.append([setting.name] + values)
            }
        }
        table.rows += figures.map { name, figure in [name] + runs.map(figure) }
        return (table.rows.isEmpty ? "" : table.text) + below
    }

    /// Returns one run for a person.
    static func text(_ run: SavedRun) -> String {
        var table = TextTable(["run", run.name.showingControlCharacters], alignments: [.left, .left])
        if let started = run.started { table.rows.append(["started", started.showingControlCharacters]) }
        for setting in run.settings where run.isNetwork || setting.value != "-" {
            let name = setting.name == "network" && !run.isNetwork ? "model" : setting.name
            table.rows.append([name, setting.value.showingControlCharacters])
        }
        for (name, figure) in figures + numberFigures([run]) {
            let value = figure(run)
            // A pipeline has no epochs, no steps and no loss.
            if run.isNetwork || value != "-" { table.rows.append([name, value]) }
        }
        var text = table.text
        if let remark = run.remark { text += "\n\(remark.showingControlCharacters)\n" }
        guard !run.epochs.isEmpty else { return text }
        let watched = run.watched.rawValue
        var epochs = TextTable(
            ["epoch", "training loss", "training accuracy", "\(watched) loss", "\(watched) accuracy"])
        let stride = (run.epochs.count + 19) / 20
        for (index, epoch) in run.epochs.enumerated()
        where (index + 1).isMultiple(of: stride) || index == 0 || index + 1 == run.epochs.count {
            epochs.rows.append([
                String(epoch.number), Numerals.loss(epoch.training.loss),
                epoch.training.hasAccuracy ? Numerals.percent(epoch.training.accuracy) : "-",
                epoch.test.map { Numerals.loss($0.loss) } ?? "-",
                epoch.test.map { $0.hasAccuracy ? Numerals.percent($0.accuracy) : "-" } ?? "-",
            ])
        }
        return text + "\n" + epochs.text
    }

    /// Returns one run as JSON; with its epochs if `full`.
    ///
    /// `versioned`: whether it is a line of its own.
    static func json(_ run: SavedRun, full: Bool = false, versioned: Bool = false) -> JSONText {
        let settings = run.settings.map { setting in
            JSONText.Member(key(setting.name), value(setting.value))
        }
        var members: [JSONText.Member] = versioned ? [.init("version", 1)] : []
        members += [
            .init("run", .string(run.name)), .init("path", .string(run.path)),
            .init("started", .string(run.started)),
            .init("network", .string(run.network.name)), .init("settings", .object(settings)),
            .init("epochs", .integer(run.epochs.count)),
            .init("steps", run.steps.map(JSONText.integer) ?? .null),
            .init("test_accuracy", .number(run.testAccuracy)),
            .init("train_accuracy", .number(run.trainAccuracy)),
            .init("test_loss", .number(run.testLoss)), .init("train_loss", .number(run.trainLoss)),
            .init("train_seconds", .number(run.trainSeconds)), .init("remark", .string(run.remark)),
        ]
        if let errors = run.testErrors {
            members += [
                .init("test_mae", .number(errors.mae)), .init("test_rmse", .number(errors.rmse)),
                .init("test_r2", .number(errors.r2)),
            ]
        }
        if full {
            let history = run.epochs.map { epoch -> JSONText in
                [
                    "epoch": .integer(epoch.number), "train_loss": .number(epoch.training.loss),
                    "train_accuracy": .number(epoch.training.accuracy),
                    "\(run.watched.rawValue)_loss": .number(epoch.test?.loss),
                    "\(run.watched.rawValue)_accuracy": .number(epoch.test?.accuracy),
                ]
            }
            members.append(.init("history", .array(history)))
        }
        return .object(members)
    }

    /// Describes the point at which two runs part.
    static func text(_ difference: RunDifference, _ runs: [SavedRun]) -> String {
        switch difference {
        case .none(let steps):
            return "The same: all \(Numerals.counted(steps, "step")) have the same loss, bit for bit.\n"
        case .shorter(let steps, let other):
            let (short, long) = steps < other ? (runs[0], runs[1]) : (runs[1], runs[0])
            return
                "The same for \(Numerals.counted(min(steps, other), "step")), where \(short.name.showingControlCharacters) "
                + "ends; \(long.name.showingControlCharacters) has \(Numerals.grouped(max(steps, other))).\n"
        case .parts(let step, let epoch, let losses):
            var table = TextTable(
                [step == 1 ? "loss of the first step" : "loss of step \(Numerals.grouped(step))", ""],
                alignments: [.left, .right])
            for (run, loss) in zip(runs, losses) {
                table.rows.append([run.name.showingControlCharacters, "\(loss)"])
            }
            let before =
                step == 1 ? "No step is the same" : "The same for \(Numerals.counted(step - 1, "step"))"
            return "\(before); they part at step \(Numerals.grouped(step)), in epoch \(epoch).\n\n"
                + table.text
        }
    }

    /// Returns the same as JSON.
    static func json(
        _ difference: RunDifference, _ runs: [SavedRun], _ settings: [(name: String, values: [String])]
    ) -> JSONText {
        var members: [JSONText.Member] = [
            .init("version", 1), .init("runs", .array(runs.map { .string($0.path) })),
        ]
        switch difference {
        case .none(let steps): members += [.init("identical", true), .init("same_steps", .integer(steps))]
        case .shorter(let steps, let other):
            members += [
                .init("identical", false), .init("same_steps", .integer(min(steps, other))),
                .init("steps", [.integer(steps), .integer(other)]),
            ]
        case .parts(let step, let epoch, let losses):
            members += [
                .init("identical", false), .init("same_steps", .integer(step - 1)),
                .init("step", .integer(step)),
                .init("epoch", .integer(epoch)), .init("losses", .array(losses.map { .number(Double($0)) })),
            ]
        }
        let differing = settings.map(member)
        return .object(members + [.init("differing", .object(differing))])
    }

    /// Returns a setting and its value in each run.
    static func member(_ setting: (name: String, values: [String])) -> JSONText.Member {
        .init(key(setting.name), .array(setting.values.map(JSONText.string)))
    }

    /// Returns a setting's name as a key: `batch_size`.
    static func key(_ name: String) -> String { name.replacing(" ", with: "_") }

    /// Returns a setting's value: a number where it is one and reads back as the same text, `null` where there is none.
    static func value(_ text: String) -> JSONText {
        if text == "-" { return .null }
        if let whole = Int(text), "\(whole)" == text { return .integer(whole) }
        if let number = Double(text), number.isFinite, text.wholeMatch(of: /-?[0-9]+\.[0-9]+/) != nil {
            return .number(number)
        }
        return .string(text)
    }
}
