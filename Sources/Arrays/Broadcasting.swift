import Support

/// A shape as NumPy writes it: `(2,3)`, `(4,)`, `()`.
@usableFromInline
func shapeText(_ shape: [Int]) -> String {
    shape.count == 1 ? "(\(shape[0]),)" : "(" + shape.map(String.init).joined(separator: ",") + ")"
}

/// The shape that arrays of these shapes have together, or nil if they do not broadcast: axes are aligned at
/// the end, and of two lengths one is 1 or both are the same.
func broadcastShape(_ a: [Int], _ b: [Int]) -> [Int]? {
    if a == b { return a }
    let (long, short) = a.count >= b.count ? (a, b) : (b, a)
    var shape = long
    let shift = long.count - short.count
    for axis in short.indices {
        let x = long[axis + shift]
        let y = short[axis]
        if x == 1 {
            shape[axis + shift] = y
        } else if y != 1 && y != x {
            return nil
        }
    }
    return shape
}

/// The broadcast shape; ends the program with NumPy's message if there is none.
func commonShape(_ a: [Int], _ b: [Int]) -> [Int] {
    guard let shape = broadcastShape(a, b) else {
        mistake(
            "operands could not be broadcast together with shapes \(shapeText(a)) \(shapeText(b))")
    }
    requireSupported(dimensions: shape.count)
    return shape
}

/// Normalises an axis index; negative ones count from the end.
///
/// - Precondition: -ndim <= axis < ndim.
func normalized(axis: Int, ndim: Int) -> Int {
    require(
        axis >= -ndim && axis < ndim, "axis \(axis) is out of bounds for array of dimension \(ndim)")
    return axis < 0 ? axis + ndim : axis
}

extension NDArray {
    /// The strides of this array broadcast to `target`.
    func strides(broadcastTo target: [Int], otherwise message: () -> String) -> [Int] {
        if target == shape { return strides }
        let shift = target.count - ndim
        // Leading axes of length 1 may be dropped in an assignment, as in NumPy.
        if shift < 0 {
            require(shape[..<(-shift)].allSatisfy { $0 == 1 }, message())
        }
        var result = [Int](repeating: 0, count: target.count)
        for axis in target.indices where axis >= shift {
            let length = shape[axis - shift]
            require(length == target[axis] || length == 1, message())
            result[axis] = length == 1 ? 0 : strides[axis - shift]
        }
        return result
    }

    /// A view of `shape` in which this array's axes of length 1 are repeated without a copy
    /// (`np.broadcast_to`).
    ///
    /// - Precondition: the array broadcasts to `shape`.
    /// - Complexity: O(ndim).
    public func broadcast(to shape: [Int]) -> NDArray {
        func message() -> String {
            "operands could not be broadcast together with remapped shapes [original->remapped]: "
                + "\(shapeText(self.shape)) and requested shape \(shapeText(shape))"
        }
        require(shape.count >= ndim, message())
        let strides = strides(broadcastTo: shape, otherwise: message)
        return NDArray(storage: storage, shape: shape, strides: strides, offset: offset)
    }
}
