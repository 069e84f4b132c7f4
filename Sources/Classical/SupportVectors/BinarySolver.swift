import Arrays
import CKernels

/// Solves a problem of support vectors: sequential minimal optimisation on a growing working set.
///
/// Variables outside the working set do not change. The set's own kernel matrix is small and dense, so that a step
/// costs about a microsecond (`ck_smo_solve`, Fan, Chen and Lin's second-order choice of the pair). When the set is
/// solved, f = gradient of all N variables is brought up to date, and the variables that violate the optimality
/// conditions most join the set: their kernel rows come from one matrix product. Members that are firmly at a bound
/// leave it (shrinking); their rows stay in the cache. The end is libsvm's: the violation over all N variables is below
/// the tolerance. Small problems are one working set.
///
/// Sources: R.-E. Fan, P.-H. Chen, C.-J. Lin, "Working set selection using second order information for training support
/// vector machines", JMLR 6 (2005); where both variables of a step must be of one sign (nu), the better of the two signs'
/// pairs: C.-C. Chang, C.-J. Lin, "Training nu-support vector classifiers", Neural Computation 13 (2001).
/// Decomposition by large working sets: T. Joachims, "Making large-scale SVM learning practical" (1999); the same with
/// rows from matrix products: Z. Wen et al., "ThunderSVM", JMLR 19 (2018).
final class BinarySolver {
    /// Variables that join the working set at a time.
    private static let joining = 256
    /// Problems of at most this many variables are one working set.
    static let wholeLimit = 512
    private static let largestSet = 4096
    /// Steps between two looks at the cancellation: at most some tens of milliseconds.
    private static let stepsAtATime = 4096

    let problem: BinaryProblem
    let cache: KernelRowCache
    /// Variables: as many as rows, or twice as many.
    let count: Int
    /// N.
    let rowCount: Int
    private(set) var alpha: [Double]
    /// y_t times the gradient: sum of y_s alpha_s K_st + y_t p_t.
    private(set) var f: [Double]
    /// How much farther f of variable t + N is than that of t; empty where each row has one variable.
    private let twinOffsets: [Double]
    private(set) var steps = 0
    private(set) var violation = Double.infinity

    private var set: [Int] = []
    /// The row of each member.
    private var setRows: [Int] = []
    private var isMember: [Bool]
    private let setLimit: Int
    private var tolerance: Double
    /// nu-SVC: about the size of the margin if classes were as far apart as their examples are long.
    private var largestMargin = 0.0

    init(_ problem: BinaryProblem) {
        self.problem = problem
        (count, rowCount) = (problem.signs.count, problem.rows.count)
        cache = KernelRowCache(problem.rows, kernel: problem.kernel, limit: problem.cacheLimit)
        alpha = problem.start
        let f = zip(problem.signs, problem.linearTerm).map { $0 * $1 }
        let rowCount = problem.rows.count
        twinOffsets = (rowCount..<max(rowCount, f.count)).map { f[$0] - f[$0 - rowCount] }
        self.f = f
        isMember = [Bool](repeating: false, count: count)
        // A member needs its row, and two may have the same one.
        setLimit = min(Self.largestSet, cache.capacity == rowCount ? problem.signs.count : cache.capacity)
        tolerance = problem.tolerance
    }

    /// Runs to the end; `tick` is called several times a second and throws to stop.
    func solve(_ tick: (SolverProgress) throws -> Void) throws -> BinarySolution {
        try addStart(tick)
        let small = SmallProblem(setLimit, sets: problem.pairsWithinSign ? 2 : 1)
        try join(isWhole ? Array(0..<count) : firstMembers(), small)
        while true {
            try solveToTolerance(small, tick)
            guard problem.dividesByMargin, steps < problem.stepLimit else { return solution(hasMargin: true) }
            // The margin of nu-SVC is r, by which all is divided in the end, known up to the violation.
            let margin = thresholds().margin
            let left = max(0, violation)
            if margin + left < Self.leastMargin * largestMargin { return solution(hasMargin: false) }
            if left <= 10 * problem.tolerance * margin { return solution(hasMargin: true) }
            if tolerance < 1e-10 * largestMargin { return solution(hasMargin: false) }
            tolerance = margin > 0 ? min(problem.tolerance * margin, 0.1 * tolerance) : 0.01 * tolerance
        }
    }

    /// nu-SVC: a margin below this share of its largest possible value counts as zero.
    private static let leastMargin = 1e-6

    /// Whether the working set holds all variables, so that the steps are libsvm's own: where it is small, or all kernel rows
    /// take some tens of milliseconds.
    private var isWhole: Bool {
        guard count <= setLimit else { return false }
        guard rowCount > Self.wholeLimit else { return true }
        guard case .doubles = problem.rows.values else { return false }
        return rowCount * rowCount * problem.rows.width <= Self.wholeWork
    }

    private static let wholeWork = 1 << 27

    private func solveToTolerance(_ small: SmallProblem, _ tick: (SolverProgress) throws -> Void) throws {
        if isWhole { return try solveSet(small, tolerance: tolerance, tick) }
        while true {
            try tick(SolverProgress(steps: steps, violation: violation))
            // Early sets need no exact solution; the last one does.
            try solveSet(small, tolerance: max(0.99 * tolerance, 0.1 * min(violation, 1)), tick)
            let extremes = self.extremes()
            violation = extremes.violation
            if !(violation >= tolerance) || steps >= problem.stepLimit { return }
            let joining = violators(extremes)
            if joining.isEmpty && small.solvedTo <= 0.99 * tolerance { return }
            if !joining.isEmpty {
                try shrink(toFit: joining.count, extremes, small)
                try join(joining, small)
            }
        }
    }

    // MARK: The working set

    private func row(of t: Int) -> Int { t < rowCount ? t : t - rowCount }

    /// Whether a row is that of a member.
    private func hasMember(_ row: Int) -> Bool {
        isMember[row] || (count > rowCount && isMember[row + rowCount])
    }

    /// f of the start, where not all alphas are 0.
    private func addStart(_ tick: (SolverProgress) throws -> Void) throws {
        let start = coefficients()
        let moved = start.indices.filter { start[$0] != 0 }
        defer { largestMargin *= alpha.reduce(0, +) / 2 }
        let batch = min(128, cache.capacity)
        for first in stride(from: 0, to: moved.count, by: batch) {
            try tick(SolverProgress(steps: 0, violation: violation))
            let rows = Array(moved[first..<min(moved.count, first + batch)])
            try cache.make(rows) { _ in false }
            addRows(rows, changes: rows.map { start[$0] })
            for row in rows { largestMargin = max(largestMargin, Double(cache.row(row)[row])) }
        }
    }

    /// Chooses as many of each sign, evenly from all of them; at the start all are equally good.
    private func firstMembers() -> [Int] {
        let size = min(Self.joining, setLimit)
        var members: [Int] = []
        for side in [1.0, -1.0] {
            let all = problem.signs.indices.filter { problem.signs[$0] == side }
            let wanted = min(all.count, size / 2)
            members += (0..<wanted).map { all[$0 * all.count / wanted] }
        }
        return members
    }

    private func join(_ members: [Int], _ small: SmallProblem) throws {
        let rows = members.map(row(of:))
        try cache.make(count > rowCount ? Set(rows).sorted() : rows, keeping: hasMember)
        let old = set.count
        set += members
        setRows += rows
        for t in members { isMember[t] = true }
        small.resize(to: set.count)
        for place in old..<set.count {
            small.fill(place, from: cache.row(setRows[place]), columns: setRows, old: old)
            small.signs[place] = problem.signs[set[place]]
            small.upper[place] = problem.upper[set[place]]
        }
    }

    private func solveSet(
        _ small: SmallProblem, tolerance: Double, _ tick: (SolverProgress) throws -> Void
    ) throws {
        for (place, t) in set.enumerated() {
            small.alpha[place] = alpha[t]
            small.f[place] = f[t]
        }
        while true {
            let wanted = min(Self.stepsAtATime, problem.stepLimit - steps)
            let (made, left) = small.solve(tolerance: tolerance, mostSteps: wanted)
            steps += made
            if set.count == count { violation = left }
            if made < wanted || !(left >= tolerance) || steps >= problem.stepLimit { break }
            try tick(
                SolverProgress(steps: steps, violation: max(left, min(violation, .greatestFiniteMagnitude))))
        }
        small.solvedTo = tolerance
        var moved: [Int] = []
        var changes: [Double] = []
        for (place, t) in set.enumerated() where small.alpha[place] != alpha[t] {
            moved.append(row(of: t))
            changes.append(problem.signs[t] * (small.alpha[place] - alpha[t]))
            alpha[t] = small.alpha[place]
        }
        addRows(moved, changes: changes)
    }

    /// f += sum of change_r times row r.
    private func addRows(_ rows: [Int], changes: [Double]) {
        let pointers: [UnsafePointer<Float>?] = rows.map { cache.row($0) }
        let count = rowCount
        let parts = max(1, min(16, count / 4096))
        f.withUnsafeMutableBufferPointer { f in
            guard let base = f.baseAddress else { return }
            // Each part writes its own range of f.
            inParts(parts) { part in
                let (first, end) = (count * part / parts, count * (part + 1) / parts)
                ck_svm_add_rows(pointers, changes, rows.count, first, end, base)
            }
        }
        for t in twinOffsets.indices { f[t + count] = f[t] + twinOffsets[t] }
    }

    // MARK: Optimality

    func mayRise(_ t: Int) -> Bool {
        problem.signs[t] > 0 ? alpha[t] < problem.upper[t] : alpha[t] > 0
    }
    func mayFall(_ t: Int) -> Bool {
        problem.signs[t] > 0 ? alpha[t] > 0 : alpha[t] < problem.upper[t]
    }
    func side(_ t: Int) -> Int { problem.pairsWithinSign && problem.signs[t] < 0 ? 1 : 0 }

    /// For each side: the least f among those that may rise, and the largest among those that may fall.
    private struct Extremes {
        var least = [Double.infinity, Double.infinity]
        var most = [-Double.infinity, -Double.infinity]
        var violation: Double { max(most[0] - least[0], most[1] - least[1]) }
    }

    private func extremes() -> Extremes {
        var result = Extremes()
        for t in 0..<count {
            let side = side(t)
            if mayRise(t) { result.least[side] = min(result.least[side], f[t]) }
            if mayFall(t) { result.most[side] = max(result.most[side], f[t]) }
        }
        return result
    }

    /// Those outside the set that violate the conditions most, half of them too low and half too high.
    private func violators(_ extremes: Extremes) -> [Int] {
        var low: [(Double, Int)] = []
        var high: [(Double, Int)] = []
        let slack = 0.5 * tolerance
        for t in 0..<count where !isMember[t] {
            let side = side(t)
            if mayRise(t), f[t] < extremes.most[side] - slack { low.append((f[t] - extremes.most[side], t)) }
            if mayFall(t), f[t] > extremes.least[side] + slack {
                high.append((extremes.least[side] - f[t], t))
            }
        }
        low.sort { $0 < $1 }
        high.sort { $0 < $1 }
        // The set must have room for both and for some of its members.
        let size = min(Self.joining, max(2, setLimit / 2))
        var chosen: [Int] = []
        var seen = Set<Int>()
        var (l, h) = (0, 0)
        while chosen.count < size && (l < low.count || h < high.count) {
            if l < low.count {
                if seen.insert(low[l].1).inserted { chosen.append(low[l].1) }
                l += 1
            }
            if chosen.count < size && h < high.count {
                if seen.insert(high[h].1).inserted { chosen.append(high[h].1) }
                h += 1
            }
        }
        return chosen
    }

    /// Takes out members that are at a bound and would stay there, when the set is too large for `more` others; then, if
    /// it must, those that violate least.
    private func shrink(toFit more: Int, _ extremes: Extremes, _ small: SmallProblem) throws {
        guard set.count + more > setLimit else { return }
        let target = max(0, min(setLimit - more, setLimit * 3 / 4))
        // The distance of a member from being chosen: above 0 it is firmly at its bound; free ones come last.
        func firmness(_ t: Int) -> Double {
            let (rises, falls, side) = (mayRise(t), mayFall(t), side(t))
            if rises && falls { return -.infinity }
            return rises ? f[t] - extremes.most[side] : extremes.least[side] - f[t]
        }
        let order = set.map { (firmness($0), $0) }.sorted { $0.0 != $1.0 ? $0.0 < $1.0 : $0.1 < $1.1 }
        for (_, t) in order[target...] { isMember[t] = false }
        let stays = order[..<target].map(\.1)
        set = []
        setRows = []
        for t in stays { isMember[t] = false }
        small.resize(to: 0)
        try join(stays, small)
    }
}
