import Training

/// A history with the given accuracies; the losses are 1 − accuracy.
package func history(training: [Double], test: [Double]?) -> History {
    let epochs = training.indices.map { index in
        History.Epoch(
            number: index + 1, training: Scores(loss: 1 - training[index], accuracy: training[index]),
            test: test.map { Scores(loss: 1 - $0[index], accuracy: $0[index]) }, seconds: 0.5, steps: 10,
            samples: 1000)
    }
    return History(
        epochs: epochs, training: epochs.last?.training ?? Scores(loss: 1, accuracy: 0),
        test: epochs.last?.test,
        trainingSeconds: 0.5 * Double(epochs.count), steps: 10 * epochs.count)
}
