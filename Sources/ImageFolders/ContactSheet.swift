import Arrays
import ExampleData
import Support

/// A picture of many small pictures, a line or more for each class: how data look at a glance.
///
/// Letters are left to whoever shows it: `rows` says which class each line of pictures is of.
package struct ContactSheet: Sendable {
    /// A line of pictures.
    package struct Row: Sendable, Equatable {
        /// The class of all pictures of the line.
        package let className: String
        /// The lines of pixels that it takes.
        package let pixels: Range<Int>
        /// The examples, from the left.
        package let examples: [Int]
    }

    /// The sheet: [H, W, 3].
    package let image: NDArray<UInt8>
    /// The lines of pictures from the top.
    package let rows: [Row]

    /// Draws the first examples of each class, or some by chance.
    ///
    /// - Parameters:
    ///   - examples: bytes of [N, H, W], or [N, C, H, W] with one or three channels.
    ///   - perClass: how many pictures of each class.
    ///   - columns: how many pictures lie side by side.
    ///   - scale: how many pixels each pixel becomes, across and down.
    ///   - seed: draws by chance; nil: the first ones.
    ///   - changing: what is drawn in place of the pictures that are shown, of which it gets the numbers too; nil: themselves.
    /// - Throws: `badData` when the examples are no pictures with classes; `usage` for a sheet of more than 2^28 pixels; what
    ///   reading the pictures throws.
    package init(
        _ examples: any ExampleSource, perClass: Int = 10, columns: Int = 10, scale: Int = 1,
        seed: Int? = nil, changing: ((NDArray<UInt8>, [Int32]) -> NDArray<UInt8>)? = nil
    ) throws {
        require(
            perClass > 0 && columns > 0 && scale > 0, "a sheet of \(perClass) pictures in \(columns) columns")
        func noPictures() -> DescentError {
            DescentError(
                .badData, "the examples are no pictures with classes",
                expected: "bytes of [N, H, W] or [N, 3, H, W]",
                got: "\([examples.count] + examples.exampleShape)")
        }
        guard let classes = examples.targets.classes, let shape = Self.planes(examples.exampleShape) else {
            throw noPictures()
        }
        let lines = Self.lines(classes, examples.classNames, perClass: perClass, columns: columns, seed: seed)
        let gap = 2
        let (cellHeight, cellWidth) = (shape.height * scale + gap, shape.width * scale + gap)
        // Classes are set apart by a wider gap.
        var (rows, top): ([Row], Int) = ([], gap)
        for (place, line) in lines.enumerated() {
            if place > 0, line.label != lines[place - 1].label { top += 2 * gap }
            rows.append(
                Row(
                    className: examples.classNames[line.label],
                    pixels: top..<top + cellHeight - gap, examples: line.examples))
            top += cellHeight
        }
        let width = gap + (lines.map(\.examples.count).max() ?? 0) * cellWidth
        guard max(1, top).multipliedReportingOverflow(by: width).partialValue <= 1 << 28 else {
            throw DescentError(
                .usage, "the sheet is too large", expected: "at most \(1 << 28) pixels",
                got: "\(width) x \(top)",
                advice: "ask for fewer or smaller pictures")
        }
        self.rows = rows
        // Those that are shown, and no others, are read.
        let numbers = rows.flatMap { $0.examples.map { Int32($0) } }
        guard case .bytes(let read) = try examples.features(of: numbers).storage else { throw noPictures() }
        image = (changing?(read, numbers) ?? read).withUnsafeElements { source in
            NDArray(shape: [top, width, 3]) { target in
                target.initialize(repeating: 255)
                let area = shape.height * shape.width
                var shown = 0
                for row in rows {
                    for column in row.examples.indices {
                        let start = shown * area * shape.channels
                        shown += 1
                        for y in 0..<shape.height * scale {
                            for x in 0..<shape.width * scale {
                                let place = (y / scale) * shape.width + x / scale
                                let goal =
                                    ((row.pixels.lowerBound + y) * width + gap + column * cellWidth + x) * 3
                                for channel in 0..<3 {
                                    target[goal + channel] =
                                        source[start + min(channel, shape.channels - 1) * area + place]
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    private static func planes(_ shape: [Int]) -> (channels: Int, height: Int, width: Int)? {
        guard shape.allSatisfy({ $0 > 0 }) else { return nil }
        switch shape.count {
        case 2: return (1, shape[0], shape[1])
        case 3 where shape[0] == 1 || shape[0] == 3: return (shape[0], shape[1], shape[2])
        default: return nil
        }
    }

    private static func lines(
        _ classes: [Int32], _ names: [String], perClass: Int, columns: Int, seed: Int?
    ) -> [(label: Int, examples: [Int])] {
        var order = Array(classes.indices)
        if let seed {
            var random = RandomState(seed)
            random.shuffle(&order)
        }
        var chosen: [[Int]] = names.map { _ in [] }
        for example in order where chosen[Int(classes[example])].count < perClass {
            chosen[Int(classes[example])].append(example)
        }
        return chosen.enumerated().flatMap { label, examples in
            stride(from: 0, to: examples.count, by: columns).map {
                (label, Array(examples[$0..<min(examples.count, $0 + columns)]))
            }
        }
    }
}
