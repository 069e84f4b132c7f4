extension LinePanel {
    /// Fills the space between two curves that have the same positions, and names it where there is room.
    func drawGap(_ gap: Gap, _ x: AxisScale, _ y: AxisScale, into group: inout SVGElement) {
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
        // The words stand in the last third, if the space is high enough all along them.
        let width = TextMetrics.width(of: gap.label, size: ChartTheme.labelSize)
        let center = max(first.x + (last.x - first.x) * 0.66, first.x + width / 2 + 8)
        let along = band.filter { abs($0.x - center) <= width / 2 + 6 }
        guard let top = along.map(\.top).max(), let bottom = along.map(\.bottom).min(), bottom - top >= 24,
            center + width / 2 <= last.x
        else { return }
        group.add(.text(gap.label, x: center, y: (top + bottom) / 2 + 4, class: "name", anchor: .middle))
    }
}
