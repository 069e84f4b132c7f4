import Arrays
import Support

extension LabeledImages {
    /// Returns the images `rows`, in that order.
    ///
    /// - Precondition: every row is in `0 ..< count`.
    /// - Complexity: O(rows): the pixels are copied.
    public func picked(_ rows: [Int32]) -> LabeledImages {
        require(rows.allSatisfy { $0 >= 0 && Int($0) < count }, "a row outside of 0 ..< \(count)")
        let picked = examples.gathered(rows)
        guard case .bytes(let pixels) = picked.features.storage else { mistake("images are bytes") }
        return LabeledImages(images: pixels, labels: picked.classes, classNames: classNames)
    }

    /// Splits the images at random, `held` of them into the second part: training and validation sets.
    ///
    /// - Precondition: 0 < held < count.
    public func split(holding held: Int, seed: Int) -> (learning: LabeledImages, held: LabeledImages) {
        require(held > 0 && held < count, "\(held) of \(count) images cannot be held back")
        var random = RandomState(seed)
        let order = random.permutationIndices(count)
        // Sorted, so that the parts are stored in the order of the whole.
        return (picked(order.dropFirst(held).sorted()), picked(order.prefix(held).sorted()))
    }
}
