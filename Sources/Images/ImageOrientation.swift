/// How a camera was held: the rotation or reflection by which a stored picture is to be shown (EXIF 2.32, tag 0x0112).
package enum ImageOrientation: Int, Sendable, CaseIterable {
    case upright = 1
    case mirrored = 2
    case upsideDown = 3
    case flipped = 4
    case transposed = 5
    /// Shown after a quarter turn clockwise.
    case quarterTurn = 6
    case transversed = 7
    /// Shown after three quarter turns clockwise.
    case threeQuarterTurn = 8

    /// Whether rows are shown as columns.
    package var swapsAxes: Bool { rawValue >= 5 }

    /// The orientation that the EXIF data in `place` say; `upright` where they are damaged or say none.
    ///
    /// EXIF is a TIFF file in small. Only its first directory is looked at, and nothing else in it is believed.
    init(exif bytes: inout ImageBytes, in place: Range<Int>) {
        self = .upright
        var start = place.lowerBound
        // JPEG puts these letters before, and some programs do in WebP too.
        if bytes.has("Exif\0", at: start) { start += 6 }
        let isLittle = bytes.has("II", at: start)
        guard isLittle || bytes.has("MM", at: start) else { return }
        func number(_ offset: Int, _ length: Int) -> Int? {
            start + offset + length <= place.upperBound
                ? bytes.integer(start + offset, length, littleEndian: isLittle) : nil
        }
        guard number(2, 2) == 42, let directory = number(4, 4), let entries = number(directory, 2) else {
            return
        }
        for entry in 0..<entries {
            let offset = directory + 2 + 12 * entry
            guard let tag = number(offset, 2) else { return }
            guard tag == 0x0112 else { continue }
            // A short number (3), or a long one (4), alone.
            guard let type = number(offset + 2, 2), type == 3 || type == 4, number(offset + 4, 4) == 1,
                let value = number(offset + 8, type == 3 ? 2 : 4)
            else { return }
            self = ImageOrientation(rawValue: value) ?? .upright
            return
        }
    }
}
