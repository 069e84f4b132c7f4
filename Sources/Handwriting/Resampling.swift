/// The weights by which one axis is resampled: areas where the picture shrinks, cubic interpolation where it grows.
///
/// What lies outside of the source is zero (paper), or the edge's own values if `repeatsEdge`.
struct AxisWeights {
    /// For each target pixel the first source pixel and the place of its weights.
    private(set) var taps: [(source: Int, first: Int, count: Int)] = []
    private(set) var weights: [Float] = []

    /// Target pixel i stands for the source's interval `start + i * step ..< start + (i + 1) * step`.
    init(source: Int, start: Float, step: Float, count: Int, repeatsEdge: Bool = false) {
        taps.reserveCapacity(count)
        for index in 0..<count {
            let first = weights.count
            let low = start + Float(index) * step
            let origin: Int
            if step > 1 {
                origin = Int(low.rounded(.down))
                let end = Int((low + step).rounded(.up))
                for pixel in origin..<max(end, origin + 1) {
                    let covered = min(Float(pixel + 1), low + step) - max(Float(pixel), low)
                    weights.append(max(0, covered) / step)
                }
            } else {
                let centre = low + step / 2 - 0.5
                origin = Int(centre.rounded(.down)) - 1
                for pixel in origin..<origin + 4 { weights.append(Self.cubic(abs(centre - Float(pixel)))) }
            }
            clip(first, origin, source, repeatsEdge)
        }
    }

    /// Takes away the weights of pixels outside, or gives them to the pixel at the edge.
    private mutating func clip(_ first: Int, _ origin: Int, _ source: Int, _ repeatsEdge: Bool) {
        let end = origin + weights.count - first
        let low = min(max(0, origin), source - 1)
        let high = max(low + 1, min(source, end))
        var kept = [Float](repeating: 0, count: high - low)
        for pixel in origin..<end {
            guard repeatsEdge || (pixel >= 0 && pixel < source) else { continue }
            kept[min(max(pixel, low), high - 1) - low] += weights[first + pixel - origin]
        }
        weights.replaceSubrange(first..., with: kept)
        taps.append((low, first, kept.count))
    }

    /// Catmull and Rom's interpolation at a distance.
    private static func cubic(_ distance: Float) -> Float {
        if distance < 1 { return (1.5 * distance - 2.5) * distance * distance + 1 }
        if distance < 2 { return ((2.5 - 0.5 * distance) * distance - 4) * distance + 2 }
        return 0
    }
}

extension Plane {
    /// The part of the plane that begins at (`x`, `y`), `width` x `height` target pixels of `step` source pixels each.
    func resampled(
        x: Float, y: Float, stepX: Float, stepY: Float, width: Int, height: Int, repeatsEdge: Bool = false
    ) -> Plane {
        guard self.width > 0, self.height > 0 else { return Plane(width: width, height: height) }
        let columns = AxisWeights(
            source: self.width, start: x, step: stepX, count: width, repeatsEdge: repeatsEdge)
        let rows = AxisWeights(
            source: self.height, start: y, step: stepY, count: height, repeatsEdge: repeatsEdge)
        let top = rows.taps.map(\.source).min() ?? 0
        let bottom = rows.taps.map { $0.source + $0.count }.max() ?? 0
        var narrow = [Float](repeating: 0, count: (bottom - top) * width)
        var result = Plane(width: width, height: height)
        values.withUnsafeBufferPointer { values in
            narrow.withUnsafeMutableBufferPointer { narrow in
                columns.combineColumns(
                    values, width: self.width, rows: top..<bottom, into: narrow, count: width)
                result.values.withUnsafeMutableBufferPointer {
                    rows.combineRows(UnsafeBufferPointer(narrow), width: width, top: top, into: $0)
                }
            }
        }
        return result
    }

    /// The plane, shrunk by areas so that no side is longer than `side`; itself if it is small enough.
    func shrunk(toLongestSide side: Int) -> Plane {
        let longest = max(width, height)
        guard longest > side else { return self }
        let scale = Float(side) / Float(longest)
        let newWidth = max(1, Int((Float(width) * scale).rounded()))
        let newHeight = max(1, Int((Float(height) * scale).rounded()))
        return resampled(toWidth: newWidth, height: newHeight)
    }

    /// The whole plane in another size; edges are repeated.
    func resampled(toWidth newWidth: Int, height newHeight: Int) -> Plane {
        guard newWidth != width || newHeight != height else { return self }
        return resampled(
            x: 0, y: 0, stepX: Float(width) / Float(newWidth), stepY: Float(height) / Float(newHeight),
            width: newWidth, height: newHeight, repeatsEdge: true)
    }
}

extension AxisWeights {
    /// Rows of sums over columns. The taps lie within the source by construction (`clip`).
    fileprivate func combineColumns(
        _ source: UnsafeBufferPointer<Float>, width: Int, rows: Range<Int>,
        into target: UnsafeMutableBufferPointer<Float>, count: Int
    ) {
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        weights.withUnsafeBufferPointer { weights in
            taps.withUnsafeBufferPointer { taps in
                for (line, row) in rows.enumerated() {
                    let (from, to) = (source + row * width, target + line * count)
                    for column in 0..<count {
                        let tap = taps[column]
                        var sum: Float = 0
                        for index in 0..<tap.count {
                            sum += weights[tap.first &+ index] * from[tap.source &+ index]
                        }
                        to[column] = sum
                    }
                }
            }
        }
    }

    /// Sums over rows, whole rows at a time; `source` begins at the row `top`.
    fileprivate func combineRows(
        _ source: UnsafeBufferPointer<Float>, width: Int, top: Int,
        into target: UnsafeMutableBufferPointer<Float>
    ) {
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        for row in 0..<taps.count {
            let tap = taps[row]
            let to = target + row * width
            for index in 0..<tap.count {
                let weight = weights[tap.first + index]
                let from = source + (tap.source - top + index) * width
                for column in 0..<width { to[column] += weight * from[column] }
            }
        }
    }
}
