import Arrays

/// How the learning rate changes in the course of training.
///
/// All but `plateau` follow from the step's number alone; `plateau` asks a `PlateauState` that is told the losses.
///
/// ```swift
/// let schedule = try Schedule(parsing: "warm-up:100+cosine")
/// state.optimizer.learningRate = Float(schedule.learningRate(0.1, step: 250, of: 9600))
/// ```
public indirect enum Schedule: Sendable, Hashable {
    /// Always the rate that was given.
    case constant
    /// Times `factor` after each `every` epochs.
    case step(every: Int, factor: Double = 0.1)
    /// Times `factor` after each epoch.
    case exponential(factor: Double = 0.95)
    /// Along half a cosine from the given rate to `end`: end + (rate - end) (1 + cos(pi step / total)) / 2.
    ///
    /// Source: Loshchilov and Hutter 2017, "SGDR: stochastic gradient descent with warm restarts", equation 5, without
    /// restarts.
    case cosine(end: Double = 0)
    /// From maximum / startDivisor up to `maximum` (the given rate when nil) over the first share `rise` of the steps, and
    /// down to maximum / startDivisor / endDivisor over the rest, along half a cosine each.
    ///
    /// Source: Smith and Topin 2018, "Super-convergence"; with cosines, as PyTorch has it.
    case oneCycle(
        maximum: Double? = nil, rise: Double = 0.3, startDivisor: Double = 25, endDivisor: Double = 1e4)
    /// Lower whenever the loss has stopped to fall.
    case plateau(Plateau = Plateau())
    /// For so many steps up to where the other schedule begins, in equal steps from 1/steps of it; then that schedule
    /// for the steps that are left. Where none are left, up to the given rate, or to the maximum of one cycle: what would
    /// have followed does not decide (see `warning(steps:)`).
    case warmUp(steps: Int, then: Schedule)

    /// One cycle whose maximum is the given rate.
    public static var oneCycle: Schedule { .oneCycle(maximum: nil) }

    /// The learning rate of a step.
    ///
    /// - Parameters:
    ///   - rate: the learning rate that training was given.
    ///   - step: the step's number, from 0.
    ///   - total: how many steps there will be. Beyond them `cosine` stays at `end`, which it reaches at step `total` as
    ///     PyTorch's does with T_max = total, and `oneCycle` at the rate of step `total - 1`; others go on as before.
    ///   - stepsPerEpoch: for the schedules that count epochs.
    ///   - plateau: what has been seen of the losses, for `plateau`.
    /// - Precondition: none of the numbers is negative, at least one step in an epoch.
    public func learningRate(
        _ rate: Double, step: Int, of total: Int, stepsPerEpoch: Int = 1, plateau: PlateauState? = nil
    ) -> Double {
        require(
            step >= 0 && total >= 0 && stepsPerEpoch > 0,
            "a schedule for step \(step) of \(total), \(stepsPerEpoch) in an epoch")
        let epoch = step / stepsPerEpoch
        switch self {
        case .constant: return rate
        case .step(let every, let factor):
            return rate * Mathematics.power(factor, Double(epoch / max(1, every)))
        case .exponential(let factor): return rate * Mathematics.power(factor, Double(epoch))
        case .cosine(let end):
            return halfCosine(from: rate, to: end, share: total > 0 ? Double(step) / Double(total) : 1)
        case .oneCycle(let maximum, let rise, let startDivisor, let endDivisor):
            let maximum = maximum ?? rate
            // A cycle of one step has no room to rise or fall.
            guard total > 1 else { return maximum }
            let start = maximum / startDivisor
            let (top, last) = (rise * Double(total) - 1, Double(total - 1))
            if Double(step) <= top || top >= last {
                return halfCosine(from: start, to: maximum, share: top > 0 ? Double(step) / top : 1)
            }
            return halfCosine(
                from: maximum, to: start / endDivisor, share: (Double(step) - top) / (last - top))
        case .plateau: return rate * (plateau?.scale ?? 1)
        case .warmUp(let steps, let next):
            func following(_ step: Int) -> Double {
                next.learningRate(
                    rate, step: step, of: max(0, total - steps), stepsPerEpoch: stepsPerEpoch,
                    plateau: plateau)
            }
            guard step < steps else { return following(step - steps) }
            let top = total > steps ? following(0) : next.top(rate, plateau)
            return top * (Double(step + 1) / Double(steps))
        }
    }

    /// What a warm-up that fills the whole run rises to.
    private func top(_ rate: Double, _ plateau: PlateauState?) -> Double {
        switch self {
        case .constant, .step, .exponential, .cosine: rate
        case .oneCycle(let maximum, _, _, _): maximum ?? rate
        case .plateau: rate * (plateau?.scale ?? 1)
        case .warmUp(_, let next): next.top(rate, plateau)
        }
    }

    /// What is odd about the schedule in a run of so many steps, in a sentence; nil when nothing is.
    public func warning(steps total: Int) -> String? {
        guard case .warmUp(let steps, let next) = self, steps >= total else { return nil }
        let follows = next == .constant ? "" : "; \(next) never begins"
        return steps == total
            ? "the warm-up takes all \(total) steps of the run\(follows)"
            : "the warm-up takes \(steps) steps and the run has \(total): the learning rate ends at "
                + "\(Self.percent(total, of: steps)) of where it would rise to\(follows)"
    }

    private static func percent(_ part: Int, of whole: Int) -> String {
        "\((1000 * Double(part) / Double(whole)).rounded() / 10) %"
    }

    /// The rule of the `plateau` in it, if there is one: what a `PlateauState` is made from.
    public var plateau: Plateau? {
        switch self {
        case .plateau(let rule): rule
        case .warmUp(_, let next): next.plateau
        case .constant, .step, .exponential, .cosine, .oneCycle: nil
        }
    }
}

/// Half a cosine between two rates; share 0 is the first, 1 and beyond the second.
private func halfCosine(from first: Double, to second: Double, share: Double) -> Double {
    second + (first - second) * (1 + Mathematics.cosine(.pi * min(1, share))) / 2
}
