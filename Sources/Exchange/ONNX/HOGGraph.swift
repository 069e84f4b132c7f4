import Arrays
import ImageFeatures
import Support

/// Histograms of oriented gradients as core operators: differences of slices, votes of the directions, sums by pooling or a
/// convolution, norms.
extension GraphBuilder {
    /// Adds the features of grey images, floats 0...255 [N, 1, H, W]: [N, D].
    mutating func add(
        _ hog: HistogramOfOrientedGradients, to images: String, height: Int, width: Int
    ) throws -> String {
        let count = try hog.featureCount(height: height, width: width)
        let across = difference(images, axis: 3, length: width)
        let down = difference(images, axis: 2, length: height)
        let magnitude = add("Sqrt", add("Add", add("Mul", across, across), add("Mul", down, down)))
        // Gradients in the upper half plane, and which were turned there.
        let none = scalar(Float(0))
        let turned = add(
            "Or", add("Less", down, none),
            add("And", add("Equal", down, none), add("Less", across, none)))
        let sign = add("Where", turned, scalar(Float(-1)), scalar(Float(1)))
        let upper = Gradients(
            across: add("Mul", across, sign), down: add("Mul", down, sign), magnitude: magnitude,
            turned: turned)
        let blocks =
            switch hog.interpolation {
            case .none: wholeVotes(hog, upper, height: height, width: width)
            case .trilinear: sharedVotes(hog, upper, height: height, width: width)
            }
        return reshape(normalized(blocks, hog.norm), to: [count])
    }

    private struct Gradients {
        let across: String
        let down: String
        let magnitude: String
        let turned: String
    }

    /// The pixel after less the pixel before along an axis, 0 at both ends.
    private mutating func difference(_ images: String, axis: Int, length: Int) -> String {
        guard length > 2 else { return add("Mul", images, scalar(Float(0))) }
        let inner = add(
            "Sub", slice(images, axis, from: 2, to: length), slice(images, axis, from: 0, to: length - 2))
        var pads = [Int](repeating: 0, count: 8)
        (pads[axis], pads[axis + 4]) = (1, 1)
        return add("Pad", inner, constant(pads, "pads"), scalar(Float(0)))
    }

    /// Each pixel votes for one direction of its cell: blocks [N, R, C, values].
    private mutating func wholeVotes(
        _ hog: HistogramOfOrientedGradients, _ gradients: Gradients, height: Int, width: Int
    ) -> String {
        let cells = add(
            "AveragePool", reached(hog, gradients),
            attributes: [
                "kernel_shape": .ints([hog.cellSize, hog.cellSize]),
                "strides": .ints([hog.cellSize, hog.cellSize]),
            ])
        var bins = cells
        if hog.orientations > 1 {
            // Direction k has what has reached its border and not the next one's. Rounding never makes it less than 0.
            let next = add(
                "Pad", slice(cells, 1, from: 1, to: nil), constant([0, 0, 0, 0, 0, 1, 0, 0], "pads"),
                scalar(Float(0)))
            bins = add("Relu", add("Sub", cells, next))
        }
        let last = add("Transpose", bins, attributes: ["perm": .ints([0, 2, 3, 1])])
        let (rows, columns) = (height / hog.cellSize, width / hog.cellSize)
        let (down, along) = (rows - hog.blockSize + 1, columns - hog.blockSize + 1)
        var parts: [String] = []
        for row in 0..<hog.blockSize {
            let strip = slice(last, 1, from: row, to: row + down)
            for column in 0..<hog.blockSize {
                parts.append(slice(strip, 2, from: column, to: column + along))
            }
        }
        return concatenate(parts, axis: 3)
    }

    /// The magnitudes of the gradients whose angle has reached each direction's border: [N, orientations, H, W].
    private mutating func reached(_ hog: HistogramOfOrientedGradients, _ gradients: Gradients) -> String {
        let count = hog.orientations
        guard count > 1 else { return gradients.magnitude }
        var cotangents: [Float] = []
        var isLower: [Bool] = []
        var isAll: [Bool] = []
        for border in 1..<count {
            // The angle is 180 degrees times numerator / count, in the lower half plane less 180.
            var numerator = (hog.isSigned ? 2 : 1) * border
            isLower.append(numerator >= count)
            if numerator >= count { numerator -= count }
            isAll.append(numerator == 0)
            let angle = Double.pi * Double(numerator) / Double(count)
            // Exact where gradients of whole numbers lie on the border.
            let cotangent: Double =
                numerator == 0 || 2 * numerator == count
                ? 0
                : 4 * numerator == count
                    ? 1
                    : 4 * numerator == 3 * count ? -1 : Mathematics.cosine(angle) / Mathematics.sine(angle)
            cotangents.append(Float(cotangent))
        }
        let shape = [1, count - 1, 1, 1]
        let border = constant(NDArray(shape: shape, elements: cotangents), "borders")
        var reached = add("GreaterOrEqual", add("Mul", gradients.down, border), gradients.across)
        if hog.isSigned {
            // In the lower half plane a gradient must have been turned as well, in the upper it may.
            if isAll.contains(true) {
                reached = add("Or", reached, constant(NDArray(shape: shape, elements: isAll), "all"))
            }
            let isUpper = constant(NDArray(shape: shape, elements: isLower.map { !$0 }), "upper")
            reached = add(
                "Or", add("And", reached, gradients.turned),
                add("And", add("Or", reached, gradients.turned), isUpper))
        }
        let votes = add("Mul", gradients.magnitude, cast(reached, to: .float))
        return concatenate([gradients.magnitude, votes], axis: 1)
    }

    /// Votes shared by the two nearest directions and the nearest cells, under each block's window: [N, R, C, values].
    private mutating func sharedVotes(
        _ hog: HistogramOfOrientedGradients, _ gradients: Gradients, height: Int, width: Int
    ) -> String {
        let (count, side, magnitude) = (hog.orientations, hog.blockSize, gradients.magnitude)
        // The angle from 0 to pi: a quarter turn less the arc tangent of across / down; 0 for a gradient along the row.
        let isFlat = cast(add("Equal", gradients.down, scalar(Float(0))), to: .float)
        let arc = add("Atan", add("Div", gradients.across, add("Add", gradients.down, isFlat)))
        let steep = add("Sub", scalar(Float.pi / 2), arc)
        var turns = add("Div", add("Mul", steep, add("Sub", scalar(Float(1)), isFlat)), scalar(Float.pi))
        if hog.isSigned {
            let half = add("Mul", cast(gradients.turned, to: .float), scalar(Float(0.5)))
            turns = add("Add", add("Mul", turns, scalar(Float(0.5))), half)
        }
        let place = add("Sub", add("Mul", turns, scalar(Float(count))), scalar(Float(0.5)))
        let moment = add("Mul", magnitude, place)
        // One direction more at each end; they are the last and the first.
        let middles = NDArray<Float>(
            shape: [1, count + 2, 1, 1], elements: (-1...count).map { Float($0) })
        let away = add("Abs", add("Sub", moment, add("Mul", magnitude, constant(middles, "middles"))))
        let votes = add("Relu", add("Sub", magnitude, away))
        var folding = [Float](repeating: 0, count: count * (count + 2))
        for direction in -1...count {
            let own = direction < 0 ? count - 1 : direction == count ? 0 : direction
            folding[own * (count + 2) + direction + 1] += 1
        }
        let folded = add(
            "Conv", votes,
            constant(NDArray(shape: [count, count + 2, 1, 1], elements: folding), "neighbors"))
        let length = side * hog.cellSize
        let shares = Self.shares(side: side, cell: hog.cellSize)
        var weights: [Float] = []
        for _ in 0..<count {
            for row in 0..<side {
                for column in 0..<side {
                    for y in 0..<length {
                        for x in 0..<length { weights.append(shares[row][y] * shares[column][x]) }
                    }
                }
            }
        }
        let kernel = NDArray(shape: [count * side * side, 1, length, length], elements: weights)
        let sums = add(
            "Conv", folded, constant(kernel, "shares"),
            attributes: [
                "group": .int(count), "kernel_shape": .ints([length, length]),
                "strides": .ints([hog.cellSize, hog.cellSize]),
            ])
        let (rows, columns) = (height / hog.cellSize - side + 1, width / hog.cellSize - side + 1)
        let apart = reshape(sums, to: [count, side * side, rows, columns])
        let ordered = add("Transpose", apart, attributes: ["perm": .ints([0, 3, 4, 2, 1])])
        return reshape(ordered, to: [rows, columns, side * side * count])
    }

    /// What a pixel of a block gives to each of its cells along one axis, under the window: [cell][pixel].
    private static func shares(side: Int, cell: Int) -> [[Float]] {
        let length = side * cell
        let sigma = 0.25 * Double(length)
        var shares = [[Float]](repeating: [Float](repeating: 0, count: length), count: side)
        for pixel in 0..<length {
            let middle = Double(pixel) + 0.5 - 0.5 * Double(length)
            let place = (Double(pixel) + 0.5) / Double(cell) - 0.5
            let window = Mathematics.exponential(-middle * middle / (2 * sigma * sigma)) / Double(cell)
            let low = place.rounded(.down)
            let first = Int(low)
            if first >= 0 { shares[first][pixel] = Float((1 - (place - low)) * window) }
            if first + 1 < side { shares[first + 1][pixel] = Float((place - low) * window) }
        }
        return shares
    }

    /// Brings the values of each block, on the last axis, to one size.
    private mutating func normalized(
        _ blocks: String, _ norm: HistogramOfOrientedGradients.Norm
    ) -> String {
        let epsilon: Float = 1e-5
        func bySquares(_ graph: inout GraphBuilder, _ values: String) -> String {
            let square = graph.sum(graph.add("Mul", values, values), over: [3], keeping: true)
            let length = graph.add("Sqrt", graph.add("Add", square, graph.scalar(epsilon * epsilon)))
            return graph.add("Div", values, length)
        }
        switch norm {
        case .l1, .l1Sqrt:
            let total = add("Add", sum(blocks, over: [3], keeping: true), scalar(epsilon))
            let shares = add("Div", blocks, total)
            return norm == .l1 ? shares : add("Sqrt", shares)
        case .l2: return bySquares(&self, blocks)
        case .l2Hys:
            let clipped = add("Min", bySquares(&self, blocks), scalar(Float(0.2)))
            return bySquares(&self, clipped)
        }
    }
}
