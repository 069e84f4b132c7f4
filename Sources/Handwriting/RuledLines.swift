import Foundation

/// The lines of ruled and squared paper among the ink: straight, thin, from one edge of the picture to the other.
struct RuledLines {
    /// The steepest line, in degrees.
    private static let steepest = 8.0

    /// Takes the lines off the ink: where they cross a stroke, the stroke stays.
    static func remove(from ink: inout Ink) {
        guard !ink.isSmall else { return }
        let across = RuledLines(ink)
        across.remove(from: &ink)
        var turned = Ink(
            shares: ink.shares.transposed, mask: ink.mask.transposed, strokeWidth: ink.strokeWidth,
            isSmall: false)
        let down = RuledLines(turned)
        guard !down.lines.isEmpty else { return }
        down.remove(from: &turned)
        ink.shares = turned.shares.transposed
        ink.mask = turned.mask.transposed
    }

    /// Lines that run from left to right: rows at x = 0 and the slope, with the half thickness.
    private let lines: [(row: Float, slope: Float, half: Float)]

    private init(_ ink: Ink) {
        let mask = ink.mask
        let points = Self.thinPoints(mask, thickness: 1.3 * ink.strokeWidth + 1)
        guard points.count > mask.width else {
            lines = []
            return
        }
        // The slope for which the points fall into the fewest rows.
        var best = (sharpness: 0.0, slope: Float(0), counts: [Int]())
        for step in -32...32 {
            let slope = Float(tan(Double(step) / 32 * Self.steepest * .pi / 180))
            let counts = Self.rows(points, slope, mask)
            let sharpness = counts.reduce(0.0) { $0 + Double($1) * Double($1) }
            if sharpness > best.sharpness { best = (sharpness, slope, counts) }
        }
        lines = Self.lines(in: best.counts, slope: best.slope, points, ink)
    }

    /// The middles of vertical runs that are no thicker than a stroke.
    private static func thinPoints(_ mask: Mask, thickness: Float) -> [(x: Int, y: Int, length: Int)] {
        var points: [(x: Int, y: Int, length: Int)] = []
        for x in 0..<mask.width {
            var y = 0
            while y < mask.height {
                guard mask.bits[y * mask.width + x] else {
                    y += 1
                    continue
                }
                let start = y
                while y < mask.height, mask.bits[y * mask.width + x] { y += 1 }
                if Float(y - start) <= thickness { points.append((x, (start + y) / 2, y - start)) }
            }
        }
        return points
    }

    /// The margin above the first row, for lines that begin outside.
    private static func margin(_ mask: Mask) -> Int { mask.width / 6 + 2 }

    private static func rows(
        _ points: [(x: Int, y: Int, length: Int)], _ slope: Float, _ mask: Mask
    ) -> [Int] {
        var counts = [Int](repeating: 0, count: mask.height + 2 * margin(mask) + 2)
        for point in points {
            let row = Float(point.y) - slope * Float(point.x) + Float(margin(mask))
            counts[max(0, min(counts.count - 1, Int(row)))] += 1
        }
        return counts
    }

    private static func lines(
        in counts: [Int], slope: Float, _ points: [(x: Int, y: Int, length: Int)], _ ink: Ink
    ) -> [(row: Float, slope: Float, half: Float)] {
        let mask = ink.mask
        let reach = 2
        var found: [(row: Float, slope: Float, half: Float)] = []
        var row = 0
        while row < counts.count {
            let window = row..<min(counts.count, row + 2 * reach + 1)
            guard counts[window].reduce(0, +) * 10 >= mask.width * 5 else {
                row += 1
                continue
            }
            let peak = window.max { counts[$0] < counts[$1] } ?? row
            let level = Float(peak - margin(mask)) + 0.5
            let members = points.filter {
                abs(Float($0.y) - slope * Float($0.x) - level) <= Float(reach) + 0.5
            }
            row = peak + max(2 * reach, Int(ink.strokeWidth)) + 1
            // From edge to edge, though a bar of the digit may cover a part, and not along the picture's own edge: that may be the
            // bar of a 7 cut out tightly.
            let columns = Set(members.map { $0.x * 16 / mask.width })
            let middle = level + slope * Float(mask.width) / 2
            let edge = 0.03 * Float(mask.height) + 1
            guard columns.count >= 9, columns.contains(0), columns.contains(15), middle > edge,
                middle < Float(mask.height) - edge, !members.isEmpty
            else { continue }
            let lengths = members.map(\.length).sorted()
            found.append((level, slope, Float(lengths[lengths.count / 2]) / 2 + 1.5))
        }
        // One line as thick as the ink may be the bar of a 4 that fills the picture.
        if found.count == 1, found[0].half - 1.5 > 0.3 * ink.strokeWidth { return [] }
        return found
    }

    private func remove(from ink: inout Ink) {
        let (width, height) = (ink.mask.width, ink.mask.height)
        for line in lines {
            for x in 0..<width {
                let middle = line.row + line.slope * Float(x)
                let top = max(0, Int((middle - line.half - 1.5).rounded()))
                let bottom = min(height - 1, Int((middle + line.half + 1.5).rounded()))
                guard top <= bottom else { continue }
                // A stroke goes on above and below.
                let crosses =
                    (top > 0 && ink.mask.bits[(top - 1) * width + x])
                    || (bottom < height - 1 && ink.mask.bits[(bottom + 1) * width + x])
                if crosses { continue }
                for y in top...bottom {
                    ink.mask.bits[y * width + x] = false
                    ink.shares.values[y * width + x] = 0
                }
            }
        }
    }
}

extension Mask {
    /// Rows as columns.
    var transposed: Mask {
        var turned = [Bool](repeating: false, count: bits.count)
        for y in 0..<height {
            for x in 0..<width { turned[x * height + y] = bits[y * width + x] }
        }
        return Mask(width: height, height: width, bits: turned)
    }
}
