/// Minimises a smooth function: quasi-Newton steps from the last few changes of point and gradient.
///
/// Steps satisfy Armijo's condition and the weak one on the slope, found by doubling and halving; or they are those of L-BFGS-B
/// without bounds (`LineSearch`), which SciPy takes.
///
/// Source: D. C. Liu, J. Nocedal, "On the limited memory BFGS method for large scale optimization" (1989); the search
/// along the line: A. S. Lewis, M. L. Overton, "Nonsmooth optimization via quasi-Newton methods" (2013), section 3.
struct LimitedMemoryBFGS {
    /// The point at which the search ended.
    struct Solution {
        let point: [Double]
        let value: Double
        /// The largest derivative by absolute value.
        let gradientNorm: Double
        let iterations: Int
    }

    private struct Change {
        let step: [Double]
        let gradient: [Double]
        /// The preconditioner's product with `gradient`.
        let preconditioned: [Double]
        let inverseProduct: Double
    }

    private var changes: [Change] = []
    private let rounding: Double
    private let preconditioner: ([Double]) -> [Double]
    private let memory: Int
    /// Whether lines are searched as in L-BFGS-B.
    private let isPlain: Bool
    private static let (sufficientDecrease, slopeShare) = (1e-4, 0.9)

    /// `rounding`: how much of a value may be rounding. `preconditioner`: the product with a positive definite matrix that is
    /// about the inverse of the second derivative, but for a factor.
    init(rounding: Double, preconditioner: @escaping ([Double]) -> [Double] = { $0 }) {
        (self.rounding, self.preconditioner, memory, isPlain) = (rounding, preconditioner, 20, false)
    }

    /// As SciPy's `L-BFGS-B` without bounds: ten changes kept, no preconditioner, and an end where the value falls by less than
    /// 64 units in its last place, as scikit-learn asks.
    init() { (rounding, preconditioner, memory, isPlain) = (64 * Double.ulpOfOne, { $0 }, 10, true) }

    /// Iterates until no derivative is larger than `tolerance`, the iterations end, or no step along the line lowers the
    /// value any more. `largest`: the largest derivative of a gradient, where its coordinates are not those that count.
    mutating func minimize(
        from start: [Double], tolerance: Double, iterations: Int,
        largest: ([Double]) -> Double = Self.largest,
        _ function: ([Double]) throws -> (Double, [Double]),
        report: (Double) -> Void
    ) throws -> Solution {
        var point = start
        var (value, gradient) = try function(point)
        var iteration = 0
        while iteration < iterations, !(largest(gradient) <= tolerance) {
            var direction = direction(gradient)
            var slope = Self.dot(direction, gradient)
            if slope >= 0 {
                changes = []
                direction = preconditioner(gradient).map { -$0 }
                slope = Self.dot(direction, gradient)
                if !(slope < 0) {
                    direction = gradient.map { -$0 }
                    slope = -Self.dot(gradient, gradient)
                }
            }
            if isPlain {
                let isFirst = iteration == 0
                guard
                    let next = try Self.plainSearch(
                        point, value, direction, slope,
                        first: isFirst ? 1 / Self.dot(direction, direction).squareRoot() : 1, function)
                else {
                    if changes.isEmpty { break }
                    changes = []
                    continue
                }
                let before = value
                remember(
                    zip(next.point, point).map { $0 - $1 }, zip(next.gradient, gradient).map { $0 - $1 })
                (point, value, gradient) = (next.point, next.value, next.gradient)
                iteration += 1
                report(largest(gradient))
                if before - value <= rounding * max(before.magnitude, value.magnitude, 1) { break }
                continue
            }
            let first = changes.isEmpty ? min(1, 1 / Self.dot(direction, direction).squareRoot()) : 1
            guard
                let (next, nextValue, nextGradient) = try Self.search(
                    point, value, direction, slope, first: first, rounding: rounding * value.magnitude,
                    function)
            else {
                // The memory may be at fault; without it this is steepest descent.
                if changes.isEmpty { break }
                changes = []
                continue
            }
            remember(zip(next, point).map { $0 - $1 }, zip(nextGradient, gradient).map { $0 - $1 })
            (point, value, gradient) = (next, nextValue, nextGradient)
            iteration += 1
            report(largest(gradient))
        }
        return Solution(
            point: point, value: value, gradientNorm: largest(gradient), iterations: iteration)
    }

    private mutating func remember(_ step: [Double], _ gradient: [Double]) {
        let product = Self.dot(step, gradient)
        guard product > 1e-300 else { return }
        changes.append(
            Change(
                step: step, gradient: gradient, preconditioned: preconditioner(gradient),
                inverseProduct: 1 / product))
        if changes.count > memory { changes.removeFirst() }
    }

    /// Minus the approximate inverse Hessian times the gradient: the two loops.
    private func direction(_ gradient: [Double]) -> [Double] {
        var result = gradient
        var factors: [Double] = []
        for change in changes.reversed() {
            let factor = change.inverseProduct * Self.dot(change.step, result)
            factors.append(factor)
            Self.add(&result, change.gradient, -factor)
        }
        result = preconditioner(result)
        if let last = changes.last {
            let scale = 1 / (last.inverseProduct * Self.dot(last.gradient, last.preconditioned))
            for place in result.indices { result[place] *= scale }
        }
        for (change, factor) in zip(changes, factors.reversed()) {
            let other = change.inverseProduct * Self.dot(change.gradient, result)
            Self.add(&result, change.step, factor - other)
        }
        return result.map { -$0 }
    }

    /// The most values along one line, scikit-learn's choice.
    private static let mostTrials = 50

    private static func plainSearch(
        _ point: [Double], _ value: Double, _ direction: [Double], _ slope: Double, first: Double,
        _ function: ([Double]) throws -> (Double, [Double])
    ) throws -> (point: [Double], value: Double, gradient: [Double])? {
        var search = LineSearch(value: value, slope: slope, first: first)
        for _ in 0..<mostTrials {
            var next = point
            add(&next, direction, search.step)
            let (nextValue, gradient) = try function(next)
            if !search.goesOn(value: nextValue, slope: dot(gradient, direction)) {
                return nextValue.isFinite ? (next, nextValue, gradient) : nil
            }
        }
        return nil
    }

    private static func search(
        _ point: [Double], _ value: Double, _ direction: [Double], _ slope: Double, first: Double,
        rounding: Double, _ function: ([Double]) throws -> (Double, [Double])
    ) throws -> ([Double], Double, [Double])? {
        var (low, high, length) = (0.0, Double.infinity, first)
        var best: ([Double], Double, [Double])?
        for _ in 0..<60 {
            var next = point
            add(&next, direction, length)
            let (nextValue, gradient) = try function(next)
            // Near the optimum the decrease is smaller than the rounding of the value.
            if !(nextValue <= value + sufficientDecrease * length * slope + rounding) {
                high = length
            } else {
                if nextValue < value || largest(gradient) == 0 { best = (next, nextValue, gradient) }
                if dot(gradient, direction) >= slopeShare * slope { return (next, nextValue, gradient) }
                low = length
            }
            length = high.isFinite ? (low + high) / 2 : 2 * length
            if high - low <= 1e-15 * high { break }
        }
        return best
    }

    private static func dot(_ a: [Double], _ b: [Double]) -> Double {
        var sum = 0.0
        for place in a.indices { sum += a[place] * b[place] }
        return sum
    }

    private static func add(_ a: inout [Double], _ b: [Double], _ factor: Double) {
        for place in a.indices { a[place] += factor * b[place] }
    }

    static func largest(_ a: [Double]) -> Double { a.reduce(0) { max($0, $1.magnitude) } }
}
