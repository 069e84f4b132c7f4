/// The middles of broad strokes and blots, which were taken for paper because no narrow brightness goes through them.
enum BroadStrokes {
    /// Fills what is as dark as the ink, touches it, and stands out from the paper of a wider neighbourhood.
    ///
    /// `wide`: the brightness above that paper. A shadow stands out as well, but less than ink, and little of its edge is ink.
    static func fill(_ raised: Plane, from wide: Plane, _ levels: InkLevels) -> Plane {
        let ink = raised.mask(above: levels.threshold)
        let least = 0.7 * (levels.ink - levels.paper) + levels.paper
        var middles = wide.mask(above: least)
        for place in middles.bits.indices where ink.bits[place] { middles.bits[place] = false }
        let map = ComponentMap(middles)
        guard !map.components.isEmpty else { return raised }
        let touching = edges(of: map, with: ink)
        var isFilled = [Bool](repeating: false, count: map.components.count + 1)
        for component in map.components {
            isFilled[Int(component.label)] = touching[Int(component.label)] * 3 >= component.edges
        }
        var result = raised
        for place in result.values.indices where isFilled[Int(map.labels[place])] {
            result.values[place] = max(result.values[place], wide.values[place])
        }
        return result
    }

    /// How many pixel edges each component shares with the ink.
    private static func edges(of map: ComponentMap, with ink: Mask) -> [Int] {
        var counts = [Int](repeating: 0, count: map.components.count + 1)
        let (width, height) = (map.width, map.height)
        for y in 0..<height {
            for x in 0..<width {
                let place = y * width + x
                let label = Int(map.labels[place])
                guard label > 0 else { continue }
                counts[label] += x > 0 && ink.bits[place - 1] ? 1 : 0
                counts[label] += x < width - 1 && ink.bits[place + 1] ? 1 : 0
                counts[label] += y > 0 && ink.bits[place - width] ? 1 : 0
                counts[label] += y < height - 1 && ink.bits[place + width] ? 1 : 0
            }
        }
        return counts
    }
}
