import Arrays

/// The shape of a digit as distances from the edge of its ink: it can be drawn at any size, turned, bent, and with strokes of
/// another width.
struct StrokeField: Sendable {
    /// Samples along a side.
    static let side = 48
    /// Samples along a pixel of MNIST's images.
    static let fineness: Float = 2
    /// Units of a stored distance along a pixel of MNIST's images.
    static let unit: Float = 16

    /// Distances, positive in the ink; the ink's box is in the middle.
    let distances: [Int8]

    /// The field of an image, `side` x `side`, 0 paper and 255 ink; nil for one without ink.
    init?(_ image: [UInt8], side: Int) {
        let plane = Plane(width: side, height: side, values: image.map { Float($0) / 255 })
        let fine = 3
        guard let darkest = plane.values.max(), darkest > 0.2 else { return nil }
        let large = plane.resampled(
            x: 0, y: 0, stepX: 1 / Float(fine), stepY: 1 / Float(fine), width: fine * side,
            height: fine * side)
        // Ink is half as dark as the darkest around.
        let around = plane.dilated(1)
        var mask = Mask(
            width: large.width, height: large.height,
            bits: [Bool](repeating: false, count: large.values.count))
        for y in 0..<large.height {
            for x in 0..<large.width {
                let level = 0.5 * max(around.values[y / fine * side + x / fine], 0.4 * darkest)
                mask.bits[y * large.width + x] = large.values[y * large.width + x] > level
            }
        }
        guard let box = mask.bounds else { return nil }
        let edge = EdgeDistances(mask)
        let step = Float(fine) / Self.fineness
        let half = Float(Self.side) / 2 * step
        let sampled = Plane(width: edge.width, height: edge.height, values: edge.values).resampled(
            x: box.middle.x - half, y: box.middle.y - half, stepX: step, stepY: step, width: Self.side,
            height: Self.side, repeatsEdge: true)
        distances = sampled.values.map { distance in
            Int8(max(-127, min(127, (distance / Float(fine) * Self.unit).rounded())))
        }
    }
}

/// The fields of many digits, one after the other.
struct StrokeFields: Sendable {
    static let size = StrokeField.side * StrokeField.side

    let count: Int
    private let distances: [Int8]

    /// The fields of images, `side` x `side` each; an image without ink has an empty field.
    init(_ images: [UInt8], side: Int) {
        let count = side > 0 ? images.count / (side * side) : 0
        self.count = count
        distances = [Int8](unsafeUninitializedCapacity: count * Self.size) { all, filled in
            all.initialize(repeating: -127)
            let target = SharedBuffer(
                UnsafeMutableBufferPointer<UInt8>(
                    rebasing: UnsafeMutableRawBufferPointer(all).bindMemory(to: UInt8.self)[...]))
            inParts(count) { index in
                let image = Array(images[index * side * side..<(index + 1) * side * side])
                guard let field = StrokeField(image, side: side) else { return }
                target.write(field.distances.map { UInt8(bitPattern: $0) }, at: index * Self.size)
            }
            filled = all.count
        }
    }

    /// Calls `body` with the distances of a digit.
    func withField<Result>(_ index: Int, _ body: (UnsafeBufferPointer<Int8>) -> Result) -> Result {
        distances.withUnsafeBufferPointer {
            body(UnsafeBufferPointer(rebasing: $0[index * Self.size..<(index + 1) * Self.size]))
        }
    }
}
