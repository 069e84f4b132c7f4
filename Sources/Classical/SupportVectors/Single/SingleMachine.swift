import Arrays
import Classification
import ExampleData
import Support

/// What the machines of one decision function have in common: the settings of the solver, and how it is run.
struct SingleMachine {
    /// How errors call the learner.
    var name: String
    var kernel: KernelFunction
    var byteScale: Float
    var tolerance: Double
    var cacheLimit: Int
    var stepLimit: Int?

    /// A problem before it has rows.
    struct Terms {
        var signs: [Double]
        var upper: [Double]
        var start: [Double]
        var linearTerm: [Double]
        var pairsWithinSign = false
    }

    /// Returns an error about a setting.
    func usage(_ what: String, _ expected: String, _ got: some Any, advice: String? = nil) -> DescentError {
        DescentError(.usage, what, at: name, expected: expected, got: "\(got)", advice: advice)
    }

    /// Checks the settings for `count` examples, before work starts.
    func check(count: Int) throws {
        try kernel.check()
        guard tolerance > 0 && tolerance <= 1e30 else {
            throw usage("impossible tolerance", "a number above 0, at most 1e30", tolerance)
        }
        guard stepLimit ?? 1 >= 1 else { throw usage("impossible step limit", "1 or more", stepLimit ?? 0) }
        guard byteScale > 0 && byteScale <= 1e30 else {
            throw usage("impossible scale of bytes", "a number above 0, at most 1e30", byteScale)
        }
        let needed = 4 * count * KernelRowCache.leastRows(count)
        guard cacheLimit >= needed else {
            throw usage(
                "the cache limit is too small", "at least \(needed) bytes for \(count) examples", cacheLimit,
                advice: "raise the limit or take fewer examples")
        }
    }

    /// Solves the problem that `terms` makes of the rows, whose sum of coefficients is `sum`.
    ///
    /// Kernel values may be relative to a point m, K' = K(x, z) - a_x - a_z (`KernelCentre`). With S the sum of the
    /// coefficients, which no step changes, 1/2 c'Kc = 1/2 c'K'c + S a'c: so S a is added to the linear term, the objective is
    /// that of K, and rho lacks a'c.
    func solve(
        _ features: FeatureMatrix, _ terms: Terms, sum: Double = 0, cancellation: Cancellation?,
        progress: ((LearningProgress) -> Void)?
    ) throws -> (solution: BinarySolution, kernel: KernelFunction) {
        let kernel = kernel.resolved(for: features, scale: byteScale)
        let rows = FeatureRows(
            features, indices: Array(0..<features.count), scale: byteScale,
            form: FeatureRows.form(of: features, for: kernel), centre: KernelCentre(features, for: kernel))
        var linearTerm = terms.linearTerm
        if sum != 0, let anchors = rows.anchors {
            for t in linearTerm.indices { linearTerm[t] += sum * anchors.values[t] }
        }
        let problem = BinaryProblem(
            rows: rows, kernel: kernel, signs: terms.signs, upper: terms.upper, start: terms.start,
            linearTerm: linearTerm, pairsWithinSign: terms.pairsWithinSign, dividesByMargin: false,
            tolerance: tolerance, cacheLimit: cacheLimit,
            stepLimit: stepLimit ?? max(10_000_000, 100 * terms.signs.count))
        var solution = try BinarySolver(problem).solve { state in
            try Cancellation.check(cancellation, at: name)
            progress?(
                LearningProgress(
                    activity: "\(Numerals.counted(state.steps, "step"))",
                    violation: state.violation.isFinite ? state.violation : nil))
        }
        if let value = preciseSquare(solution.coefficients, rows, kernel) {
            solution.objective = value / 2 + solution.linearValue
            if sum != 0, let anchors = rows.anchors {
                solution.objective -=
                    sum * zip(solution.coefficients, anchors.values).reduce(0) { $0 + $1.0 * $1.1 }
            }
        }
        if let anchors = rows.anchors {
            solution.rho += zip(solution.coefficients, anchors.values).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let report = SupportVectorSolution(solution)
        progress?(LearningProgress(activity: "\(report)", fraction: 1, violation: report.violation))
        return (solution, kernel)
    }
}

extension SingleMachine {
    /// Support vectors whose kernel values are computed once more.
    private static let mostPrecise = 4096

    /// c'Kc with kernel values that were not rounded to `Float`, so that an objective can be compared; nil where rows are kept
    /// as `Float` or bytes, or there are many.
    ///
    /// The coefficients are the best for the rounded values and so all but the best for these, and the objective is off only by
    /// the square of the rounding, where that of the rounded values was off by 2e-6 of itself.
    private func preciseSquare(
        _ coefficients: [Double], _ rows: FeatureRows, _ kernel: KernelFunction
    ) -> Double? {
        let support = coefficients.indices.filter { coefficients[$0] != 0 }
        guard case .doubles = rows.values, (1...Self.mostPrecise).contains(support.count) else { return nil }
        let own = rows.picking(support)
        let block = 128
        let parts = (support.count + block - 1) / block
        var sums = [Double](repeating: 0, count: parts)
        sums.withUnsafeMutableBufferPointer { sums in
            guard let sums = sums.baseAddress else { return }
            // Each part writes its own sum.
            inParts(parts) { part in
                let range = part * block..<min(support.count, (part + 1) * block)
                withUnsafeTemporaryAllocation(of: Double.self, capacity: range.count * support.count) {
                    values in
                    guard let values = values.baseAddress else { return }
                    KernelBlock(kernel, own, rows: range).fillPrecisely(
                        own, columns: 0..<support.count, into: values, stride: support.count)
                    for row in range {
                        let line = values + (row - range.lowerBound) * support.count
                        var sum = 0.0
                        for column in support.indices { sum += line[column] * coefficients[support[column]] }
                        sums[part] += sum * coefficients[support[row]]
                    }
                }
            }
        }
        return sums.reduce(0, +)
    }
}

/// The solver's result on one problem.
package struct SupportVectorSolution: Sendable, Equatable, CustomStringConvertible {
    /// The least value found of the dual problem.
    package let objective: Double
    /// rho.
    package let threshold: Double
    /// Steps of the solver, two variables each.
    package let steps: Int
    /// The violation of the optimality conditions at the end.
    package let violation: Double
    /// Whether the violation is below the tolerance; if not, the step limit was reached.
    package let converged: Bool
    /// Examples whose coefficient is not 0.
    package let supportCount: Int
    /// Those of them whose coefficient is at its bound.
    package let boundedCount: Int
    /// Rows of the kernel matrix that were computed.
    package let rowsComputed: Int

    init(_ solution: BinarySolution) {
        (objective, threshold, steps) = (solution.objective, solution.rho, solution.steps)
        (violation, converged) = (solution.violation, solution.converged)
        (supportCount, boundedCount) = (solution.supportCount, solution.boundedCount)
        rowsComputed = solution.rowsComputed
    }

    /// One line: `solved in 120 steps`, or how far it was at the step limit.
    package var description: String {
        let made = "\(steps) step\(steps == 1 ? "" : "s")"
        return converged ? "solved in \(made)" : "stopped after \(made) with a violation of \(violation)"
    }
}
