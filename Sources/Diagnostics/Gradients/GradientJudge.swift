import Networks

/// A search for the pattern in differences of gradients.
struct GradientJudge {
    let rows: Int
    let step: Double
    let tolerance: Double
    /// The root mean square of all numerical gradients.
    let usual: Double
    /// The effect of the loss's rounding on a difference quotient.
    let noise: Double
    let isKinked: Bool

    /// Creates a judge of measured gradients.
    init(
        of measured: [GradientReport.Parameter], rows: Int, step: Double, tolerance: Double, loss: Double,
        isKinked: Bool
    ) {
        let count = measured.reduce(0) { $0 + $1.elements.count }
        let squares = measured.reduce(0.0) { sum, one in
            sum + one.numerical.reduce(0) { $0 + $1.slope * $1.slope }
        }
        usual = (squares / Double(max(1, count))).squareRoot()
        noise = 16 * Double.ulpOfOne * max(abs(loss), 1) / step
        (self.rows, self.step, self.tolerance, self.isKinked) = (rows, step, tolerance, isKinked)
    }

    /// Returns |a - n| / max(|a|, |n|, size), where size is the parameter's root mean square, or a hundredth of the
    /// network's if that is larger: a gradient that is almost zero among large ones need not be right to five digits.
    func relative(_ parameter: GradientReport.Parameter) -> [Double] {
        let squares = parameter.numerical.reduce(0) { $0 + $1.slope * $1.slope }
        let own = (squares / Double(max(1, parameter.elements.count))).squareRoot()
        let size = max(own, usual / 100, .leastNormalMagnitude)
        return zip(parameter.gradient, parameter.numerical).map { a, n in
            abs(a - n.slope) / max(abs(a), abs(n.slope), size)
        }
    }

    /// Returns the effect of rounding on the difference quotient of one element.
    private func rounding(_ parameter: GradientReport.Parameter, _ place: Int) -> Double {
        parameter.finer.contains(place) ? 10 * noise : noise
    }

    /// Returns the elements of a parameter, by their index there, that differ by more than the tolerance. As long as
    /// rounding is small beside the gradients, differences below it say nothing.
    func wrong(_ parameter: GradientReport.Parameter) -> [Int] {
        let relative = parameter.relative.isEmpty ? relative(parameter) : parameter.relative
        return parameter.gradient.indices.filter { place in
            guard relative[place] > tolerance else { return false }
            let difference = abs(parameter.gradient[place] - parameter.numerical[place].slope)
            return noise >= 1e-3 * usual || difference > rounding(parameter, place)
        }
    }

    /// Returns the pattern of one parameter. `again` measures some of its elements with another step.
    func finding(
        _ parameter: GradientReport.Parameter, again: ([Int], Double) -> [CentralDifference]
    ) -> GradientFinding {
        let (a, n) = (parameter.gradient, parameter.numerical.map(\.slope))
        guard a.allSatisfy(\.isFinite), n.allSatisfy(\.isFinite) else { return .notFinite }
        let wrong = wrong(parameter)
        guard !wrong.isEmpty else { return .agrees }
        if wrong.allSatisfy({ abs(a[$0] - n[$0]) <= rounding(parameter, $0) }) { return .rounding }
        // At a kink the quotient is between the slopes of both sides, so it is off by at most their difference.
        let isAtKinks =
            isKinked
            && wrong.allSatisfy {
                abs(a[$0] - n[$0]) <= abs(parameter.numerical[$0].bend) + rounding(parameter, $0)
            }
        if !isAtKinks, let constant = constant(parameter) { return constant }
        if isTransposed(parameter) { return .transposed }
        if isAtKinks { return .kinks(wrong.count) }
        // Nudged elements are measured somewhere else.
        let nudged = Set(parameter.nudged)
        let worst = wrong.filter { !nudged.contains($0) }
            .sorted { abs(a[$0] - n[$0]) > abs(a[$1] - n[$1]) }.prefix(8)
        let finer = again(worst.map { parameter.elements[$0] }, step / 10)
        let shrinks = zip(worst, finer).allSatisfy { abs(a[$0] - $1.slope) < abs(a[$0] - n[$0]) / 5 }
        return shrinks && worst.count == min(8, wrong.count) ? .curvature : .some(wrong.count, of: a.count)
    }

    /// Returns the factor between both, if there is one: the median of a / n, if a = f n except for kinks, for half of the
    /// elements without them.
    private func constant(_ parameter: GradientReport.Parameter) -> GradientFinding? {
        let (a, n) = (parameter.gradient, parameter.numerical.map(\.slope))
        let size = (n.reduce(0) { $0 + $1 * $1 } / Double(max(1, n.count))).squareRoot()
        guard size > 0 else { return nil }
        if a.allSatisfy({ $0 == 0 }) { return .missing }
        let ratios = zip(a, n).filter { abs($1) > 0.1 * size }.map { $0 / $1 }.sorted()
        guard a.count > 1, !ratios.isEmpty else { return nil }
        let factor = ratios[ratios.count / 2]
        guard abs(factor - 1) > 1e-3 else { return nil }
        var plain = 0
        for place in a.indices {
            let left = abs(a[place] - factor * n[place])
            if left <= 1e-3 * abs(factor) * size {
                plain += 1
            } else {
                let bend = abs(parameter.numerical[place].bend)
                guard isKinked, left <= abs(factor) * (bend + rounding(parameter, place)) else { return nil }
            }
        }
        guard 2 * plain >= a.count else { return nil }
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
        // The elements of n's transpose in their order, as a copy that was not transposed back would have them.
        return parameter.gradient.indices.allSatisfy { place in
            let (row, column) = (place % rows, place / rows)
            return abs(parameter.gradient[place] - parameter.numerical[row * columns + column].slope) <= 1e-3
                * size
        }
    }

    /// Returns the patterns of all parameters together; at least one finding.
    func together(_ parameters: [GradientReport.Parameter]) -> [GradientFinding] {
        var found: [GradientFinding] = []
        var kinks = 0
        for parameter in parameters {
            if case .kinks(let count) = parameter.finding {
                kinks += count
            } else if parameter.finding != .agrees, !found.contains(where: parameter.finding.isSame) {
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
