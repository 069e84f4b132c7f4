import Arrays
import Images
import Support

/// A grid of small pictures of one size, each with a caption: a network's weights, or digits with their labels.
///
/// All tiles are one picture in the file, with a palette of 256 colours, so the file stays small: fifty units of
/// 28 x 28 weights take about 80 kB.
///
/// ```swift
/// let grid = ImageGrid.weights(network.W1, tileHeight: 28, tileWidth: 28, title: "Weights of the hidden units")
/// let file = try grid.svg()
/// ```
public struct ImageGrid: Sendable {
    /// The mapping of values to colours.
    public enum Coloring: Sendable, Equatable {
        /// Blue, white, orange around zero; `limit` and beyond have the darkest colours. `nil`: the magnitude that
        /// 99.5 % of all values stay within, so that a few large ones do not make the rest pale.
        case diverging(limit: Double? = nil)
        /// The same, but each tile by its own largest magnitude: shows form, not size.
        case divergingPerTile
        /// 0 is black, 255 white.
        case gray
        /// 0 is white paper, 255 black ink.
        case ink
    }

    /// The words under a tile.
    public struct Caption: Sendable, Equatable, ExpressibleByStringLiteral {
        /// The words.
        package var text: String
        /// Whether the tile is highlighted: for a mistake.
        package var isEmphasized: Bool

        /// Creates a caption.
        public init(_ text: String, isEmphasized: Bool = false) {
            self.text = text
            self.isEmphasized = isEmphasized
        }

        /// Creates a plain caption.
        public init(stringLiteral value: String) {
            self.init(value)
        }
    }

    /// The title.
    package var title: String
    /// A line under the title.
    package var subtitle: String
    /// The words under each tile; tiles beyond the last caption have none.
    package var captions: [Caption]
    /// Tiles in a row; `nil`: ten, or fewer if there are fewer.
    package var columns: Int?
    /// The width that the grid may take, in CSS pixels; a tile's pixel is drawn with a whole number of them.
    package var maximumWidth = 900.0

    /// N, H, W.
    let tileCount: Int
    let tileHeight: Int
    let tileWidth: Int
    /// The index in `palette` of each pixel of each tile; colour 0 is transparent.
    private let indices: [UInt8]
    private let palette: [RGBA]
    /// The value of the darkest colours, where there is one scale for all.
    private let limit: Double?

    /// Creates a grid of tiles from arrays.
    ///
    /// Values that are not finite are left transparent.
    ///
    /// `tiles`: `[N, H, W]`.
    ///
    /// - Precondition: three axes.
    public init(
        tiles: NDArray<Float>, captions: [Caption] = [], coloring: Coloring = .diverging(),
        title: String = "",
        subtitle: String = ""
    ) {
        require(tiles.ndim == 3, "tiles have shape [N, H, W], not \(tiles.shape)")
        (tileCount, tileHeight, tileWidth) = (tiles.shape[0], tiles.shape[1], tiles.shape[2])
        self.captions = captions
        self.title = title
        self.subtitle = subtitle
        let values = tiles.elements
        switch coloring {
        case .gray, .ink:
            palette = Self.grayPalette(isInk: coloring == .ink)
            indices = values.map { $0.isFinite ? Self.grayIndex(Double($0)) : 0 }
            limit = nil
        case .diverging(let wanted):
            let limit = wanted.map(\.magnitude) ?? Self.usualMagnitude(values)
            palette = Self.divergingPalette
            indices = values.map { Self.divergingIndex($0, limit: limit) }
            self.limit = limit
        case .divergingPerTile:
            palette = Self.divergingPalette
            let size = tileHeight * tileWidth
            indices = (0..<tileCount).flatMap { tile in
                let part = values[tile * size..<(tile + 1) * size]
                let largest = part.lazy.filter(\.isFinite).map(\.magnitude).max() ?? 0
                return part.map { Self.divergingIndex($0, limit: Double(largest)) }
            }
            limit = nil
        }
    }

    /// Creates a grid of grey pictures.
    ///
    /// `images`: `[N, H, W]`, 0 to 255.
    ///
    /// - Precondition: three axes.
    public init(
        images: NDArray<UInt8>, captions: [Caption] = [], coloring: Coloring = .ink, title: String = "",
        subtitle: String = ""
    ) {
        let values = images.elements.map(Float.init)
        self.init(
            tiles: NDArray(shape: images.shape, elements: values), captions: captions, coloring: coloring,
            title: title, subtitle: subtitle)
    }

    /// Returns the weights of a layer, one tile per unit, numbered from 0.
    ///
    /// - Parameters:
    ///   - weights: `[D, units]`, where D = `tileHeight * tileWidth` inputs are laid out row by row.
    ///   - tileHeight: H of a tile.
    ///   - tileWidth: W of a tile.
    ///   - coloring: `.diverging()` or `.divergingPerTile` as a rule.
    ///   - title: above the grid.
    ///   - subtitle: below the title.
    /// - Precondition: such a shape.
    public static func weights(
        _ weights: NDArray<Float>, tileHeight: Int, tileWidth: Int, coloring: Coloring = .diverging(),
        title: String = "", subtitle: String = ""
    ) -> ImageGrid {
        require(
            weights.ndim == 2 && weights.shape[0] == tileHeight * tileWidth,
            "weights of shape \(weights.shape) do not make tiles of \(tileHeight) x \(tileWidth)")
        let (inputs, units) = (weights.shape[0], weights.shape[1])
        let tiles = weights.withUnsafeElements { source in
            (0..<units).flatMap { unit in (0..<inputs).map { source[$0 * units + unit] } }
        }
        return ImageGrid(
            tiles: NDArray(shape: [units, tileHeight, tileWidth], elements: tiles),
            captions: (0..<units).map { Caption(String($0)) }, coloring: coloring, title: title,
            subtitle: subtitle)
    }

    /// Returns the grid as an SVG file.
    ///
    /// - Throws: `DescentError` of kind `cannotCreate` if the tiles are too many for one PNG picture.
    public func svg(appearance: ChartAppearance = .automatic) throws -> String {
        let layout = Layout(self)
        let bar = limit == nil ? 0 : 40.0
        let width =
            max(
                layout.width, SVGDocument.titleWidth(title, subtitle), limit == nil ? 0 : 330) + 40
        var document = SVGDocument(
            width: width.rounded(.up), height: 1, title: title, summary: subtitle, appearance: appearance)
        let top = document.addTitles(title, subtitle) + 2
        document.height = (top + layout.height + bar + 16).rounded(.up)
        if let mosaic = layout.mosaic(of: indices) {
            document.add(
                .picture(
                    try PNG.encode(indices: mosaic, palette: palette), x: 20, y: top,
                    width: Double(mosaic.shape[1]),
                    height: Double(mosaic.shape[0])))
            document.add(SVGElement("path", ["class": "frame", "d": layout.frames(x: 20, y: top)]))
        }
        var words = SVGElement("g")
        for (number, caption) in captions.prefix(tileCount).enumerated() {
            let place = layout.captionPlace(number)
            let name = caption.isEmphasized ? "wrong" : "caption"
            words.add(
                .text(
                    Layout.shown(caption), x: 20 + place.x, y: top + place.y, class: name, anchor: .middle
                ))
        }
        if !words.isEmpty { document.add(words) }
        if let limit {
            try document.add(ColorBar(limit: limit).drawn(x: 20, y: top + layout.height + 10))
        }
        return document.text()
    }

    // MARK: Values to colours

    private static let divergingPalette =
        [RGBA.clear] + (-127...127).map { DivergingPalette.color(Double($0) / 127) }

    private static func divergingIndex(_ value: Float, limit: Double) -> UInt8 {
        guard value.isFinite else { return 0 }
        guard limit > 0 else { return 128 }
        return UInt8(128 + (min(max(Double(value) / limit, -1), 1) * 127).rounded())
    }

    /// 255 of the 256 greys, since one entry of the palette is transparent.
    private static func grayPalette(isInk: Bool) -> [RGBA] {
        [RGBA.clear]
            + (0..<255).map { step in
                let level = UInt8((Double(step) / 254 * 255).rounded())
                let gray = isInk ? 255 - level : level
                return RGBA(gray, gray, gray)
            }
    }

    private static func grayIndex(_ value: Double) -> UInt8 {
        UInt8(1 + (min(max(value, 0), 255) / 255 * 254).rounded())
    }

    /// Returns the magnitude that 99.5 % of the finite values stay within.
    static func usualMagnitude(_ values: [Float]) -> Double {
        let magnitudes = values.lazy.filter(\.isFinite).map(\.magnitude).sorted()
        guard !magnitudes.isEmpty else { return 1 }
        let place = Int((Double(magnitudes.count - 1) * 0.995).rounded(.up))
        let usual = magnitudes[place] > 0 ? magnitudes[place] : magnitudes[magnitudes.count - 1]
        return usual > 0 ? Double(usual) : 1
    }
}
