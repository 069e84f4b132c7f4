import Arrays

/// The pixels of an image to be drawn as text: reduced by an integer factor, inverted if requested.
struct Raster {
    let width: Int
    let height: Int
    private let pixels: [RGBA]

    /// - Parameter image: `[H, W]` or `[H, W, 3]`, at least one pixel.
    init(_ image: NDArray<UInt8>, factor: Int, isInverted: Bool) {
        let (rows, columns) = (image.shape[0], image.shape[1])
        let channels = image.ndim == 3 ? 3 : 1
        let (height, width) = ((rows + factor - 1) / factor, (columns + factor - 1) / factor)
        self.width = width
        self.height = height
        pixels = image.withUnsafeElements { source in
            var made: [RGBA] = []
            made.reserveCapacity(width * height)
            for row in 0..<height {
                for column in 0..<width {
                    var sums = [0, 0, 0]
                    var count = 0
                    // Squares at the right and lower edges may be cut.
                    for y in row * factor..<min(rows, (row + 1) * factor) {
                        for x in column * factor..<min(columns, (column + 1) * factor) {
                            let place = (y * columns + x) * channels
                            for part in 0..<3 { sums[part] += Int(source[place + min(part, channels - 1)]) }
                            count += 1
                        }
                    }
                    let means = sums.map { UInt8(($0 + count / 2) / count) }
                    let color = RGBA(means[0], means[1], means[2])
                    made.append(
                        isInverted ? RGBA(255 - color.red, 255 - color.green, 255 - color.blue) : color)
                }
            }
            return made
        }
    }

    subscript(row: Int, column: Int) -> RGBA { pixels[row * width + column] }

    /// Lightness, 0 to 255: luma by the weights of ITU-R BT.601, in thousandths.
    func lightness(_ row: Int, _ column: Int) -> Int {
        let color = self[row, column]
        return (299 * Int(color.red) + 587 * Int(color.green) + 114 * Int(color.blue) + 500) / 1000
    }
}
