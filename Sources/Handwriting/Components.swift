/// A connected region of a mask; pixels that touch at a corner are connected.
struct Component: Sendable, Equatable {
    /// Its number in the labels, from 1.
    let label: Int32
    var box: PixelBox
    /// The number of its pixels.
    var area: Int
    /// The number of its edges towards pixels that do not belong to the mask, or the picture's edge.
    var edges: Int

    /// The width of a stroke of this area and perimeter, in pixels. A slanting edge has 4/pi as many pixel edges as its length,
    /// on the average.
    var strokeWidth: Float { 2 * Float(area) / max(1, Float(edges) * .pi / 4) }
}

/// The connected regions of a mask.
struct ComponentMap: Sendable {
    let width: Int
    let height: Int
    /// The component of each pixel, 0 for none.
    let labels: [Int32]
    /// All components: that of label n at n - 1.
    let components: [Component]

    /// Labels the regions in two passes: runs of each row are joined with those that they touch in the row above.
    init(_ mask: Mask) {
        (width, height) = (mask.width, mask.height)
        var runs = RunForest()
        runs.collect(mask)
        let numbers = runs.numbers()
        var labels = [Int32](repeating: 0, count: mask.width * mask.height)
        var found: [Component] = []
        for (index, run) in runs.runs.enumerated() {
            let label = numbers[index]
            let box = PixelBox(left: run.start, top: run.row, right: run.end, bottom: run.row + 1)
            if Int(label) > found.count {
                found.append(Component(label: label, box: box, area: 0, edges: 0))
            }
            found[Int(label) - 1].box = found[Int(label) - 1].box.union(box)
            found[Int(label) - 1].area += run.end - run.start
            found[Int(label) - 1].edges += mask.edges(row: run.row, from: run.start, to: run.end)
            for x in run.start..<run.end { labels[run.row * mask.width + x] = label }
        }
        (self.labels, components) = (labels, found)
    }

    /// The mask of the components whose label is kept.
    func mask(keeping kept: Set<Int32>) -> Mask {
        var keeps = [Bool](repeating: false, count: components.count + 1)
        for label in kept { keeps[Int(label)] = true }
        return Mask(width: width, height: height, bits: labels.map { keeps[Int($0)] })
    }
}

/// Pixels that belong to something.
struct Mask: Sendable, Equatable {
    let width: Int
    let height: Int
    var bits: [Bool]

    /// The number of pixels that belong.
    var count: Int { bits.reduce(0) { $0 + ($1 ? 1 : 0) } }

    /// The share of pixels that belong.
    var share: Float { bits.isEmpty ? 0 : Float(count) / Float(bits.count) }

    /// The pixels within `box`.
    func cropped(to box: PixelBox) -> Mask {
        var cut: [Bool] = []
        cut.reserveCapacity(box.width * box.height)
        for y in box.top..<box.bottom { cut += bits[y * width + box.left..<y * width + box.right] }
        return Mask(width: box.width, height: box.height, bits: cut)
    }

    /// What belongs to the one does not belong to the other.
    var inverted: Mask { Mask(width: width, height: height, bits: bits.map { !$0 }) }

    /// The number of edges between the pixels `start ..< end` of a row, which belong, and what does not.
    fileprivate func edges(row: Int, from start: Int, to end: Int) -> Int {
        var count = 2
        for x in start..<end {
            if row == 0 || !bits[(row - 1) * width + x] { count += 1 }
            if row == height - 1 || !bits[(row + 1) * width + x] { count += 1 }
        }
        return count
    }
}

extension Plane {
    /// The pixels above a level.
    func mask(above level: Float) -> Mask {
        Mask(width: width, height: height, bits: values.map { $0 > level })
    }
}

/// Runs of pixels, each with the run that stands for its region.
private struct RunForest {
    var runs: [(row: Int, start: Int, end: Int)] = []
    private var parents: [Int] = []

    mutating func collect(_ mask: Mask) {
        var above = 0..<0
        for row in 0..<mask.height {
            let first = runs.count
            var x = 0
            while x < mask.width {
                guard mask.bits[row * mask.width + x] else {
                    x += 1
                    continue
                }
                let start = x
                while x < mask.width, mask.bits[row * mask.width + x] { x += 1 }
                runs.append((row, start, x))
                parents.append(runs.count - 1)
            }
            var candidate = above.lowerBound
            for index in first..<runs.count {
                // Runs above that end before this one begins touch no later one either.
                while candidate < above.upperBound, runs[candidate].end < runs[index].start { candidate += 1 }
                var touching = candidate
                while touching < above.upperBound, runs[touching].start <= runs[index].end {
                    join(touching, index)
                    touching += 1
                }
            }
            above = first..<runs.count
        }
    }

    private mutating func join(_ one: Int, _ other: Int) {
        let (one, other) = (root(one), root(other))
        parents[max(one, other)] = min(one, other)
    }

    private mutating func root(_ index: Int) -> Int {
        var index = index
        while parents[index] != index {
            parents[index] = parents[parents[index]]
            index = parents[index]
        }
        return index
    }

    /// The number of each run's region, counted from 1 in the order of their first runs.
    mutating func numbers() -> [Int32] {
        var numbers = [Int32](repeating: 0, count: runs.count)
        var last: Int32 = 0
        for index in runs.indices {
            let top = root(index)
            if top == index {
                last += 1
                numbers[index] = last
            } else {
                numbers[index] = numbers[top]
            }
        }
        return numbers
    }
}
