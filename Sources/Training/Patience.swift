import Arrays
import Support

/// Early stopping: training ends after so many epochs in a row that were no better than the best.
///
/// The measure is the validation score after each epoch; the weights of the best epoch are the result.
public struct Patience: Sendable, Hashable {
    /// The validation score that is compared.
    public enum Measure: String, Sendable, CaseIterable, Codable {
        /// The validation loss: smaller is better.
        case loss
        /// The validation accuracy: larger is better.
        case accuracy
    }

    /// The number of epochs in a row that may be no better than the best.
    package var epochs: Int
    /// The validation score that is compared.
    package var measure: Measure

    /// Creates a patience of so many epochs.
    ///
    /// - Precondition: at least one epoch.
    public init(_ epochs: Int, measure: Measure = .loss) {
        require(epochs > 0, "a patience of \(epochs) epochs")
        self.epochs = epochs
        self.measure = measure
    }

    /// Returns the best of the epochs that have validation scores, the first of equals.
    static func best(of epochs: [History.Epoch], by measure: Measure) -> History.Epoch? {
        var best: (epoch: History.Epoch, score: Double)?
        for epoch in epochs {
            guard let test = epoch.test else { continue }
            let score = measure == .loss ? -test.loss : test.accuracy
            if !score.isNaN, best.map({ score > $0.score }) ?? true { best = (epoch, score) }
        }
        return best?.epoch
    }

    /// Returns whether so many epochs have passed since the best.
    func isOver(after epochs: [History.Epoch]) -> Bool {
        guard let last = epochs.last else { return false }
        return last.number - (Self.best(of: epochs, by: measure)?.number ?? 0) >= self.epochs
    }
}

extension Patience: LosslessStringConvertible, Codable {
    /// Creates the patience that `text` names: `5`, `5:loss`, `5:accuracy`.
    ///
    /// - Throws: `usage` when it names none.
    package init(parsing text: String) throws {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard let epochs = Int(parts[0]), (1...1 << 30).contains(epochs),
            let measure = parts.count == 1 ? Measure.loss : Measure(rawValue: String(parts[1]))
        else {
            throw DescentError(
                .usage, "not a patience", expected: "a number of epochs, as 5, 5:loss or 5:accuracy",
                got: "'\(text)'")
        }
        self.init(epochs, measure: measure)
    }

    /// Creates the patience that `text` names; nil if it names none.
    public init?(_ text: String) {
        guard let patience = try? Patience(parsing: text) else { return nil }
        self = patience
    }

    /// The text that `init(parsing:)` reads.
    public var description: String { "\(epochs):\(measure.rawValue)" }

    /// Reads its text.
    public init(from decoder: any Decoder) throws {
        try self.init(parsing: decoder.singleValueContainer().decode(String.self))
    }

    /// Writes its text.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
