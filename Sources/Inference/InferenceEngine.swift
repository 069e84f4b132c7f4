import Arrays
import Autodiff
import ExampleData

/// A way to compute a network's outputs with constant weights, from any number of threads at once.
protocol InferenceEngine: Sendable {
    /// Returns the outputs for examples [N, ...] of the shape for which the network was compiled.
    func outputs(for examples: NDArray<Float>) -> NDArray<Float>

    /// The outputs for some rows of `inputs`, as examples of `shape`.
    func outputs(for inputs: FeatureMatrix, rows: [Int32], shape: [Int]) -> NDArray<Float>
}
