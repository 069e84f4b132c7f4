import Arrays
import Images
import Support

/// Matrices as pictures, one above the other, each number a point: blue below a bound, white at it, orange above.
///
/// Made for differences, which spread over many powers of ten: the colour follows the logarithm. Values that are not
/// finite have no colour. A matrix that is too large is drawn by the largest of each block, so that no outlier is lost.
///
/// ```swift
/// let map = HeatMap(bound: 1e-5, panels: [.init(name: "0.weight", values: differences)], title: "Gradients")
/// let file = try map.svg()
/// ```
public struct HeatMap: Sendable {
    /// One matrix.
    public struct Panel: Sendable {
        /// The name of the array.
        package var name: String
        /// A few words beside the name.
        package var note: String
        /// A description of its rows and columns: "across: the 784 inputs; down: the 50 units".
        public var axes = ""
        /// The values, shape [rows, columns], 0 or larger.
        package var values: NDArray<Double>

        /// Creates a panel.
        ///
        /// - Precondition: two axes.
        public init(name: String, note: String = "", values: NDArray<Double>) {
            require(values.ndim == 2, "a panel has shape [rows, columns], not \(values.shape)")
            self.name = name
            self.note = note
            self.values = values
        }
    }

    /// The number that is white.
    package var bound: Double
    /// The number of powers of ten above and below it at which the colours are darkest.
    package var decades: Double
    /// The matrices.
    package var panels: [Panel]
    /// The title.
    package var title: String
    /// A line under the title.
    package var subtitle: String
    /// The label of the values, for the scale.
    package var label: String

    private static let width = 820.0
    private static let largest = (rows: 320, columns: 820)

    /// Creates a heat map of panels.
    ///
    /// - Precondition: bound and decades are above 0.
    public init(
        bound: Double, decades: Double = 5, panels: [Panel], title: String = "", subtitle: String = "",
        label: String = ""
    ) {
        require(bound > 0 && decades > 0, "a heat map around \(bound) over \(decades) powers of ten")
        self.bound = bound
        self.decades = decades
        self.panels = panels
        self.title = title
        self.subtitle = subtitle
        self.label = label
    }

    /// Returns the chart as an SVG file.
    ///
    /// - Throws: `cannotCreate` if a picture cannot be encoded.
    public func svg(appearance: ChartAppearance = .automatic) throws -> String {
        var document = SVGDocument(
            width: Self.width + 40, height: 1, title: title, summary: subtitle, appearance: appearance)
        var y = document.addTitles(title, subtitle) + 6
        for panel in panels where panel.values.count > 0 {
            let name = panel.note.isEmpty ? panel.name : "\(panel.name)   \(panel.note)"
            document.add(.text(name, x: 20, y: y + 12, class: "heading"))
            if !panel.axes.isEmpty {
                y += 17
                document.add(.text(panel.axes, x: 20, y: y + 12, class: "tick"))
            }
            y += 20
            let picture = Self.reduced(panel.values)
            let (rows, columns) = (picture.shape[0], picture.shape[1])
            let side = max(1, min(10, Int(Self.width) / columns, 160 / rows))
            let (width, height) = (Double(columns * side), Double(rows * side))
            document.add(
                .picture(
                    try PNG.encode(indices: enlarged(picture, side), palette: Self.palette), x: 20, y: y,
                    width: width,
                    height: height))
            let box = [width + 1, height + 1, -width - 1].map { SVGElement.number($0) }
            let frame = "M19.5 \(SVGElement.number(y - 0.5))h\(box[0])v\(box[1])h\(box[2])z"
            document.add(SVGElement("path", ["class": "frame", "d": frame]))
            y += height + 16
        }
        document.add(try scale(x: 20, y: y))
        document.height = (y + 14 + 16 * max(2, Double(labelLines.count))).rounded(.up)
        return document.text()
    }

    /// The label of the values, in the lines beside the scale.
    private var labelLines: [String] {
        TextFitting.wrapped(label, size: ChartTheme.labelSize, to: Self.width - 275, lines: 3)
    }

    private func scale(x: Double, y: Double) throws -> SVGElement {
        var group = SVGElement("g")
        let strip = NDArray(shape: [1, 255], elements: (0..<255).map { UInt8($0 + 1) })
        let picture = try PNG.encode(indices: strip, palette: Self.palette)
        group.add(.picture(picture, x: x, y: y, width: 255, height: 10))
        group.add(
            SVGElement(
                "path",
                [
                    "class": "frame",
                    "d": "M\(SVGElement.number(x - 0.5)) \(SVGElement.number(y - 0.5))h256v11h-256z",
                ]))
        for (place, power, sign, anchor) in [
            (x, -decades, "\u{2264} ", SVGElement.Anchor.start), (x + 127.5, 0, "", .middle),
            (x + 255, decades, "\u{2265} ", .end),
        ] {
            let text = sign + NumberText.short(bound * Mathematics.power(10, power))
            group.add(.text(text, x: place, y: y + 26, class: "tick", anchor: anchor))
        }
        for (number, line) in labelLines.enumerated() {
            group.add(.text(line, x: x + 275, y: y + 10 + 16 * Double(number), class: "label"))
        }
        return group
    }

    /// Returns the palette's indices, a pixel for each CSS pixel: not every program keeps enlarged pixels sharp.
    private func enlarged(_ picture: NDArray<Double>, _ side: Int) -> NDArray<UInt8> {
        let (rows, columns) = (picture.shape[0], picture.shape[1])
        let small = picture.elements.map(index)
        let large = (0..<rows * side).flatMap { row in
            (0..<columns * side).map { small[row / side * columns + $0 / side] }
        }
        return NDArray(shape: [rows * side, columns * side], elements: large)
    }

    /// The palette; NaN is grey, which is not a colour of the scale.
    private static let palette =
        [RGBA(217, 217, 217)] + (-127...127).map { DivergingPalette.color(Double($0) / 127) }

    /// Returns the palette's index for a number: 1 and 255 are the ends, 128 the bound.
    private func index(_ value: Double) -> UInt8 {
        guard value.isFinite else { return 0 }
        guard value > 0 else { return 1 }
        let place = Mathematics.log10(value / bound) / decades
        return UInt8(128 + (min(max(place, -1), 1) * 127).rounded())
    }

    /// Returns the matrix with at most as many rows and columns as are drawn: each number the largest of its block.
    static func reduced(_ values: NDArray<Double>) -> NDArray<Double> {
        let (rows, columns) = (values.shape[0], values.shape[1])
        let (height, width) = ((rows - 1) / largest.rows + 1, (columns - 1) / largest.columns + 1)
        guard height > 1 || width > 1 else { return values }
        let shape = [(rows + height - 1) / height, (columns + width - 1) / width]
        var result = [Double](repeating: .nan, count: shape[0] * shape[1])
        for (place, value) in values.elements.enumerated() where value.isFinite {
            let target = place / columns / height * shape[1] + place % columns / width
            if !(result[target] >= value) { result[target] = value }
        }
        return NDArray(shape: shape, elements: result)
    }
}
