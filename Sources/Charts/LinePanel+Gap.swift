extension LinePanel {
    /// Fills the space between two curves that have the same positions, and names it where there is room.
    func drawGap(
        _ gap: Gap, _ x: AxisScale, _ y: AxisScale, bottom edge: Double, into group: inout SVGElement
    ) {
        let (upper, lower) = (series[gap.upper], series[gap.lower])
        var bands: [[(x: Double, top: Double, bottom: Double)]] = [[]]
        for index in 0..<min(upper.values.count, lower.values.count) {
            if let place = x.coordinate(upper.positions[index]), let top = y.coordinate(upper.values[index]),
                let bottom = y.coordinate(lower.values[index])
            {
                bands[bands.count - 1].append((place, top, bottom))
            } else {
                bands.append([])
            }
        }
        for band in bands where band.count > 1 {
            let points = band.map { ($0.x, $0.top) } + band.reversed().map { ($0.x, $0.bottom) }
            let path = points.map { "\(SVGElement.number($0.0)) \(SVGElement.number($0.1))" }
            group.add(
                SVGElement(
                    "path",
                    [
                        "class": "between fill\(gap.lower % ChartTheme.seriesCount)",
                        "d": "M" + path.joined(separator: "L") + "Z",
                    ]))
        }
        guard let band = bands.last(where: { $0.count > 1 }), let first = band.first, let last = band.last
        else {
            return
        }
        // The words are in the last third if the space is high enough all along them, else under its end.
        let width = TextMetrics.width(of: gap.label, size: ChartTheme.labelSize)
        func extent(from left: Double, to right: Double) -> (top: Double, bottom: Double, lowest: Double)? {
            let along = band.filter { $0.x >= left - 6 && $0.x <= right + 6 }
            guard let top = along.map(\.top).max(), let bottom = along.map(\.bottom).min(),
                let lowest = along.map(\.bottom).max(), left >= first.x, right <= last.x
            else { return nil }
            return (top, bottom, lowest)
        }
        let center = max(first.x + (last.x - first.x) * 0.66, first.x + width / 2 + 8)
        if let inside = extent(from: center - width / 2, to: center + width / 2),
            inside.bottom - inside.top >= 24
        {
            let middle = (inside.top + inside.bottom) / 2 + 4
            group.add(.text(gap.label, x: center, y: middle, class: "name", anchor: .middle))
        } else {
            // Two lines there, since the curve often falls to the left.
            let lines = gap.label.split(separator: ": ").map(String.init)
            let width = lines.map { TextMetrics.width(of: $0, size: ChartTheme.labelSize) }.max() ?? 0
            guard let under = extent(from: last.x - width, to: last.x) else { return }
            let height = under.lowest + 6 + 16 * Double(lines.count)
            guard height < edge else { return }
            for (number, line) in lines.enumerated() {
                let y = under.lowest + 20 + 16 * Double(number)
                group.add(.text(line, x: last.x, y: y, class: "name", anchor: .end))
            }
        }
    }
}
