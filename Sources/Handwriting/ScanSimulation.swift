/// Makes a picture of a digit as a scanner or a camera might have: its size, its edges, its light and its noise.
struct ScanSimulation {
    private enum Kind { case sheet, tight, stretched, tiny }

    private let kind: Kind
    private let rendering: DigitRendering
    private let isGentle: Bool
    private var chance: Chance

    init(_ variation: HandwritingVariation, isGentle: Bool, using chance: inout Chance) {
        var share = chance.uniform(0...1)
        func takes(_ part: Float) -> Bool {
            share -= part
            return share < 0
        }
        if takes(variation.tightScans) {
            kind = .tight
        } else if takes(variation.stretchedScans) {
            kind = .stretched
        } else if takes(variation.tinyScans) {
            kind = .tiny
        } else {
            kind = .sheet
        }
        let softness = chance.uniform(0.8...(kind == .sheet ? 3.5 : 1.6))
        rendering = DigitRendering(variation, softness: softness, using: &chance)
        self.isGentle = isGentle
        self.chance = chance
    }

    /// The picture in grey levels; nil if the digit has no ink.
    mutating func picture(of field: UnsafeBufferPointer<Int8>) -> Plane? {
        let drawing = rendering.draw(field)
        guard var box = drawing.mask(above: 0.5).bounds else { return nil }
        // A cut that is not quite right takes a little of the digit away.
        if !isGentle, chance.happens(0.06) {
            let part = max(1, Int(chance.uniform(0.02...0.09) * Float(max(box.width, box.height))))
            switch chance.whole(0...3) {
            case 0: box.left = min(box.left + part, box.right - 4)
            case 1: box.right = max(box.right - part, box.left + 4)
            case 2: box.top = min(box.top + part, box.bottom - 4)
            default: box.bottom = max(box.bottom - part, box.top + 4)
            }
        }
        switch kind {
        case .sheet: return sheet(drawing, box)
        case .tight: return scan(drawing, box, side: chance.whole(14...18))
        case .stretched: return stretched(drawing, box)
        case .tiny: return scan(drawing, box, side: chance.whole(8...11))
        }
    }

    /// Paper around the digit, light that falls off, texture, noise, pale or dark ink.
    private mutating func sheet(_ drawing: Plane, _ box: PixelBox) -> Plane {
        let margin = chance.whole(2...6)
        let around = PixelBox(
            left: max(0, box.left - margin), top: max(0, box.top - margin),
            right: min(drawing.width, box.right + margin), bottom: min(drawing.height, box.bottom + margin))
        var picture = drawing.cropped(to: around).shrunk(toLongestSide: chance.whole(24...Ink.smallSide))
        if isGentle { return levels(picture, paper: 255, ink: 0) }
        blot(&picture)
        let paper = chance.uniform(150...255)
        let ink = paper - chance.uniform(80...max(90, paper))
        let slope = (x: chance.bell(12), y: chance.bell(12))
        let noise = chance.happens(0.5) ? chance.uniform(0...9) : 0
        let blocks = chance.happens(0.2) ? chance.uniform(2...8) : 0
        var offsets = [Float](repeating: 0, count: 36)
        if blocks > 0 { for place in offsets.indices { offsets[place] = chance.bell(blocks) } }
        for y in 0..<picture.height {
            for x in 0..<picture.width {
                let u = Float(x) / Float(picture.width) - 0.5
                let v = Float(y) / Float(picture.height) - 0.5
                let light = paper + slope.x * u + slope.y * v
                var level = light + (ink - paper) * picture[x, y] + offsets[y / 8 * 6 + x / 8]
                if noise > 0 { level += chance.bell(noise) }
                picture[x, y] = min(255, max(0, level.rounded()))
            }
        }
        return picture
    }

    /// A cut along the digit's box, its longer side of so many pixels.
    private mutating func scan(_ drawing: Plane, _ box: PixelBox, side: Int) -> Plane {
        let step = Float(max(box.width, box.height)) / Float(side)
        // Some cut to the digit, some to a square around it.
        let isSquare = chance.happens(0.6)
        let width = isSquare ? side : max(1, Int((Float(box.width) / step).rounded()))
        let height = isSquare ? side : max(1, Int((Float(box.height) / step).rounded()))
        let border = chance.happens(0.3) ? chance.whole(1...2) : 0
        var picture = drawing.resampled(
            x: box.middle.x - step * (Float(width) / 2 + Float(border)),
            y: box.middle.y - step * (Float(height) / 2 + Float(border)), stepX: step, stepY: step,
            width: width + 2 * border, height: height + 2 * border)
        if chance.happens(0.3) {
            let gain = chance.uniform(1...2.2)
            for place in picture.values.indices {
                picture.values[place] = min(1, picture.values[place] * gain)
            }
        }
        return levels(picture, paper: 255, ink: chance.uniform(0...80))
    }

    /// The digit's box made a square of 16 pixels of two levels.
    private mutating func stretched(_ drawing: Plane, _ box: PixelBox) -> Plane {
        let side = chance.happens(0.7) ? 16 : chance.whole(12...20)
        let picture = drawing.resampled(
            x: Float(box.left), y: Float(box.top), stepX: Float(box.width) / Float(side),
            stepY: Float(box.height) / Float(side), width: side, height: side)
        let level = chance.uniform(0.3...0.65)
        return Plane(
            width: side, height: side, values: picture.values.map { $0 > level ? 0 : 255 })
    }

    /// Now and then a speck, or a stroke's piece that is not there.
    private mutating func blot(_ picture: inout Plane) {
        guard chance.happens(0.06) else { return }
        let value: Float = chance.happens(0.5) ? 1 : 0
        let (x, y) = (chance.whole(0...picture.width - 1), chance.whole(0...picture.height - 1))
        let radius = chance.whole(0...1)
        for row in max(0, y - radius)...min(picture.height - 1, y + radius) {
            for column in max(0, x - radius)...min(picture.width - 1, x + radius) {
                picture[column, row] = value
            }
        }
    }

    private func levels(_ picture: Plane, paper: Float, ink: Float) -> Plane {
        Plane(
            width: picture.width, height: picture.height,
            values: picture.values.map { (paper + (ink - paper) * min(1, max(0, $0))).rounded() })
    }
}
