/// Components that are one digit.
struct StrokeGroup: Sendable, Equatable {
    var components: [Component]
    var box: PixelBox

    var area: Int { components.reduce(0) { $0 + $1.area } }

    mutating func add(_ other: StrokeGroup) {
        components += other.components
        box = box.union(other.box)
    }
}

/// The components of a page, put together to digits.
struct StrokeGroups {
    private(set) var groups: [StrokeGroup] = []
    private let usualHeight: Int
    private let strokeWidth: Float

    init(_ components: [Component], strokeWidth: Float) {
        self.strokeWidth = strokeWidth
        let heights = components.map(\.box.height).sorted()
        // Digits are of one size, more or less; pieces of strokes are smaller.
        let tall = heights.filter { $0 * 5 >= (heights.last ?? 0) * 2 }
        usualHeight = tall.isEmpty ? 0 : tall[tall.count / 2]
        let sorted = components.sorted {
            ($0.box.height, $0.area, $1.label) > ($1.box.height, $1.area, $0.label)
        }
        var pieces: [StrokeGroup] = []
        for component in sorted {
            let group = StrokeGroup(components: [component], box: component.box)
            if isWhole(component.box) { groups.append(group) } else { pieces.append(group) }
        }
        joinStacked()
        attach(pieces)
    }

    /// A digit is at least half as high as the others.
    private func isWhole(_ box: PixelBox) -> Bool { box.height * 20 >= usualHeight * 9 }

    /// Two halves of a digit lie above each other, close: the broken spine of a 5, an 8 that was not closed.
    private mutating func joinStacked() {
        var index = 0
        while index < groups.count {
            let box = groups[index].box
            let other = groups.indices.first { other in
                guard other != index else { return false }
                let gaps = box.gaps(to: groups[other].box)
                let narrow = min(box.width, groups[other].box.width)
                let joined = box.union(groups[other].box)
                // Inside one another, or stacked without becoming higher than a digit is.
                let isInside = -gaps.x >= narrow && -gaps.y >= min(box.height, groups[other].box.height)
                return isInside
                    || -gaps.x * 10 >= narrow * 6 && gaps.y * 5 <= usualHeight
                        && joined.height * 10 <= usualHeight * 13
            }
            if let other {
                let taken = groups.remove(at: other)
                groups[other < index ? index - 1 : index].add(taken)
                index = 0
            } else {
                index += 1
            }
        }
    }

    /// Gives each piece to the digit that it lies closest to; a piece that lies alone and is no dot is a digit of its own,
    /// others are specks.
    private mutating func attach(_ pieces: [StrokeGroup]) {
        let usualArea = groups.map(\.area).sorted().dropFirst(groups.count / 2).first ?? 0
        var waiting = pieces
        var isDone = false
        while !isDone {
            isDone = true
            for (index, piece) in waiting.enumerated() {
                let near = groups.indices.min { distance(piece, groups[$0]) < distance(piece, groups[$1]) }
                guard let near, distance(piece, groups[near]) <= reach else { continue }
                waiting.remove(at: index)
                if piece.area * 60 >= usualArea { groups[near].add(piece) }
                isDone = false
                break
            }
        }
        for piece in waiting
        where piece.area * 5 >= usualArea && piece.box.height * 10 >= usualHeight * 3 && !isDash(piece.box) {
            groups.append(piece)
        }
    }

    private var reach: Float { max(0.2 * Float(usualHeight), 1.5 * strokeWidth) }

    private func isDash(_ box: PixelBox) -> Bool { box.width > 2 * box.height }

    /// The empty space between a piece and a digit; a hat lies above or to the right, seldom beside.
    private func distance(_ piece: StrokeGroup, _ group: StrokeGroup) -> Float {
        let gaps = piece.box.gaps(to: group.box)
        return Float(max(0, gaps.x) + max(0, gaps.y))
    }
}

/// Digits that touch, cut apart.
enum TouchingDigits {
    /// The boxes of the digits in one connected piece of ink; the piece's own where it is one digit.
    ///
    /// A digit is seldom wider than high: a piece that is much wider is cut at the columns with the least ink.
    static func parts(of shares: Plane, in box: PixelBox, usualHeight: Int) -> [PixelBox] {
        let height = max(box.height, usualHeight)
        guard box.width * 20 > height * 23, box.height > 4 else { return [box] }
        let count = max(2, Int((Float(box.width) / (0.72 * Float(height))).rounded()))
        let sums = (box.left..<box.right).map { x in
            (box.top..<box.bottom).reduce(Float(0)) { $0 + min(1, shares.values[$1 * shares.width + x]) }
        }
        var cuts = [0]
        for part in 1..<count {
            let middle = Float(part) * Float(sums.count) / Float(count)
            let reach = 0.25 * Float(sums.count) / Float(count)
            let first = max(cuts[cuts.count - 1] + 1, Int(middle - reach))
            guard first < sums.count else { break }
            let window = first...max(first, min(sums.count - 1, Int(middle + reach)))
            // The nearer to the middle, the better, where the ink is alike.
            func cost(_ x: Int) -> Float {
                let off = (Float(x) - middle) / reach
                return sums[x] + 0.1 * Float(box.height) * off * off
            }
            guard let cut = window.min(by: { cost($0) < cost($1) }) else { continue }
            cuts.append(cut)
        }
        cuts.append(sums.count)
        // A cut through a third of the height is no place where two digits touch.
        let deepest = cuts.dropFirst().dropLast().map { sums[$0] }.max() ?? 0
        guard deepest * 3 < Float(box.height) else { return [box] }
        return zip(cuts, cuts.dropFirst()).compactMap { tight(shares, box, from: $0, to: $1) }
    }

    /// The box around the ink of some columns; nil without ink.
    private static func tight(_ shares: Plane, _ box: PixelBox, from: Int, to: Int) -> PixelBox? {
        let part = PixelBox(left: box.left + from, top: box.top, right: box.left + to, bottom: box.bottom)
        guard let inner = shares.cropped(to: part).mask(above: 0.4).bounds else { return nil }
        return PixelBox(
            left: part.left + inner.left, top: part.top + inner.top, right: part.left + inner.right,
            bottom: part.top + inner.bottom)
    }
}

/// Boxes in the order in which they are read.
struct WritingLines {
    /// The boxes, as places in the list given, with the line of each.
    let order: [(index: Int, line: Int)]

    /// A box belongs to the line whose last box it overlaps in height; lines go from the top, boxes from the left.
    init(_ boxes: [PixelBox]) {
        var lines: [[Int]] = []
        for index in boxes.indices.sorted(by: { boxes[$0].left < boxes[$1].left }) {
            func overlap(_ line: [Int]) -> Int {
                guard let last = line.last else { return 0 }
                return -boxes[index].gaps(to: boxes[last]).y
            }
            let best = lines.indices.max { overlap(lines[$0]) < overlap(lines[$1]) }
            if let best, let last = lines[best].last,
                overlap(lines[best]) * 5 >= min(boxes[index].height, boxes[last].height) * 2
            {
                lines[best].append(index)
            } else {
                lines.append([index])
            }
        }
        func height(_ line: [Int]) -> Float {
            line.reduce(Float(0)) { $0 + boxes[$1].middle.y } / Float(max(1, line.count))
        }
        lines.sort { height($0) < height($1) }
        order = lines.enumerated().flatMap { number, line in line.map { ($0, number) } }
    }
}
