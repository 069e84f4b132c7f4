import Arrays
import Autodiff
import ExampleData
import Networks
import Support

/// A gradient check: numerical against back-propagated gradients of a network on one batch, in `Double`.
///
/// Each checked element is moved by +h and -h, and the whole network is computed for both: two full forward passes that are
/// independent of back-propagation.
///
/// Where a slope jumps (ReLU at 0, equal elements in a window) there is no derivative to compare with. Biases that begin as
/// zeros put whole layers there: wherever an image is blank, a convolution's result is exactly its bias. Elements that look
/// so are measured with a tenth of the step, and, if the jump is exactly where they are, once more with all weights moved a
/// little (`GradientReport.Parameter.nudged`), both gradients anew. Elements that are then still at a jump are not
/// checked, and the report says how many they are.
///
/// ```swift
/// let checker = GradientChecker(network, inputs: inputs, rows: [0, 1, 2], labels: [5, 0, 4])
/// let report = try checker.check()
/// print(report.agrees, report.parameters[0].largest)
/// ```
public struct GradientChecker {
    /// The progress of a check.
    public struct Progress: Sendable {
        /// The number of elements done.
        public var done: Int
        /// The number of elements in all.
        public var total: Int
        /// The seconds that the rest will take, by the time that one pass takes.
        public var secondsLeft: Double
    }

    /// The step h of the finite differences.
    public var step = 1e-5
    /// The largest difference of gradients that counts as agreement, relative to their size.
    public var tolerance = 1e-5
    /// The number of elements of each parameter that are checked, drawn at random; nil for all.
    public var sample: Int?
    /// The seed of the draw.
    public var seed = 1
    /// A fault that is put into the back-propagated gradients before they are compared, as a demonstration; nil for none.
    package var spoil: GradientFault?
    let names: [String]
    let rowCount: Int
    let exact: TapeObjective
    let passes: any BatchObjective

    /// Creates a check of `network` on the examples `rows` of `inputs`, whose classes are `labels`, with its present
    /// weights.
    ///
    /// - Precondition: rows and labels as for `TapeObjective`.
    public init(
        _ network: any Layer, loss: Loss = .crossEntropy, inputs: FeatureMatrix, rows: [Int32],
        labels: [Int32]
    ) {
        exact = TapeObjective(network, loss: loss, inputs: inputs, rows: rows, labels: labels)
        passes =
            DenseObjective(network, loss: loss, inputs: inputs, rows: rows, labels: labels) ?? exact
        rowCount = rows.count
        let named = network.namedParameters
        names = passes.parameters.map { parameter in named.first { $0.parameter === parameter }?.name ?? "?" }
    }

    /// The number of elements that will be checked.
    package var numberCount: Int {
        passes.parameters.reduce(0) { $0 + min($1.value.count, sample ?? .max) }
    }

    /// Estimates the seconds that the check will take, by timing some passes.
    package func estimate() -> Double {
        let places = self.places().joined()
        let trial = Array(places.prefix(2 * Threads.count))
        let clock = ContinuousClock()
        _ = passes.differences(at: trial.prefix(1), step: step, loss: 0)
        let start = clock.now
        var rounds = 0
        repeat {
            _ = passes.differences(at: trial[...], step: step, loss: 0)
            rounds += 1
        } while clock.now - start < .milliseconds(20)
        exact.restore()
        return (clock.now - start).inSeconds / Double(rounds * max(1, trial.count)) * Double(numberCount)
    }

    /// Checks all gradients.
    ///
    /// - Parameters:
    ///   - cancellation: when cancelled, the check ends within a tenth of a second or a pass.
    ///   - progress: called some ten times a second, on the caller's thread.
    /// - Throws: `interrupted` when it was cancelled; `failed` when the loss is not finite.
    /// - Complexity: two forward passes for each element.
    public func check(
        cancellation: Cancellation? = nil, progress: ((Progress) -> Void)? = nil
    ) throws -> GradientReport {
        defer { exact.restore() }
        let loss = passes.loss()
        guard loss.isFinite else {
            throw DescentError(.failed, "the loss is not a finite number", got: "\(loss)")
        }
        var gradients = exact.gradients()
        spoil?.apply(to: &gradients, rows: rowCount)
        let clock = ContinuousClock()
        let (start, all) = (clock.now, places())
        let total = all.reduce(0) { $0 + $1.count }
        let chosen = Array(all.joined())
        var found: [CentralDifference] = []
        found.reserveCapacity(total)
        var portion = max(1, Threads.count)
        while found.count < total {
            if cancellation?.isCancelled == true {
                throw Cancellation.stopped(after: "\(found.count) of \(total) elements")
            }
            let before = clock.now
            let end = min(total, found.count + portion)
            found += passes.differences(at: chosen[found.count..<end], step: step, loss: loss)
            // Portions of about 50 ms: large enough to divide, small enough to stop between.
            let seconds = max(1e-6, (clock.now - before).inSeconds)
            portion = max(Threads.count, min(portion * 8, Int(Double(portion) * 0.05 / seconds)))
            let spent = (clock.now - start).inSeconds
            progress?(
                Progress(
                    done: found.count, total: total,
                    secondsLeft: spent / Double(found.count) * Double(total - found.count)))
        }
        var parameters = parameters(all, found, gradients)
        if exact.hasKinks { leaveKinks(&parameters, loss: loss) }
        let again = { (places: [ParameterPlace], step: Double) in
            passes.differences(at: places[...], step: step, loss: loss)
        }
        return GradientReport(
            parameters, loss: loss, rows: rowCount, step: step, tolerance: tolerance,
            seconds: (clock.now - start).inSeconds, isKinked: exact.hasKinks, again: again)
    }

    private func parameters(
        _ all: [[ParameterPlace]], _ found: [CentralDifference], _ gradients: [NDArray<Double>]
    ) -> [GradientReport.Parameter] {
        var (first, parameters): (Int, [GradientReport.Parameter]) = (0, [])
        for (index, places) in all.enumerated() {
            let elements = places.map(\.element)
            let gradient = gradients[index].elements
            parameters.append(
                GradientReport.Parameter(
                    name: names[index], shape: passes.parameters[index].shape, elements: elements,
                    gradient: elements.map { gradient[$0] },
                    numerical: Array(found[first..<first + places.count])))
            first += places.count
        }
        return parameters
    }

    /// Returns the places of each parameter, ascending.
    private func places() -> [[ParameterPlace]] {
        var random = RandomState(seed)
        return passes.parameters.enumerated().map { index, parameter in
            let count = parameter.value.count
            guard let sample, sample < count else {
                return (0..<count).map { ParameterPlace(parameter: index, element: $0) }
            }
            let drawn = random.permutationIndices(count).prefix(sample).sorted()
            return drawn.map { ParameterPlace(parameter: index, element: Int($0)) }
        }
    }
}

/// A fault that makes right gradients wrong, as a mistake in a backward pass would.
package enum GradientFault: String, Sendable, CaseIterable {
    /// Half of the right gradient everywhere.
    case factor
    /// The sum over the batch in place of the mean.
    case sum
    /// The opposite sign: uphill instead of downhill.
    case sign
    /// Zero for biases.
    case bias
    /// Square matrices transposed, others with their elements in another order.
    case transpose

    func apply(to gradients: inout [NDArray<Double>], rows: Int) {
        for index in gradients.indices {
            let old = gradients[index]
            func scaled(by factor: Double) -> NDArray<Double> {
                NDArray(shape: old.shape, elements: old.elements.map { $0 * factor })
            }
            switch self {
            case .factor: gradients[index] = scaled(by: 0.5)
            case .sum: gradients[index] = scaled(by: Double(rows))
            case .sign: gradients[index] = scaled(by: -1)
            case .bias:
                if old.shape.count == 1 { gradients[index] = scaled(by: 0) }
            case .transpose:
                if old.shape.count == 2 {
                    gradients[index] = NDArray(shape: old.shape, elements: old.transposed().elements)
                }
            }
        }
    }
}
