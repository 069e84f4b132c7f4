import Arrays
import ExampleData
import Support

extension LabeledExamples {
    /// Returns the same targets with each picture's digit brought into the form that a network of the recipe `handwriting` reads:
    /// images [N, 28, 28], empty where there is no ink.
    ///
    /// - Throws: `usage` when the examples are no pictures in bytes; `interrupted` after a cancellation.
    public func normalized(
        by normalization: DigitNormalization, cancellation: Cancellation? = nil
    ) throws -> LabeledExamples {
        guard case .bytes(let stored) = features.storage, FeatureMatrix.isImage(exampleShape) else {
            throw DescentError(
                .usage, "only pictures have digits to normalise", at: "examples",
                expected: "bytes of shape [N, H, W] or [N, 3, H, W]",
                got: "examples of shape \(exampleShape)")
        }
        let pixels = stored.ndim == 4 ? stored.permuted([0, 2, 3, 1]) : stored
        let images = try normalization.images(of: pixels, cancellation: cancellation)
        return try LabeledExamples(
            validating: .bytes(images, scale: features.scale), targets, classNames: classNames)
    }
}
