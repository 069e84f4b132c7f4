import Arrays

extension SupportVectorMachine {
    /// Returns the decision value of each example by a machine that has not seen it: five machines, each trained on four
    /// fifths.
    func heldOutDecisions(
        _ rows: FeatureRows, signs: [Double], weights: [Double], _ tick: (SolverProgress) throws -> Void
    ) throws -> [Double] {
        var random = RandomState(seed)
        let order = random.permutationIndices(rows.count).map(Int.init)
        var decisions = [Double](repeating: 0, count: rows.count)
        let folds = 5
        for fold in 0..<folds {
            let (first, end) = (fold * rows.count / folds, (fold + 1) * rows.count / folds)
            let held = Array(order[first..<end])
            // In the order of the whole, positives first.
            let seen = (order[..<first] + order[end...]).sorted()
            let seenSigns = seen.map { signs[$0] }
            let positives = seenSigns.count { $0 > 0 }
            guard positives > 0 && positives < seen.count else {
                // One class only: it is the answer; no class: neither.
                for t in held { decisions[t] = seen.isEmpty ? 0 : positives > 0 ? 1 : -1 }
                continue
            }
            var machine = self
            if case .nu(let nu) = formulation {
                // A part may have another share of the classes than the whole.
                let most = 2 * Double(min(positives, seen.count - positives)) / Double(seen.count)
                machine.formulation = .nu(min(nu, most))
            }
            let solution = try machine.solve(
                rows.picking(seen), signs: seenSigns, weights: weights, tick)
            let support = seen.indices.filter { solution.coefficients[$0] != 0 }
            let values = decisionValues(
                rows.picking(support.map { seen[$0] }),
                coefficients: support.map { solution.coefficients[$0] },
                rho: solution.rho, of: rows, held)
            for (place, t) in held.enumerated() { decisions[t] = values[place] }
        }
        return decisions
    }

    /// sum over support vectors of coefficient K(x, support vector) - rho, for the rows `indices`.
    private func decisionValues(
        _ support: FeatureRows, coefficients: [Double], rho: Double, of rows: FeatureRows, _ indices: [Int]
    ) -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(indices.count)
        for first in stride(from: 0, to: indices.count, by: 128) {
            let block = indices[first..<min(indices.count, first + 128)]
            var values = [Float](repeating: 0, count: block.count * support.count)
            values.withUnsafeMutableBufferPointer { values in
                guard let base = values.baseAddress else { return }
                KernelBlock(kernel, rows, rows: block).fill(support, into: base, stride: support.count)
            }
            for row in 0..<block.count {
                var sum = -rho
                for (place, coefficient) in coefficients.enumerated() {
                    sum += coefficient * Double(values[row * support.count + place])
                }
                result.append(sum)
            }
        }
        return result
    }
}
