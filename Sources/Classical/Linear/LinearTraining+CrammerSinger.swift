import Arrays
import CKernels
import Classification
import Support

extension LinearTraining {
    /// Passes over the rows that violate, between two looks at all rows. Looks at all are cheap, because nothing moves
    /// and all threads take part; 4, 10, 20 and 50 passes took 1.2, 1.15, 0.8 and 0.83 s of one core on all of MNIST.
    private static let passesBetweenScans = 20

    /// The share of the largest violation up to which a row is left alone: with 0.01, 0.02, 0.05, 0.1 and 0.2, rows were
    /// visited 1.47, 1.38, 1.34, 1.29 and 1.36 million times, with 20, 20, 34, 67 and 170 looks at all.
    private static let calmShare: Float = 0.02

    /// Crammer and Singer's problem, all classes at once: looks at all rows, then passes over those that violate.
    ///
    /// Passes are one after another on one thread; only the looks are shared out, and they write nothing that another
    /// part reads. So the answer does not depend on how many threads there are.
    func crammerSinger(
        _ cancellation: Cancellation?, _ progress: ((LearningProgress) -> Void)?
    ) throws -> (Weights, LinearSupportVectorReport) {
        let lanes = Int(CK_CRAMMER_SINGER_LANES)
        let stride = (classCount + lanes - 1) / lanes * lanes
        // An array's memory begins with a cache line, so that no row of multipliers or weights crosses one.
        var alpha = NDArray<Float>(shape: [rows.count, stride], repeating: 0)
        var weights = NDArray<Float>(shape: [rows.width + 1, stride], repeating: 0)
        var (passes, violation) = (0, Double.infinity)
        try withProblem(&alpha, &weights, stride: stride) { problem, order in
            var violations = [Float](repeating: 0, count: rows.count)
            while true {
                try checkStop(cancellation)
                let worst = look(&problem, &violations)
                violation = Double(worst)
                progress?(LearningProgress(activity: "pass \(passes)", violation: violation))
                guard violation > machine.tolerance, passes < machine.passLimit else { break }
                problem.calm = Self.calmShare * worst
                problem.active = 0
                for row in 0..<rows.count where violations[row] > problem.calm {
                    order[Int(problem.active)] = Int32(row)
                    problem.active += 1
                }
                let target = max(machine.tolerance, 0.3 * violation)
                for _ in 0..<Self.passesBetweenScans
                where violation > target && problem.active > 0 && passes < machine.passLimit {
                    var left: Float = 0
                    ck_crammer_singer_pass(&problem, &left)
                    passes += 1
                    violation = Double(left)
                    try checkStop(cancellation)
                    progress?(LearningProgress(activity: "pass \(passes)", violation: violation))
                }
            }
        }
        let found = weights.elements
        // 1/2 sum of |w_k|^2 + sum of alpha_ik over the other classes, which is - sum of the own ones.
        var objective = found.reduce(0) { $0 + Double($1) * Double($1) } / 2
        alpha.withUnsafeElements { alpha in
            for row in 0..<rows.count { objective -= Double(alpha[row * stride + Int(classes[row])]) }
        }
        let columns = (0..<classCount).map { k in (0...rows.width).map { found[$0 * stride + k] } }
        return (
            assemble(columns),
            LinearSupportVectorReport(
                passes: passes, violation: violation, converged: violation <= machine.tolerance,
                objective: objective)
        )
    }

    /// Computes by how much each row violates its conditions, N, and the largest violation; each part writes its own rows.
    private func look(_ problem: inout ck_crammer_singer, _ violations: inout [Float]) -> Float {
        let count = rows.count
        let parts = max(1, min(32, count / 512))
        violations.withUnsafeMutableBufferPointer { violations in
            guard let base = violations.baseAddress else { return }
            withUnsafePointer(to: &problem) { problem in
                inParts(parts) { part in
                    ck_crammer_singer_scan(
                        problem, count * part / parts, count * (part + 1) / parts, base)
                }
            }
        }
        return violations.reduce(0) { $1 > $0 ? $1 : $0 }
    }

    /// Calls `body` with a problem whose arrays do not move, and the indices of the rows to visit, up to N.
    private func withProblem(
        _ alpha: inout NDArray<Float>, _ weights: inout NDArray<Float>, stride: Int,
        _ body: (inout ck_crammer_singer, UnsafeMutableBufferPointer<Int32>) throws -> Void
    ) throws {
        var order = [Int32](repeating: 0, count: rows.count)
        let upper = costs.map { Float($0) }
        var problem = ck_crammer_singer()
        problem.lanes = Int32(classCount)
        problem.stride = Int32(stride)
        problem.bias = machine.bias
        problem.random = UInt64(machine.seed) &* 0x9E37_79B9_7F4A_7C15 | 1
        try rows.withKernelForm { form in
            problem.rows = form
            try alpha.withUnsafeMutableElements { alpha in
                problem.alpha = alpha.baseAddress
                try weights.withUnsafeMutableElements { weights in
                    problem.weights = weights.baseAddress
                    try order.withUnsafeMutableBufferPointer { order in
                        problem.order = order.baseAddress
                        try classes.withUnsafeBufferPointer { classes in
                            problem.classes = classes.baseAddress
                            try norms.withUnsafeBufferPointer { norms in
                                problem.norms = norms.baseAddress
                                try upper.withUnsafeBufferPointer { upper in
                                    problem.upper = upper.baseAddress
                                    try body(&problem, order)
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
