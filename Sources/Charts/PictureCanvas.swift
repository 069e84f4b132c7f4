import Arrays
import Images

/// A picture in colour that anti-aliased lines and circles can be drawn on.
///
/// Coordinates are in pixels of the canvas; the middle of the first pixel is (0.5, 0.5).
struct PictureCanvas {
    let height: Int
    let width: Int
    /// [H, W, 3], each 0...255; stored as `Float` so that many faint strokes add up.
    private var values: [Float]

    /// Creates a canvas of one colour.
    init(height: Int, width: Int, color: RGBA) {
        self.height = height
        self.width = width
        values = (0..<height * width).flatMap { _ in
            [Float(color.red), Float(color.green), Float(color.blue)]
        }
    }

    /// Lays a grey image [H, W] on the canvas, `zoom` times as large, its corner at (left, top), its brightness
    /// multiplied by `light`. Where pixels become large they stay squares; otherwise they are interpolated.
    mutating func lay(_ image: NDArray<UInt8>, left: Int, top: Int, zoom: Int, light: Float = 1) {
        let (rows, columns) = (image.shape[0], image.shape[1])
        image.withUnsafeElements { pixels in
            for y in 0..<rows * zoom {
                for x in 0..<columns * zoom {
                    let value: Float
                    if zoom >= 6 || zoom == 1 {
                        value = Float(pixels[y / zoom * columns + x / zoom])
                    } else {
                        value = Self.interpolated(
                            pixels, rows, columns, (Float(y) + 0.5) / Float(zoom) - 0.5,
                            (Float(x) + 0.5) / Float(zoom) - 0.5)
                    }
                    let place = ((top + y) * width + left + x) * 3
                    for channel in 0..<3 { values[place + channel] = value * light }
                }
            }
        }
    }

    private static func interpolated(
        _ pixels: UnsafeBufferPointer<UInt8>, _ rows: Int, _ columns: Int, _ y: Float, _ x: Float
    ) -> Float {
        let (y0, x0) = (max(0, Int(y.rounded(.down))), max(0, Int(x.rounded(.down))))
        let (y1, x1) = (min(rows - 1, y0 + 1), min(columns - 1, x0 + 1))
        let (down, right) = (max(0, y - Float(y0)), max(0, x - Float(x0)))
        let upper = Float(pixels[y0 * columns + x0]) * (1 - right) + Float(pixels[y0 * columns + x1]) * right
        let lower = Float(pixels[y1 * columns + x0]) * (1 - right) + Float(pixels[y1 * columns + x1]) * right
        return upper * (1 - down) + lower * down
    }

    /// A straight stroke `thickness` pixels wide, with round ends; `opacity` 0...1.
    mutating func line(
        from: (x: Float, y: Float), to: (x: Float, y: Float), color: RGBA, thickness: Float = 1.5,
        opacity: Float = 1
    ) {
        let (dx, dy) = (to.x - from.x, to.y - from.y)
        let length = max(dx * dx + dy * dy, 1e-12)
        let reach = thickness / 2 + 1
        let rows = span(min(from.y, to.y) - reach, max(from.y, to.y) + reach, limit: height)
        for row in rows {
            // Only the columns that the stroke can touch in this row.
            let y = Float(row) + 0.5
            var (low, high) = (min(from.x, to.x) - reach, max(from.x, to.x) + reach)
            if abs(dy) > 1e-3 {
                let middle = from.x + (y - from.y) * dx / dy
                let side = reach * (length.squareRoot() / abs(dy))
                (low, high) = (max(low, middle - side), min(high, middle + side))
            }
            for column in span(low, high, limit: width) {
                let x = Float(column) + 0.5
                let along = min(1, max(0, ((x - from.x) * dx + (y - from.y) * dy) / length))
                let (u, v) = (x - from.x - along * dx, y - from.y - along * dy)
                blend(row, column, color, opacity * (thickness / 2 + 0.5 - (u * u + v * v).squareRoot()))
            }
        }
    }

    /// A circle's outline `thickness` pixels wide.
    mutating func circle(
        x: Float, y: Float, radius: Float, color: RGBA, thickness: Float = 1.5, opacity: Float = 1
    ) {
        let reach = radius + thickness / 2 + 1
        for row in span(y - reach, y + reach, limit: height) {
            for column in span(x - reach, x + reach, limit: width) {
                let (u, v) = (Float(column) + 0.5 - x, Float(row) + 0.5 - y)
                let apart = abs((u * u + v * v).squareRoot() - radius)
                blend(row, column, color, opacity * (thickness / 2 + 0.5 - apart))
            }
        }
    }

    /// A filled circle.
    mutating func dot(x: Float, y: Float, radius: Float, color: RGBA) {
        for row in span(y - radius - 1, y + radius + 1, limit: height) {
            for column in span(x - radius - 1, x + radius + 1, limit: width) {
                let (u, v) = (Float(column) + 0.5 - x, Float(row) + 0.5 - y)
                blend(row, column, color, radius + 0.5 - (u * u + v * v).squareRoot())
            }
        }
    }

    /// Returns the pixels between two coordinates, as far as the canvas has them.
    private func span(_ low: Float, _ high: Float, limit: Int) -> Range<Int> {
        guard low < Float(limit), high > 0, low <= high else { return 0..<0 }
        let first = max(0, Int(max(low, 0).rounded(.down)))
        return first..<max(first, min(limit, Int(min(high, Float(limit)).rounded(.up)) + 1))
    }

    private mutating func blend(_ row: Int, _ column: Int, _ color: RGBA, _ coverage: Float) {
        let share = min(1, coverage)
        guard share > 0 else { return }
        let place = (row * width + column) * 3
        values[place] += share * (Float(color.red) - values[place])
        values[place + 1] += share * (Float(color.green) - values[place + 1])
        values[place + 2] += share * (Float(color.blue) - values[place + 2])
    }

    /// The canvas as bytes [H, W, 3].
    var picture: NDArray<UInt8> {
        NDArray(shape: [height, width, 3]) { target in
            for place in values.indices {
                target.initializeElement(at: place, to: UInt8(min(255, max(0, values[place].rounded()))))
            }
        }
    }
}
