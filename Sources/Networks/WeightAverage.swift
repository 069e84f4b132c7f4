import Arrays
import CKernels
import Support

/// A weight average (EMA or SWA): the mean of a network's weights over many steps, which often does better on new examples
/// than the last weights.
///
/// ```swift
/// var average = WeightAverage(.exponential(decay: 0.999), of: network)
/// for step in 1...steps {
///     _ = learn(inputs, labels: labels, rows: rows)
///     average.update(step: step)
/// }
/// average.swap()      // the network now has the averages; once more, and it has its own weights again
/// ```
///
/// The running moments of batch normalisation must be recomputed for the averages (`recalibrateMoments(on:batchSize:)`).
public struct WeightAverage {
    /// The rule by which weights are averaged.
    public enum Rule: Sendable, Hashable {
        /// EMA: average = d average + (1 - d) w after each step, d = min(decay, (1 + t) / (10 + t)) with t the number of
        /// updates before; the first weights begin it.
        ///
        /// With `decay` from the start, the untrained first weights would still be half of the average after 0.7 / (1 -
        /// decay) steps: 7,000 for 0.9999. So the average is of about the last ninth of the steps until that is longer than
        /// what `decay` reaches back.
        ///
        /// Source: Polyak and Juditsky 1992, in its exponential form; the growing decay is that of TensorFlow's
        /// `ExponentialMovingAverage` with `num_updates`.
        case exponential(decay: Double = 0.999)
        /// SWA: the mean of the weights after step `from` and after every `every`-th step from there.
        ///
        /// Source: Izmailov et al. 2018, "Averaging weights leads to wider optima and better generalization".
        case equal(from: Int, every: Int = 1)
    }

    /// The rule by which weights are averaged.
    package let rule: Rule
    /// The number of updates.
    package internal(set) var count = 0
    /// Whether the network has the averages now, and this value the network's own weights.
    package private(set) var isSwapped = false
    let members: [NamedParameter]
    var averages: [NDArray<Float>]

    /// Creates the average of the parameters of `network`, before any update.
    package init(_ rule: Rule, of network: any Layer) {
        // The weights are read: equal layers must be told apart before.
        if !(network is Sequential) { network.seedFirstValues() }
        self.rule = rule
        members = network.uniqueNamedParameters
        averages = members.map(\.parameter.value)
    }

    /// Adds the weights after the step of index `step`, from 1, to the average if the rule says so.
    ///
    /// - Precondition: the network has its own weights, not the averages.
    /// - Complexity: a pass over the weights.
    package mutating func update(step: Int) {
        require(!isSwapped, "the network has the averages; swap them back first")
        let share: Double
        switch rule {
        case .exponential(let decay):
            share = count == 0 ? 1 : 1 - min(decay, Double(1 + count) / Double(10 + count))
        case .equal(let first, let every):
            guard step >= first, (step - first) % max(1, every) == 0 else { return }
            share = 1 / Double(count + 1)
        }
        for (index, member) in members.enumerated() {
            guard count > 0 else {
                averages[index] = member.parameter.value
                continue
            }
            averages[index].withUnsafeMutableElements { average in
                member.parameter.value.withUnsafeElements {
                    ck_average_f32($0.count, average.baseAddress, $0.baseAddress, Float(share))
                }
            }
        }
        count += 1
    }

    /// Exchanges the network's weights and the averages. Does nothing before the first update.
    package mutating func swap() {
        guard count > 0 else { return }
        for (index, member) in members.enumerated() {
            Swift.swap(&averages[index], &member.parameter.value)
        }
        isSwapped.toggle()
    }

    /// Gives the network the averages for good. Does nothing before the first update.
    ///
    /// - Precondition: the network has its own weights.
    package func apply() {
        require(!isSwapped, "the network has the averages already")
        guard count > 0 else { return }
        for (member, average) in zip(members, averages) { member.parameter.value = average }
    }
}

extension WeightAverage.Rule {
    /// Returns a sentence on what is odd about the rule in a run of so many steps; nil when nothing is.
    package func warning(steps total: Int) -> String? {
        guard case .equal(let first, _) = self, first > total else { return nil }
        return
            "weights are averaged from step \(first) and the run has \(total): nothing is averaged, the result is the "
            + "last weights"
    }
}

extension WeightAverage: Restorable {
    /// `average.0.weight` and so on.
    ///
    /// - Precondition: the network has its own weights.
    package var stateArrays: [(name: String, value: NDArray<Float>)] {
        require(!isSwapped, "the network has the averages; swap them back first")
        return zip(members, averages).map { ("average.\($0.name)", $1) }
    }

    /// `count`.
    package var stateScalars: [(name: String, value: Double)] { [("count", Double(count))] }

    /// Restores the averages of a network of the same parameters.
    package mutating func restore(
        arrays: [(name: String, value: NDArray<Float>)], scalars: [(name: String, value: Double)]
    ) throws {
        require(!isSwapped, "the network has the averages; swap them back first")
        var saved = try SavedState(of: "the weights' average", arrays: arrays, scalars: scalars)
        let restored = try members.map { try saved.array("average.\($0.name)", shape: $0.parameter.shape) }
        let found = try saved.count("count")
        try saved.finish()
        (averages, count) = (restored, found)
    }
}

extension WeightAverage.Rule: LosslessStringConvertible, Codable {
    /// Creates the rule that `text` names: `ema:0.999`, `swa:from=1000,every=10`.
    ///
    /// - Throws: `usage` when no rule has this name, or a setting is impossible.
    package init(parsing text: String) throws {
        var settings = SettingText(text, of: "weight average")
        switch settings.name {
        case "ema": self = .exponential(decay: try settings.number("decay", main: true, in: 0..<1) ?? 0.999)
        case "swa":
            self = .equal(
                from: try settings.whole("from", main: true, from: 0) ?? 0,
                every: try settings.whole("every", from: 1) ?? 1)
        default: throw settings.unknownName(known: ["ema:0.999", "swa:from=STEP,every=1"])
        }
        try settings.finish()
    }

    /// Creates the rule that `text` names; nil if none has that name.
    public init?(_ text: String) {
        guard let rule = try? Self(parsing: text) else { return nil }
        self = rule
    }

    /// The text that `init(parsing:)` reads.
    public var description: String {
        switch self {
        case .exponential(let decay): "ema:\(decay)"
        case .equal(let first, let every): "swa:from=\(first),every=\(every)"
        }
    }

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
