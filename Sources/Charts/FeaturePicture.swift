import Arrays
import ImageFeatures
import Images
import Support

/// Features drawn over their picture: RGB bytes [H, W, 3], which `PNG.encode` makes a file of.
///
/// ```swift
/// let found = try SIFT().localFeatures(of: photograph)
/// try AtomicFile.write(PNG.encode(FeaturePicture.keypoints(found.keypoints, over: photograph)), to: "keypoints.png")
/// ```
public enum FeaturePicture {
    /// Pictures are enlarged by an integer factor until their longer side has about this many pixels.
    static let comfortableSide = 900

    /// Returns the factor by which a picture of `height` x `width` is enlarged: 1...24.
    static func zoom(height: Int, width: Int) -> Int {
        let side = max(1, max(height, width))
        return min(24, max(1, (comfortableSide + side / 2) / side))
    }

    /// Returns the cells of `hog` as stars over a grey image [H, W]: in each cell a stroke for each direction of edges
    /// (at right angles to the gradient), the brighter and longer the stronger. Signed directions are half strokes, along
    /// the gradient.
    ///
    /// - Throws: `badData` when the image is smaller than a cell.
    public static func stars(
        of hog: HistogramOfOrientedGradients, over image: NDArray<UInt8>, zoom: Int? = nil
    ) throws -> NDArray<UInt8> {
        try check(image)
        let (height, width) = (image.shape[0], image.shape[1])
        let zoom = zoom ?? Self.zoom(height: height, width: width)
        let cells = try hog.cells(of: image.reshaped(1, height, width))
        var canvas = PictureCanvas(height: height * zoom, width: width * zoom, color: RGBA(0, 0, 0))
        canvas.lay(image, left: 0, top: 0, zoom: zoom, light: 0.45)
        let (rows, columns, bins) = (cells.shape[1], cells.shape[2], cells.shape[3])
        let values = cells.elements
        let most = max(values.max() ?? 0, 1e-6)
        let side = Float(hog.cellSize * zoom)
        for cell in 0..<rows * columns {
            let x = (Float(cell % columns) + 0.5) * side
            let y = (Float(cell / columns) + 0.5) * side
            // The weak first, so that the strong are drawn above them.
            for bin in (0..<bins).sorted(by: { values[cell * bins + $0] < values[cell * bins + $1] }) {
                let strength = (values[cell * bins + bin] / most).squareRoot()
                guard strength > 0.05 else { continue }
                let turn = (Float(bin) + 0.5) / Float(bins) * (hog.isSigned ? 2 : 1) * Float.pi
                let angle = hog.isSigned ? turn : turn + .pi / 2
                let reach = side * (0.2 + 0.27 * strength)
                let (dx, dy) = (reach * Self.cosine(angle), reach * Self.sine(angle))
                canvas.line(
                    from: hog.isSigned ? (x, y) : (x - dx, y - dy), to: (x + dx, y + dy), color: star,
                    thickness: max(1.2, side / 22), opacity: strength)
            }
        }
        return canvas.picture
    }

    /// Keypoints over a grey image [H, W]: a circle of twice the scale, and a stroke from its middle in the keypoint's
    /// direction. Bright spots are orange, dark ones blue.
    public static func keypoints(
        _ keypoints: [Keypoint], over image: NDArray<UInt8>, zoom: Int? = nil
    ) throws -> NDArray<UInt8> {
        try check(image)
        let (height, width) = (image.shape[0], image.shape[1])
        let zoom = zoom ?? Self.zoom(height: height, width: width)
        var canvas = PictureCanvas(height: height * zoom, width: width * zoom, color: RGBA(0, 0, 0))
        canvas.lay(image, left: 0, top: 0, zoom: zoom, light: 0.75)
        // The large first, so that the small are drawn above them.
        for keypoint in keypoints.sorted(by: { $0.scale > $1.scale }) {
            let (x, y) = Self.place(keypoint, left: 0, zoom: zoom)
            let radius = max(2.5, 2 * keypoint.scale * Float(zoom))
            let end = (x: x + radius * cosine(keypoint.angle), y: y + radius * sine(keypoint.angle))
            let color = keypoint.isBright ? bright : dark
            // A dark rim keeps the lines apart from a light picture.
            canvas.circle(x: x, y: y, radius: radius, color: RGBA(0, 0, 0), thickness: 3.2, opacity: 0.45)
            canvas.line(from: (x, y), to: end, color: RGBA(0, 0, 0), thickness: 3.2, opacity: 0.45)
            canvas.circle(x: x, y: y, radius: radius, color: color)
            canvas.line(from: (x, y), to: end, color: color)
        }
        return canvas.picture
    }

    /// Matches as lines between two grey images [H, W] side by side, each in a colour of its own; keypoints without a
    /// match are small grey dots.
    public static func matches(
        _ matches: [DescriptorMatcher.Match], from query: [Keypoint], over first: NDArray<UInt8>,
        to train: [Keypoint],
        over second: NDArray<UInt8>, zoom: Int? = nil
    ) throws -> NDArray<UInt8> {
        try check(first)
        try check(second)
        let gap = 12
        let zoom =
            zoom
            ?? Self.zoom(
                height: max(first.shape[0], second.shape[0]), width: max(first.shape[1], second.shape[1]))
        let left = first.shape[1] * zoom + gap
        var canvas = PictureCanvas(
            height: max(first.shape[0], second.shape[0]) * zoom, width: left + second.shape[1] * zoom,
            color: RGBA(255, 255, 255))
        canvas.lay(first, left: 0, top: 0, zoom: zoom, light: 0.75)
        canvas.lay(second, left: left, top: 0, zoom: zoom, light: 0.75)
        for (keypoints, offset) in [(query, 0), (train, left)] {
            for keypoint in keypoints {
                let (x, y) = Self.place(keypoint, left: offset, zoom: zoom)
                canvas.dot(x: x, y: y, radius: 1.2, color: RGBA(200, 200, 200))
            }
        }
        for (number, match) in matches.enumerated() {
            require(
                query.indices.contains(match.query) && train.indices.contains(match.train),
                "a match of keypoints \(match.query) and \(match.train), of \(query.count) and \(train.count)"
            )
            let from = Self.place(query[match.query], left: 0, zoom: zoom)
            let to = Self.place(train[match.train], left: left, zoom: zoom)
            let color = Self.hue(number)
            canvas.line(
                from: from, to: to, color: color, thickness: 1.3, opacity: matches.count > 100 ? 0.5 : 0.85)
            for end in [from, to] {
                canvas.dot(x: end.x, y: end.y, radius: 3.4, color: RGBA(0, 0, 0))
                canvas.dot(x: end.x, y: end.y, radius: 2.4, color: color)
            }
        }
        return canvas.picture
    }

    private static let star = RGBA(hex: 0xFFD54A)
    private static let bright = RGBA(hex: 0xFF9A1F)
    private static let dark = RGBA(hex: 0x35C4FF)

    /// Returns a keypoint's position on the canvas: pixel middles are half a pixel into the pixel.
    private static func place(_ keypoint: Keypoint, left: Int, zoom: Int) -> (x: Float, y: Float) {
        (Float(left) + (keypoint.x + 0.5) * Float(zoom), (keypoint.y + 0.5) * Float(zoom))
    }

    private static func cosine(_ angle: Float) -> Float { Float(Mathematics.cosine(Double(angle))) }
    private static func sine(_ angle: Float) -> Float { cosine(angle - .pi / 2) }

    /// Colours that differ from their predecessors: hues the golden section of a turn apart.
    private static func hue(_ number: Int) -> RGBA {
        let hue = (Double(number) * 0.618_033_988_75).truncatingRemainder(dividingBy: 1) * 6
        func part(_ shift: Double) -> UInt8 {
            let place = (hue + shift).truncatingRemainder(dividingBy: 6)
            let value = max(0, min(1, abs(place - 3) - 1))
            return UInt8(70 + 185 * value)
        }
        return RGBA(part(0), part(4), part(2))
    }

    private static func check(_ image: NDArray<UInt8>) throws {
        guard image.ndim == 2, image.shape[0] > 0, image.shape[1] > 0 else {
            throw DescentError(
                .badData, "features are drawn over one grey image", expected: "an array [H, W]",
                got: "shape \(image.shape)")
        }
    }
}
