import Descent

/// The result of a search for C and gamma, as text.
enum SearchText {
    /// Returns a line for each pair, the best marked, and an empty line.
    static func table(_ result: SupportVectorGridSearch.Result) -> String {
        var table = TextTable(
            ["C", "gamma", "cross-validated accuracy", ""], alignments: [.right, .right, .right, .left])
        for trial in result.trials {
            let isBest = trial.cost == result.best.cost && trial.gamma == result.best.gamma
            table.rows.append([
                JSONText.number(trial.cost).line,
                trial.gamma.map { JSONText.number($0).line } ?? "the kernel's own",
                Numerals.percent(trial.accuracy),
                (isBest ? "best" : "") + (trial.converged ? "" : " (reached the step limit)"),
            ])
        }
        return table.text + "\n"
    }

    /// Returns the same for programs.
    static func json(_ result: SupportVectorGridSearch.Result) -> JSONText {
        .array(
            result.trials.map { trial in
                [
                    "c": .number(trial.cost), "gamma": trial.gamma.map(JSONText.number) ?? .null,
                    "accuracy": .rounded(trial.accuracy, decimals: 6), "converged": .bool(trial.converged),
                    "best": .bool(trial.cost == result.best.cost && trial.gamma == result.best.gamma),
                ]
            })
    }
}
