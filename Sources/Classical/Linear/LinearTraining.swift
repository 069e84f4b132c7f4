import Arrays
import CKernels
import Classification
import ExampleData
import Support
import Synchronization

/// The state that the linear solvers share, and the passes over one class against the rest.
struct LinearTraining {
    typealias Weights = (weights: NDArray<Float>, biases: [Float])

    let machine: LinearSupportVectorMachine
    private let examples: FeatureMatrix
    let rows: SparseRows
    let norms: [Float]
    let classes: [Int32]
    let costs: [Double]
    var classCount: Int { costs.count }

    init(_ machine: LinearSupportVectorMachine, _ examples: LabeledExamples) {
        self.machine = machine
        self.examples = examples.features
        rows = SparseRows(examples.features, scale: machine.byteScale)
        norms = rows.norms(bias: machine.bias)
        classes = examples.classes
        costs = machine.classWeights.values(for: examples).map { machine.cost * $0 }
    }

    func checkStop(_ cancellation: Cancellation?) throws {
        try Cancellation.check(cancellation)
    }

    private struct GroupResult {
        var weights: [Float]
        var passes: Int
        var violation: Double
        /// Of each lane: the values of the problem and of its dual, which is minimised too.
        var primal: [Double]
        var dual: [Double]
    }

    /// A problem whose passes end unsolved, or whose value may be off by more than this share, is solved by other means.
    private static let gap = 0.004
    /// Values of problem and dual that differ by no more than this share are the same.
    private static let closed = 1e-6
    /// The number of passes before that.
    private static let descentPasses = 300
    /// Other means take some twenty products of N D^2 for each class (N^3 where rows are fewer); the most for which that is
    /// worth while: a third of a second for ten classes. Beyond it the tolerance is the caller's, as in liblinear.
    private static let mostWork = 0x1p25

    /// Whether the problem is small enough for other methods.
    private var canFinish: Bool {
        // As floating point: a file may name features by the hundred million, whose square exceeds `Int`.
        let columns = min(Double(rows.width + 1), Double(rows.count))
        return Double(rows.count) * columns * columns <= Self.mostWork
    }

    // MARK: One class against the rest

    /// Classes in groups of at most eight, as even as can be; the groups are solved at once. Two classes are one problem.
    func oneVersusRest(
        _ cancellation: Cancellation?, _ progress: ((LearningProgress) -> Void)?
    ) throws -> (Weights, LinearSupportVectorReport) {
        let problems = classCount == 2 ? 1 : classCount
        let groups = (problems + Int(CK_LINEAR_LANES) - 1) / Int(CK_LINEAR_LANES)
        let results = Mutex([Result<GroupResult, any Error>?](repeating: nil, count: groups))
        let caller = CallingThread()
        // Each part has its own weights, multipliers and order; `progress` is called on this thread only.
        inParts(groups) { group in
            let lanes = problems * group / groups..<problems * (group + 1) / groups
            let result = Result {
                try solve(lanes) { passes, violation in
                    try checkStop(cancellation)
                    guard caller.isCurrent else { return }
                    progress?(LearningProgress(activity: "pass \(passes)", violation: violation))
                }
            }
            results.withLock { $0[group] = result }
        }
        let found = try results.withLock { try $0.compactMap { try $0?.get() } }
        let width = rows.width
        let lanes = Int(CK_LINEAR_LANES)
        var columns: [[Float]] = []
        var (violation, objective) = (0.0, 0.0)
        var passes = found.map(\.passes).max() ?? 0
        var steps = 0
        var isSolved = true
        var dense: DenseProblem?
        for (group, result) in found.enumerated() {
            let first = problems * group / groups
            for lane in 0..<problems * (group + 1) / groups - first {
                let column = (0...width).map { result.weights[$0 * lanes + lane] }
                let isOpen = result.violation > machine.tolerance
                let isFar = result.primal[lane] + result.dual[lane] > Self.gap * result.primal[lane]
                guard isOpen || isFar, canFinish,
                    !isOpen || result.passes < machine.passLimit
                else {
                    columns.append(column)
                    violation = max(violation, result.violation)
                    if isOpen { isSolved = false }
                    objective += result.dual[lane]
                    continue
                }
                let problem = dense ?? DenseProblem(examples, scale: machine.byteScale, bias: machine.bias)
                dense = problem
                let solution = try finish(problem, first + lane, from: column.map(Double.init)) {
                    step, left in
                    try checkStop(cancellation)
                    progress?(LearningProgress(activity: "step \(steps + step)", violation: left))
                }
                columns.append(solution.weights.map { Float($0) })
                violation = max(violation, solution.violation)
                if solution.violation > machine.tolerance, solution.gap > Self.closed { isSolved = false }
                objective += solution.dual
                steps += solution.steps
            }
        }
        passes += steps
        if classCount == 2 { columns.append(columns[0].map { -$0 }) }
        return (
            assemble(columns),
            LinearSupportVectorReport(
                passes: passes, violation: violation, converged: isSolved, objective: objective)
        )
    }

    /// Solves class `number` against the rest in double precision.
    private func finish(
        _ problem: DenseProblem, _ number: Int, from weights: [Double], _ tick: (Int, Double?) throws -> Void
    ) throws -> DenseProblem.Solution {
        let isPositive = classes.map { Int($0) == number }
        let restCost = classCount == 2 ? costs[1] : machine.cost
        let signs = isPositive.map { $0 ? 1.0 : -1.0 }
        let rowCosts = isPositive.map { $0 ? costs[number] : restCost }
        var solution =
            switch machine.loss {
            case .hinge: try problem.interior(signs: signs, costs: rowCosts, tick)
            case .squaredHinge:
                try problem.newton(
                    signs: signs, costs: rowCosts, start: problem.coordinates(of: weights), tick)
            }
        solution.weights = problem.weights(at: solution.weights)
        return solution
    }

    func assemble(_ columns: [[Float]]) -> Weights {
        let width = rows.width
        let weights = NDArray(shape: [width, columns.count]) { target in
            for feature in 0..<width {
                for (place, column) in columns.enumerated() {
                    target.initializeElement(at: feature * columns.count + place, to: column[feature])
                }
            }
        }
        return (weights, columns.map { $0[width] * machine.bias })
    }

    /// Solves the problems of `range` together.
    private func solve(_ range: Range<Int>, _ tick: (Int, Double?) throws -> Void) throws -> GroupResult {
        let lanes = Int(CK_LINEAR_LANES)
        let hinge = machine.loss == .hinge
        func byLane(_ value: (Int) -> Float) -> [Float] {
            (0..<lanes).map { $0 < range.count ? value(range.lowerBound + $0) : 0 }
        }
        let positiveUpper = byLane { hinge ? Float(costs[$0]) : .infinity }
        // With two classes the rest is the second one, which has its own weight.
        let restCost = classCount == 2 ? costs[1] : machine.cost
        let negativeUpper = byLane { _ in hinge ? Float(restCost) : .infinity }
        let positiveShift = byLane { hinge ? 0 : Float(0.5 / costs[$0]) }
        let negativeShift = byLane { _ in hinge ? 0 : Float(0.5 / restCost) }
        var alpha = [Float](repeating: 0, count: rows.count * lanes)
        // An array's memory begins with a cache line, so that no row of weights crosses one.
        var weights = NDArray<Float>(shape: [rows.width + 1, lanes], repeating: 0)
        var order = (0..<Int32(rows.count)).map { $0 }
        var passes = 0
        var violation = Double.infinity
        var primal = [Double](repeating: 0, count: lanes)
        let most =
            canFinish ? min(machine.passLimit, Self.descentPasses) : machine.passLimit
        try tick(0, nil)
        try rows.withKernelForm { form in
            try withBuffers(
                &alpha, &weights, &order, positiveUpper, negativeUpper, positiveShift, negativeShift
            ) {
                problem in
                problem.rows = form
                problem.first = Int32(range.lowerBound)
                problem.lanes = Int32(range.count)
                problem.bias = machine.bias
                problem.active = rows.count
                problem.random = UInt64(machine.seed) &* 0x9E37_79B9_7F4A_7C15 | 1
                forgetExtremes(&problem)
                while passes < most {
                    let wasWhole = problem.active == rows.count
                    var left: Float = 0
                    ck_linear_pass(&problem, &left)
                    passes += 1
                    violation = Double(left)
                    try tick(passes, violation)
                    guard violation <= machine.tolerance else { continue }
                    if wasWhole { break }
                    // Those that rested are looked at again before the end.
                    problem.active = rows.count
                    forgetExtremes(&problem)
                }
                ck_linear_losses(&problem, &primal)
            }
        }
        var dual = [Double](repeating: 0, count: lanes)
        for (place, weight) in weights.elements.enumerated() {
            let half = Double(weight) * Double(weight) / 2
            primal[place % lanes] += half
            dual[place % lanes] += half
        }
        for row in 0..<rows.count {
            for lane in 0..<range.count {
                let value = Double(alpha[row * lanes + lane])
                let positive = Int(classes[row]) == range.lowerBound + lane
                let shift = Double(positive ? positiveShift[lane] : negativeShift[lane])
                dual[lane] += shift * value * value / 2 - value
            }
        }
        return GroupResult(
            weights: weights.elements, passes: passes, violation: violation, primal: primal, dual: dual)
    }

    private func forgetExtremes(_ problem: inout ck_linear) {
        withUnsafeMutableBytes(of: &problem.most) {
            $0.bindMemory(to: Float.self).update(repeating: .infinity)
        }
        withUnsafeMutableBytes(of: &problem.least) {
            $0.bindMemory(to: Float.self).update(repeating: -.infinity)
        }
    }

    /// Calls `body` with a problem whose arrays do not move: rows x lanes multipliers, (D + 1) x lanes weights, and the rest
    /// by row or by lane, as ck_linear says.
    private func withBuffers(
        _ alpha: inout [Float], _ weights: inout NDArray<Float>, _ order: inout [Int32],
        _ positiveUpper: [Float],
        _ negativeUpper: [Float], _ positiveShift: [Float], _ negativeShift: [Float],
        _ body: (inout ck_linear) throws -> Void
    ) throws {
        var problem = ck_linear()
        try alpha.withUnsafeMutableBufferPointer { alpha in
            try weights.withUnsafeMutableElements { weights in
                try order.withUnsafeMutableBufferPointer { order in
                    try classes.withUnsafeBufferPointer { classes in
                        try norms.withUnsafeBufferPointer { norms in
                            let bounds = positiveUpper + negativeUpper + positiveShift + negativeShift
                            try bounds.withUnsafeBufferPointer { bounds in
                                guard let base = bounds.baseAddress else { return }
                                let lanes = Int(CK_LINEAR_LANES)
                                problem.alpha = alpha.baseAddress
                                problem.weights = weights.baseAddress
                                problem.order = order.baseAddress
                                problem.classes = classes.baseAddress
                                problem.norms = norms.baseAddress
                                problem.positive_upper = base
                                problem.negative_upper = base + lanes
                                problem.positive_shift = base + 2 * lanes
                                problem.negative_shift = base + 3 * lanes
                                try body(&problem)
                            }
                        }
                    }
                }
            }
        }
    }
}
