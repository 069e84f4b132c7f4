/// The distance of each pixel from the edge of a mask, positive inside, in pixels: by steps of 5 along the axes and 7 along the
/// diagonals (Borgefors 1986), which is right to five hundredths. Beyond 15 pixels it is only known to be far.
struct EdgeDistances: Sendable {
    let width: Int
    let height: Int
    private(set) var values: [Float]

    init(_ mask: Mask) {
        let (width, height) = (mask.width, mask.height)
        (self.width, self.height) = (width, height)
        // Around the mask there is paper.
        var inside = DistanceRows(width: width, height: height, outside: 0)
        var outside = DistanceRows(width: width, height: height, outside: DistanceRows.far)
        for y in 0..<height {
            for x in 0..<width {
                let isInk = mask.bits[y * width + x]
                inside[x, y] = isInk ? DistanceRows.far : 0
                outside[x, y] = isInk ? 0 : DistanceRows.far
            }
        }
        inside.spread()
        outside.spread()
        values = [Float](repeating: 0, count: width * height)
        for y in 0..<height {
            for x in 0..<width {
                // One of both is 0. The edge lies half a pixel before the first pixel on the other side.
                let distance = Float(inside[x, y] &- outside[x, y]) / 5
                values[y * width + x] = distance > 0 ? distance - 0.5 : distance + 0.5
            }
        }
    }
}

/// Rows of distances with a margin on all sides.
private struct DistanceRows {
    static let far: Int16 = 10_000
    /// The farthest step along a row.
    private static let margin = 8

    private let width: Int
    private let height: Int
    private let stride: Int
    private let outside: Int16
    private var values: [Int16]

    init(width: Int, height: Int, outside: Int16) {
        (self.width, self.height, self.outside) = (width, height, outside)
        stride = width + 2 * Self.margin
        values = [Int16](repeating: outside, count: stride * (height + 2))
    }

    subscript(x: Int, y: Int) -> Int16 {
        get { values[(y + 1) * stride + Self.margin + x] }
        set { values[(y + 1) * stride + Self.margin + x] = newValue }
    }

    /// Two passes, down and up, each row from the one before it and then along itself.
    mutating func spread() {
        var spare = [Int16](repeating: outside, count: stride)
        let (width, height, stride) = (width, height, stride)
        values.withUnsafeMutableBufferPointer { all in
            spare.withUnsafeMutableBufferPointer { spare in
                guard let first = all.baseAddress, let spare = spare.baseAddress else { return }
                let (origin, beside) = (first + Self.margin, spare + Self.margin)
                for y in 0..<height {
                    Self.cross(origin + y * stride, to: origin + (y + 1) * stride, width)
                    Self.level(origin + (y + 1) * stride, beside, width)
                }
                for y in Swift.stride(from: height, through: 1, by: -1) {
                    Self.cross(origin + (y + 1) * stride, to: origin + y * stride, width)
                    Self.level(origin + y * stride, beside, width)
                }
            }
        }
    }

    /// A row from the row before it.
    @inline(__always)
    private static func cross(
        _ before: UnsafeMutablePointer<Int16>, to row: UnsafeMutablePointer<Int16>, _ width: Int
    ) {
        let (left, middle, right) = (before - 1, before, before + 1)
        for x in 0..<width {
            row[x] = min(row[x], min(middle[x] &+ 5, min(left[x], right[x]) &+ 7))
        }
    }

    /// A row along itself: steps of 1, 2, 4 and 8 pixels reach as far as fifteen single ones.
    @inline(__always)
    private static func level(
        _ row: UnsafeMutablePointer<Int16>, _ spare: UnsafeMutablePointer<Int16>, _ width: Int
    ) {
        step(row, to: spare, width, 1)
        step(spare, to: row, width, 2)
        step(row, to: spare, width, 4)
        step(spare, to: row, width, 8)
    }

    @inline(__always)
    private static func step(
        _ source: UnsafeMutablePointer<Int16>, to target: UnsafeMutablePointer<Int16>, _ width: Int,
        _ step: Int
    ) {
        let (left, right) = (source - step, source + step)
        let cost = Int16(5 * step)
        for x in 0..<width { target[x] = min(source[x], min(left[x], right[x]) &+ cost) }
    }

    @inline(__always)
    private static func min(_ one: Int16, _ other: Int16) -> Int16 { one < other ? one : other }
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
