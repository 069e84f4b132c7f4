/// The marks and the legend's samples of series, which differ in shape as well as in colour.
enum SeriesMark {
    static let radius = 3.6

    /// SVG path commands for the mark of series `number` around a point; marks of one series can share a path.
    static func path(series number: Int, x: Double, y: Double, radius r: Double = radius) -> String {
        func at(_ dx: Double, _ dy: Double) -> String {
            "\(SVGElement.number(x + dx)) \(SVGElement.number(y + dy))"
        }
        switch number % 6 {
        case 0:
            let size = SVGElement.number(r)
            return "M\(at(-r, 0))A\(size) \(size) 0 1 0 \(at(r, 0))A\(size) \(size) 0 1 0 \(at(-r, 0))Z"
        case 1:
            return
                "M\(at(-r * 0.9, -r * 0.9))H\(SVGElement.number(x + r * 0.9))V\(SVGElement.number(y + r * 0.9))H\(SVGElement.number(x - r * 0.9))Z"
        case 2: return "M\(at(0, -r * 1.2))L\(at(r * 1.1, r * 0.8))L\(at(-r * 1.1, r * 0.8))Z"
        case 3: return "M\(at(0, -r * 1.3))L\(at(r * 1.3, 0))L\(at(0, r * 1.3))L\(at(-r * 1.3, 0))Z"
        case 4: return "M\(at(0, r * 1.2))L\(at(r * 1.1, -r * 0.8))L\(at(-r * 1.1, -r * 0.8))Z"
        default:
            let (long, short) = (r * 1.15, r * 0.4)
            return "M\(at(-long, -short))L\(at(-short, -short))L\(at(-short, -long))L\(at(short, -long))"
                + "L\(at(short, -short))L\(at(long, -short))L\(at(long, short))L\(at(short, short))"
                + "L\(at(short, long))L\(at(-short, long))L\(at(-short, short))L\(at(-long, short))Z"
        }
    }

    /// Returns a curve of series `number` with path commands `path`.
    static func line(series number: Int, path: String, isThin: Bool = false) -> SVGElement {
        let color = number % ChartTheme.seriesCount
        let dash = isThin ? "" : ChartTheme.dashes[color]
        let name = (isThin ? "line thin" : "line") + " stroke\(color)"
        return dash.isEmpty
            ? SVGElement("path", ["class": name, "d": path])
            : SVGElement("path", ["class": name, "stroke-dasharray": dash, "d": path])
    }

    /// Marks of series `number` with path commands `path`.
    static func marks(series number: Int, path: String) -> SVGElement {
        SVGElement("path", ["class": "mark fill\(number % ChartTheme.seriesCount)", "d": path])
    }
}

/// The names of the series in a row, each after a piece of its line with its mark.
struct Legend {
    static let sampleWidth = 26.0
    static let rowHeight = 18.0
    private(set) var names: [String]
    let styles: [LineChart.Style]

    init(series: [LineChart.Series]) {
        names = series.map(\.name)
        styles = series.map(\.style)
    }

    private func width(of name: String) -> Double {
        Self.sampleWidth + 6 + TextMetrics.width(of: name, size: ChartTheme.labelSize) + 14
    }

    /// Returns a legend whose names are no wider than a row of `limit`.
    func shortened(to limit: Double) -> Legend {
        var shorter = self
        shorter.names = names.map {
            TextFitting.shortened($0, size: ChartTheme.labelSize, to: limit - Self.sampleWidth - 6)
        }
        return shorter
    }

    /// The width of all in one row.
    var width: Double { names.reduce(-14) { $0 + width(of: $1) } }

    /// Returns the position of each entry when rows are at most `limit` wide.
    func places(limit: Double) -> [(x: Double, row: Int)] {
        var (x, row) = (0.0, 0)
        return names.map { name in
            if x > 0 && x + width(of: name) - 14 > limit { (x, row) = (0, row + 1) }
            defer { x += width(of: name) }
            return (x, row)
        }
    }

    /// Returns the legend with its first row's baseline at `y`.
    func drawn(x: Double, y: Double, limit: Double) -> SVGElement {
        var group = SVGElement("g")
        for (number, place) in places(limit: limit).enumerated() {
            let left = x + place.x
            let baseline = y + Double(place.row) * Self.rowHeight
            let middle = baseline - 4
            if styles[number] != .marks {
                let (from, to) = (SVGElement.number(left), SVGElement.number(left + Self.sampleWidth))
                group.add(
                    SeriesMark.line(series: number, path: "M\(from) \(SVGElement.number(middle))H\(to)"))
            }
            if styles[number] != .line {
                let mark = SeriesMark.path(series: number, x: left + Self.sampleWidth / 2, y: middle)
                group.add(SeriesMark.marks(series: number, path: mark))
            }
            group.add(.text(names[number], x: left + Self.sampleWidth + 6, y: baseline, class: "name"))
        }
        return group
    }
}
