import Networks

extension Trainer {
    /// The settings by name, as text, without those that are not used.
    package var settings: [(name: String, value: String)] {
        var settings = [
            ("optimizer", "\(optimizer)"), ("loss", "\(loss)"), ("batch size", "\(batchSize)"),
            ("epochs", "\(epochs)"),
            ("seed", "\(seed)"),
        ]
        func add(_ name: String, _ value: (some CustomStringConvertible)?) {
            if let value { settings.append((name, value.description)) }
        }
        add("schedule", schedule == .constant ? nil : schedule)
        add(
            "weight decay",
            optimizer.weightDecay == 0 || decaysBiasesAndNorms ? nil : "not for biases and normalisation")
        add("gradient limit", clipping)
        add("precision", precision == .float32 ? nil : precision.rawValue)
        add("average", average)
        add("patience", patience)
        add("augmentation", augmentation)
        add("redrawing", redrawing)
        add("training scores", trainingSample.map { "of \($0) examples" })
        add("training examples, at most", trainLimit)
        return settings.map { (name: $0.0, value: $0.1) }
    }

    /// The settings besides the optimiser, in words: "cosine:end=0.0, patience 5:loss"; empty without any.
    package var toolsSummary: String {
        settings.filter {
            !["optimizer", "batch size", "epochs", "seed", "training examples, at most"].contains($0.name)
        }
        .filter { $0.name != "loss" || loss != .crossEntropy }
        .map { "\($0.name) \($0.value)" }.joined(separator: ", ")
    }
}

extension Trainer: Equatable {
    /// Returns whether both trainers make the same run: settings that are not used do not count.
    public static func == (one: Trainer, other: Trainer) -> Bool {
        one.reinitializesWeights == other.reinitializesWeights
            && one.settings.elementsEqual(other.settings, by: ==)
    }
}
