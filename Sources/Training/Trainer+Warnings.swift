import Autodiff
import Datasets
import ExampleData
import Networks

extension Trainer {
    /// Returns what is odd about the settings for a network and its training examples, a sentence each: a training that
    /// would do something else than it seems to say. Empty when nothing is.
    ///
    /// Checked are a warm-up as long as the run or longer, an average that begins after the last step, and batches of one
    /// example that leave a batch normalisation nothing to measure.
    /// example that leave a batch normalisation nothing to measure.
    ///
    /// `held`: the number of examples that will be held back.
    ///
    /// - Throws: as `fit`, when they do not fit together.
    /// - Complexity: a forward pass of one example at most.
    package func warnings(
        for network: any Layer, on training: any ExampleSource, holding held: Int = 0
    ) throws -> [String] {
        var unwatched = self
        // The presence of a validation set does not matter here.
        unwatched.patience = nil
        try unwatched.check(network, on: training)
        let count = max(1, min(trainLimit ?? .max, training.count - held))
        let steps = (count + batchSize - 1) / batchSize * epochs
        var found = [schedule.warning(steps: steps), average?.warning(steps: steps)].compactMap { $0 }
        if min(batchSize, count) == 1, network.isBlindToSingleExamples(try training.rows(0..<1).features) {
            found.append(
                "batch normalisation has one number of each channel in batches of one example: it measures nothing, and "
                    + "no example says anything to the layers before it. Take batches of 2 or more")
        }
        return found
    }
}
