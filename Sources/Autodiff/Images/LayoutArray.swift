import Arrays
import CKernels
import Support

/// Images with the layout of their elements in memory, or any array in rows.
struct LayoutArray<Scalar: DifferentiableScalar> {
    /// The length of each axis; [N, C, H, W] for every layout but `rows`.
    let shape: [Int]
    /// The layout of `numbers`.
    let layout: ImageLayout
    /// The elements: the array itself in `rows`, else in one axis.
    var numbers: NDArray<Scalar>

    /// An array.
    @specialized(where Scalar == Float)
    init(_ array: NDArray<Scalar>) {
        shape = array.shape
        layout = .rows
        numbers = array
    }

    /// Creates images of `shape` in `layout`; `initializer` writes all elements.
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

    /// Creates the result of an element-wise function: other elements in the same shape and layout.
    init(shape: [Int], layout: ImageLayout, numbers: NDArray<Scalar>) {
        self.shape = shape
        self.layout = layout
        self.numbers = numbers
    }

    /// The array, in rows.
    @specialized(where Scalar == Float)
    func array() -> NDArray<Scalar> { layout == .rows ? numbers : converted(to: .rows).numbers }

    /// The same images in `layout`.
    ///
    /// - Complexity: O(1) if they are stored so already, else O(N C H W).
    @specialized(where Scalar == Float)
    func converted(to layout: ImageLayout) -> LayoutArray {
        if layout == self.layout { return self }
        // Sixteen channels last are one block of sixteen.
        if shape[1] == 16, self.layout != .rows, layout != .rows {
            return LayoutArray(shape: shape, layout: layout, numbers: numbers)
        }
        guard let relayout = Scalar.kernels.layers.relayout else {
            mistake("images of \(Scalar.self) have no layout but rows")
        }
        return relayout(self, layout)
    }
}

extension LayoutArray<Float> {
    /// The same images, rearranged to `layout`.
    func relaid(to layout: ImageLayout) -> LayoutArray {
        LayoutArray(shape: shape, layout: layout) { target in
            numbers.withUnsafeElements { source in
                ck_relayout(
                    shape[0], shape[1], shape[2] * shape[3], self.layout.rawValue, source.baseAddress,
                    layout.rawValue, target.baseAddress)
            }
        }
    }
}
