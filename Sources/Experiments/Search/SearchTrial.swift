import Training

/// A setting's value in a trial.
public struct SearchSetting: Sendable, Hashable {
    /// The flag's name.
    public var name: String
    /// Its value.
    public var value: String
}

/// The result of training with some settings.
public struct SearchResult: Sendable, Equatable {
    /// The outcome of a trial.
    public enum Outcome: Sendable, Equatable {
        /// It was trained to its end; accuracy and loss on the examples held back.
        case scored(Scores)
        /// The loss was not finite.
        case diverged
        /// The settings do not go together; why.
        case refused(String)
    }

    /// The trial's number, from 0.
    public var trial: Int
    /// The round's number, from 0.
    public var rung: Int
    /// The number of epochs trained.
    public var epochs: Int
    /// Its settings.
    public var settings: [SearchSetting]
    /// The outcome.
    public var outcome: Outcome
    /// The duration in seconds.
    public var seconds: Double

    /// The scores, if there are any.
    public var scores: Scores? {
        if case .scored(let scores) = outcome { return scores }
        return nil
    }

    /// Returns whether it is better than another: by accuracy, then by loss, then the one that came first.
    func isBetter(than other: SearchResult) -> Bool {
        guard let mine = scores else { return false }
        guard let theirs = other.scores else { return true }
        if mine.accuracy != theirs.accuracy { return mine.accuracy > theirs.accuracy }
        if mine.loss != theirs.loss { return mine.loss < theirs.loss }
        return trial < other.trial
    }
}
