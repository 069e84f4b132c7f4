extension NDArray: CustomStringConvertible {
    /// The array as NumPy's `print` shows it.
    ///
    /// ```swift
    /// print(NDArray([[1.0, 2.5], [3.0, 4.0]]))
    /// // [[1.  2.5]
    /// //  [3.  4. ]]
    /// ```
    public var description: String { formatted() }

    /// The array as NumPy's `print` shows it under other print options.
    public func formatted(_ format: ArrayFormat = ArrayFormat()) -> String {
        if ndim == 0 { return item().scalarText }
        if count == 0 { return "[]" }
        let summarising = count > format.threshold
        // The printed elements, from which the common width is computed: all, or the corners.
        let shown = summarising ? corners(format.edgeItems) : self
        let texts = Scalar.arrayTexts(shown.elements, format)
        let page = Page(
            shape: shape, texts: texts, shownShape: shown.shape, edge: format.edgeItems,
            summarising: summarising)
        return page.text(axis: 0, first: 0, indent: " ", width: format.lineWidth)
    }

    /// The first and last `edge` entries of each axis that is longer than both together.
    private func corners(_ edge: Int) -> NDArray {
        var result = self
        for axis in shape.indices where shape[axis] > 2 * edge {
            let whole = [ArrayIndex](repeating: .all, count: axis)
            let head = result.view(whole + [.slice(to: edge)])
            let tail = result.view(whole + [edge == 0 ? .slice(to: 0) : .slice(from: -edge)])
            result = concatenate([head, tail], axis: axis)
        }
        return result
    }
}

/// The brackets, lines and ellipses around the texts of the elements.
private struct Page {
    let shape: [Int]
    let texts: [String]
    let shownShape: [Int]
    let edge: Int
    let summarising: Bool

    /// The text of the sub-array whose first shown element is `first`; `indent` precedes its lines, and `width` is the
    /// rest of the line.
    func text(axis: Int, first: Int, indent: String, width: Int) -> String {
        if axis == shape.count { return texts[first] }
        let shortened = summarising && shape[axis] > 2 * edge
        let entries = shownShape[axis]
        let size = shownShape[(axis + 1)...].reduce(1, *)
        // nil is the ellipsis.
        var places: [Int?] = Array(0..<entries)
        if shortened { places.insert(nil, at: edge) }
        if axis == shape.count - 1 { return row(places, first, indent, width) }
        let breaks = String(repeating: "\n", count: shape.count - axis - 1)
        let lines = places.map { place in
            indent
                + (place.map {
                    text(axis: axis + 1, first: first + $0 * size, indent: indent + " ", width: width - 1)
                } ?? "...")
        }
        return "[" + lines.joined(separator: breaks).dropFirst(indent.count) + "]"
    }

    /// One row, broken where the next word would go past the width (less one for the bracket).
    private func row(_ places: [Int?], _ first: Int, _ indent: String, _ width: Int) -> String {
        var done = ""
        var line = indent
        for (k, place) in places.enumerated() {
            let word = place.map { texts[first + $0] } ?? "..."
            if line.count + word.count > width - 1 && line.count > indent.count {
                while line.last == " " { line.removeLast() }
                done += line + "\n"
                line = indent
            }
            line += word
            if k < places.count - 1 { line += " " }
        }
        return "[" + (done + line).dropFirst(indent.count) + "]"
    }
}
