import Images

/// On which page a chart is seen.
public enum ChartAppearance: String, Sendable, CaseIterable {
    /// Light, or dark where the reader's system asks for it (`prefers-color-scheme`).
    case automatic
    /// Always light: for print.
    case light
    /// Always dark.
    case dark
}

/// The colours, sizes and weights of all charts, as one style sheet.
///
/// Colours of series: M. Okabe, K. Ito, "Color Universal Design" (2008), distinguishable with every kind of
/// colour vision. On dark pages the blue is its lighter sister and orange replaces vermilion.
enum ChartTheme {
    private struct Colors {
        let page: UInt32
        let ink: UInt32
        let muted: String
        let grid: String
        let axis: String
        let frame: String
        let empty: String
        let series: [UInt32]
    }

    private static let light = Colors(
        page: 0xFFFFFF, ink: 0x1F2328, muted: "#57606A", grid: "#E6E9ED", axis: "#8C959F", frame: "#C4CAD1",
        empty: "#F5F7F9",
        series: [0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9])
    private static let dark = Colors(
        page: 0x14181E, ink: 0xE6EAEF, muted: "#9DA7B3", grid: "#2B323B", axis: "#6E7884", frame: "#4A525C",
        empty: "#1E242C",
        series: [0x56B4E9, 0xE69F00, 0x1FB58C, 0xCC79A7, 0xD55E00, 0xF0E442])

    /// The number of series with a colour of their own; the next begins again.
    static let seriesCount = 6
    /// Series differ by dashes too, so that they can be distinguished in grey.
    static let dashes = ["", "7 3.5", "2 3", "9 3 2 3", "12 4", "4 2 1 2"]

    static let titleSize = 18.0
    static let subtitleSize = 13.0
    static let headingSize = 13.0
    static let labelSize = 12.0
    static let tickSize = 11.5
    static let captionSize = 11.0

    static func styleSheet(for appearance: ChartAppearance) -> String {
        let fixed = """
            .descent text{font-family:system-ui,sans-serif;font-size:\(SVGElement.number(labelSize))px}
            .descent .title{font-size:\(SVGElement.number(titleSize))px;font-weight:600}
            .descent .subtitle{font-size:\(SVGElement.number(subtitleSize))px}
            .descent .heading{font-size:\(SVGElement.number(headingSize))px;font-weight:600}
            .descent .tick{font-size:\(SVGElement.number(tickSize))px}
            .descent .caption,.descent .wrong{font-size:\(SVGElement.number(captionSize))px}
            .descent .small{font-size:9px}
            .descent .wrong,.descent .value{font-weight:600}
            .descent .value{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}
            .descent .line{fill:none;stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
            .descent .mark{stroke-width:1}
            .descent .gridline,.descent .axis,.descent .frame,.descent .leader{fill:none;stroke-width:1}
            .descent .between{fill-opacity:.13}
            .descent .region{fill-opacity:.2}
            .descent .boundary,.descent .margin,.descent .ring{fill:none;stroke-linejoin:round}
            .descent .boundary{stroke-width:2}
            .descent .margin{stroke-width:1.3;stroke-dasharray:6 4}
            .descent .ring{stroke-width:1.3}
            .descent .thin{stroke-width:1.1}
            .descent .pixels{image-rendering:optimizeSpeed;image-rendering:crisp-edges;image-rendering:pixelated}
            """
        let colors =
            switch appearance {
            case .light: rules(light)
            case .dark: rules(dark)
            case .automatic: rules(light) + "\n@media (prefers-color-scheme:dark){\n\(rules(dark))\n}"
            }
        return "\n\(fixed)\n\(colors)\n"
    }

    private static func rules(_ colors: Colors) -> String {
        let (page, ink) = (RGBA(hex: colors.page), RGBA(hex: colors.ink))
        var rules = """
            .descent .page{fill:\(page.hexadecimal)}
            .descent text{fill:\(ink.hexadecimal)}
            .descent .subtitle,.descent .tick,.descent .label,.descent .caption{fill:\(colors.muted)}
            .descent .gridline{stroke:\(colors.grid)}
            .descent .axis,.descent .leader{stroke:\(colors.axis)}
            .descent .frame{stroke:\(colors.frame)}
            .descent .value{stroke:\(page.hexadecimal)}
            .descent .mark{stroke:\(page.hexadecimal)}
            .descent .boundary,.descent .margin,.descent .ring{stroke:\(ink.hexadecimal)}
            .descent .arrow{stroke:\(colors.axis);fill:\(colors.axis);stroke-width:1.4;stroke-linecap:round}
            .descent .empty{fill:\(colors.empty)}
            """
        for (number, color) in colors.series.enumerated() {
            let line = RGBA(hex: color)
            let text = readable(line, on: page, towards: ink).hexadecimal
            rules += "\n.descent .stroke\(number){stroke:\(line.hexadecimal)}"
            rules += ".descent .fill\(number){fill:\(line.hexadecimal)}.descent .text\(number){fill:\(text)}"
        }
        let wrong = readable(RGBA(hex: colors.series[1]), on: page, towards: ink).hexadecimal
        return rules + "\n.descent .wrong{fill:\(wrong)}"
    }

    /// Returns a colour for text: `color`, mixed with the ink until its contrast with the page is 4.5 to 1 (WCAG 2.1,
    /// AA).
    static func readable(_ color: RGBA, on page: RGBA, towards ink: RGBA) -> RGBA {
        for share in stride(from: 0.0, to: 1, by: 0.05) {
            func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
                UInt8((Double(a) + (Double(b) - Double(a)) * share).rounded())
            }
            let mixed = RGBA(mix(color.red, ink.red), mix(color.green, ink.green), mix(color.blue, ink.blue))
            if contrast(mixed, page) >= 4.5 { return mixed }
        }
        return ink
    }

    /// Returns the contrast of two colours, 1 to 21 (WCAG 2.1).
    static func contrast(_ one: RGBA, _ other: RGBA) -> Double {
        let (low, high) = (min(one.luminance, other.luminance), max(one.luminance, other.luminance))
        return (high + 0.05) / (low + 0.05)
    }
}
