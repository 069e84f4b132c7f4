/// Labels beside a line, moved apart so that none covers another.
enum LabelSpreading {
    /// Returns the places nearest to `wanted` (least squares) that keep their order and are at least `distance` apart.
    ///
    /// With `k * distance` taken off the k-th, the task is to find the nearest sequence that never falls: isotonic
    /// regression, solved by pooling neighbours that fall into their mean (Ayer et al. 1955). The whole is then
    /// pushed inside `range` where it sticks out.
    ///
    /// - Complexity: O(n log n).
    static func spread(_ wanted: [Double], distance: Double, inside range: ClosedRange<Double>) -> [Double] {
        let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
        var pools: [(sum: Double, count: Int)] = []
        for (place, index) in order.enumerated() {
            pools.append((wanted[index] - Double(place) * distance, 1))
            while pools.count > 1 {
                let (last, before) = (pools[pools.count - 1], pools[pools.count - 2])
                guard before.sum / Double(before.count) > last.sum / Double(last.count) else { break }
                pools.removeLast(2)
                pools.append((before.sum + last.sum, before.count + last.count))
            }
        }
        let means = pools.flatMap { [Double](repeating: $0.sum / Double($0.count), count: $0.count) }
        let lowest = range.lowerBound
        let highest = range.upperBound - Double(max(0, wanted.count - 1)) * distance
        var places = wanted
        for (place, index) in order.enumerated() {
            places[index] = max(lowest, min(highest, means[place])) + Double(place) * distance
        }
        return places
    }
}
