extension LinePanel {
    /// Returns the runs of neighbouring points that have coordinates.
    func runs(_ series: LineChart.Series, _ x: AxisScale, _ y: AxisScale) -> [[(x: Double, y: Double)]] {
        var runs: [[(x: Double, y: Double)]] = [[]]
        for (position, value) in zip(series.positions, series.values) {
            if let px = x.coordinate(position), let py = y.coordinate(value) {
                runs[runs.count - 1].append((px, py))
            } else if !runs[runs.count - 1].isEmpty {
                runs.append([])
            }
        }
        return runs.filter { !$0.isEmpty }
    }

    func drawCurve(
        _ one: LineChart.Series, _ number: Int, _ x: AxisScale, _ y: AxisScale, into group: inout SVGElement
    ) {
        let runs = runs(one, x, y)
        let count = runs.reduce(0) { $0 + $1.count }
        guard count > 0 else { return }
        let isDense = count > Self.mostJoinedPoints
        let step = marksEveryPoint || count <= Self.mostMarkedPoints ? 1 : isDense ? count : (count + 11) / 12
        var (line, marks, place) = ("", "", 0)
        var lastMark: (x: Double, y: Double)?
        for run in runs {
            let thinned = Self.thinned(run)
            for (index, point) in thinned.enumerated() where thinned.count > 1 && one.style != .marks {
                line +=
                    (index == 0 ? "M" : "L") + SVGElement.number(point.x) + " " + SVGElement.number(point.y)
            }
            for point in run {
                // Counted back from the end, which always has a mark; so has a point without neighbours. One that
                // would lie on the mark before it has none.
                let isEnd = place == count - 1
                let isMarked = one.style == .marks || (count - 1 - place) % step == 0
                let isFree = lastMark.map { max(($0.x - point.x).magnitude, ($0.y - point.y).magnitude) >= 3 }
                if run.count == 1 || (isMarked && one.style != .line && (isEnd || isFree ?? true)) {
                    let radius =
                        one.style == .marks
                        ? (count > Self.mostMarkedPoints ? SeriesMark.radius : 5)
                        : count > 10 ? 3.2 : SeriesMark.radius
                    marks += SeriesMark.path(series: number, x: point.x, y: point.y, radius: radius)
                    lastMark = point
                }
                place += 1
            }
        }
        if !line.isEmpty { group.add(SeriesMark.line(series: number, path: line, isThin: isDense)) }
        if !marks.isEmpty { group.add(SeriesMark.marks(series: number, path: marks)) }
    }

    /// Returns a long run with at most four points for each pixel column: first, lowest, highest, last. The picture is
    /// the same, the file small.
    static func thinned(_ run: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
        guard run.count > 2000, zip(run, run.dropFirst()).allSatisfy({ $0.x <= $1.x }) else { return run }
        var thinned: [(x: Double, y: Double)] = []
        var start = 0
        while start < run.count {
            let column = run[start].x.rounded(.down)
            var end = start
            var (lowest, highest) = (start, start)
            while end < run.count && run[end].x.rounded(.down) == column {
                if run[end].y < run[lowest].y { lowest = end }
                if run[end].y > run[highest].y { highest = end }
                end += 1
            }
            let kept = Set([start, lowest, highest, end - 1])
            for index in kept.sorted() { thinned.append(run[index]) }
            start = end
        }
        return thinned
    }
}
