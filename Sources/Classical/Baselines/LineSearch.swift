/// A step along a line that lowers a function enough and leaves its slope small enough: the search of J. J. Moré and
/// D. J. Thuente, "Line search algorithms with guaranteed sufficient decrease", ACM TOMS 20 (1994), with the constants of
/// L-BFGS-B (C. Zhu, R. Byrd, P. Lu, J. Nocedal, "Algorithm 778", 1997), so that its steps are those of SciPy.
///
/// It ends at a step t with f(t) <= f(0) + 1e-3 t f'(0) and |f'(t)| <= 0.9 |f'(0)|.
struct LineSearch {
    /// A place on the line, with the value and the slope there.
    struct Trial {
        var step: Double
        var value: Double
        var slope: Double

        /// The same of f(t) - t c.
        func less(_ c: Double) -> Trial {
            Trial(step: step, value: value - step * c, slope: slope - c)
        }
    }

    private static let (decrease, curvature, width) = (1e-3, 0.9, 0.1)
    /// The longest step.
    private static let longest = 1e10

    private let start: Trial
    /// The lowest place yet, and the other end of the interval.
    private var best: Trial
    private var other: Trial
    private var isBracketed = false
    private var isFirstStage = true
    private var limits: (least: Double, most: Double)
    private var (interval, intervalBefore) = (Self.longest, 2 * Self.longest)
    /// The step to be tried.
    private(set) var step: Double

    /// From value and slope at 0; the slope is below 0.
    init(value: Double, slope: Double, first: Double) {
        start = Trial(step: 0, value: value, slope: slope)
        (best, other, step) = (start, start, min(first, Self.longest))
        limits = (0, 5 * step)
    }

    /// Takes in what was found at `step`; false when the search ends there.
    mutating func goesOn(value: Double, slope: Double) -> Bool {
        let found = Trial(step: step, value: value, slope: slope)
        let gradual = Self.decrease * start.slope
        let enough = start.value + step * gradual
        if isFirstStage, value <= enough, slope >= 0 { isFirstStage = false }
        if value <= enough, slope.magnitude <= Self.curvature * -start.slope { return false }
        if isBracketed {
            // Rounding allows no more, or the interval is narrow enough.
            if step <= limits.least || step >= limits.most { return false }
            if limits.most - limits.least <= Self.width * limits.most { return false }
        }
        if step == Self.longest, value <= enough, slope <= gradual { return false }
        if !value.isFinite || !slope.isFinite { return false }
        if isFirstStage, value <= best.value, value > enough {
            // Until a step is low enough, the function less the asked decrease is searched.
            var (a, b) = (best.less(gradual), other.less(gradual))
            step = narrow(&a, &b, found.less(gradual))
            (best, other) = (a.less(-gradual), b.less(-gradual))
        } else {
            var (a, b) = (best, other)
            step = narrow(&a, &b, found)
            (best, other) = (a, b)
        }
        let gap = (other.step - best.step).magnitude
        if isBracketed {
            if gap >= 0.66 * intervalBefore { step = best.step + 0.5 * (other.step - best.step) }
            (intervalBefore, interval) = (interval, gap)
            limits = (min(best.step, other.step), max(best.step, other.step))
        } else {
            limits = (step + 1.1 * (step - best.step), step + 4 * (step - best.step))
        }
        step = min(max(step, 0), Self.longest)
        if isBracketed,
            step <= limits.least || step >= limits.most
                || limits.most - limits.least <= Self.width * limits.most
        {
            step = best.step
        }
        return true
    }

    /// Narrows the interval [a, b], a the lowest place, by what was found at `t`; the next step, from cubics and parabolas
    /// through the ends (section 4 of the paper).
    private mutating func narrow(_ a: inout Trial, _ b: inout Trial, _ t: Trial) -> Double {
        let turns = t.slope * (a.slope < 0 ? -1 : 1) < 0
        let next: Double
        if t.value > a.value {
            // Higher: the minimum lies between.
            let cubic = a.step + Self.cubic(a, t, from: a) * (t.step - a.step)
            let chord = (a.value - t.value) / (t.step - a.step) + a.slope
            let parabola = a.step + a.slope / chord / 2 * (t.step - a.step)
            next =
                (cubic - a.step).magnitude < (parabola - a.step).magnitude
                ? cubic : cubic + (parabola - cubic) / 2
            isBracketed = true
        } else if turns {
            // Lower, and the slope has turned: between as well.
            let cubic = t.step + Self.cubic(a, t, from: t) * (a.step - t.step)
            let secant = t.step + t.slope / (t.slope - a.slope) * (a.step - t.step)
            next = (cubic - t.step).magnitude > (secant - t.step).magnitude ? cubic : secant
            isBracketed = true
        } else if t.slope.magnitude < a.slope.magnitude {
            // Lower, and less steep: the cubic counts only where it tends to infinity along the line or turns beyond t.
            next = beyond(a, b, t)
        } else if isBracketed {
            next = t.step + Self.cubic(b, t, from: t) * (b.step - t.step)
        } else {
            next = t.step > a.step ? limits.most : limits.least
        }
        if t.value > a.value {
            b = t
        } else {
            if turns { b = a }
            a = t
        }
        return next
    }

    private func beyond(_ a: Trial, _ b: Trial, _ t: Trial) -> Double {
        let slope = 3 * (a.value - t.value) / (t.step - a.step) + a.slope + t.slope
        let size = max(slope.magnitude, a.slope.magnitude, t.slope.magnitude)
        let square = (slope / size) * (slope / size) - (a.slope / size) * (t.slope / size)
        var root = size * max(0, square).squareRoot()
        if t.step > a.step { root = -root }
        let share = ((root - t.slope) + slope) / ((root + (a.slope - t.slope)) + root)
        let cubic =
            share < 0 && root != 0
            ? t.step + share * (a.step - t.step) : t.step > a.step ? limits.most : limits.least
        let secant = t.step + t.slope / (t.slope - a.slope) * (a.step - t.step)
        let isCubicNearer = (cubic - t.step).magnitude < (secant - t.step).magnitude
        guard isBracketed else {
            return min(max(isCubicNearer || cubic == secant ? secant : cubic, limits.least), limits.most)
        }
        let next = isCubicNearer ? cubic : secant
        let bound = t.step + 0.66 * (b.step - t.step)
        return t.step > a.step ? min(bound, next) : max(bound, next)
    }

    /// The minimum of the cubic through two places, as a share of the way from `origin` to the other.
    private static func cubic(_ a: Trial, _ t: Trial, from origin: Trial) -> Double {
        let slope = 3 * (a.value - t.value) / (t.step - a.step) + a.slope + t.slope
        let size = max(slope.magnitude, a.slope.magnitude, t.slope.magnitude)
        var root = size * ((slope / size) * (slope / size) - (a.slope / size) * (t.slope / size)).squareRoot()
        let (near, far) = origin.step == a.step ? (a, t) : (t, a)
        if far.step < near.step { root = -root }
        return ((root - near.slope) + slope) / (((root - near.slope) + root) + far.slope)
    }
}
