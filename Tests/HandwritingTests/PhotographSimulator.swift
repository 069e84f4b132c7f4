import Arrays
import Foundation

/// Photographs of digits on paper, simulated: perspective, pens, textured paper, shadows, ruled lines, blur, noise and the
/// blocks of JPEG. It shares no code with the library that reads them.
struct PhotographSimulator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// What a picture is made of, for one who looks for the cause of a mistake.
    struct Traits: Sendable {
        var isLightOnDark = false
        var lines = 0
        var hasShadowEdge = false
        var hasDesk = false
        var quality = 0.0
        var side = 0
    }

    private mutating func uniform(_ low: Double, _ high: Double) -> Double {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        var mixed = state
        mixed = (mixed ^ (mixed >> 33)) &* 0xFF51_AFD7_ED55_8CCD
        mixed ^= mixed >> 29
        return low + (high - low) * Double(mixed >> 11) * 0x1p-53
    }
    private mutating func chance(_ share: Double) -> Bool { uniform(0, 1) < share }
    private mutating func bell(_ deviation: Double) -> Double {
        deviation * (uniform(-1, 1) + uniform(-1, 1) + uniform(-1, 1))
    }

    /// A photograph [H, W, 3] of the digits of `images`, 28 x 28 bytes each, side by side.
    mutating func photograph(
        of images: [[UInt8]], sides: ClosedRange<Double> = 200...600
    ) -> (pixels: NDArray<UInt8>, traits: Traits) {
        var traits = Traits()
        let height = Int(uniform(sides.lowerBound, sides.upperBound))
        let width = Int(
            Double(height) * (images.count > 1 ? 0.55 * Double(images.count) + 0.4 : uniform(0.75, 1.4)))
        traits.side = max(width, height)
        let dark = chance(0.12)
        traits.isLightOnDark = dark
        let base = dark ? uniform(30, 80) : uniform(150, 250)
        let paper = [base * uniform(0.93, 1.03), base * uniform(0.95, 1.02), base * uniform(0.85, 1.02)]
        let pens: [[Double]] =
            dark
            ? [[235, 235, 230], [230, 225, 120], [220, 160, 190]]
            : [[25, 25, 30], [20, 35, 120], [170, 25, 35], [20, 80, 40], [85, 85, 88]]
        let pen = pens[min(pens.count - 1, Int(uniform(0, Double(pens.count))))]
        // The ink, as a share of each pixel.
        let size = Double(height) * (images.count > 1 ? uniform(0.4, 0.6) : uniform(0.3, 0.85))
        let thickening = uniform(-0.1, 0.18)
        var ink = [Double](repeating: 0, count: width * height)
        for (place, image) in images.enumerated() {
            let shape = Self.enlarged(image)
            let angle = bell(0.05)
            let tilt = (bell(0.05), bell(0.05))
            let gap = Double(width) / Double(images.count)
            let middle = (
                images.count > 1
                    ? gap * (Double(place) + 0.5)
                    : Double(width) * 0.5 + bell(0.02) * Double(width),
                Double(height) * 0.5 + bell(0.02) * Double(height)
            )
            let own = min(size, images.count > 1 ? gap * 0.95 * 28 / 20 : size)
            for y in 0..<height {
                for x in 0..<width {
                    let (dx, dy) = ((Double(x) - middle.0) / own, (Double(y) - middle.1) / own)
                    guard abs(dx) < 0.75, abs(dy) < 0.75 else { continue }
                    let depth = 1 + tilt.0 * dx + tilt.1 * dy
                    let u = (cos(angle) * dx + sin(angle) * dy) / depth * 20 + 14
                    let v = (cos(angle) * dy - sin(angle) * dx) / depth * 20 + 14
                    let level = Self.sample(shape, u, v)
                    let edge = (level - 0.5 + thickening) * own / 28 * 1.3 + 0.5
                    ink[y * width + x] = max(ink[y * width + x], min(1, max(0, edge)))
                }
            }
        }
        let spacing = Double(height) * uniform(0.09, 0.25)
        traits.lines = dark || !chance(0.3) ? 0 : chance(0.5) ? 1 : 2
        let lineWidth = max(1, Double(height) / 300 * uniform(0.6, 1.6))
        let lineSlope = bell(0.012)
        let lineStrength = uniform(0.15, 0.4)
        let lineOffset = uniform(0, spacing)
        // Light: a gradient, and now and then the edge of a shadow.
        let fall = (bell(0.12), bell(0.12))
        traits.hasShadowEdge = chance(0.3)
        let shadow = (
            angle: uniform(0, 6.28), at: uniform(-0.3, 0.3), soft: uniform(0.01, 0.12),
            depth: uniform(0.55, 0.85)
        )
        let coarse = (0..<64).map { _ in bell(0.025) }
        let grain = uniform(0, 0.035)
        traits.hasDesk = images.count == 1 && chance(0.08)
        let desk = (side: Int(uniform(0, 4)), depth: uniform(0.03, 0.09), level: uniform(40, 110))
        var planes = [[Double]](repeating: [Double](repeating: 0, count: width * height), count: 3)
        for y in 0..<height {
            for x in 0..<width {
                let (u, v) = (Double(x) / Double(width) - 0.5, Double(y) / Double(height) - 0.5)
                var light = 1 + fall.0 * u + fall.1 * v
                if traits.hasShadowEdge {
                    let across = (cos(shadow.angle) * u + sin(shadow.angle) * v - shadow.at) / shadow.soft
                    light *= shadow.depth + (1 - shadow.depth) / (1 + exp(-4 * across))
                }
                let (gx, gy) = ((u + 0.5) * 6.999, (v + 0.5) * 6.999)
                let (ix, iy) = (Int(gx), Int(gy))
                let (fx, fy) = (gx - Double(ix), gy - Double(iy))
                let above = coarse[iy * 8 + ix] * (1 - fx) + coarse[iy * 8 + ix + 1] * fx
                let below = coarse[iy * 8 + 8 + ix] * (1 - fx) + coarse[iy * 8 + 9 + ix] * fx
                light *= 1 + above * (1 - fy) + below * fy + bell(grain)
                var line = 0.0
                if traits.lines > 0 {
                    let row = (Double(y) + lineSlope * Double(x) + lineOffset).truncatingRemainder(
                        dividingBy: spacing)
                    if row < lineWidth { line = lineStrength }
                    if traits.lines > 1 {
                        let column = (Double(x) - lineSlope * Double(y) + lineOffset + spacing)
                            .truncatingRemainder(dividingBy: spacing)
                        if column < lineWidth { line = lineStrength }
                    }
                }
                let onDesk =
                    traits.hasDesk
                    && [u + 0.5, 0.5 - u, v + 0.5, 0.5 - v][desk.side] < desk.depth
                let share = ink[y * width + x]
                for channel in 0..<3 {
                    let ground = onDesk ? desk.level : paper[channel] * (1 - line * (channel == 2 ? 0.5 : 1))
                    planes[channel][y * width + x] = (ground * (1 - share) + pen[channel] * share) * light
                }
            }
        }
        let blur = Int(uniform(0, 0.006) * Double(height))
        let noise = uniform(0, 7)
        traits.quality = uniform(0.15, 1)
        var bytes = [UInt8](repeating: 0, count: width * height * 3)
        for channel in 0..<3 {
            var plane = Self.blurred(planes[channel], width, height, blur)
            for place in plane.indices { plane[place] += bell(noise) }
            Self.compress(&plane, width, height, step: 3 + 40 * (1 - traits.quality))
            for place in plane.indices { bytes[place * 3 + channel] = UInt8(max(0, min(255, plane[place]))) }
        }
        return (NDArray(shape: [height, width, 3], elements: bytes), traits)
    }

    /// An image with smooth edges: 4 samples along each of its pixels.
    private static func enlarged(_ image: [UInt8]) -> [Double] {
        let side = 28
        var large = [Double](repeating: 0, count: 112 * 112)
        func weight(_ distance: Double) -> Double {
            let d = abs(distance)
            if d < 1 { return 2.0 / 3 - d * d + d * d * d / 2 }
            let rest = max(0, 2 - d)
            return rest * rest * rest / 6
        }
        for y in 0..<112 {
            for x in 0..<112 {
                let (u, v) = ((Double(x) + 0.5) / 4 - 0.5, (Double(y) + 0.5) / 4 - 0.5)
                var sum = 0.0
                for row in max(0, Int(v) - 1)...min(side - 1, Int(v) + 2) {
                    for column in max(0, Int(u) - 1)...min(side - 1, Int(u) + 2) {
                        let share = weight(u - Double(column)) * weight(v - Double(row))
                        sum += share * Double(image[row * side + column])
                    }
                }
                large[y * 112 + x] = min(1, sum / 255 * 1.25)
            }
        }
        return large
    }

    private static func sample(_ shape: [Double], _ u: Double, _ v: Double) -> Double {
        let (x, y) = (u * 4 - 0.5, v * 4 - 0.5)
        guard x > 0, y > 0, x < 110.9, y < 110.9 else { return 0 }
        let (ix, iy) = (Int(x), Int(y))
        let (fx, fy) = (x - Double(ix), y - Double(iy))
        let place = iy * 112 + ix
        return (shape[place] * (1 - fx) + shape[place + 1] * fx) * (1 - fy)
            + (shape[place + 112] * (1 - fx) + shape[place + 113] * fx) * fy
    }

    private static func blurred(_ plane: [Double], _ width: Int, _ height: Int, _ radius: Int) -> [Double] {
        guard radius > 0 else { return plane }
        var across = plane
        for y in 0..<height {
            for x in 0..<width {
                let range = max(0, x - radius)...min(width - 1, x + radius)
                across[y * width + x] = range.reduce(0) { $0 + plane[y * width + $1] } / Double(range.count)
            }
        }
        var result = across
        for y in 0..<height {
            let range = max(0, y - radius)...min(height - 1, y + radius)
            for x in 0..<width {
                result[y * width + x] = range.reduce(0) { $0 + across[$1 * width + x] } / Double(range.count)
            }
        }
        return result
    }

    /// Rounds the cosine coefficients of each whole block of 8 x 8, the higher the more coarsely.
    private static func compress(_ plane: inout [Double], _ width: Int, _ height: Int, step: Double) {
        let basis: [[Double]] = (0..<8).map { (k: Int) -> [Double] in
            let gain = k == 0 ? sqrt(1.0 / 8) : 0.5
            return (0..<8).map { (n: Int) -> Double in
                gain * cos(Double.pi * (Double(n) + 0.5) * Double(k) / 8)
            }
        }
        func turned(_ block: [Double], _ forward: Bool) -> [Double] {
            var result = [Double](repeating: 0, count: 64)
            for row in 0..<8 {
                for k in 0..<8 {
                    var sum = 0.0
                    for n in 0..<8 { sum += block[row * 8 + n] * (forward ? basis[k][n] : basis[n][k]) }
                    result[k * 8 + row] = sum
                }
            }
            return result
        }
        for top in stride(from: 0, through: height - 8, by: 8) {
            for left in stride(from: 0, through: width - 8, by: 8) {
                var block = [Double](repeating: 0, count: 64)
                for place in 0..<64 { block[place] = plane[(top + place / 8) * width + left + place % 8] }
                block = turned(turned(block, true), true)
                for place in 0..<64 {
                    let unit = step * (1 + Double(place / 8 + place % 8) * 0.5)
                    block[place] = (block[place] / unit).rounded() * unit
                }
                block = turned(turned(block, false), false)
                for place in 0..<64 { plane[(top + place / 8) * width + left + place % 8] = block[place] }
            }
        }
    }
}
