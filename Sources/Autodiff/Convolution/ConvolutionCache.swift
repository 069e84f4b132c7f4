import Arrays
import Synchronization

/// The state that a convolution keeps between calls: its primitives for each shape, and the weights as last packed.
///
/// A layer owns one and passes it with every call.
package final class ConvolutionCache: Sendable {
    private struct Kept {
        var primitives: [ConvolutionShape: ConvolutionPrimitives] = [:]
        var packed: [ConvolutionShape: (weights: NDArray<Float>, packed: NDArray<Float>)] = [:]
    }
    private let kept = Mutex(Kept())
    /// Whether convolutions of 3x3 may use Winograd's algorithm. Without it, integers are convolved exactly.
    let winograd: Bool

    /// Creates an empty cache.
    package convenience init() { self.init(winograd: true) }

    init(winograd: Bool) { self.winograd = winograd }

    func primitives(for shape: ConvolutionShape) -> ConvolutionPrimitives {
        var shape = shape
        shape.winograd = winograd
        return kept.withLock { [shape] kept in
            if let known = kept.primitives[shape] { return known }
            let made = ConvolutionPrimitives(shape)
            kept.primitives[shape] = made
            return made
        }
    }

    /// The packed weights. Those of a tape that records no gradients are kept for the next call with the same array;
    /// holding the array keeps it from being changed in place. While a network is trained they change every step, and holding
    /// them would force a copy.
    func packed(_ weights: NDArray<Float>, for primitives: ConvolutionPrimitives, learning: Bool) -> NDArray<
        Float
    > {
        if learning {
            kept.withLock { $0.packed.removeAll() }
            return primitives.packed(weights, forDataGradient: false)
        }
        return kept.withLock { kept in
            if let known = kept.packed[primitives.shape], known.weights.sharesMemory(with: weights) {
                return known.packed
            }
            let packed = primitives.packed(weights, forDataGradient: false)
            kept.packed[primitives.shape] = (weights, packed)
            return packed
        }
    }
}
