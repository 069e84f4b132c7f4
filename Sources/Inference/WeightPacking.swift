import Arrays
import Networks

/// The parameters of one layer of a plan: its own, and those of a normalisation that is folded into them.
struct WeightSource {
    let weight: Parameter
    let bias: Parameter?
    /// The axis of the weight that indexes the outputs.
    let outputAxis: Int
    var normalization: BatchNormalization?

    private var parameters: [Parameter] {
        [weight] + (bias.map { [$0] } ?? []) + (normalization?.namedParameters.map(\.parameter) ?? [])
    }

    /// The version of each parameter.
    var versions: [UInt] { parameters.map(\.version) }

    /// Returns whether the versions are still these; without a list of its own, because every call checks it.
    func isOf(_ versions: [UInt]) -> Bool {
        guard normalization == nil else { return versions == self.versions }
        guard let first = versions.first, first == weight.version else { return false }
        return bias.map { $0.version == versions[1] } ?? true
    }

    /// Returns the weights and biases that the product uses: with a normalisation, scale / sqrt(variance + epsilon) times
    /// them, and its shift added.
    func packed() -> (weight: NDArray<Float>, bias: NDArray<Float>) {
        let outputs = weight.shape[outputAxis]
        let own = bias?.value ?? NDArray(shape: [outputs], repeating: 0)
        guard let normalization else { return (weight.value, own) }
        let factor =
            normalization.scale.value
            / Arrays.sqrt(normalization.runningVariance.value + normalization.epsilon)
        var axes = [Int](repeating: 1, count: weight.shape.count)
        axes[outputAxis] = outputs
        return (
            weight.value * factor.reshaped(to: axes),
            (own - normalization.runningMean.value) * factor + normalization.shift.value
        )
    }
}
