import Arrays

extension ImageGrid {
    /// The positions of tiles and captions, in CSS pixels from the grid's top left corner.
    struct Layout {
        let count: Int
        let columns: Int
        let rows: Int
        let tileWidth: Int
        let tileHeight: Int
        /// CSS pixels for one pixel of a tile.
        let scale: Int
        /// Space between tiles, in pixels of a tile.
        let gapX: Int
        let gapY: Int

        init(_ grid: ImageGrid) {
            count = grid.tileCount
            (tileWidth, tileHeight) = (grid.tileWidth, grid.tileHeight)
            columns = max(1, min(grid.columns ?? 10, max(count, 1)))
            rows = (count + columns - 1) / columns
            let widest =
                grid.captions.map { TextMetrics.width(of: Self.shown($0), size: ChartTheme.captionSize) }
                .max() ?? 0
            // The largest scale that fits, with 6 CSS pixels between tiles, or as many as the captions need.
            var scale = max(1, Int(grid.maximumWidth / Double(columns) - 6) / max(1, grid.tileWidth))
            scale = min(scale, 8)
            self.scale = scale
            let tile = Double(grid.tileWidth * scale)
            gapX = Int((max(6, widest + 6 - tile) / Double(scale)).rounded(.up))
            gapY = Int(((grid.captions.isEmpty ? 6 : 21) / Double(scale)).rounded(.up))
        }

        /// Returns a caption's words, as far as a column has room for them: a long one must not push all tiles apart.
        static func shown(_ caption: Caption) -> String {
            TextFitting.shortened(
                caption.text, size: TextFitting.size(of: caption.isEmphasized ? "wrong" : "caption"), to: 160)
        }

        var width: Double { Double((columns * (tileWidth + gapX) - gapX) * scale) }
        var height: Double { Double(rows * (tileHeight + gapY) * scale) }

        func origin(_ tile: Int) -> (row: Int, column: Int) {
            (tile / columns * (tileHeight + gapY), tile % columns * (tileWidth + gapX))
        }

        func captionPlace(_ tile: Int) -> (x: Double, y: Double) {
            let place = origin(tile)
            return (
                Double(place.column * scale) + Double(tileWidth * scale) / 2,
                Double((place.row + tileHeight) * scale) + 13
            )
        }

        /// Returns the outlines of all tiles, as one path.
        func frames(x: Double, y: Double) -> String {
            (0..<count).map { tile in
                let place = origin(tile)
                let left = SVGElement.number(x + Double(place.column * scale) - 0.5)
                let top = SVGElement.number(y + Double(place.row * scale) - 0.5)
                return
                    "M\(left) \(top)h\(tileWidth * scale + 1)v\(tileHeight * scale + 1)h-\(tileWidth * scale + 1)z"
            }.joined()
        }

        /// Returns all tiles as one picture of palette indices, with colour 0 between them; `nil` when there is no pixel.
        ///
        /// It has a pixel for each CSS pixel: not every program keeps enlarged pixels sharp (librsvg 2.54 does
        /// not), and the repeated pixels cost a PNG file only a half more.
        func mosaic(of indices: [UInt8]) -> NDArray<UInt8>? {
            guard count > 0, tileWidth > 0, tileHeight > 0 else { return nil }
            let width = (columns * (tileWidth + gapX) - gapX) * scale
            let height = (rows * (tileHeight + gapY) - gapY) * scale
            var pixels = [UInt8](repeating: 0, count: width * height)
            for tile in 0..<count {
                let place = origin(tile)
                for row in 0..<tileHeight * scale {
                    let source = (tile * tileHeight + row / scale) * tileWidth
                    let target = (place.row * scale + row) * width + place.column * scale
                    for column in 0..<tileWidth * scale {
                        pixels[target + column] = indices[source + column / scale]
                    }
                }
            }
            return NDArray(shape: [height, width], elements: pixels)
        }
    }
}
