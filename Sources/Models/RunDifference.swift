import Arrays
import Support

/// Where two runs part: the first step whose losses differ.
public enum RunDifference: Equatable, Sendable {
    /// All steps that both made have the same loss, bit for bit; so many did.
    case none(steps: Int)
    /// One ends before they part: after so many steps, the other after so many.
    case shorter(steps: Int, other: Int)
    /// From this step on (from 1), in this epoch (from 1), the losses are these.
    case parts(step: Int, epoch: Int, losses: [Float])

    /// The first difference of two runs' losses.
    ///
    /// `stepsPerEpoch`: of the first run, to say in which epoch a step lies.
    public init(_ one: [Float], _ other: [Float], stepsPerEpoch: Int) {
        // Bits, so that two losses that are not a number count as equal.
        if let place = zip(one, other).enumerated().first(where: { $1.0.bitPattern != $1.1.bitPattern })?
            .offset
        {
            self = .parts(
                step: place + 1, epoch: place / max(1, stepsPerEpoch) + 1, losses: [one[place], other[place]])
        } else if one.count != other.count {
            self = .shorter(steps: one.count, other: other.count)
        } else {
            self = .none(steps: one.count)
        }
    }
}

extension SavedRun {
    /// Where this run and `other` part.
    ///
    /// - Throws: `missingInput` when one has not kept the losses of its steps.
    public func difference(from other: SavedRun) throws -> RunDifference {
        func losses(_ run: SavedRun) throws -> [Float] {
            guard let losses = try run.stepLosses() else {
                throw DescentError(
                    .missingInput, "the run has not kept the loss of each step", at: run.path,
                    advice: "train it again with this version")
            }
            return losses
        }
        func number(_ name: String) -> Int? { settings.first { $0.name == name }.flatMap { Int($0.value) } }
        let (examples, batch) = (number("training examples") ?? 0, max(1, number("batch size") ?? 1))
        // Divided without a sum, which numbers of a file could take beyond all numbers.
        return RunDifference(
            try losses(self), try losses(other),
            stepsPerEpoch: examples / batch + (examples % batch > 0 ? 1 : 0))
    }

    /// The settings that are not the same in all of `runs`, each with its value in each run.
    public static func differingSettings(_ runs: [SavedRun]) -> [(name: String, values: [String])] {
        guard let first = runs.first else { return [] }
        return first.settings.indices.compactMap { index in
            let values = runs.map { $0.settings[index].value }
            return Set(values).count > 1 ? (first.settings[index].name, values) : nil
        }
    }
}
