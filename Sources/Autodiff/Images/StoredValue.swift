import Arrays
import CKernels
import Support

/// A value of a tape, or a gradient by one, as it lies in memory.
struct StoredValue<Scalar: DifferentiableScalar> {
    /// The length of each axis; [N, C, H, W] for every layout but `rows`.
    let shape: [Int]
    /// How `numbers` are to be read.
    let layout: ImageLayout
    /// The numbers: the array itself in `rows`, else in one axis.
    var numbers: NDArray<Scalar>
    /// A gradient whose numbers are not computed yet; `numbers` are nobody's then.
    private(set) var pending: PendingGradient?

    /// A gradient that waits.
    @specialized(where Scalar == Float)
    init(_ pending: PendingGradient) {
        shape = pending.shape
        layout = .rows
        numbers = NDArray(shape: [0]) { _ in }
        self.pending = pending
    }

    /// The same value with its numbers.
    var computed: StoredValue {
        @specialized(where Scalar == Float)
        get { pending == nil ? self : StoredValue(array()) }
    }

    /// An array.
    @specialized(where Scalar == Float)
    init(_ array: NDArray<Scalar>) {
        shape = array.shape
        layout = .rows
        numbers = array
    }

    /// Images of `shape` in `layout`, whose numbers `initializer` writes, all of them.
    @specialized(where Scalar == Float)
    init(
        shape: [Int], layout: ImageLayout,
        initializingWith initializer: (UnsafeMutableBufferPointer<Scalar>) -> Void
    ) {
        self.shape = shape
        self.layout = layout
        let stored = layout == .rows ? shape : [layout.count(of: shape)]
        numbers = NDArray(shape: stored, initializingWith: initializer)
    }

    /// The same numbers under another shape of the same layout, as an element-wise function gives them.
    init(shape: [Int], layout: ImageLayout, numbers: NDArray<Scalar>) {
        self.shape = shape
        self.layout = layout
        self.numbers = numbers
    }

    /// The array, in rows.
    @specialized(where Scalar == Float)
    func array() -> NDArray<Scalar> {
        guard let pending else { return layout == .rows ? numbers : converted(to: .rows).numbers }
        guard let known = pending.array() as? NDArray<Scalar> else {
            mistake("only Float gradients wait")
        }
        return known
    }

    /// The same images in `layout`.
    ///
    /// - Complexity: O(1) if they lie so already, else O(N C H W).
    @specialized(where Scalar == Float)
    func converted(to layout: ImageLayout) -> StoredValue {
        if layout == self.layout { return self }
        // Sixteen channels last are one block of sixteen.
        if shape[1] == 16, self.layout != .rows, layout != .rows {
            return StoredValue(shape: shape, layout: layout, numbers: numbers)
        }
        guard let floats = numbers as? NDArray<Float> else {
            mistake("only Float images have a layout of their own")
        }
        let result = StoredValue<Float>(shape: shape, layout: layout) { target in
            floats.withUnsafeElements { source in
                ck_relayout(
                    shape[0], shape[1], shape[2] * shape[3], self.layout.rawValue,
                    source.baseAddress, layout.rawValue, target.baseAddress)
            }
        }
        guard let converted = result as? StoredValue else { mistake("Float is not Float") }
        return converted
    }

    /// Adds `other`, of the same shape, element by element.
    @specialized(where Scalar == Float)
    mutating func accumulate(_ other: StoredValue) {
        require(shape == other.shape, "gradients of shapes \(shape) and \(other.shape) for one value")
        self = computed
        numbers.accumulate(other.computed.converted(to: layout).numbers)
    }
}
