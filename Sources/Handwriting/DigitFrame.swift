/// Brings the ink of one digit into the form of MNIST's images: strokes of one width, the ink's longer side 20 pixels, the
/// centre of mass in the middle of 28 x 28.
///
/// All is done on a grid three times as fine, on which the ink is a mask: so a blurred scan of 16 x 16 pixels and a
/// photograph get the same sharp edges.
struct DigitFrame {
    /// Fine pixels along a pixel of the result.
    static let fineness = 3
    /// How much larger or smaller the ink may become so that the strokes' middles fill what is left by their width.
    static let growth: ClosedRange<Float> = 0.85...1.3

    let side: Int
    let inkSide: Int
    /// The width of strokes in pixels of the result; nil to leave it.
    let strokeWidth: Float?

    private var fineSide: Int { side * Self.fineness }

    /// The image, `side` x `side`, of the ink within `box`; nil if none is left on the fine grid.
    ///
    /// `ink`: 0 for paper, 1 for ink, with what lies between at edges.
    func image(of ink: Plane, in box: PixelBox) -> [UInt8]? {
        let full = Float(inkSide * Self.fineness)
        var view = View(
            x: box.middle.x, y: box.middle.y, step: Float(max(box.width, box.height)) / full)
        let level = InkLevelMap(ink, pixel: view.step * Float(Self.fineness))
        var mask = fineMask(ink, above: level, view)
        // The edge of the ink lies between the pixels of a small picture: the box is set anew by the fine ones.
        guard let bounds = mask.bounds else { return nil }
        var width = mask.strokeWidth
        let wanted = strokeWidth.map { $0 * Float(Self.fineness) } ?? width
        let growth = min(
            Self.growth.upperBound, max(Self.growth.lowerBound, (full - wanted) / max(1, full - width)))
        let change = growth * full / Float(max(bounds.width, bounds.height))
        let centre = Float(fineSide) / 2
        let offset = (x: bounds.middle.x - centre, y: bounds.middle.y - centre)
        if abs(change - 1) > 0.02 || max(abs(offset.x), abs(offset.y)) > 3 {
            view = View(
                x: view.x + offset.x * view.step, y: view.y + offset.y * view.step, step: view.step / change)
            mask = fineMask(ink, above: level, view)
            width = mask.strokeWidth
        }
        guard strokeWidth != nil else { return centred(placed(ink, view)) }
        return centred(StrokeEvening.apply(to: mask, from: width, to: wanted))
    }

    /// The point of a picture in the middle of the fine grid, and the picture's pixels for each fine one.
    private struct View {
        var x: Float
        var y: Float
        var step: Float
    }

    /// The ink on the fine grid.
    private func placed(_ ink: Plane, _ view: View) -> Plane {
        let half = view.step * Float(fineSide) / 2
        return ink.resampled(
            x: view.x - half, y: view.y - half, stepX: view.step, stepY: view.step, width: fineSide,
            height: fineSide)
    }

    /// Where there is ink: where the share is above the level.
    private func fineMask(_ ink: Plane, above level: InkLevelMap, _ view: View) -> Mask {
        let shares = placed(ink, view)
        let half = view.step * Float(fineSide) / 2
        let step = view.step * level.scale
        let levels = level.plane.resampled(
            x: (view.x - half) * level.scale, y: (view.y - half) * level.scale, stepX: step, stepY: step,
            width: fineSide, height: fineSide, repeatsEdge: true)
        var mask = Mask(width: fineSide, height: fineSide, bits: [])
        mask.bits = [Bool](unsafeUninitializedCapacity: shares.values.count) { bits, filled in
            for place in 0..<shares.values.count { bits[place] = shares.values[place] > levels.values[place] }
            filled = shares.values.count
        }
        return mask
    }

    /// The mean of each pixel's fine pixels, moved so that the centre of mass is in the middle.
    private func centred(_ fine: Plane) -> [UInt8] {
        let (x, y) = fine.centreOfMass
        // The ink stays within the image.
        let room = (side - inkSide) / 2 * Self.fineness
        let moveX = max(-room, min(room, Int((Float(fineSide) / 2 - x).rounded())))
        let moveY = max(-room, min(room, Int((Float(fineSide) / 2 - y).rounded())))
        var image = [UInt8](repeating: 0, count: side * side)
        let share = 255 / Float(Self.fineness * Self.fineness)
        for row in 0..<side {
            for column in 0..<side {
                var sum: Float = 0
                for fineY in row * Self.fineness - moveY..<(row + 1) * Self.fineness - moveY
                where fineY >= 0 && fineY < fineSide {
                    for fineX in column * Self.fineness - moveX..<(column + 1) * Self.fineness - moveX
                    where fineX >= 0 && fineX < fineSide {
                        sum += fine.values[fineY * fineSide + fineX]
                    }
                }
                image[row * side + column] = UInt8(max(0, min(255, (sum * share).rounded())))
            }
        }
        return image
    }
}

extension Plane {
    /// The centre of mass, where pixel 0 lies between 0 and 1; the middle of a plane without mass.
    var centreOfMass: (x: Float, y: Float) {
        var (mass, sumX, sumY): (Float, Float, Float) = (0, 0, 0)
        for y in 0..<height {
            var line: Float = 0
            for x in 0..<width {
                let value = values[y * width + x]
                line += value
                sumX += value * (Float(x) + 0.5)
            }
            mass += line
            sumY += line * (Float(y) + 0.5)
        }
        return mass > 0 ? (sumX / mass, sumY / mass) : (Float(width) / 2, Float(height) / 2)
    }
}

extension Mask {
    /// The smallest box around all that belongs; nil if nothing does.
    var bounds: PixelBox? {
        var box: PixelBox?
        for y in 0..<height {
            let line = bits[y * width..<(y + 1) * width]
            guard let first = line.firstIndex(of: true), let last = line.lastIndex(of: true) else { continue }
            let run = PixelBox(
                left: first - y * width, top: y, right: last + 1 - y * width, bottom: y + 1)
            box = box?.union(run) ?? run
        }
        return box
    }
}

/// The level above which a share is ink, about each place: half of the darkest around, so that a faint stroke is as wide as a dark
/// one; more where nothing around is paper, so that the grey in a narrow loop is.
private struct InkLevelMap {
    let plane: Plane
    /// Pixels of the map along a pixel of the picture.
    let scale: Float

    /// `pixel`: pixels of the picture along one of the result.
    init(_ ink: Plane, pixel: Float) {
        // Two to three pixels of a result are looked at; the map need not be finer than that result.
        let side = max(1, Int(Float(max(ink.width, ink.height)) / max(1, pixel / 1.5)))
        let small = ink.shrunk(toLongestSide: side)
        scale = Float(small.width) / Float(ink.width)
        let radius = max(1, Int((2 * pixel * scale).rounded()))
        let lightest = small.eroded(radius)
        var levels = small.dilated(radius)
        for place in levels.values.indices {
            let dark = max(levels.values[place], 0.4)
            levels.values[place] = min(0.5 * (dark + lightest.values[place]), 0.8 * dark)
        }
        plane = levels
    }
}
