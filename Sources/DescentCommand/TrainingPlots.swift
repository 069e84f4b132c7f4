import Descent

/// The pictures of `plots/`.
enum TrainingPlots {
    /// SVG texts by file name; those that there is nothing to draw for are left out.
    static func make(
        _ classifier: NetworkClassifier, _ history: History, _ verdict: TrainingVerdict, loss: Loss,
        dataName: String
    ) throws -> [String: String] {
        var plots: [String: String] = [:]
        let title = "\(classifier.architecture.sizes) on \(dataName)"
        let epochs = history.epochs
        if !epochs.isEmpty {
            let tests = epochs.compactMap(\.test)
            var curve = LearningCurve(
                epochs: epochs.map(\.number), trainingLoss: epochs.map(\.training.loss),
                testLoss: tests.count == epochs.count ? tests.map(\.loss) : nil,
                trainingAccuracy: epochs.map(\.training.accuracy),
                testAccuracy: epochs.map { $0.test?.accuracy ?? .nan }, title: title,
                lossName: "Loss (\(loss))")
            curve.testName = history.watched.rawValue
            curve.keptEpoch = history.keptEpoch
            curve.verdict = verdict.kind
            plots["learning-curve.svg"] = curve.svg()
        }
        if let size = classifier.imageSize, let weights = classifier.weights.first?.value, weights.ndim == 2,
            weights.shape[0] == size.height * size.width, weights.shape[1] <= 1024
        {
            let grid = ImageGrid.weights(
                weights, tileHeight: size.height, tileWidth: size.width, title: "Weights of the hidden units",
                subtitle: "\(title); orange: ink there raises the unit's value, blue: lowers it")
            plots["weights.svg"] = try grid.svg()
        }
        return plots
    }
}
