import Arrays
import FoundationEssentials
import Images

/// The scale of a diverging colouring: a strip from -limit to limit with three values under it.
struct ColorBar {
    let limit: Double
    static let width = 240.0

    func drawn(x: Double, y: Double) throws -> SVGElement {
        var group = SVGElement("g")
        let steps = 127
        let palette = (-steps...steps).map { DivergingPalette.color(Double($0) / Double(steps)) }
        let strip = NDArray(shape: [1, palette.count], elements: palette.indices.map { UInt8($0) })
        let picture = try PNG.encode(indices: strip, palette: palette)
        group.add(.picture(picture, x: x, y: y, width: Self.width, height: 10))
        let frame = "M\(SVGElement.number(x - 0.5)) \(SVGElement.number(y - 0.5))h241v11h-241z"
        group.add(SVGElement("path", ["class": "frame", "d": frame]))
        let text = NumberText.short(limit)
        for (place, label, anchor) in [
            (x, "\u{2264} \u{2212}\(text)", SVGElement.Anchor.start), (x + Self.width / 2, "0", .middle),
            (x + Self.width, "\u{2265} \(text)", .end),
        ] {
            group.add(.text(label, x: place, y: y + 26, class: "tick", anchor: anchor))
        }
        return group
    }
}

extension SVGElement {
    /// Returns a PNG picture inside the file, stretched to its rectangle without blending its pixels.
    static func picture(_ png: [UInt8], x: Double, y: Double, width: Double, height: Double) -> SVGElement {
        SVGElement(
            "image",
            [
                "class": "pixels", "x": x, "y": y, "width": width, "height": height,
                "preserveAspectRatio": "none",
                "href": "data:image/png;base64," + Data(png).base64EncodedString(),
            ])
    }
}
