import Arrays
import Autodiff
import CInference
import CKernels
import ExampleData
import Networks
import Support

/// Convolutions and dense layers compiled for inference: primitives, packed weights and working memory are made once, and a
/// batch is one call.
///
/// It computes the same function as a tape with these layers in evaluation, to rounding: sums are made in another order.
///
/// Bounds: C reads and writes examples and results by the shapes that are checked here; all else is its own memory.
final class InferencePlan {
    private let handle: OpaquePointer
    /// The numbers of elements of one example, and of its result.
    private let inputs: Int
    private let outputs: Int
    private let layers: [PlanLayer]

    /// Creates primitives for `layers`: convolutions, then dense layers, each of the size that the one before gives. Nil
    /// where oneDNN has no fast ones, or where a plan has nothing to gain.
    init?(_ layers: [PlanLayer], precision: Precision) {
        // Dense layers alone skip the zeros of their examples, which a plan would not; and a plan does not round factors
        // that the processor multiplies as they are.
        guard precision.isAvailable(), let first = layers.first, first.isConvolution,
            case .dense(_, let outputs)? = layers.last?.product
        else { return nil }
        var forms: [ci_layer] = []
        for layer in layers {
            guard let form = layer.form(precision: precision) else { return nil }
            forms.append(form)
        }
        guard let made = ci_plan_make(forms, forms.count) else { return nil }
        handle = made
        inputs = first.inputCount
        self.outputs = outputs
        self.layers = layers
    }

    deinit { ci_plan_free(handle) }

    /// Packs the weights of one layer: [K, C, R, S] or [D, H], with [K] or [H].
    func set(layer: Int, weight: NDArray<Float>, bias: NDArray<Float>) {
        let counts = layers[layer].weightCounts
        require(weight.count == counts.weight && bias.count == counts.bias, "weights of another layer")
        weight.withUnsafeElements { weight in
            bias.withUnsafeElements { bias in
                requireDone(
                    ci_plan_set(handle, Int32(layer), weight.baseAddress, bias.baseAddress),
                    "the weights of a compiled network")
            }
        }
    }

    /// Returns the last layer's results for examples [N, ...], shape [N, H].
    func callAsFunction(_ examples: NDArray<Float>) -> NDArray<Float> {
        let count = examples.shape[0]
        require(
            examples.count == count * inputs, "examples of shape \(examples.shape) for \(inputs) inputs")
        return NDArray(shape: [count, outputs]) { results in
            examples.withUnsafeElements {
                // The shapes were checked before; the only failure left is memory.
                requireDone(
                    ci_plan_run(handle, count, $0.baseAddress, results.baseAddress),
                    "the layers of a compiled network")
            }
        }
    }

    /// Returns the softmax of the results for one example of bytes, each having the value `scale` b; nil for another number of
    /// them.
    ///
    /// The same numbers as by the arrays of the general way, without these: for a small network they take as long as its layers.
    func softmax(of bytes: UnsafeBufferPointer<UInt8>, scale: Float) -> [Float]? {
        guard bytes.count == inputs else { return nil }
        let (inputs, outputs) = (inputs, outputs)
        // Kernels read whole vectors, 64 bytes at a time.
        let size = (inputs * MemoryLayout<Float>.stride + 63) / 64 * 64
        return withUnsafeTemporaryAllocation(byteCount: size, alignment: 64) { memory in
            let numbers = memory.bindMemory(to: Float.self)
            for place in 0..<inputs { numbers[place] = Float(bytes[place]) * scale }
            for place in inputs..<numbers.count { numbers[place] = 0 }
            return withUnsafeTemporaryAllocation(of: Float.self, capacity: outputs) { scores in
                requireDone(
                    ci_plan_run(handle, 1, numbers.baseAddress, scores.baseAddress),
                    "the layers of a compiled network")
                return [Float](unsafeUninitializedCapacity: outputs) { results, count in
                    ck_softmax_rows_f32(1, outputs, scores.baseAddress, results.baseAddress)
                    count = outputs
                }
            }
        }
    }
}

/// A plan whose weights are packed once and never change.
final class FrozenPlan: InferenceEngine, @unchecked Sendable {
    // Proof of Sendable: the plan has no other owner, and its weights are packed here, before it can be called. Running it
    // changes nothing that two threads share: primitives for other numbers of images are created under a lock, and working
    // memory, oneDNN's scratch memory included, is lent to one thread at a time (CInference/pieces.c, workplaces.c).
    private let plan: InferencePlan

    /// Creates a plan of `layers` with the present weights of its sources; nil where no plan exists.
    init?(_ builder: PlanBuilder, precision: Precision) {
        guard let plan = InferencePlan(builder.layers, precision: precision) else { return nil }
        for (index, source) in builder.sources.enumerated() {
            let (weight, bias) = source.packed()
            plan.set(layer: index, weight: weight, bias: bias)
        }
        self.plan = plan
    }

    func outputs(for examples: NDArray<Float>) -> NDArray<Float> { plan(examples) }

    func softmax(of bytes: UnsafeBufferPointer<UInt8>, scale: Float) -> [Float]? {
        plan.softmax(of: bytes, scale: scale)
    }

    func outputs(for inputs: FeatureMatrix, rows: [Int32], shape: [Int]) -> NDArray<Float> {
        plan(Tape<Float>(recordsGradients: false, isTraining: false).input(inputs, rows: rows).value)
    }
}
