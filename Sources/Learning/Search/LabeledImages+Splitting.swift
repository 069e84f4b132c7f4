import Arrays
import Datasets
import Support

extension LabeledImages {
    /// The images `rows`, in that order.
    ///
    /// - Precondition: every row is in `0 ..< count`.
    /// - Complexity: O(rows): the pixels are copied.
    public func picked(_ rows: [Int32]) -> LabeledImages {
        require(rows.allSatisfy { $0 >= 0 && Int($0) < count }, "a row outside of 0 ..< \(count)")
        let size = images.shape[1] * images.shape[2]
        let pixels = images.withUnsafeElements { all in
            [UInt8](unsafeUninitializedCapacity: rows.count * size) { target, filled in
                for (place, row) in rows.enumerated() {
                    for pixel in 0..<size {
                        target.initializeElement(at: place * size + pixel, to: all[Int(row) * size + pixel])
                    }
                }
                filled = rows.count * size
            }
        }
        let classes = labels.elements
        return LabeledImages(
            images: NDArray(shape: [rows.count, images.shape[1], images.shape[2]], elements: pixels),
            labels: NDArray(shape: [rows.count], elements: rows.map { classes[Int($0)] }),
            classNames: classNames)
    }

    /// Two parts by chance, the second of `held` images: one to learn from, one to choose settings by.
    ///
    /// - Precondition: 0 < held < count.
    public func split(holding held: Int, seed: Int) -> (learning: LabeledImages, held: LabeledImages) {
        require(held > 0 && held < count, "\(held) of \(count) images cannot be held back")
        var random = RandomState(seed)
        let order = random.permutationIndices(count)
        // Sorted, so that the parts lie in memory as the whole did.
        return (picked(order.dropFirst(held).sorted()), picked(order.prefix(held).sorted()))
    }
}
