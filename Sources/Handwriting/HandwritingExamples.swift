import Arrays
import Support

/// Examples for the recipe `handwriting`: digits drawn anew in each epoch as strangers might write, scan and photograph
/// them, and then normalised as a picture to be read is.
///
/// Random numbers follow from (seed, epoch, row) alone: neither threads nor an interruption change the pixels.
///
/// ```swift
/// let examples = try HandwritingExamples(mnist.train.images)
/// let images = examples.images(rows: [5, 0, 4], seed: 1, epoch: 3)     // [3, 28, 28], as `DigitNormalization` gives them
/// ```
public struct HandwritingExamples: Sendable {
    /// The step that ends the making of each example, and begins each prediction.
    package let normalization: DigitNormalization
    /// The sizes of the changes.
    package let variation: HandwritingVariation
    private let fields: StrokeFields

    /// Examples drawn from images like MNIST's: [N, side, side], 0 paper and 255 ink.
    ///
    /// - Throws: `badData` for another shape.
    /// - Complexity: O(N); the shapes of 60,000 images take 138 MB.
    public init(
        _ images: NDArray<UInt8>, normalization: DigitNormalization = DigitNormalization(),
        variation: HandwritingVariation = HandwritingVariation()
    ) throws(DescentError) {
        let shape = images.shape
        guard shape.count == 3, shape[1] == shape[2], shape[1] > 0, shape[1] <= 64 else {
            throw DescentError(
                .badData, "not digits to draw from", at: "images", expected: "[N, 28, 28]", got: "\(shape)")
        }
        (self.normalization, self.variation) = (normalization, variation)
        fields = StrokeFields(images.elements, side: shape[1])
    }

    /// The number of digits that are drawn from, N.
    package var count: Int { fields.count }

    /// Draws the examples `rows` for an epoch: [rows.count, 28, 28].
    ///
    /// - Parameters:
    ///   - parts: the number of parts that the pool computes; it changes nothing else. 1 keeps the work on the caller's
    ///     thread.
    ///   - rows: the examples' places among all.
    ///   - seed: the seed of the chance.
    ///   - epoch: the epoch, which makes another chance of the same seed.
    /// - Precondition: every row is in 0 ..< N.
    public func images(rows: [Int32], seed: Int, epoch: Int, parts: Int = 64) -> NDArray<UInt8> {
        require(rows.allSatisfy { $0 >= 0 && Int($0) < count }, "a row outside of 0 ..< \(count)")
        let size = DigitNormalization.side * DigitNormalization.side
        var result = [UInt8](repeating: 0, count: rows.count * size)
        result.withUnsafeMutableBufferPointer { target in
            // Each part writes to the images of its own rows.
            let target = SharedBuffer(target)
            @Sendable func make(_ place: Int) {
                target.write(image(Int(rows[place]), seed: seed, epoch: epoch), at: place * size)
            }
            if parts > 1 { inParts(rows.count, make) } else { rows.indices.forEach(make) }
        }
        return NDArray(
            shape: [rows.count, DigitNormalization.side, DigitNormalization.side], elements: result)
    }

    private func image(_ row: Int, seed: Int, epoch: Int) -> [UInt8] {
        var chance = Chance(
            seed: UInt64(bitPattern: Int64(seed)), epoch: UInt64(bitPattern: Int64(epoch)), index: UInt64(row)
        )
        // A picture on which no ink is found is drawn again, more gently.
        for attempt in 0..<3 {
            var simulation = ScanSimulation(variation, isGentle: attempt > 0, using: &chance)
            let picture = fields.withField(row) { simulation.picture(of: $0) }
            if let picture, let image = normalization.image(of: picture) { return image }
        }
        return [UInt8](repeating: 0, count: DigitNormalization.side * DigitNormalization.side)
    }
}
