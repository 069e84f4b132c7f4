import Descent

/// `descent help models`: every name that `--model` takes, and how networks of one's own are spelled.
enum ModelsText {
    /// The values that a shell offers after `--model`.
    static let completions =
        Architecture.names.map(\.name) + ClassicalModel.names
        + RegressionModel.names.filter { !ClassicalModel.names.contains($0) }

    /// The page.
    static var text: String {
        let width = Architecture.names.map(\.name.count).max() ?? 0
        func rows(_ rows: [(name: String, summary: String)]) -> String {
            rows.flatMap { row in
                TextTable.broken(row.summary, width: 76 - width).enumerated().map { number, line in
                    let name = number == 0 ? row.name : ""
                    return "  \(name)\(String(repeating: " ", count: max(0, width - name.count)))  \(line)\n"
                }
            }.joined()
        }
        return """
            MODELS: what 'descent train --model' takes

            NETWORKS ('gradcheck' and 'summary' take these names too)
            \(rows(Architecture.names))
            LAYERS OF YOUR OWN
              conv: and layers with commas between them, in order:

              16@5         a convolution with 16 outputs, windows of 5 x 5
              16@5p2       padded by 2 on every side
              16@5s2       with stride 2
              16@5/2       the largest of each 2 x 2 results (max pooling)
              16@5n        with batch normalisation
              16@5p2/2n    several of these, in any order
              pool         max pooling by 2 x 2
              dropout0.3   dropout of 30 % in training
              64           a dense layer of 64 units

              conv:16@5/2n,16@3/2n,64 is two convolutions, each pooled and normalised, and
              a dense layer of 64. The output layer is added by itself.

            CLASSICAL CLASSIFIERS (they see --features: \(FeatureChoice.names.joined(separator: ", ")))
            \(rows(ClassicalModel.names.compactMap(ClassicalModel.init(_:)).map { ($0.name, $0.summary) }))
            REGRESSORS, for tables whose label is a number; networks without convolutions learn
            numbers too
            \(rows(RegressionModel.names.compactMap(RegressionModel.init(_:)).map { ($0.name, $0.summary) }))
            AUTO
              For a table, auto tries several of these by cross-validation, prints a leaderboard,
              and trains the best on all training rows.

            """
    }
}

extension ClassicalModel {
    /// A summary in a few words, with its flags.
    var summary: String {
        flags.isEmpty ? kind.title : "\(kind.title): \(flags.joined(separator: ", "))"
    }
}
