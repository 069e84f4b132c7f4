import Foundation

/// Draws a field's digit turned, slanted, stretched, tilted and bent, with strokes of another width.
struct DigitRendering {
    /// The sides of the drawing, in pixels.
    static let side = 48
    /// Pixels of the drawing along a pixel of MNIST's images.
    static let scale: Float = 1.6
    private static let knots = 5

    private let turn: (xx: Float, xy: Float, yx: Float, yy: Float)
    private let tilt: (x: Float, y: Float)
    /// The displacement at each of 5 x 5 knots.
    private let bends: (x: [Float], y: [Float])
    /// By how much the edges are moved outward, in pixels of MNIST's images.
    private let thickening: Float
    /// The width of the edges' transition, in pixels of the drawing.
    private let softness: Float

    init(_ variation: HandwritingVariation, softness: Float, using chance: inout Chance) {
        self.softness = softness
        let angle = chance.bell(variation.rotation * .pi / 180)
        let slant = chance.uniform(-variation.slant...variation.slant)
        let stretch = exp(chance.bell(variation.aspect) / 2)
        let size = exp(chance.bell(0.06))
        let (sine, cosine) = (sin(angle), cos(angle))
        // From the drawing to the field: turned back, then slanted, then stretched.
        let (a, b, c, d) = (cosine, sine, -sine, cosine)
        turn = (
            (a + slant * c) / stretch * size, (b + slant * d) / stretch * size, c * stretch * size,
            d * stretch * size
        )
        tilt = (
            chance.uniform(-variation.tilt...variation.tilt), chance.uniform(-variation.tilt...variation.tilt)
        )
        thickening =
            chance.happens(variation.markers)
            ? chance.uniform(variation.thicker...2 * variation.thicker)
            : chance.uniform(-variation.thinner...variation.thicker)
        let strength = variation.bend * chance.uniform(0.2...1.3)
        func knots() -> [Float] { (0..<Self.knots * Self.knots).map { _ in chance.bell(strength) } }
        bends = (knots(), knots())
    }

    /// The drawing: 0 paper, 1 ink.
    func draw(_ field: UnsafeBufferPointer<Int8>) -> Plane {
        let side = Self.side
        var result = Plane(width: side, height: side)
        let half = Float(side) / 2
        let (spans, blends) = Self.blends
        var (lineX, lineY) = (
            [Float](repeating: 0, count: Self.knots), [Float](repeating: 0, count: Self.knots)
        )
        let slope = Self.scale / softness
        result.values.withUnsafeMutableBufferPointer { target in
            for row in 0..<side {
                for knot in 0..<Self.knots {
                    let (above, below) = (
                        spans[row] * Self.knots + knot, (spans[row] + 1) * Self.knots + knot
                    )
                    lineX[knot] = bends.x[above] + (bends.x[below] - bends.x[above]) * blends[row]
                    lineY[knot] = bends.y[above] + (bends.y[below] - bends.y[above]) * blends[row]
                }
                let v = (Float(row) + 0.5 - half) / Self.scale
                for column in 0..<side {
                    let u = (Float(column) + 0.5 - half) / Self.scale
                    let (span, blend) = (spans[column], blends[column])
                    // Where the sheet is further away, the same length shows more of it.
                    let depth = 1 + (tilt.x * u + tilt.y * v) * 0.08
                    let x =
                        depth * (turn.xx * u + turn.xy * v) + lineX[span] + (lineX[span + 1] - lineX[span])
                        * blend
                    let y =
                        depth * (turn.yx * u + turn.yy * v) + lineY[span] + (lineY[span + 1] - lineY[span])
                        * blend
                    let distance = Self.sample(field, x, y) + thickening
                    target[row * side + column] = min(1, max(0, 0.5 + distance * slope))
                }
            }
        }
        return result
    }

    /// The span between knots of each pixel, and the way through it, smooth at the knots.
    private static let blends: ([Int], [Float]) = {
        var (spans, blends) = ([Int](), [Float]())
        for pixel in 0..<side {
            let place = (Float(pixel) + 0.5) / Float(side) * Float(knots - 1)
            let span = min(knots - 2, Int(place))
            let way = place - Float(span)
            spans.append(span)
            blends.append(way * way * (3 - 2 * way))
        }
        return (spans, blends)
    }()

    /// The distance at a point, in pixels of MNIST's images from the middle of the field.
    @inline(__always)
    private static func sample(_ field: UnsafeBufferPointer<Int8>, _ x: Float, _ y: Float) -> Float {
        let last = Float(StrokeField.side - 1)
        let middle = last / 2
        let (wantedX, wantedY) = (x * StrokeField.fineness + middle, y * StrokeField.fineness + middle)
        let (placeX, placeY) = (min(last - 0.001, max(0, wantedX)), min(last - 0.001, max(0, wantedY)))
        // Outside of the field it is as far again.
        let beyond = abs(wantedX - placeX) + abs(wantedY - placeY)
        let (column, row) = (Int(placeX), Int(placeY))
        let (wayX, wayY) = (placeX - Float(column), placeY - Float(row))
        let place = row * StrokeField.side + column
        let above = Float(field[place]) + (Float(field[place + 1]) - Float(field[place])) * wayX
        let next = place + StrokeField.side
        let below = Float(field[next]) + (Float(field[next + 1]) - Float(field[next])) * wayX
        return (above + (below - above) * wayY) / StrokeField.unit - beyond / StrokeField.fineness
    }
}
