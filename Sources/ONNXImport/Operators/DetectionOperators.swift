import Support

/// What detectors end with.
enum DetectionKernels {
    /// A box by its lower and upper corner.
    private struct Box {
        let (y0, x0, y1, x1): (Float, Float, Float, Float)
        var area: Float { (y1 - y0) * (x1 - x0) }

        init(_ values: ArraySlice<Float>, hasCentre: Bool) {
            let v = Array(values)
            if hasCentre {
                (y0, x0) = (v[1] - v[3] / 2, v[0] - v[2] / 2)
                (y1, x1) = (v[1] + v[3] / 2, v[0] + v[2] / 2)
            } else {
                (y0, x0) = (min(v[0], v[2]), min(v[1], v[3]))
                (y1, x1) = (max(v[0], v[2]), max(v[1], v[3]))
            }
        }

        func overlap(_ other: Box) -> Float {
            let height = min(y1, other.y1) - max(y0, other.y0)
            let width = min(x1, other.x1) - max(x0, other.x0)
            guard height > 0, width > 0 else { return 0 }
            let common = height * width
            return common / (area + other.area - common)
        }
    }

    static let suppression: OperatorMaker = { node in
        let hasCentre = try node.flag("center_point_box")
        return { arguments in
            let budget = arguments.budget
            let (boxes, scores) = (try arguments(0), try arguments(1))
            try boxes.expect(.float32)
            try scores.expect(.float32)
            try boxes.expectRank(3)
            try scores.expectRank(3)
            let (batches, count, classes) = (boxes.shape[0], boxes.shape[1], scores.shape[1])
            guard boxes.shape[2] == 4, scores.shape[0] == batches, scores.shape[2] == count else {
                throw DescentError(
                    .badData, "boxes and scores that do not fit", got: "\(boxes.shape) and \(scores.shape)")
            }
            let most = try arguments.optional(2)?.scalarInt() ?? 0
            let limit = Float(try arguments.optional(3)?.scalarDouble(budget) ?? 0)
            let least = try arguments.optional(4).map { Float(try $0.scalarDouble(budget)) }
            let corners = Array(boxes.view(as: Float.self))
            let values = scores.view(as: Float.self)
            var chosen: [Int64] = []
            for batch in 0..<batches {
                let own = (0..<count).map { index in
                    let start = (batch * count + index) * 4
                    return Box(corners[start..<start + 4], hasCentre: hasCentre)
                }
                for label in 0..<classes {
                    let start = (batch * classes + label) * count
                    let order = (0..<count).filter { index in least.map { values[start + index] > $0 } ?? true
                    }
                    var kept: [Int] = []
                    for index in order.sorted(by: { (values[start + $0], -$0) > (values[start + $1], -$1) }) {
                        guard kept.count < most else { break }
                        if kept.allSatisfy({ own[$0].overlap(own[index]) <= limit }) { kept.append(index) }
                    }
                    for index in kept { chosen += [Int64(batch), Int64(label), Int64(index)] }
                }
            }
            return [try ONNXTensor(chosen, shape: [chosen.count / 3, 3], budget)]
        }
    }
}

extension OperatorRegistry {
    static var detectionOperators: Family { [("NonMaxSuppression", 10, DetectionKernels.suppression)] }
}
