/// Sliding extremes: grey dilation, erosion and opening by squares, in time that hardly depends on their size.
extension Plane {
    /// The largest value within `radius` pixels along both axes.
    func dilated(_ radius: Int) -> Plane { slid(radius, outside: -.infinity) { $0 > $1 ? $0 : $1 } }

    /// The smallest value within `radius` pixels along both axes.
    func eroded(_ radius: Int) -> Plane { slid(radius, outside: .infinity) { $0 < $1 ? $0 : $1 } }

    /// What remains when bright parts narrower than 2 `radius` + 1 pixels are taken away.
    func opened(_ radius: Int) -> Plane { eroded(radius).dilated(radius) }

    @inline(__always)
    private func slid(_ radius: Int, outside: Float, _ better: (Float, Float) -> Float) -> Plane {
        guard radius > 0, width > 0, height > 0 else { return self }
        return slidColumns(min(radius, height), outside, better).slidRows(min(radius, width), outside, better)
    }

    /// The extreme of each pixel and the `radius` pixels above and below.
    @inline(__always)
    private func slidColumns(_ radius: Int, _ outside: Float, _ better: (Float, Float) -> Float) -> Plane {
        var padded = [Float](repeating: outside, count: values.count + 2 * radius * width)
        padded.replaceSubrange(radius * width..<radius * width + values.count, with: values)
        Self.slide(&padded, window: 2 * radius + 1, step: width, better)
        return Plane(width: width, height: height, values: Array(padded[..<values.count]))
    }

    /// The extreme of each pixel and the `radius` pixels left and right of it. Rows are kept apart by the margins between them.
    @inline(__always)
    private func slidRows(_ radius: Int, _ outside: Float, _ better: (Float, Float) -> Float) -> Plane {
        let stride = width + 2 * radius
        var padded = [Float](repeating: outside, count: stride * height)
        for y in 0..<height {
            padded.replaceSubrange(
                y * stride + radius..<y * stride + radius + width, with: values[y * width..<(y + 1) * width])
        }
        Self.slide(&padded, window: 2 * radius + 1, step: 1, better)
        var result = [Float]()
        result.reserveCapacity(values.count)
        for y in 0..<height { result += padded[y * stride..<y * stride + width] }
        return Plane(width: width, height: height, values: result)
    }

    /// Puts the extreme of `window` values, `step` places apart, at the place of the first. Windows of 1, 2, 4, ... values are
    /// doubled until two of them cover the whole; the compiler compares many at a time.
    @inline(__always)
    private static func slide(
        _ values: inout [Float], window: Int, step: Int, _ better: (Float, Float) -> Float
    ) {
        values.withUnsafeMutableBufferPointer { values in
            guard let first = values.baseAddress else { return }
            func extend(by count: Int) {
                let later = UnsafePointer(first + count * step)
                for place in 0..<max(0, values.count - count * step) {
                    first[place] = better(first[place], later[place])
                }
            }
            var span = 1
            while span * 2 <= window {
                extend(by: span)
                span *= 2
            }
            if span < window { extend(by: window - span) }
        }
    }
}

extension Plane {
    /// The mean within `radius` pixels along both axes, of those pixels that exist.
    func blurred(_ radius: Int) -> Plane {
        guard radius > 0, width > 0, height > 0 else { return self }
        return averagedRows(radius).transposed.averagedRows(radius).transposed
    }

    private func averagedRows(_ radius: Int) -> Plane {
        var sums = [Float](repeating: 0, count: width)
        var result = Plane(width: width, height: height)
        var count: Float = 0
        func add(_ row: Int, _ sign: Float) {
            guard row >= 0, row < height else { return }
            for x in 0..<width { sums[x] += sign * values[row * width + x] }
            count += sign
        }
        for row in 0..<min(radius, height) { add(row, 1) }
        for y in 0..<height {
            add(y + radius, 1)
            let share = 1 / count
            for x in 0..<width { result.values[y * width + x] = sums[x] * share }
            add(y - radius, -1)
        }
        return result
    }
}
