import Arrays
import Autodiff
import Support

/// Cross-entropy: the weighted mean of -log softmax(scores)[label].
///
/// With smoothing s, s of the target is shared among all C classes alike; `classWeights` (one for each class, or none)
/// weigh each class's part by its own weight, and the mean by the sum of the labels' weights, as PyTorch has it. Targets:
/// the probability of each class.
///
/// Source for smoothing: Szegedy et al. 2016, "Rethinking the Inception architecture", section 7.
struct CrossEntropy: LossFunction {
    static let kind = "cross-entropy"
    static let comparesNumbers = false
    static let usage = "cross-entropy:smoothing=0,weights=1/1/1"
    static let leadsToProbabilities = true

    let smoothing: Double
    let classWeights: [Double]

    var weighsExamples: Bool { !classWeights.isEmpty }
    var withoutSmoothing: CrossEntropy { CrossEntropy(smoothing: 0, classWeights: classWeights) }

    @specialized(where Scalar == Float)
    func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, labels: [Int32]
    ) -> Tensor<Scalar> {
        guard smoothing != 0 || !classWeights.isEmpty else {
            return scores.softmaxCrossEntropy(labels: labels)
        }
        let targets: NDArray<Scalar> = Loss.oneHot(labels, for: scores)
        let divisor =
            classWeights.isEmpty ? Double(labels.count) : labels.reduce(0) { $0 + classWeights[Int($1)] }
        return smoothed(scores, targets, divisor: divisor)
    }

    @specialized(where Scalar == Float)
    func callAsFunction<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, targets: NDArray<Scalar>
    ) -> Tensor<Scalar> {
        guard smoothing != 0 || !classWeights.isEmpty else {
            return scores.softmaxCrossEntropy(targets: targets)
        }
        return smoothed(scores, targets, divisor: 0)
    }

    /// Returns each class's share of the label, times its weight. The divisor is the sum of the labels' weights; 0, the
    /// number of rows, where targets are probabilities.
    @specialized(where Scalar == Float)
    private func smoothed<Scalar: DifferentiableScalar>(
        _ scores: Tensor<Scalar>, _ targets: NDArray<Scalar>, divisor: Double
    ) -> Tensor<Scalar> {
        require(smoothing >= 0 && smoothing <= 1, "label smoothing of \(smoothing) is not in 0...1")
        let classes = scores.shape[1]
        require(
            classWeights.isEmpty || classWeights.count == classes,
            "\(classWeights.count) class weights for \(classes) classes")
        require(
            scores.shape == targets.shape, "cross-entropy: shapes \(scores.shape) and \(targets.shape)")
        let weights = classWeights.isEmpty ? [Double](repeating: 1, count: classes) : classWeights
        let share = smoothing / Double(classes)
        let mixed = NDArray<Scalar>(shape: targets.shape) { mixed in
            targets.withUnsafeElements { targets in
                for place in targets.indices {
                    let target = Double(targets[place]) * (1 - smoothing) + share
                    mixed.initializeElement(at: place, to: Scalar(target * weights[place % classes]))
                }
            }
        }
        // A batch whose labels all have weight 0 has no mean of its own; its (small) sum is divided by N.
        return scores.softmaxCrossEntropy(targets: mixed, divisor: divisor > 0 ? divisor : nil)
    }

    func check(outputs: Int) throws {
        guard classWeights.isEmpty || classWeights.count == outputs else {
            throw DescentError(
                .usage, "class weights and classes differ in number", at: "loss '\(Loss(self))'",
                expected: "\(outputs) weights", got: "\(classWeights.count)")
        }
    }
}

extension CrossEntropy {
    init(from settings: inout SettingText) throws {
        let smoothing = try settings.number("smoothing", main: true, in: 0...1) ?? 0
        let weights = settings.text("weights")?.split(separator: "/", omittingEmptySubsequences: false) ?? []
        let numbers = weights.compactMap { Double($0) }.filter { $0.isFinite && $0 >= 0 }
        guard numbers.count == weights.count, numbers.isEmpty || numbers.contains(where: { $0 > 0 }) else {
            throw settings.wrong(
                "weights", expected: "numbers from 0 up, as in 1/2/0.5", got: weights.joined(separator: "/"))
        }
        self.init(smoothing: smoothing, classWeights: numbers)
    }

    var settingsText: String {
        [
            smoothing == 0 ? nil : "smoothing=\(smoothing)",
            classWeights.isEmpty ? nil : "weights=" + classWeights.map { "\($0)" }.joined(separator: "/"),
        ].compactMap { $0 }.joined(separator: ",")
    }
}

extension Loss {
    /// Cross-entropy: the weighted mean of -log softmax(scores)[label]. With smoothing s, s of the target is shared among
    /// all C classes alike; `classWeights` (one for each class, or none) weigh each class's part by its own weight, and the
    /// mean by the sum of the labels' weights, as PyTorch has it. Targets: the probability of each class.
    ///
    /// Source for smoothing: Szegedy et al. 2016, "Rethinking the Inception architecture", section 7.
    public static func crossEntropy(smoothing: Double = 0, classWeights: [Double] = []) -> Loss {
        Loss(CrossEntropy(smoothing: smoothing, classWeights: classWeights))
    }

    /// Cross-entropy without smoothing or class weights.
    public static var crossEntropy: Loss { .crossEntropy(smoothing: 0, classWeights: []) }
}
