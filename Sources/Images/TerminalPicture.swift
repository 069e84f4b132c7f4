import Arrays
import Support

/// Rendering of images as text, for a terminal or a file.
///
/// A character cell is about twice as high as wide, so every style makes a pixel as wide as high: two columns for
/// one pixel, or one column for two pixels, one above the other.
///
/// ```swift
/// print(TerminalPicture.text(of: digit, style: .shades))   // digit: [28, 28], 28 lines of up to 56 columns
/// ```
public enum TerminalPicture {
    /// The characters of the plain styles, from 0 to 255 in ten equal steps.
    static let ramp: [Character] = Array(" .:-=+*#%@")

    /// Returns the text that shows `image`: lines that each end in a newline.
    ///
    /// Plain styles omit trailing spaces; colour styles end each line with a reset. An image wider than
    /// `maximumColumns` is first reduced by an integer factor, each new pixel the mean of a square.
    ///
    /// - Parameters:
    ///   - image: `[H, W]` grey or `[H, W, 3]` colour, 0 to 255.
    ///   - style: the style of drawing.
    ///   - isInverted: whether 255 is drawn as 0 and so on: for dark ink on light paper.
    ///   - maximumColumns: the widest line, in columns.
    /// - Precondition: one of these shapes; `maximumColumns` at least 2.
    /// - Complexity: O(H W).
    public static func text(
        of image: NDArray<UInt8>, style: TerminalStyle, isInverted: Bool = false, maximumColumns: Int = 80
    ) -> String {
        require(
            image.ndim == 2 || (image.ndim == 3 && image.shape[2] == 3),
            "a picture has shape [H, W] or [H, W, 3], not \(image.shape)")
        require(maximumColumns >= 2, "maximumColumns must be at least 2, not \(maximumColumns)")
        guard image.count > 0 else { return "" }
        let widest = maximumColumns / style.columnsPerPixel
        let factor = (image.shape[1] + widest - 1) / widest
        let raster = Raster(image, factor: factor, isInverted: isInverted)
        switch style {
        case .shades: return shades(raster)
        case .compactShades: return compactShades(raster)
        case .colors256: return halfBlocks(raster) { "5;\(xtermColor(nearest: $0))" }
        case .trueColor: return halfBlocks(raster) { "2;\($0.red);\($0.green);\($0.blue)" }
        }
    }

    private static func shades(_ raster: Raster) -> String {
        lines(raster, rows: Array(0..<raster.height)) { row, column in
            let character = shade(raster.lightness(row, column))
            return [character, character]
        }
    }

    private static func compactShades(_ raster: Raster) -> String {
        lines(raster, rows: Array(stride(from: 0, to: raster.height, by: 2))) { row, column in
            let top = raster.lightness(row, column)
            let bottom = row + 1 < raster.height ? raster.lightness(row + 1, column) : 0
            return [shade((top + bottom + 1) / 2)]
        }
    }

    private static func lines(_ raster: Raster, rows: [Int], _ cell: (Int, Int) -> [Character]) -> String {
        var text = ""
        for row in rows {
            var line: [Character] = (0..<raster.width).flatMap { cell(row, $0) }
            while line.last == " " { line.removeLast() }
            text += String(line) + "\n"
        }
        return text
    }

    private static func shade(_ lightness: Int) -> Character {
        ramp[lightness * ramp.count / 256]
    }

    /// The upper half block carries the pixel above as its own colour and the one below as its background. A colour
    /// code is written only when the colour changes.
    private static func halfBlocks(_ raster: Raster, code: (RGBA) -> String) -> String {
        var text = ""
        for row in stride(from: 0, to: raster.height, by: 2) {
            var foreground = ""
            var background = ""
            for column in 0..<raster.width {
                let top = "38;" + code(raster[row, column])
                // Below the last row of an odd height the terminal's background shows.
                let bottom = row + 1 < raster.height ? "48;" + code(raster[row + 1, column]) : "49"
                let changes = [top == foreground ? nil : top, bottom == background ? nil : bottom]
                let named = changes.compactMap { $0 }
                if !named.isEmpty { text += "\u{1B}[\(named.joined(separator: ";"))m" }
                text += "\u{2580}"
                (foreground, background) = (top, bottom)
            }
            text += "\u{1B}[0m\n"
        }
        return text
    }

    /// The index of the nearest of xterm's fixed colours: 16 to 231 are a 6 x 6 x 6 cube with the levels 0, 95, 135,
    /// ..., 255; 232 to 255 are greys 8, 18, ..., 238.
    static func xtermColor(nearest color: RGBA) -> Int {
        func distance(_ red: Int, _ green: Int, _ blue: Int) -> Int {
            let (r, g, b) = (red - Int(color.red), green - Int(color.green), blue - Int(color.blue))
            return r * r + g * g + b * b
        }
        func level(_ part: UInt8) -> Int { part < 48 ? 0 : part < 115 ? 1 : (Int(part) - 35) / 40 }
        func value(_ level: Int) -> Int { level == 0 ? 0 : 55 + 40 * level }
        let (r, g, b) = (level(color.red), level(color.green), level(color.blue))
        let mean = (Int(color.red) + Int(color.green) + Int(color.blue)) / 3
        let gray = min(23, max(0, (mean - 3) / 10))
        let grayValue = 8 + 10 * gray
        let isGrayNearer =
            distance(grayValue, grayValue, grayValue) < distance(value(r), value(g), value(b))
        return isGrayNearer ? 232 + gray : 16 + 36 * r + 6 * g + b
    }
}
