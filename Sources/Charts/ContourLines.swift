/// The contour lines of values over a grid at a level: marching squares (W. E. Lorensen, H. E. Cline, "Marching Cubes",
/// 1987, in two dimensions), joined into lines from edge to edge or closed.
///
/// Values between two points of the grid are interpolated linearly. Where all four sides of a cell are crossed,
/// the mean of its corners says which crossings belong together. A cell with a number that is not finite has no line.
struct ContourLines {
    /// A point in units of the grid: column and row.
    struct Place: Equatable {
        var column: Double
        var row: Double
    }

    let columns: Int
    let rows: Int
    let values: [Double]
    let level: Double

    /// Returns the lines, each with two points or more; a closed one ends where it begins.
    ///
    /// - Complexity: O(columns * rows).
    func lines() -> [[Place]] {
        // A side of a cell is 2 (row * columns + column), + 1 when it goes up. Each belongs to at most two cells.
        var neighbors = [(first: Int, second: Int)](repeating: (-1, -1), count: 2 * columns * rows)
        var crossed: [Int] = []
        func link(_ one: Int, _ other: Int) {
            for (from, to) in [(one, other), (other, one)] {
                if neighbors[from].first < 0 {
                    neighbors[from].first = to
                    crossed.append(from)
                } else {
                    neighbors[from].second = to
                }
            }
        }
        for row in 0..<max(0, rows - 1) {
            for column in 0..<max(0, columns - 1) {
                let corner = row * columns + column
                let (bottom, left, top, right) = (
                    2 * corner, 2 * corner + 1, 2 * (corner + columns), 2 * (corner + 1) + 1
                )
                let corners = [corner, corner + 1, corner + columns, corner + columns + 1].map { values[$0] }
                guard corners.allSatisfy(\.isFinite) else { continue }
                let isAbove = corners.map { $0 >= level }
                let sides = [
                    (bottom, isAbove[0] != isAbove[1]), (left, isAbove[0] != isAbove[2]),
                    (top, isAbove[2] != isAbove[3]), (right, isAbove[1] != isAbove[3]),
                ].filter(\.1).map(\.0)
                if sides.count == 2 { link(sides[0], sides[1]) }
                if sides.count == 4 {
                    let isMiddleAbove = corners.reduce(0) { $0 + $1 / 4 } >= level
                    // The corner that differs from the middle is cut off, and so is the one across.
                    if isMiddleAbove == isAbove[0] {
                        link(bottom, right)
                        link(left, top)
                    } else {
                        link(bottom, left)
                        link(top, right)
                    }
                }
            }
        }
        return joined(crossed, neighbors)
    }

    private func joined(_ crossed: [Int], _ neighbors: [(first: Int, second: Int)]) -> [[Place]] {
        var isSeen = [Bool](repeating: false, count: neighbors.count)
        var lines: [[Place]] = []
        // Open lines from their ends first, then the rest, which is closed.
        for start in crossed.filter({ neighbors[$0].second < 0 }) + crossed where !isSeen[start] {
            var (line, side) = ([place(of: start)], start)
            isSeen[start] = true
            while let next = [neighbors[side].first, neighbors[side].second].first(where: {
                $0 >= 0 && !isSeen[$0]
            }) {
                isSeen[next] = true
                line.append(place(of: next))
                side = next
            }
            let isClosed = line.count > 2 && [neighbors[side].first, neighbors[side].second].contains(start)
            if isClosed { line.append(line[0]) }
            lines.append(line)
        }
        return lines
    }

    private func place(of side: Int) -> Place {
        let (corner, goesUp) = (side / 2, side % 2 == 1)
        let (from, to) = (values[corner], values[goesUp ? corner + columns : corner + 1])
        let share = (level - from) / (to - from)
        let (column, row) = (Double(corner % columns), Double(corner / columns))
        return goesUp ? Place(column: column, row: row + share) : Place(column: column + share, row: row)
    }
}
