import Support

extension History {
    /// The first line of `history.csv`.
    package static func csvHeader(_ watched: Watched) -> String {
        let name = watched.rawValue
        return "epoch,train_loss,train_accuracy,\(name)_loss,\(name)_accuracy,seconds,samples_per_second"
    }

    /// The epochs as CSV, with a header row: losses and accuracies with six decimals, accuracies as ratios,
    /// seconds of training with three. The test columns are called `validation_loss,validation_accuracy` when examples were held
    /// back and watched, and are empty without any, as accuracies are where the targets are numbers.
    ///
    /// ```
    /// epoch,train_loss,train_accuracy,test_loss,test_accuracy,seconds,samples_per_second
    /// 1,0.531042,0.861533,0.503117,0.870200,0.071,845070
    /// ```
    package var csv: String {
        func accuracy(_ scores: Scores) -> String {
            scores.hasAccuracy ? Numerals.fixed(scores.accuracy, 6) : ""
        }
        var text = Self.csvHeader(watched) + "\n"
        for epoch in epochs {
            let fields = [
                String(epoch.number), Numerals.fixed(epoch.training.loss, 6),
                accuracy(epoch.training),
                epoch.test.map { Numerals.fixed($0.loss, 6) } ?? "",
                epoch.test.map(accuracy) ?? "",
                Numerals.fixed(epoch.seconds, 3), Numerals.fixed(epoch.samplesPerSecond, 0),
            ]
            text += fields.joined(separator: ",") + "\n"
        }
        return text
    }
}
