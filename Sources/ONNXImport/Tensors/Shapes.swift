import CGraph
import Support

/// Calculations with shapes.
enum Shapes {
    static let mostAxes = Int(CG_MAX_RANK)

    /// Returns the shape to which both are broadcast.
    static func broadcast(_ a: [Int], _ b: [Int]) throws -> [Int] {
        let rank = max(a.count, b.count)
        var result = [Int](repeating: 1, count: rank)
        for axis in 0..<rank {
            let m = axis < rank - a.count ? 1 : a[axis - (rank - a.count)]
            let n = axis < rank - b.count ? 1 : b[axis - (rank - b.count)]
            guard m == n || m == 1 || n == 1 else {
                throw DescentError(.badData, "shapes that cannot be broadcast together", got: "\(a) and \(b)")
            }
            result[axis] = m == 1 ? n : m
        }
        return result
    }

    /// Returns the row-major distances between elements.
    static func strides(_ shape: [Int]) -> [Int] {
        var strides = [Int](repeating: 1, count: shape.count)
        for axis in stride(from: shape.count - 2, through: 0, by: -1) {
            strides[axis] = strides[axis + 1] &* max(shape[axis + 1], 1)
        }
        return strides
    }

    /// Returns the strides with which a tensor of `shape` is read as one of the shape `target`: 0 along what is repeated.
    static func strides(_ shape: [Int], repeatedTo target: [Int]) -> [Int] {
        let own = strides(shape)
        let extra = target.count - shape.count
        return target.indices.map { axis in
            axis < extra || shape[axis - extra] == 1 ? 0 : own[axis - extra]
        }
    }

    /// Returns an axis counted from the front.
    ///
    /// - Throws: `badData` outside -rank ..< rank (`beyond`: one more, for places between axes).
    static func axis(_ axis: Int, rank: Int, beyond: Int = 0) throws -> Int {
        let limit = rank + beyond
        guard axis >= -limit, axis < max(limit, beyond) else {
            throw DescentError(
                .badData, "an axis that the tensor does not have", expected: "\(-limit)..<\(limit)",
                got: "\(axis)")
        }
        return axis < 0 ? axis + limit : axis
    }

    static func product(_ lengths: some Sequence<Int>) -> Int { lengths.reduce(1, &*) }

    /// Returns a product of lengths that do not overflow where they come from a file.
    static func checkedProduct(_ lengths: some Sequence<Int>) throws -> Int {
        var result = 1
        for length in lengths {
            let (product, overflow) = result.multipliedReportingOverflow(by: length)
            guard !overflow else { throw DescentError(.badData, "a size that overflows") }
            result = product
        }
        return result
    }
}
