import Arrays

/// Images made larger by a whole factor, linearly between pixels.
enum Enlargement {
    /// [N, H, W] to [N, factor H, factor W].
    static func apply(to images: NDArray<UInt8>, factor: Int) -> NDArray<UInt8> {
        guard factor > 1, images.count > 0 else { return images }
        let (count, height, width) = (images.shape[0], images.shape[1], images.shape[2])
        let columns = places(width, factor)
        let rows = places(height, factor)
        return NDArray(shape: [count, height * factor, width * factor]) { target in
            images.withUnsafeElements { source in
                var at = 0
                for image in 0..<count {
                    for row in rows {
                        let upper = (image * height + row.first) * width
                        let lower = (image * height + row.second) * width
                        for column in columns {
                            let above =
                                Int(source[upper + column.first]) * (256 - column.share)
                                + Int(source[upper + column.second]) * column.share
                            let below =
                                Int(source[lower + column.first]) * (256 - column.share)
                                + Int(source[lower + column.second]) * column.share
                            let value = above * (256 - row.share) + below * row.share
                            target.initializeElement(at: at, to: UInt8((value + (1 << 15)) >> 16))
                            at += 1
                        }
                    }
                }
            }
        }
    }

    /// For each new pixel the two old ones around it, and the second's weight of 256.
    private static func places(_ count: Int, _ factor: Int) -> [(first: Int, second: Int, share: Int)] {
        (0..<(count * factor)).map { place in
            // Twice the distance of a new pixel's middle from the first old one's, in new pixels.
            let offset = 2 * place + 1 - factor
            let first = max(0, offset / (2 * factor))
            let share = offset < 0 ? 0 : offset % (2 * factor) * 256 / (2 * factor)
            return (first, min(first + 1, count - 1), share)
        }
    }
}
