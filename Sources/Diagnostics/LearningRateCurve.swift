import Arrays
import Support

/// The losses of a learning-rate range test, and the rate that they suggest.
public struct LearningRateCurve: Equatable, Sendable {
    /// One step of the test.
    public struct Point: Equatable, Sendable {
        /// The learning rate of the step.
        public var rate: Double
        /// The batch's loss before the step.
        public var loss: Double
        /// The losses so far, averaged with weights that fall by 0.95 a step, unbiased.
        public var smoothed: Double
    }

    /// The reason why a test ended before its last step.
    public enum Ending: String, Sendable {
        /// The smoothed loss was four times its least (above it by three times its size), or a loss was not finite.
        case diverged
    }

    /// The suggestion of a curve.
    public struct Suggestion: Equatable, Sendable {
        /// The learning rate at which the loss falls fastest.
        public var rate: Double
        /// The fall of the loss there for ten times the rate.
        public var slope: Double
        /// The rate with the least smoothed loss: a bound for the maximum of a cycle.
        public var bound: Double
    }

    /// The rates from the first to the last step.
    public let range: ClosedRange<Double>
    /// The number of steps planned.
    package let steps: Int
    /// The steps that were made.
    public private(set) var points: [Point] = []
    /// The reason why the test ended early; nil when it did not.
    public private(set) var ending: Ending?
    private var average = 0.0
    private var least = Double.infinity

    init(range: ClosedRange<Double>, steps: Int) {
        self.range = range
        self.steps = steps
    }

    static let smoothing = 0.95

    func rate(ofStep step: Int) -> Double {
        let share = Double(step) / Double(max(1, steps - 1))
        return range.lowerBound * Mathematics.power(range.upperBound / range.lowerBound, share)
    }

    mutating func add(rate: Double, loss: Double) {
        average = Self.smoothing * average + (1 - Self.smoothing) * loss
        let smoothed = average / (1 - Mathematics.power(Self.smoothing, Double(points.count + 1)))
        guard smoothed.isFinite else {
            ending = .diverged
            return
        }
        points.append(Point(rate: rate, loss: loss, smoothed: smoothed))
        // The first few averages are of few losses: a low one among them is chance.
        if points.count > 10 { least = min(least, smoothed) }
        // Four times the least for losses above zero; those at or below it are measured by their first one's size too.
        let size = max(abs(least), 0.01 * abs(points[0].smoothed))
        if least.isFinite, smoothed - least > 3 * size { ending = .diverged }
    }

    /// The rate at which the smoothed loss falls fastest with the logarithm of the rate, before its least.
    ///
    /// Slopes are those of straight lines through a tenth of the points. Nil when there are fewer than 20 points, or the
    /// loss never fell by a twentieth of its first value.
    public var suggestion: Suggestion? {
        guard points.count >= 20 else { return nil }
        // Until the average has seen a few losses its slope is noise.
        let first = min(10, points.count / 10)
        var lowest = first
        for index in first..<points.count where points[index].smoothed < points[lowest].smoothed {
            lowest = index
        }
        let (begin, end) = (points[first].smoothed, points[lowest].smoothed)
        guard begin - end > 0.05 * abs(begin) else { return nil }
        let half = max(2, points.count / 20)
        var best: (slope: Double, index: Int)?
        for index in first...lowest {
            let slope = slope(around: index, half: half, last: lowest)
            if slope < best?.slope ?? 0 { best = (slope, index) }
        }
        return best.map {
            Suggestion(rate: points[$0.index].rate, slope: -$0.slope, bound: points[lowest].rate)
        }
    }

    /// Returns the slope by log10 of the rate of the straight line nearest to the points around one.
    private func slope(around index: Int, half: Int, last: Int) -> Double {
        let part = points[max(0, index - half)...min(last, index + half)]
        let count = Double(part.count)
        guard count > 1 else { return 0 }
        let x = part.map { Mathematics.log10($0.rate) }
        let meanX = x.reduce(0, +) / count
        let meanY = part.reduce(0) { $0 + $1.smoothed } / count
        var (covariance, variance) = (0.0, 0.0)
        for (x, point) in zip(x, part) {
            covariance += (x - meanX) * (point.smoothed - meanY)
            variance += (x - meanX) * (x - meanX)
        }
        return variance > 0 ? covariance / variance : 0
    }

    /// The smoothed losses for a drawing: one that has diverged ends at the top, and leaves the rest readable.
    package var drawnLosses: [Double] {
        guard let first = points.first?.smoothed else { return [] }
        let others = points.dropLast().map(\.smoothed)
        let top = max(first, others.max() ?? first)
        return points.map { min($0.smoothed, 1.25 * top) }
    }

    /// The suggestion, in a line that fits under a title.
    package var summary: String {
        guard let suggestion else { return "The loss never falls clearly" }
        let end =
            ending == .diverged
            ? ", diverges above \(Numerals.twoDigits(points.last?.rate ?? range.lowerBound))" : ""
        let lowest = stillFalls(suggestion) ? "still falls at the end of the test, " : "is lowest at "
        return "The loss falls fastest at \(Numerals.twoDigits(suggestion.rate)), \(lowest)"
            + "\(Numerals.twoDigits(suggestion.bound))\(end)"
    }

    /// Returns whether the least loss is the last one: a larger rate may be better, and was not tried.
    private func stillFalls(_ suggestion: Suggestion) -> Bool {
        ending != .diverged && points.last.map { 1.1 * suggestion.bound > $0.rate } == true
    }

    /// The suggestion, in one or two sentences.
    public var sentence: String {
        let end =
            ending == .diverged
            ? ", and diverges above \(Numerals.twoDigits(points.last?.rate ?? range.lowerBound))" : ""
        guard let suggestion else {
            if points.count < 20 { return "Too few steps to suggest a rate\(end)." }
            return "The loss never falls clearly\(end): try rates outside of the range, or more steps."
        }
        let bound = Numerals.twoDigits(suggestion.bound)
        let lowest =
            stillFalls(suggestion)
            ? "It still fell at \(bound), where the test ended: larger rates were not tried"
            : "It is lowest at \(bound), the upper limit for one-cycle"
        return
            "Try a learning rate of \(Numerals.twoDigits(suggestion.rate)): there the loss falls fastest, by "
            + "\(Numerals.fixed(suggestion.slope, 2)) for ten times the rate. \(lowest)\(end)."
    }
}
