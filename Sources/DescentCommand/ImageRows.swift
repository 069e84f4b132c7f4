import Descent

/// Single images out of an array of many.
enum ImageRows {
    /// Images `range` of [N, H, W].
    static func slice(_ images: NDArray<UInt8>, _ range: Range<Int>) -> NDArray<UInt8> {
        let size = images.shape[1] * images.shape[2]
        return NDArray(shape: [range.count, images.shape[1], images.shape[2]]) { target in
            images.withUnsafeElements { source in
                // The range lies within the N images, so its bytes lie within N * size.
                _ = target.initialize(from: source[(range.lowerBound * size)..<(range.upperBound * size)])
            }
        }
    }

    /// Image number `index` of [N, H, W], as [H, W].
    static func image(_ images: NDArray<UInt8>, _ index: Int) -> NDArray<UInt8> {
        let one = slice(images, index..<(index + 1))
        return NDArray(shape: Array(images.shape.dropFirst()), elements: one.elements)
    }
}
