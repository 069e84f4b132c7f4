/// The distance of each pixel from the edge of a mask, positive inside, in pixels: by steps of 5 along the axes and 7 along the
/// diagonals (Borgefors 1986), which is right to five hundredths.
struct EdgeDistances: Sendable {
    let width: Int
    let height: Int
    private(set) var values: [Float]

    init(_ mask: Mask) {
        (width, height) = (mask.width, mask.height)
        // A margin of one pixel, so that no step asks whether it leaves the picture.
        let stride = mask.width + 2
        let count = stride * (mask.height + 2)
        var inside = [Int32](repeating: 0, count: count)
        var outside = [Int32](repeating: Self.far, count: count)
        for y in 0..<mask.height {
            for x in 0..<mask.width where mask.bits[y * mask.width + x] {
                inside[(y + 1) * stride + x + 1] = Self.far
                outside[(y + 1) * stride + x + 1] = 0
            }
        }
        Self.spread(&inside, stride: stride, rows: mask.height)
        Self.spread(&outside, stride: stride, rows: mask.height)
        let (width, height) = (mask.width, mask.height)
        values = [Float](unsafeUninitializedCapacity: width * height) { target, filled in
            for y in 0..<height {
                for x in 0..<width {
                    let place = (y + 1) * stride + x + 1
                    // One of both is 0. The edge lies half a pixel before the first pixel on the other side.
                    let distance = Float(inside[place] &- outside[place]) / 5
                    target[y * width + x] = distance > 0 ? distance - 0.5 : distance + 0.5
                }
            }
            filled = width * height
        }
    }

    private static let far: Int32 = 1 << 20

    /// Two passes, down and up.
    private static func spread(_ distances: inout [Int32], stride: Int, rows: Int) {
        distances.withUnsafeMutableBufferPointer { all in
            guard let first = all.baseAddress else { return }
            for y in 1..<rows + 1 {
                spread(from: first + (y - 1) * stride, to: first + y * stride, stride - 2)
            }
            for y in Swift.stride(from: rows, through: 1, by: -1) {
                spread(from: first + (y + 1) * stride, to: first + y * stride, stride - 2)
            }
        }
    }

    /// One row from the row before it, many pixels at a time, and then along itself both ways. Each row has `width` pixels and a
    /// margin on either side.
    @inline(__always)
    private static func spread(
        from before: UnsafeMutablePointer<Int32>, to row: UnsafeMutablePointer<Int32>, _ width: Int
    ) {
        let (left, right) = (UnsafePointer(before), UnsafePointer(before + 2))
        let (above, target) = (UnsafePointer(before + 1), row + 1)
        for x in 0..<width {
            let beside = (left[x] < right[x] ? left[x] : right[x]) &+ 7
            let straight = above[x] &+ 5
            let nearest = beside < straight ? beside : straight
            target[x] = nearest < target[x] ? nearest : target[x]
        }
        var last = row[0]
        for x in 0..<width {
            last = last &+ 5 < target[x] ? last &+ 5 : target[x]
            target[x] = last
        }
        last = row[width &+ 1]
        for x in Swift.stride(from: width - 1, through: 0, by: -1) {
            last = last &+ 5 < target[x] ? last &+ 5 : target[x]
            target[x] = last
        }
    }
}

extension Mask {
    /// The mean width of the strokes: twice the area by the perimeter. An edge of pixels is 4/pi as long as the line that it
    /// follows, on the average over directions.
    var strokeWidth: Float {
        var (area, edges) = (0, 0)
        for y in 0..<height {
            for x in 0..<width where bits[y * width + x] {
                area += 1
                edges += x == 0 || !bits[y * width + x - 1] ? 1 : 0
                edges += x == width - 1 || !bits[y * width + x + 1] ? 1 : 0
                edges += y == 0 || !bits[(y - 1) * width + x] ? 1 : 0
                edges += y == height - 1 || !bits[(y + 1) * width + x] ? 1 : 0
            }
        }
        return edges == 0 ? 0 : 2 * Float(area) / (Float(edges) * .pi / 4)
    }
}

/// Makes strokes thicker or thinner by moving their edges.
struct StrokeEvening {
    /// How far an edge moves at most, in pixels.
    static let farthestIn: Float = 5
    static let farthestOut: Float = 3.5
    /// No stroke becomes thinner than this where all are made thinner, in pixels.
    static let thinnest: Float = 3

    /// The share of ink when the edges of `mask` are moved so that strokes of the width `from` become `to` wide.
    static func apply(to mask: Mask, from: Float, to: Float) -> Plane {
        let move = min(farthestOut, max(-farthestIn, (to - from) / 2))
        let paper = Plane(width: mask.width, height: mask.height)
        guard let bounds = mask.bounds else { return paper }
        // No edge moves further than the margin.
        let margin = Int(farthestOut.rounded(.up)) + 1
        let box = PixelBox(
            left: max(0, bounds.left - margin), top: max(0, bounds.top - margin),
            right: min(mask.width, bounds.right + margin), bottom: min(mask.height, bounds.bottom + margin))
        let distances = EdgeDistances(mask.cropped(to: box))
        var result = Plane(width: box.width, height: box.height, values: distances.values)
        if move < -0.25 {
            // A thin part would vanish: its middle is as far from its edge as its own half width.
            let half = result.dilated(3)
            for place in result.values.indices {
                let distance = result.values[place]
                let kept = distance - min(half.values[place], thinnest / 2 - move) + thinnest / 2
                result.values[place] = softened(max(distance + move, kept))
            }
        } else {
            for place in result.values.indices {
                result.values[place] = softened(result.values[place] + move)
            }
        }
        return paper.replacing(box, by: result)
    }

    /// The share of a pixel that is ink whose middle lies so far inside.
    private static func softened(_ distance: Float) -> Float { min(1, max(0, 0.5 + distance)) }
}
