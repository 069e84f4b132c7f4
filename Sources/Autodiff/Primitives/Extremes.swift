import Arrays

// Where two elements are equal, each gets half of the gradient.
extension Tensor {
    /// The larger of each pair, with broadcasting; the gradient goes to the larger one.
    public func maximum(_ other: Tensor) -> Tensor {
        let (a, b) = (value, other.value)
        tape.hasKinks = true
        return tape.record(.array(Arrays.maximum(a, b)), from: [self, other]) {
            let g = $0.array()
            return [
                .array((g * share(of: a, above: b)).summed(to: a.shape)),
                .array((g * share(of: b, above: a)).summed(to: b.shape)),
            ]
        }
    }

    /// The smaller of each pair, with broadcasting; the gradient goes to the smaller one.
    public func minimum(_ other: Tensor) -> Tensor {
        let (a, b) = (value, other.value)
        tape.hasKinks = true
        return tape.record(.array(Arrays.minimum(a, b)), from: [self, other]) {
            let g = $0.array()
            return [
                .array((g * share(of: b, above: a)).summed(to: a.shape)),
                .array((g * share(of: a, above: b)).summed(to: b.shape)),
            ]
        }
    }

    /// |x|; the derivative is the sign, 0 at 0.
    public func absolute() -> Tensor {
        let x = value
        tape.hasKinks = true
        return tape.record(.array(Arrays.abs(x)), from: [self]) { [.array($0.array() * Arrays.sign(x))] }
    }

    /// The largest along an axis; the gradient goes to it, in equal shares where several are the largest.
    ///
    /// - Precondition: the axis exists and is not empty.
    public func max(axis: Int, keepingDimensions: Bool = false) -> Tensor {
        tape.hasKinks = true
        let x = value
        let kept = x.max(axis: axis, keepingDimensions: true)
        let result = keepingDimensions ? kept : x.max(axis: axis)
        return tape.record(.array(result), from: [self]) {
            let isLargest = NDArray<Scalar>.where(x .== kept, 1, 0)
            let share = isLargest / isLargest.sum(axis: axis, keepingDimensions: true)
            return [.array(share * $0.array().reshaped(to: kept.shape))]
        }
    }
}

/// 1 where a > b, 1/2 where they are equal, else 0.
private func share<Scalar: DifferentiableScalar>(
    of a: NDArray<Scalar>, above b: NDArray<Scalar>
) -> NDArray<Scalar> {
    (NDArray<Scalar>.where(a .> b, 1, 0) + NDArray<Scalar>.where(a .>= b, 1, 0)) * 0.5
}
