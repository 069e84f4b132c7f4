import Arrays
import Support

// Element-wise functions of images in their own layout, so that operations between two convolutions need no rows.
extension LayoutArray {
    /// The function `f` of each element; padding channels stay zero, whatever f(0) is.
    @specialized(where Scalar == Float)
    func mapped(_ f: (NDArray<Scalar>) -> NDArray<Scalar>) -> LayoutArray {
        var result = f(numbers)
        require(result.shape == numbers.shape, "an element-wise function gave another shape")
        // Every padding element is f(0), so testing the last one suffices.
        if layout == .blocked, shape[1] % 16 != 0, result.count > 0, isNotZero(last: result) {
            result.withUnsafeMutableElements { clearPadding($0) }
        }
        return LayoutArray(shape: shape, layout: layout, numbers: result)
    }

    /// The function `f` of the elements of both, of equal shape and f(0, 0) = 0, in a layout that one of them has.
    @specialized(where Scalar == Float)
    func combined(
        with other: LayoutArray, _ f: (NDArray<Scalar>, NDArray<Scalar>) -> NDArray<Scalar>
    ) -> LayoutArray {
        let layout = self.layout == .rows ? other.layout : self.layout
        return LayoutArray(
            shape: shape, layout: layout,
            numbers: f(converted(to: layout).numbers, other.converted(to: layout).numbers))
    }

    /// Bounds: `numbers` has whole blocks of sixteen channels in the layout `blocked`.
    @specialized(where Scalar == Float)
    private func clearPadding(_ numbers: UnsafeMutableBufferPointer<Scalar>) {
        let (pixels, lanes) = (shape[2] * shape[3], shape[1] % 16)
        let imageStep = (shape[1] / 16 + 1) * 16 * pixels
        for image in 0..<shape[0] {
            let start = (image + 1) * imageStep - 16 * pixels
            for pixel in 0..<pixels {
                for lane in lanes..<16 { numbers[start + 16 * pixel + lane] = 0 }
            }
        }
    }

    @specialized(where Scalar == Float)
    private func isNotZero(last result: NDArray<Scalar>) -> Bool {
        // Written so that NaN counts as not zero.
        result.withUnsafeElements { !($0[$0.count - 1] == 0) }
    }
}
