/// Which parts of the ink are one digit.
struct DigitSelection {
    private let map: ComponentMap
    private let ink: Ink

    init(_ ink: Ink) {
        self.ink = ink
        map = ComponentMap(ink.mask)
    }

    /// The components that are writing: no specks, no frame, nothing that comes in from the picture's edge beside
    /// something that does not.
    func writing() -> [Component] {
        guard let largest = map.components.map(\.area).max() else { return [] }
        let least = ink.isSmall ? 1 : max(6, 0.3 * ink.strokeWidth * ink.strokeWidth)
        var kept = map.components.filter { Float($0.area) >= least && $0.area * 200 >= largest }
        kept = withoutFrame(kept)
        // A digit that was cut out tightly touches the edge as well, but then nothing of its size is within.
        let (inside, touching) = split(kept)
        guard let tallest = inside.map(\.box.height).max() else { return kept }
        let edge = touching.map(\.box.height).max() ?? 0
        if tallest * 5 >= map.height && inside.contains(where: { $0.area * 12 >= largest })
            || tallest * 10 >= edge * 6
        {
            return inside + touching.filter { isNear($0, inside) && $0.area * 3 < largest }
        }
        return kept
    }

    private func split(_ components: [Component]) -> (inside: [Component], touching: [Component]) {
        func touches(_ box: PixelBox) -> Bool {
            box.left <= 0 || box.top <= 0 || box.right >= map.width || box.bottom >= map.height
        }
        return (components.filter { !touches($0.box) }, components.filter { touches($0.box) })
    }

    private func isNear(_ component: Component, _ others: [Component]) -> Bool {
        others.contains {
            let gaps = component.box.gaps(to: $0.box)
            return max(gaps.x, gaps.y) <= max(1, $0.box.height / 10)
        }
    }

    /// Takes away what runs along all four edges of the picture around something else.
    private func withoutFrame(_ components: [Component]) -> [Component] {
        let rest = components.filter { !isFrame($0) }
        let tallest = rest.map(\.box.height).max() ?? 0
        return tallest * 7 >= map.height ? rest : components
    }

    private func isFrame(_ component: Component) -> Bool {
        let box = component.box
        guard box.width * 20 >= map.width * 17, box.height * 20 >= map.height * 17 else { return false }
        let depth = max(1, min(map.width, map.height) / 12)
        // Along each side of the box there is something of it at nearly each place.
        func covers(_ places: Range<Int>, _ hit: (Int, Int) -> Bool) -> Bool {
            let covered = places.filter { place in (0..<depth).contains { hit(place, $0) } }.count
            return covered * 10 >= places.count * 9
        }
        func has(_ x: Int, _ y: Int) -> Bool { map.labels[y * map.width + x] == component.label }
        return covers(box.left..<box.right) { has($0, box.top + $1) }
            && covers(box.left..<box.right) { has($0, box.bottom - 1 - $1) }
            && covers(box.top..<box.bottom) { has(box.left + $1, $0) }
            && covers(box.top..<box.bottom) { has(box.right - 1 - $1, $0) }
    }

    /// The components of the picture's one digit: the largest, with what lies near it.
    func digit() -> [Component] {
        let writing = writing()
        guard !ink.isSmall else { return writing }
        let main = writing.max { weight($0) < weight($1) }
        guard let main else { return [] }
        var (chosen, box) = ([main], main.box)
        var rest = writing.filter { $0 != main }.sorted { $0.area > $1.area }
        // What is near to something chosen is chosen as well: a stroke in several pieces.
        while let next = rest.firstIndex(where: { belongs($0, to: box, main) }) {
            box = box.union(rest[next].box)
            chosen.append(rest.remove(at: next))
        }
        return chosen
    }

    /// The ink of a component, less far from the middle.
    private func weight(_ component: Component) -> Float {
        let x = component.box.middle.x / Float(map.width) * 2 - 1
        let y = component.box.middle.y / Float(map.height) * 2 - 1
        return Float(component.area) * Float(component.box.height).squareRoot() / (1 + x * x + y * y)
    }

    private func belongs(_ component: Component, to box: PixelBox, _ main: Component) -> Bool {
        let gaps = component.box.gaps(to: box)
        let reach = Int(max(0.22 * Float(max(box.height, box.width)), 2 * ink.strokeWidth))
        guard max(gaps.x, gaps.y) <= reach else { return false }
        // Inside the box, or as large as a stroke's piece.
        let isInside = gaps.x < 0 && gaps.y < 0
        return component.area * (isInside ? 150 : 30) >= main.area
    }

    /// The ink of these components alone, and the box around them.
    func ink(of components: [Component]) -> (shares: Plane, box: PixelBox)? {
        guard let first = components.first else { return nil }
        var box = components.reduce(first.box) { $0.union($1.box) }
        // The soft edge of ink lies around its mask.
        let edge = ink.isSmall ? 1 : max(2, Int((0.35 * ink.strokeWidth).rounded(.up)))
        let around = PixelBox(
            left: max(0, box.left - edge), top: max(0, box.top - edge),
            right: min(map.width, box.right + edge),
            bottom: min(map.height, box.bottom + edge))
        let labels = Set(components.map(\.label))
        var near = Plane(
            width: map.width, height: map.height, values: map.labels.map { labels.contains($0) ? 1 : 0 }
        )
        .cropped(to: around)
        near = near.dilated(edge)
        var shares = ink.shares.cropped(to: around)
        for place in shares.values.indices where near.values[place] == 0 { shares.values[place] = 0 }
        box = PixelBox(
            left: box.left - around.left, top: box.top - around.top, right: box.right - around.left,
            bottom: box.bottom - around.top)
        return (shares, box)
    }
}
