import Images

/// Blue for negative, white for zero, orange for positive: equal magnitudes are equally dark.
///
/// Eleven colours of hue 248 and 47 degrees in OKLCH, with lightness 0.40, 0.54, 0.68, 0.82, 0.92 and 1 and the
/// chroma that sRGB has there (B. Ottosson, "A perceptual color space for image processing", 2020), joined by
/// straight lines in sRGB. Blue and orange can be distinguished with every kind of colour vision.
enum DivergingPalette {
    private static let anchors: [UInt32] = [
        0x034A7D, 0x0F72BB, 0x3E9EEF, 0x93CAFF, 0xD0E8FF, 0xFFFFFF, 0xFFDCCC, 0xFAB08C, 0xE1773D, 0xAE4F14,
        0x753001,
    ]

    /// Returns the colour of `value`, -1 to 1; beyond that, the colour of the end.
    static func color(_ value: Double) -> RGBA {
        let place = (min(max(value, -1), 1) + 1) / 2 * Double(anchors.count - 1)
        let index = min(Int(place), anchors.count - 2)
        let (from, to) = (RGBA(hex: anchors[index]), RGBA(hex: anchors[index + 1]))
        let share = place - Double(index)
        func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
            UInt8((Double(a) + (Double(b) - Double(a)) * share).rounded())
        }
        return RGBA(mix(from.red, to.red), mix(from.green, to.green), mix(from.blue, to.blue))
    }
}
