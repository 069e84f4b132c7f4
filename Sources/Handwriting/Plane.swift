import Arrays
import Support

/// A picture of one value per pixel, row by row: grey levels, or the share of ink.
struct Plane: Sendable, Equatable {
    let width: Int
    let height: Int
    var values: [Float]

    init(width: Int, height: Int, values: [Float]) {
        (self.width, self.height, self.values) = (width, height, values)
    }

    init(width: Int, height: Int, repeating value: Float = 0) {
        self.init(width: width, height: height, values: [Float](repeating: value, count: width * height))
    }

    subscript(x: Int, y: Int) -> Float {
        get { values[y * width + x] }
        set { values[y * width + x] = newValue }
    }

    /// The whole picture.
    var bounds: PixelBox { PixelBox(left: 0, top: 0, right: width, bottom: height) }

    /// The values within `box`.
    func cropped(to box: PixelBox) -> Plane {
        guard box != bounds else { return self }
        var cut: [Float] = []
        cut.reserveCapacity(box.width * box.height)
        for y in box.top..<box.bottom {
            cut += values[y * width + box.left..<y * width + box.right]
        }
        return Plane(width: box.width, height: box.height, values: cut)
    }

    /// The plane with the values of `part` within `box`, which is as large.
    func replacing(_ box: PixelBox, by part: Plane) -> Plane {
        var result = self
        for y in 0..<part.height {
            let start = (box.top + y) * width + box.left
            result.values.replaceSubrange(
                start..<start + part.width, with: part.values[y * part.width..<(y + 1) * part.width])
        }
        return result
    }

    /// Rows as columns.
    var transposed: Plane {
        var turned = Plane(width: height, height: width)
        for y in 0..<height {
            for x in 0..<width { turned.values[x * height + y] = values[y * width + x] }
        }
        return turned
    }
}

/// A rectangle of whole pixels; right and bottom lie behind the last ones.
struct PixelBox: Sendable, Hashable {
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int

    var width: Int { right - left }
    var height: Int { bottom - top }
    var isEmpty: Bool { width <= 0 || height <= 0 }
    var middle: (x: Float, y: Float) { (Float(left + right) / 2, Float(top + bottom) / 2) }

    /// The smallest box around both.
    func union(_ other: PixelBox) -> PixelBox {
        PixelBox(
            left: min(left, other.left), top: min(top, other.top), right: max(right, other.right),
            bottom: max(bottom, other.bottom))
    }

    /// The empty space between two boxes along each axis; negative where they overlap.
    func gaps(to other: PixelBox) -> (x: Int, y: Int) {
        (max(left, other.left) - min(right, other.right), max(top, other.top) - min(bottom, other.bottom))
    }
}

extension Plane {
    /// The values from which a share of `shares` lies below, one for each share; the plane's values are sampled where there
    /// are many.
    func quantiles(_ shares: [Double]) -> [Float] {
        let step = max(1, values.count / 20_000)
        let sorted = stride(from: 0, to: values.count, by: step).map { values[$0] }.sorted()
        guard let last = sorted.indices.last else { return shares.map { _ in 0 } }
        return shares.map { sorted[min(last, max(0, Int(Double(last) * $0 + 0.5)))] }
    }
}
