import Descent

/// A curve of stars, for a terminal: values over positions, with the ends of both axes written.
struct TerminalPlot {
    let x: [Double]
    let y: [Double]
    /// Whether the horizontal axis is logarithmic.
    var isLogarithmic = false
    var columns = 72
    var rows = 12

    /// Returns the plot, a line a row, and the axis below it. Points that are not finite are left out.
    func text(xLabel: String, yLabel: String) -> String {
        let points = zip(x, y).filter { $0.isFinite && $1.isFinite && (!isLogarithmic || $0 > 0) }
        let places = points.map { isLogarithmic ? Mathematics.log10($0.0) : $0.0 }
        guard let left = places.min(), let right = places.max(), let low = points.map(\.1).min(),
            let high = points.map(\.1).max()
        else { return "(no points)\n" }
        let marks = Self.distinct([high, low], Numerals.loss)
        let margin = max(marks[0].count, marks[1].count) + 2
        let width = max(10, columns - margin)
        var cells = [[Character]](repeating: Array(repeating: " ", count: width), count: rows)
        for (place, point) in zip(places, points) {
            let column = right > left ? Int((place - left) / (right - left) * Double(width - 1)) : 0
            let row = high > low ? Int((high - point.1) / (high - low) * Double(rows - 1)) : rows - 1
            cells[row][column] = "*"
        }
        var text = "\(yLabel)\n"
        for (row, cells) in cells.enumerated() {
            let mark = row == 0 ? marks[0] : row == rows - 1 ? marks[1] : ""
            var line = String(repeating: " ", count: margin - 2 - mark.count) + mark + " |" + String(cells)
            while line.last == " " { line.removeLast() }
            text += line + "\n"
        }
        let ends = Self.distinct(
            [points.map(\.0).min() ?? 0, points.map(\.0).max() ?? 0], Numerals.twoDigits)
        let space = String(
            repeating: " ", count: max(1, width - ends[0].count - ends[1].count - xLabel.count) / 2)
        text += String(repeating: " ", count: margin - 1) + "+" + String(repeating: "-", count: width) + "\n"
        return text + String(repeating: " ", count: margin) + ends[0] + space + xLabel + space + ends[1]
            + "\n"
    }

    /// Numbers as text; with all their digits where different ones would read alike.
    private static func distinct(_ numbers: [Double], _ text: (Double) -> String) -> [String] {
        let texts = numbers.map(text)
        return texts[0] == texts[1] && numbers[0] != numbers[1] ? numbers.map { "\($0)" } : texts
    }
}
