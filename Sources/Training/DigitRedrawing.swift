import ExampleData
import Handwriting
import Support

/// A trainer's drawing of handwritten digits anew, batch by batch.
struct DigitRedrawing: BatchAugmentation {
    private let examples: HandwritingExamples
    private let seed: Int

    /// nil without a variation, or for what `check` refuses.
    init?(_ variation: HandwritingVariation?, of examples: any ExampleSource, seed: Int) {
        guard let variation, case .bytes(let images)? = examples.residentFeatures?.storage,
            let drawn = try? HandwritingExamples(images, variation: variation)
        else { return nil }
        (self.examples, self.seed) = (drawn, seed)
    }

    /// Checks that the examples are digits in memory, and that nothing else changes them.
    ///
    /// - Throws: `usage`.
    static func check(_ examples: any ExampleSource, augmentation: Any?) throws {
        let side = DigitNormalization.side
        guard case .bytes? = examples.residentFeatures?.storage, examples.exampleShape == [side, side] else {
            throw DescentError(
                .usage, "only handwritten digits in memory can be drawn anew", at: "redrawing",
                expected: "bytes of shape [N, \(side), \(side)]",
                got: "examples of shape \(examples.exampleShape)",
                advice: "normalise the pictures first")
        }
        guard augmentation == nil else {
            throw DescentError(
                .usage, "digits are either drawn anew or augmented", at: "redrawing",
                advice: "leave out the augmentation")
        }
    }

    func augmented(
        _ features: FeatureMatrix, rows: [Int32], numbers: [Int32], epoch: Int, parts: Int
    ) -> FeatureMatrix {
        // The shapes of all digits are in memory, by their numbers.
        .bytes(examples.images(rows: numbers, seed: seed, epoch: epoch, parts: parts), scale: features.scale)
    }
}
