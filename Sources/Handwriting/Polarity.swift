/// Tells ink from paper where both are one of two levels: which of the two is the ink.
enum Polarity {
    /// Whether the pixels of `mask` are the ink, as against all others.
    ///
    /// Paper lies at the picture's edge and is cut into pieces by the strokes; ink is mostly one piece. A digit that is cut
    /// out tightly needs both.
    static func isInk(_ mask: Mask) -> Bool { likeness(mask) <= likeness(mask.inverted) }

    /// How much the pixels look like paper. The weights are those of a logistic regression on 6,000 of MNIST's training
    /// images, cut out tightly, stretched to a square, or as they are: 3 of 1,000 stretched ones are mistaken.
    private static func likeness(_ mask: Mask) -> Float {
        let map = ComponentMap(mask)
        guard let largest = map.components.max(by: { $0.area < $1.area }) else { return 0 }
        let area = map.components.reduce(0) { $0 + $1.area }
        let pieces = 1 - Float(largest.area) / Float(area)
        return 1.2 * ring(mask) - 0.4 * mask.share + pieces
    }

    /// The share of the picture's edge, to a depth of one pixel in forty, that belongs to the mask.
    private static func ring(_ mask: Mask) -> Float {
        let depth = 1 + min(mask.width, mask.height) / 40
        var (belongs, count) = (0, 0)
        for y in 0..<mask.height {
            let isWhole = y < depth || y >= mask.height - depth
            for x in 0..<mask.width where isWhole || x < depth || x >= mask.width - depth {
                count += 1
                belongs += mask.bits[y * mask.width + x] ? 1 : 0
            }
        }
        return count == 0 ? 0 : Float(belongs) / Float(count)
    }
}
