import Descent

/// What `train` prints of a regressor at its end.
struct RegressionTrainingText {
    let regressor: any TrainedRegressor
    let target: RegressionTarget
    let scores: RegressionScores
    let leaderboard: Leaderboard?
    let made: ModelDestination.Made
    let history: History?
    let remarks: [String]

    var text: String {
        var text = leaderboard.map { LeaderboardText($0).text + "\n" } ?? ""
        let network = regressor is NetworkRegressor ? "\(regressor.name), " : ""
        text += "\(network)\(regressor.summary)\n"
        let unit = target.unit.map { " \($0.showingControlCharacters)" } ?? ""
        // A name with its unit in brackets says it already.
        let named = target.unit.map { target.name.contains($0) ? "" : ", in \($0)" } ?? ""
        text += "Predicts \(target.name.showingControlCharacters)\(named.showingControlCharacters).\n"
        var table = TextTable(["", "examples", "MAE", "RMSE", "R2", "RMSE of the mean"], alignments: nil)
        for (part, metrics) in [("training", scores.training), ("test", scores.test)] {
            guard let metrics else { continue }
            table.rows.append([
                part, Numerals.grouped(metrics.count), Numerals.measure(metrics.meanAbsoluteError) + unit,
                Numerals.measure(metrics.rootMeanSquaredError) + unit,
                metrics.r2.map { Numerals.fixed($0, 4) } ?? "-", Numerals.measure(metrics.baselineError),
            ])
        }
        text += table.text
        if let test = scores.test, test.rootMeanSquaredError >= test.baselineError {
            text += "It has not learned: always answering the mean is as good.\n"
        }
        let held = history?.validationCount ?? 0
        let watching =
            held > 0
            ? ", with \(Numerals.grouped(held)) training rows held back to choose the best epoch" : ""
        text += "Learned in \(Numerals.duration(scores.trainSeconds ?? .nan))\(watching).\n"
        for line in remarks { text += LearningDisplay.readable(line) + "\n" }
        return text + "\n" + ModelHints(path: made.path, isLatest: made.isLatest).text
    }

    func json(data: String) -> String {
        let line: JSONText = [
            "event": "result", "version": 1, "model": .string(made.path), "data": .string(data),
            "task": "regression", "target": .string(target.name), "unit": .string(target.unit),
            "name": .string(regressor.name), "summary": .string(regressor.summary),
            "epochs": .integer(history?.epochs.count ?? 0),
            "test_mae": .number(scores.test?.meanAbsoluteError),
            "test_rmse": .number(scores.test?.rootMeanSquaredError), "test_r2": .number(scores.test?.r2),
            "train_mae": .number(scores.training?.meanAbsoluteError),
            "train_rmse": .number(scores.training?.rootMeanSquaredError),
            "train_r2": .number(scores.training?.r2),
            "baseline_rmse": .number(scores.test?.baselineError),
            "train_seconds": .rounded(scores.trainSeconds, decimals: 4),
            "converged": regressor.convergence.map { .bool($0.isReached) } ?? .null,
            "leaderboard": (try? leaderboard?.jsonText()) ?? .null,
        ]
        return line.line + "\n"
    }
}
