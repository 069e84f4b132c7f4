import CKernels
import Support

// The traversal of reductions. NumPy adds pairwise along the axis of the smallest stride, and along the others in
// order; the axes are sorted by stride here and reduced from the innermost out, so that sums in floating point have
// NumPy's bits.

extension NDArray {
    /// The shape after `axes` are reduced.
    func reducedShape(_ axes: Set<Int>, keeping: Bool) -> [Int] {
        shape.indices.compactMap { axes.contains($0) ? (keeping ? 1 : nil) : shape[$0] }
    }

    /// Reduces `axes` (normalised) by a kernel whose result has the scalar's own type.
    func reduced(_ reduction: Int, _ axes: Set<Int>, keeping: Bool) -> NDArray {
        let order = shape.indices.sorted {
            (abs(strides[$0]), $1) > (abs(strides[$1]), $0)
        }
        let sorted = permuted(order)
        // Neighbours that are both reduced (or both kept) are one group: NumPy copies elements that are not contiguous
        // before it adds.
        var groups: [(length: Int, reduced: Bool)] = []
        for axis in order {
            if let last = groups.last, last.reduced == axes.contains(axis) {
                groups[groups.count - 1].length *= shape[axis]
            } else {
                groups.append((shape[axis], axes.contains(axis)))
            }
        }
        var current = sorted.packed
        var step = reduction
        while let place = groups.lastIndex(where: \.reduced) {
            let outer = groups[..<place].reduce(1) { $0 * $1.length }
            let inner = groups[(place + 1)...].reduce(1) { $0 * $1.length }
            current = current.reduced(step, outer: outer, count: groups[place].length, inner: inner)
            if step == Int(CK_SUM) { step = Int(CK_SUM_IN_ORDER) }
            groups.remove(at: place)
        }
        let kept = order.filter { !axes.contains($0) }
        let back = kept.indices.sorted { kept[$0] < kept[$1] }
        return current.reshaped(to: kept.map { shape[$0] }).permuted(back)
            .reshaped(to: reducedShape(axes, keeping: keeping))
    }

    /// A row-major array seen as (outer, count, inner), reduced along the middle.
    private func reduced(_ reduction: Int, outer: Int, count: Int, inner: Int) -> NDArray {
        withUnsafeElements { elements in
            NDArray(shape: [outer, inner]) { target in
                ck_reduce(
                    Scalar.kernelType, Int32(reduction), outer, count, inner, elements.baseAddress,
                    target.baseAddress)
            }
        }
    }

    /// Calls `body` with the array, row-major, seen as (outer, count, inner) around `axis`.
    func withPlanes<Result>(
        _ axis: Int,
        _ body: (_ elements: UnsafeBufferPointer<Scalar>, _ outer: Int, _ count: Int, _ inner: Int) -> Result
    ) -> Result {
        let outer = shape[..<axis].reduce(1, *)
        let inner = shape[(axis + 1)...].reduce(1, *)
        return withUnsafeElements { body($0, outer, shape[axis], inner) }
    }

    /// The normalised `axes`, each once.
    func normalizedAxes(_ axes: [Int]) -> Set<Int> {
        let set = Set(axes.map { normalized(axis: $0, ndim: ndim) })
        require(set.count == axes.count, "duplicate value in 'axis'")
        return set
    }

    /// The axes of a reduction. A 0-d array has a single axis too, as in NumPy: there 0 and -1 mean no axis.
    func reductionAxes(_ axis: some ReductionAxes) -> Set<Int> {
        if ndim == 0, let axis = axis as? Int, axis == 0 || axis == -1 { return [] }
        return normalizedAxes(axis._axisIndices)
    }

    /// Every axis.
    var allAxes: Set<Int> { Set(shape.indices) }
}

/// The axes of a reduction, as NumPy's `axis`: the index of one, `sum(axis: 0)`, or of several, `sum(axis: [0, 1])`.
public protocol ReductionAxes {
    /// The indices; negative ones count from the last axis.
    var _axisIndices: [Int] { get }
}

extension Int: ReductionAxes {
    /// The one axis.
    public var _axisIndices: [Int] { [self] }
}

extension Array: ReductionAxes where Element == Int {
    /// The axes themselves.
    public var _axisIndices: [Int] { self }
}
