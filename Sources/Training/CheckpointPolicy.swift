import ArrayFiles
import Arrays
import Support
import Synchronization

/// A checkpoint policy: the directory and frequency of a run's checkpoints. They are `last.safetensors`, all that a resumption
/// needs, and the weights of the best epoch so far, `best.safetensors`. A run that has finished writes `end.safetensors`,
/// from which it is continued with more epochs.
///
/// A checkpoint that cannot be written does not end the run: it is reported (`TrainingEvent.checkpointFailed`), and the next
/// one is tried when it is due.
///
/// ```swift
/// let history = try trainer.fit(
///     network, on: digits.train, validating: digits.test,
///     checkpoints: CheckpointPolicy(in: "runs/mine/checkpoints", every: .epochs(1)))
/// ```
public struct CheckpointPolicy: Sendable {
    /// The time between two checkpoints.
    public enum Interval: Sendable, Hashable {
        /// After an epoch, at most every thirty seconds.
        case automatic
        /// After every so many epochs.
        case epochs(Int)
        /// Every so many seconds, also in the middle of an epoch.
        case seconds(Double)
    }

    /// The time between two checkpoints.
    package var interval: Interval
    /// Strings that are stored in each checkpoint.
    package var information: [String: String]
    /// The directory, made when it is first used.
    let directory: @Sendable () throws -> String
    /// Runs what writes a file: whoever ends the program can keep it from doing so in the middle.
    let writing: @Sendable (() throws -> Void) throws -> Void

    /// The names of the files.
    package enum FileName {
        package static let last = "last.safetensors"
        package static let best = "best.safetensors"
        /// The checkpoint of a finished run.
        package static let end = "end.safetensors"
    }

    /// Returns whether a file was written by a run of Descent's, by the strings in it.
    package static func isOurs(_ path: String) -> Bool {
        guard let format = try? SafeTensors(contentsOf: path).metadata["format"] else { return false }
        return format == "descent" || format == "descent-checkpoint"
    }

    /// Creates checkpoints in `directory`, which is made when the first one is written.
    public init(
        in directory: String, every interval: Interval = .automatic, information: [String: String] = [:]
    ) {
        self.init(every: interval, information: information) { directory }
    }

    /// Creates checkpoints in a directory whose path is found when the first one is written.
    package init(
        every interval: Interval, information: [String: String],
        writing: @escaping @Sendable (() throws -> Void) throws -> Void = { try $0() },
        in directory: @escaping @Sendable () throws -> String
    ) {
        self.interval = interval
        self.information = information
        self.directory = directory
        self.writing = writing
    }

    /// Returns whether a checkpoint is due.
    ///
    /// `epoch`: the number of the epoch that has just ended; nil in the middle of one.
    func isDue(seconds: Double, epoch: Int?) -> Bool {
        switch interval {
        case .automatic: epoch != nil && seconds >= 30
        case .epochs(let every): epoch.map { $0 % max(1, every) == 0 } ?? false
        case .seconds(let every): seconds >= every
        }
    }

    /// Whether checkpoints may come in the middle of an epoch: only then must the clock be read at every step.
    var comeInEpochs: Bool { if case .seconds = interval { true } else { false } }
}

extension CheckpointPolicy.Interval: LosslessStringConvertible {
    /// Creates the interval that `text` names: `3` (epochs), `5m`, `90s`.
    ///
    /// - Throws: `usage` when it names no interval.
    package init(parsing text: String) throws {
        if let epochs = Int(text), (1...1 << 30).contains(epochs) {
            self = .epochs(epochs)
            return
        }
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600]
        guard let unit = text.last.flatMap({ units[$0] }), let number = Double(text.dropLast()), number >= 0,
            number.isFinite
        else {
            throw DescentError(
                .usage, "not an interval", expected: "epochs or a time, as 1, 5m or 90s", got: "'\(text)'")
        }
        self = .seconds(number * unit)
    }

    /// Creates the interval that `text` names; nil if it names none.
    public init?(_ text: String) {
        guard let interval = try? Self(parsing: text) else { return nil }
        self = interval
    }

    /// The interval as text: `3`, `300.0s`; `automatic` cannot be parsed again.
    public var description: String {
        switch self {
        case .automatic: "automatic"
        case .epochs(let epochs): "\(epochs)"
        case .seconds(let seconds): "\(seconds)s"
        }
    }
}
