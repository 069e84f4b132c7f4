import Arrays

/// A colour: red, green, blue and opacity, each 0 to 255, sRGB-coded, the opacity not multiplied in.
public struct RGBA: Equatable, Hashable, Sendable {
    /// The red channel, 0 to 255.
    package var red: UInt8
    /// The green channel, 0 to 255.
    package var green: UInt8
    /// The blue channel, 0 to 255.
    package var blue: UInt8
    /// The opacity: 0 is transparent, 255 opaque.
    package var alpha: UInt8

    /// Creates a colour from its channels; opaque by default.
    public init(_ red: UInt8, _ green: UInt8, _ blue: UInt8, alpha: UInt8 = 255) {
        self.red = red
        self.green = green
        self.blue = blue
        self.alpha = alpha
    }

    /// Creates an opaque colour from an integer written `0xRRGGBB`.
    ///
    /// ```swift
    /// RGBA(hex: 0x0072B2)   // the blue of Okabe and Ito
    /// ```
    package init(hex: UInt32) {
        self.init(UInt8(hex >> 16 & 255), UInt8(hex >> 8 & 255), UInt8(hex & 255))
    }

    /// The transparent colour.
    package static let clear = RGBA(0, 0, 0, alpha: 0)

    /// The colour in HTML and SVG, `#RRGGBB`, without the opacity.
    package var hexadecimal: String {
        let value = UInt32(red) << 16 | UInt32(green) << 8 | UInt32(blue)
        let digits = String(value, radix: 16, uppercase: true)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// The relative luminance, 0 (black) to 1 (white): sRGB decoded, weighted as in ITU-R BT.709.
    ///
    /// Source: IEC 61966-2-1 (sRGB); WCAG 2.1, "relative luminance".
    package var luminance: Double {
        func linear(_ part: UInt8) -> Double {
            let value = Double(part) / 255
            return value <= 0.04045 ? value / 12.92 : Mathematics.power((value + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }
}
