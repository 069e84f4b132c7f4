import Arrays
import Support

/// Brings a picture of a handwritten digit into the form of MNIST's images, whatever it was photographed or scanned by.
///
/// Ink is found on uneven paper and told from shadows, ruled lines, specks and frames, dark on light or light on dark; its
/// strokes are given one width; it is scaled to fit 20 x 20 pixels, keeping its shape, and moved until its centre of
/// mass is in the middle of 28 x 28. MNIST's own images go the same way, for training and for predictions.
///
/// ```swift
/// let normalization = DigitNormalization()
/// let image = try normalization.image(of: photograph)      // [28, 28], 0 paper, 255 ink: what a network sees
/// ```
///
/// Source of the form: LeCun, Bottou, Bengio and Haffner 1998, "Gradient-based learning applied to document recognition",
/// section III.A.
public struct DigitNormalization: Sendable, Hashable, Codable {
    /// The name by which a stored model asks for this step.
    package static let name = "digit-normalization"
    /// The sides of a result, in pixels.
    public static let side = 28
    /// The longer side of the ink in a result, in pixels.
    package static let inkSide = 20
    /// Pixels that the longest side of a picture is shrunk to, where it is longer.
    static let longestSide = 1024

    /// The width of all strokes in pixels of the result; nil to leave it as it is. MNIST's strokes are 2.4 pixels wide as a
    /// rule.
    package let strokeWidth: Double?

    /// Normalisation with strokes of this width.
    ///
    /// - Throws: `usage` for a width that is not in 1...6.
    package init(strokeWidth: Double?) throws(DescentError) {
        if let strokeWidth, !(1...6).contains(strokeWidth) {
            throw DescentError(
                .usage, "not a width of strokes", at: "strokeWidth", expected: "1 to 6 pixels",
                got: "\(strokeWidth)")
        }
        self.strokeWidth = strokeWidth
    }

    /// Normalisation with strokes as wide as MNIST's.
    public init() { strokeWidth = 2.4 }

    private enum CodingKeys: String, CodingKey { case strokeWidth }

    /// Reads the settings, and checks them.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(strokeWidth: values.decodeIfPresent(Double.self, forKey: .strokeWidth))
    }

    /// Returns the digit on a picture, [28, 28]: 0 for paper, 255 for ink. Of several digits, the most prominent.
    ///
    /// - Parameter pixels: grey levels [H, W], or red, green and blue [H, W, 3].
    /// - Throws: `badData` when there is no ink, or the picture has another shape.
    /// - Complexity: O(H W).
    public func image(of pixels: NDArray<UInt8>) throws(DescentError) -> NDArray<UInt8> {
        guard let image = try imageIfInk(of: pixels) else {
            throw DescentError(
                .badData, "no ink on the picture", expected: "a digit that stands out from its paper",
                advice: "photograph it closer, with more light, or with a darker pen")
        }
        return image
    }

    /// Returns the digit on a picture as `image(of:)` does, nil when there is no ink.
    ///
    /// - Throws: `badData` when the picture has another shape.
    package func imageIfInk(of pixels: NDArray<UInt8>) throws(DescentError) -> NDArray<UInt8>? {
        let grey = try Plane(levelsOf: pixels, longestSide: Self.longestSide)
        return image(of: grey).map { NDArray(shape: [Self.side, Self.side], elements: $0) }
    }

    /// The frame that ink is brought into.
    var frame: DigitFrame {
        DigitFrame(side: Self.side, inkSide: Self.inkSide, strokeWidth: strokeWidth.map { Float($0) })
    }

    /// The digit of a picture of grey levels; nil without ink.
    func image(of grey: Plane) -> [UInt8]? {
        guard var ink = Ink(in: grey) else { return nil }
        RuledLines.remove(from: &ink)
        let selection = DigitSelection(ink)
        guard let (shares, box) = selection.ink(of: selection.digit()) else { return nil }
        return frame.image(of: shares, in: box)
    }

    /// Returns many pictures of one size normalised, [N, 28, 28]; those without ink are empty.
    ///
    /// `images`: [N, H, W] or [N, H, W, 3].
    ///
    /// - Throws: `badData` when the pictures have another shape; `interrupted` after a cancellation.
    public func images(
        of images: NDArray<UInt8>, cancellation: Cancellation? = nil
    ) throws(DescentError) -> NDArray<UInt8> {
        let shape = images.shape
        guard shape.count == 3 || shape.count == 4 && shape[3] == 3 else {
            throw DescentError(
                .badData, "not pictures of digits", at: "images", expected: "[N, H, W] or [N, H, W, 3]",
                got: "\(shape)")
        }
        let size = Self.side * Self.side
        let count = shape[0]
        var result = [UInt8](repeating: 0, count: count * size)
        let chunk = 32
        let failure = FirstFailure()
        result.withUnsafeMutableBufferPointer { target in
            // Each part writes to its own images.
            let target = SharedBuffer(target)
            inParts((count + chunk - 1) / chunk) { part in
                for index in part * chunk..<min(count, (part + 1) * chunk) {
                    guard failure.error == nil, cancellation?.isCancelled != true else { return }
                    do throws(DescentError) {
                        guard let image = try imageIfInk(of: images[index]) else { continue }
                        target.write(image.elements, at: index * size)
                    } catch { failure.error = error }
                }
            }
        }
        if let error = failure.error { throw error }
        if cancellation?.isCancelled == true { throw Cancellation.stopped() }
        return NDArray(shape: [count, Self.side, Self.side], elements: result)
    }
}
