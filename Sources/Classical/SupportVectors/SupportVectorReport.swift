/// A report on the training of a support vector machine.
package struct SupportVectorReport: Sendable, Equatable, CustomStringConvertible {
    /// One pair of classes.
    package struct Pair: Sendable, Equatable {
        /// The class for which decisions are positive.
        package let first: String
        /// The class for which they are negative.
        package let second: String
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
        /// Examples with an alpha above 0.
        package let supportCount: Int
        /// Those of them whose alpha is at its upper bound.
        package let boundedCount: Int
        /// Rows of the kernel matrix that were computed.
        package let rowsComputed: Int

        init(first: String, second: String, solution: BinarySolution) {
            self.first = first
            self.second = second
            objective = solution.objective
            threshold = solution.rho
            steps = solution.steps
            violation = solution.violation
            converged = solution.converged
            supportCount = solution.supportCount
            boundedCount = solution.boundedCount
            rowsComputed = solution.rowsComputed
        }
    }

    /// The pairs, (0, 1), (0, 2), ..., (1, 2), ... by the order of the classes.
    package let pairs: [Pair]

    /// Whether all pairs converged.
    package var converged: Bool { pairs.allSatisfy(\.converged) }

    /// The largest violation of all pairs.
    package var violation: Double { pairs.map(\.violation).max() ?? 0 }

    /// Steps of all pairs.
    package var steps: Int { pairs.reduce(0) { $0 + $1.steps } }

    /// One line: that it converged, or which pairs did not and how far they were.
    package var description: String {
        let open = pairs.filter { !$0.converged }
        guard let worst = open.max(by: { $0.violation < $1.violation }) else {
            func counted(_ count: Int, _ noun: String) -> String {
                "\(count) \(noun)\(count == 1 ? "" : "s")"
            }
            return "\(counted(pairs.count, "pair")) solved in \(counted(steps, "step"))"
        }
        return
            "\(open.count) of \(pairs.count) pairs reached their step limit, the farthest '\(worst.first)' against "
            + "'\(worst.second)' with a violation of \(worst.violation)"
    }
}
