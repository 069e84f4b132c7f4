import Arrays
import Support

/// The difference of two runs: the first step whose losses differ.
package enum RunDifference: Equatable, Sendable {
    /// All common steps, so many, have the same loss, bit for bit.
    case none(steps: Int)
    /// One run ends before a difference: after so many steps, the other after so many.
    case shorter(steps: Int, other: Int)
    /// From this step on (from 1), in this epoch (from 1), the losses are these.
    case parts(step: Int, epoch: Int, losses: [Float])

    /// Compares two runs' losses.
    ///
    /// `stepsPerEpoch`: of the first run, from which the epoch of a step follows.
    package init(_ one: [Float], _ other: [Float], stepsPerEpoch: Int) {
        // Bits, so that two NaN losses count as equal.
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
    /// Returns the difference of this run and `other`.
    ///
    /// - Throws: `missingInput` when one has not stored the losses of its steps.
    package func difference(from other: SavedRun) throws -> RunDifference {
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
        // Divided without a sum, which values from a file could make overflow.
        return RunDifference(
            try losses(self), try losses(other),
            stepsPerEpoch: examples / batch + (examples % batch > 0 ? 1 : 0))
    }

    /// Returns the settings that are not the same in all of `runs`, each with its value in each run.
    package static func differingSettings(_ runs: [SavedRun]) -> [(name: String, values: [String])] {
        guard let first = runs.first else { return [] }
        return first.settings.indices.compactMap { index in
            let values = runs.map { $0.settings[index].value }
            return Set(values).count > 1 ? (first.settings[index].name, values) : nil
        }
    }
}
