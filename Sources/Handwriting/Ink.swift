/// The ink on a picture.
struct Ink: Sendable {
    /// The share of ink of each pixel, 0 to 1 (somewhat more where a pen was pressed).
    var shares: Plane
    /// The pixels that are surely ink.
    var mask: Mask
    /// The width of the strokes, in pixels.
    var strokeWidth: Float
    /// Whether the picture was so small that single pixels matter.
    let isSmall: Bool

    /// The largest side, in pixels, of a picture that is taken as a whole, without shadows.
    static let smallSide = 40

    /// The contrast below which nothing is taken for ink, in grey levels of 255.
    static let leastContrast: Float = 20

    /// Finds the ink of `grey`, 0...255; nil if there is none.
    init?(in grey: Plane) {
        guard grey.width > 0, grey.height > 0 else { return nil }
        let isSmall = max(grey.width, grey.height) <= Self.smallSide
        guard let ink = isSmall ? Ink(small: grey) : Ink(large: grey) else { return nil }
        self = ink
    }

    init(shares: Plane, mask: Mask, strokeWidth: Float, isSmall: Bool) {
        (self.shares, self.mask, self.strokeWidth, self.isSmall) = (shares, mask, strokeWidth, isSmall)
    }
}

extension Ink {
    /// A small picture: two levels, and paper that is a plane at most.
    private init?(small picture: Plane) {
        guard let levels = Threshold(picture.values), levels.upper - levels.lower >= Self.leastContrast else {
            return nil
        }
        let grey = picture.withoutFrame(level: levels.level)
        guard let first = grey == picture ? levels : Threshold(grey.values),
            first.upper - first.lower >= Self.leastContrast
        else { return nil }
        // Dark ink becomes bright: the same steps for both, and the same bits.
        let bright = grey.mask(above: first.level)
        let isBright = Polarity.isInk(bright)
        let oriented = isBright ? grey : grey.negative
        let paper = isBright ? bright.inverted : bright
        let level = PaperSurface(oriented, paper: paper, degree: paper.share > 0.5 ? 1 : 0)
        let raised = level.difference(of: oriented)
        guard let threshold = Threshold(raised.values) else { return nil }
        let contrast = threshold.upper - threshold.lower
        // A bell of noise is cut in two halves as well, but they explain less.
        guard contrast >= Self.leastContrast, contrast > 90 || threshold.separation > 0.7 else { return nil }
        let ink = raised.mask(above: threshold.level)
        let sorted = raised.values.sorted()
        let paperCount = ink.bits.count - ink.count
        func quantile(_ range: Range<Int>, _ share: Float) -> Float {
            range.isEmpty ? 0 : sorted[range.lowerBound + Int(Float(range.count - 1) * share)]
        }
        let low = quantile(0..<paperCount, 0.5)
        let noise = 2 * max(0, quantile(0..<paperCount, 0.75) - low)
        let high = quantile(paperCount..<sorted.count, 0.75)
        guard high - low > noise else { return nil }
        let shares = raised.stretched(from: low + min(noise, 0.25 * (high - low)), to: high)
        let mask = shares.mask(above: 0.4)
        self.init(shares: shares, mask: mask, strokeWidth: mask.strokeWidth, isSmall: true)
    }
}

extension Ink {
    /// The longest side of the picture on which paper and polarity are looked for.
    private static let coarseSide = 160

    /// A picture of a sheet: uneven light, shadows, texture, lines.
    private init?(large grey: Plane) {
        let isNoisy = min(grey.width, grey.height) > 250
        let oriented = (Self.isInkBright(grey) ? grey : grey.negative).blurred(isNoisy ? 1 : 0)
        // First the paper without all that is narrower than a quarter of the picture.
        let coarse = oriented.shrunk(toLongestSide: Self.coarseSide)
        let radius = max(2, Int(0.13 * Float(min(coarse.width, coarse.height))))
        let paper = coarse.opened(radius).blurred(radius / 2)
            .resampled(toWidth: oriented.width, height: oriented.height)
        var raised = oriented.minus(paper)
        guard var levels = InkLevels(raised) else { return nil }
        // Then without what is narrower than four strokes: the edge of a shadow is not ink. Lines of the paper are no strokes.
        var found = Ink(raised, levels)
        RuledLines.remove(from: &found)
        let near = Int((2 * Self.strokeWidth(of: ComponentMap(found.mask))).rounded(.up))
        if near >= 2, Float(2 * near) < 0.25 * Float(min(grey.width, grey.height)) {
            raised = raised.lesser(oriented.minus(oriented.opened(near + 1).blurred(near / 2)))
            guard let again = InkLevels(raised) else { return nil }
            levels = again
        }
        let wide = coarse.opened(2 * radius).blurred(radius / 2)
            .resampled(toWidth: oriented.width, height: oriented.height)
        self.init(BroadStrokes.fill(raised, from: oriented.minus(wide), levels), levels)
    }

    /// The ink of a picture without its paper.
    private init(_ raised: Plane, _ levels: InkLevels) {
        let mask = raised.mask(above: levels.threshold)
        self.init(
            shares: raised.stretched(from: levels.paper, to: levels.ink), mask: mask,
            strokeWidth: Self.strokeWidth(of: ComponentMap(mask)), isSmall: false)
    }

    /// The mean stroke width over the larger components, by area.
    static func strokeWidth(of map: ComponentMap) -> Float {
        let largest = map.components.map(\.area).max() ?? 0
        var (sum, area): (Float, Float) = (0, 0)
        for component in map.components where component.area * 10 >= largest {
            sum += component.strokeWidth * Float(component.area)
            area += Float(component.area)
        }
        return area > 0 ? sum / area : 0
    }

    /// Of two clear levels, ink is the one that covers much less, whatever lies at the edge; if none does, their shape tells. Otherwise
    /// ink is the longer tail about the paper's light.
    private static func isInkBright(_ grey: Plane) -> Bool {
        let coarse = grey.shrunk(toLongestSide: 64)
        let everything = Mask(
            width: coarse.width, height: coarse.height,
            bits: [Bool](repeating: true, count: coarse.values.count))
        let level = PaperSurface(coarse, paper: everything, degree: 2).difference(of: coarse)
        if let two = Threshold(level.values), two.separation > 0.85 {
            let bright = level.mask(above: two.level)
            if min(bright.share, 1 - bright.share) < 0.25 { return bright.share < 0.5 }
            return Polarity.isInk(bright)
        }
        let middle = level.quantiles([0.5])[0]
        return level.values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) * ($1 - middle) } > 0
    }
}

/// The levels of paper and ink in a picture whose paper was taken away.
struct InkLevels: Sendable {
    /// Up to here it is paper with its noise.
    let paper: Float
    /// Above it is ink.
    let threshold: Float
    /// The level of ink at its darkest.
    let ink: Float

    /// nil if nothing stands out from the noise.
    init?(_ raised: Plane) {
        let quantiles = raised.quantiles([0.15, 0.5])
        let noise = max(0.5, quantiles[1] - quantiles[0])
        let floor = quantiles[1] + max(5 * noise, 8)
        let candidates = raised.values.filter { $0 > floor }
        guard candidates.count * 5_000 >= raised.values.count, candidates.count >= 8 else { return nil }
        // A drawing of two levels has candidates of one level alone.
        let split = Threshold(candidates)?.level ?? floor
        let strong = candidates.filter { $0 >= split }.sorted()
        guard !strong.isEmpty else { return nil }
        let darkest = strong[strong.count / 2]
        guard darkest - quantiles[1] >= max(Ink.leastContrast, 7 * noise) else { return nil }
        paper = quantiles[1] + 2 * noise
        // Pale lines of ruled paper lie well below half of the ink, strokes of little pressure above.
        threshold = max(floor, min(0.85 * split, 0.5 * (darkest + quantiles[1])))
        ink = darkest
    }
}

extension Plane {
    /// The picture with a frame along its edges, one or two pixels wide, made paper: nearly all of it lies on one side of `level`, and
    /// nearly all pixels within it on the other.
    fileprivate func withoutFrame(level: Float) -> Plane {
        for depth in 1...2 where min(width, height) >= 2 * depth + 6 {
            let frame = (0..<depth).map { ring($0) }.reduce([], +)
            let within = ring(depth)
            let isAbove = frame.reduce(0) { $0 + (values[$1] > level ? 1 : 0) } * 2 > frame.count
            func share(_ places: [Int]) -> Float {
                Float(places.filter { (values[$0] > level) == isAbove }.count) / Float(places.count)
            }
            guard share(frame) >= 0.97, share(within) <= 0.1 else { continue }
            let paper = within.map { values[$0] }.sorted()[within.count / 2]
            var result = self
            for place in frame { result.values[place] = paper }
            return result
        }
        return self
    }

    /// The places of the pixels that lie `depth` pixels from the nearest edge.
    private func ring(_ depth: Int) -> [Int] {
        var places: [Int] = []
        for x in depth..<width - depth { places += [depth * width + x, (height - 1 - depth) * width + x] }
        for y in depth + 1..<max(depth + 1, height - 1 - depth) {
            places += [y * width + depth, y * width + width - 1 - depth]
        }
        return places
    }

    /// Light for dark.
    var negative: Plane { Plane(width: width, height: height, values: values.map { 255 - $0 }) }

    /// The difference, pixel by pixel.
    func minus(_ other: Plane) -> Plane {
        var result = self
        for place in result.values.indices { result.values[place] -= other.values[place] }
        return result
    }

    /// The smaller of both, pixel by pixel.
    func lesser(_ other: Plane) -> Plane {
        var result = self
        for place in result.values.indices {
            result.values[place] = min(values[place], other.values[place])
        }
        return result
    }

    /// Values as shares of the way from `low` to `high`; none is below 0 or above 1.2.
    func stretched(from low: Float, to high: Float) -> Plane {
        let scale = 1 / max(high - low, 1e-6)
        return Plane(
            width: width, height: height, values: values.map { min(1.2, max(0, ($0 - low) * scale)) })
    }
}
