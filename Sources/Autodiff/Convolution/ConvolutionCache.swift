import Arrays
import Synchronization

/// The state that a convolution keeps between calls: its primitives for each shape that it has met, and the weights as
/// they were last packed.
///
/// A layer owns one and passes it with every call.
package final class ConvolutionCache: Sendable {
    private struct Kept {
        var kernels: [ConvolutionShape: ConvolutionKernel] = [:]
        var packed: [ConvolutionShape: (weights: NDArray<Float>, packed: NDArray<Float>)] = [:]
    }
    private let kept = Mutex(Kept())
    /// Whether convolutions of 3x3 may go by Winograd's transforms. Without them whole numbers are convolved exactly.
    let winograd: Bool

    /// Nothing kept yet.
    package convenience init() { self.init(winograd: true) }

    init(winograd: Bool) { self.winograd = winograd }

    func kernel(_ shape: ConvolutionShape) -> ConvolutionKernel {
        var shape = shape
        shape.winograd = winograd
        return kept.withLock { [shape] kept in
            if let known = kept.kernels[shape] { return known }
            let made = ConvolutionKernel(shape)
            kept.kernels[shape] = made
            return made
        }
    }

    /// The packed weights. Those of a tape that records no gradients are kept for the next call with the same array;
    /// holding the array keeps anyone from changing it where it lies. While a network learns they change every step,
    /// and whoever held them would force a copy.
    func packed(_ weights: NDArray<Float>, for kernel: ConvolutionKernel, learning: Bool) -> NDArray<Float> {
        if learning {
            kept.withLock { $0.packed.removeAll() }
            return kernel.packed(weights, forDataGradient: false)
        }
        return kept.withLock { kept in
            if let known = kept.packed[kernel.shape], known.weights.sharesMemory(with: weights) {
                return known.packed
            }
            let packed = kernel.packed(weights, forDataGradient: false)
            kept.packed[kernel.shape] = (weights, packed)
            return packed
        }
    }
}
