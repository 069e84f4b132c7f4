import Arrays
import Support

extension FeatureMatrix {
    /// Whether an example of this shape is an image: [H, W], or [3, H, W].
    package static func isImage(_ exampleShape: [Int]) -> Bool {
        exampleShape.count == 2 || (exampleShape.count == 3 && exampleShape[0] == 3)
    }

    /// The images in grey, [N, H, W]: themselves where they are; colours by ITU-R BT.601, 0.299 R + 0.587 G + 0.114 B,
    /// rounded. nil where the examples are no images in bytes.
    ///
    /// - Complexity: O(1) for grey images, O(N H W) for colours.
    package var greyImages: NDArray<UInt8>? {
        guard case .bytes(let images) = storage, Self.isImage(exampleShape) else { return nil }
        guard exampleShape.count == 3 else { return images }
        let pixels = exampleShape[1] * exampleShape[2]
        return NDArray(shape: [count, exampleShape[1], exampleShape[2]]) { grey in
            images.withUnsafeElements { colours in
                for index in 0..<count {
                    let image = colours[(index * 3 * pixels)..<((index + 1) * 3 * pixels)]
                    let first = image.startIndex
                    for pixel in 0..<pixels {
                        // 16 bits behind the point: the weights add up to 65,536.
                        let sum =
                            19595 * UInt32(image[first + pixel])
                            + 38470 * UInt32(image[first + pixels + pixel])
                            + 7471 * UInt32(image[first + 2 * pixels + pixel])
                        grey[index * pixels + pixel] = UInt8((sum + 32768) >> 16)
                    }
                }
            }
        }
    }
}
