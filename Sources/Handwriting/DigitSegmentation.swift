import Arrays
import Support

/// A rectangle of a picture's pixels.
public struct DigitBox: Sendable, Hashable, Codable {
    /// The first column.
    public let x: Int
    /// The first row.
    public let y: Int
    /// The number of columns.
    public let width: Int
    /// The number of rows.
    public let height: Int
}

/// A digit found on a picture of several.
public struct SegmentedDigit: Sendable, Equatable {
    /// The digit as a network sees it: [28, 28], 0 paper, 255 ink.
    public let image: NDArray<UInt8>
    /// Where it lies on the picture.
    public let box: DigitBox
    /// The line of writing that it belongs to, from 0 at the top.
    public let line: Int
}

/// Finds the digits on a picture and brings each into the form of MNIST's images, from left to right, line by line.
///
/// A digit is what its strokes connect, with the pieces that lie close: the hat of a 5, a broken stroke. Digits that touch
/// are cut where the ink between them is least. Specks and ruled lines are left out.
///
/// ```swift
/// for digit in try DigitSegmentation().digits(in: photograph) {
///     print(digit.line, digit.box)
/// }
/// ```
public struct DigitSegmentation: Sendable, Hashable {
    /// How each digit is brought into its form.
    package let normalization: DigitNormalization
    /// Pixels that the longest side of a picture is shrunk to, where it is longer.
    static let longestSide = 1600

    /// Segmentation before this normalisation.
    public init(_ normalization: DigitNormalization = DigitNormalization()) {
        self.normalization = normalization
    }

    /// Returns the digits on a picture in the order in which they are read; none when there is no ink.
    ///
    /// - Parameters:
    ///   - pixels: grey levels [H, W], or red, green and blue [H, W, 3].
    ///   - cancellation: ends the work early, with `interrupted`.
    /// - Throws: `badData` when the picture has another shape; `interrupted` after a cancellation.
    public func digits(
        in pixels: NDArray<UInt8>, cancellation: Cancellation? = nil
    ) throws -> [SegmentedDigit] {
        let grey = try Plane(levelsOf: pixels, longestSide: Self.longestSide)
        try Cancellation.check(cancellation)
        guard var ink = Ink(in: grey) else { return [] }
        RuledLines.remove(from: &ink)
        try Cancellation.check(cancellation)
        let selection = DigitSelection(ink)
        let groups = StrokeGroups(selection.writing(), strokeWidth: ink.strokeWidth).groups
        var pieces: [(shares: Plane, inner: PixelBox, box: PixelBox)] = []
        let usual = Self.usualHeight(groups)
        for group in groups {
            try Cancellation.check(cancellation)
            guard let (shares, inner) = selection.ink(of: group.components) else { continue }
            for part in TouchingDigits.parts(of: shares, in: inner, usualHeight: usual) {
                let box = PixelBox(
                    left: group.box.left + part.left - inner.left, top: group.box.top + part.top - inner.top,
                    right: group.box.left + part.right - inner.left,
                    bottom: group.box.top + part.bottom - inner.top)
                pieces.append((shares.only(part), part, box))
            }
        }
        let scale = (
            x: Double(pixels.shape[1]) / Double(grey.width), y: Double(pixels.shape[0]) / Double(grey.height)
        )
        let frame = normalization.frame
        let lines = WritingLines(pieces.map(\.box))
        return lines.order.compactMap { index, line in
            guard let image = frame.image(of: pieces[index].shares, in: pieces[index].inner) else {
                return nil
            }
            return SegmentedDigit(
                image: NDArray(
                    shape: [DigitNormalization.side, DigitNormalization.side], elements: image),
                box: pieces[index].box.enlarged(by: scale, within: pixels.shape), line: line)
        }
    }

    /// The median height of the groups that are at least half as high as the highest.
    private static func usualHeight(_ groups: [StrokeGroup]) -> Int {
        let highest = groups.map(\.box.height).max() ?? 0
        let heights = groups.map(\.box.height).filter { $0 * 2 >= highest }.sorted()
        return heights.isEmpty ? 0 : heights[heights.count / 2]
    }
}

extension PixelBox {
    /// The box in a picture that is `scale` times as large, of the shape [height, width, ...].
    fileprivate func enlarged(by scale: (x: Double, y: Double), within shape: [Int]) -> DigitBox {
        let x = max(0, Int((Double(left) * scale.x).rounded(.down)))
        let y = max(0, Int((Double(top) * scale.y).rounded(.down)))
        let farX = min(shape[1], max(x + 1, Int((Double(right) * scale.x).rounded(.up))))
        let farY = min(shape[0], max(y + 1, Int((Double(bottom) * scale.y).rounded(.up))))
        return DigitBox(x: x, y: y, width: farX - x, height: farY - y)
    }
}

extension Plane {
    /// The plane without what lies outside of the columns of `box`, but for a soft edge.
    fileprivate func only(_ box: PixelBox) -> Plane {
        guard box.left > 0 || box.right < width else { return self }
        var result = self
        for y in 0..<height {
            for x in 0..<width where x < box.left || x >= box.right { result.values[y * width + x] = 0 }
        }
        return result
    }
}
