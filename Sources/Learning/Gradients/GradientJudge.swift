import Networks

/// Finds the pattern in differences of gradients.
struct GradientJudge {
    let rows: Int
    let step: Double
    let tolerance: Double
    /// The root of the mean square of all numerical gradients.
    let usual: Double
    /// What the rounding of the loss can do to a difference quotient.
    let noise: Double
    let isKinked: Bool

    /// |a - n| / max(|a|, |n|, size), where size is the parameter's root mean square, or a hundredth of the network's if
    /// that is larger: a gradient that is almost zero among large ones need not be right to five digits.
    func relative(_ parameter: GradientReport.Parameter) -> [Double] {
        let squares = parameter.numerical.reduce(0) { $0 + $1.slope * $1.slope }
        let own = (squares / Double(max(1, parameter.elements.count))).squareRoot()
        let size = max(own, usual / 100, .leastNormalMagnitude)
        return zip(parameter.gradient, parameter.numerical).map { a, n in
            abs(a - n.slope) / max(abs(a), abs(n.slope), size)
        }
    }

    /// The pattern of one parameter. `again` measures some of its elements with another step.
    func finding(
        _ parameter: GradientReport.Parameter, again: ([Int], Double) -> [CentralDifference]
    ) -> GradientFinding {
        let (a, n) = (parameter.gradient, parameter.numerical.map(\.slope))
        guard a.allSatisfy(\.isFinite), n.allSatisfy(\.isFinite) else { return .notFinite }
        var wrong = a.indices.filter { parameter.relative[$0] > tolerance }
        // As long as rounding is small beside the gradients, what lies below it says nothing.
        if noise < 1e-3 * usual { wrong = wrong.filter { abs(a[$0] - n[$0]) > noise } }
        guard !wrong.isEmpty else { return .agrees }
        if wrong.allSatisfy({ abs(a[$0] - n[$0]) <= noise }) { return .rounding }
        if let constant = constant(a, n) { return constant }
        if isTransposed(parameter) { return .transposed }
        // At a kink the quotient lies between the slopes of both sides, so it is off by at most their difference.
        if isKinked {
            let unexplained = wrong.filter { abs(a[$0] - n[$0]) > abs(parameter.numerical[$0].bend) + noise }
            if unexplained.isEmpty { return .kinks(wrong.count) }
        }
        let worst = wrong.sorted { abs(a[$0] - n[$0]) > abs(a[$1] - n[$1]) }.prefix(8)
        let finer = again(worst.map { parameter.elements[$0] }, step / 10)
        let shrinks = zip(worst, finer).allSatisfy { abs(a[$0] - $1.slope) < abs(a[$0] - n[$0]) / 5 }
        return shrinks ? .curvature : .some(wrong.count, of: a.count)
    }

    /// The factor between both, if there is one: the least squares' a = f n, if it leaves nothing over.
    private func constant(_ a: [Double], _ n: [Double]) -> GradientFinding? {
        var (an, nn, aa) = (0.0, 0.0, 0.0)
        for (a, n) in zip(a, n) { (an, nn, aa) = (an + a * n, nn + n * n, aa + a * a) }
        guard nn > 0 else { return nil }
        if aa == 0 { return .missing }
        let factor = an / nn
        let rest = max(0, aa - factor * an).squareRoot()
        guard a.count > 1, abs(factor - 1) > 1e-3, rest <= 1e-3 * aa.squareRoot() else { return nil }
        func isNear(_ value: Double) -> Bool { abs(factor / value - 1) < 1e-3 }
        if rows > 1, isNear(Double(rows)) { return .sumForMean(rows) }
        if rows > 1, isNear(1 / Double(rows)) { return .dividedTwice(rows) }
        return isNear(-1) ? .sign : .factor(factor)
    }

    private func isTransposed(_ parameter: GradientReport.Parameter) -> Bool {
        guard parameter.shape.count == 2, parameter.shape[0] > 1, parameter.shape[1] > 1,
            parameter.elements.count == parameter.gradient.count,
            parameter.elements.count == parameter.shape[0] * parameter.shape[1]
        else { return false }
        let (rows, columns) = (parameter.shape[0], parameter.shape[1])
        let size = parameter.gradient.reduce(0) { max($0, abs($1)) }
        // The numbers of n's transpose in their order, as a copy that was not transposed back would have them.
        return parameter.gradient.indices.allSatisfy { place in
            let (row, column) = (place % rows, place / rows)
            return abs(parameter.gradient[place] - parameter.numerical[row * columns + column].slope) <= 1e-3
                * size
        }
    }

    /// What the parameters say together; at least one finding.
    func together(_ parameters: [GradientReport.Parameter]) -> [GradientFinding] {
        var found: [GradientFinding] = []
        var kinks = 0
        for parameter in parameters {
            if case .kinks(let count) = parameter.finding {
                kinks += count
            } else if parameter.finding != .agrees, !found.contains(parameter.finding) {
                found.append(parameter.finding)
            }
        }
        let isWrong = parameters.map(\.finding.isMistake)
        let isBias = parameters.map { $0.shape.count == 1 }
        if isBias == isWrong, isBias.contains(false), isBias.contains(true) {
            found.append(.biasesOnly)
        } else if let last = isWrong.lastIndex(of: true), last + 1 < parameters.count,
            isWrong[...last].allSatisfy({ $0 })
        {
            found.append(.upTo(parameters[last].name))
        }
        if kinks > 0 { found.append(.kinks(kinks)) }
        return found.isEmpty ? [.agrees] : found
    }
}
