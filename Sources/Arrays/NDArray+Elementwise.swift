import CKernels
import Support

// Calls of the typed kernels by the operation's code, the scalar's code, addresses and strides.

extension NDArray {
    /// `operation(a, b)` with broadcasting, in new memory.
    static func binary<Output>(_ operation: Int, _ a: NDArray, _ b: NDArray) -> NDArray<Output> {
        let shape = commonShape(a.shape, b.shape)
        let aStrides = a.strides(broadcastTo: shape) { "" }
        let bStrides = b.strides(broadcastTo: shape) { "" }
        defer { withExtendedLifetime((a.storage, b.storage)) {} }
        return NDArray<Output>(shape: shape) { target in
            guard !target.isEmpty else { return }
            ck_binary(
                Scalar.kernelType, Int32(operation), shape.count, shape, a.start, aStrides, b.start,
                bStrides, target.baseAddress, NDArray.rowMajorStrides(of: shape))
        }
    }

    /// `operation(a, scalar)` in new memory.
    static func binary<Output>(_ operation: Int, _ a: NDArray, _ b: Scalar) -> NDArray<Output> {
        let zeros = [Int](repeating: 0, count: a.ndim)
        defer { withExtendedLifetime(a.storage) {} }
        return NDArray<Output>(shape: a.shape) { target in
            guard !target.isEmpty else { return }
            withUnsafePointer(to: b) { b in
                ck_binary(
                    Scalar.kernelType, Int32(operation), a.ndim, a.shape, a.start, a.strides, b, zeros,
                    target.baseAddress, rowMajorStrides(of: a.shape))
            }
        }
    }

    /// `operation(scalar, b)` in new memory.
    static func binary<Output>(_ operation: Int, _ a: Scalar, _ b: NDArray) -> NDArray<Output> {
        let zeros = [Int](repeating: 0, count: b.ndim)
        defer { withExtendedLifetime(b.storage) {} }
        return NDArray<Output>(shape: b.shape) { target in
            guard !target.isEmpty else { return }
            withUnsafePointer(to: a) { a in
                ck_binary(
                    Scalar.kernelType, Int32(operation), b.ndim, b.shape, a, zeros, b.start, b.strides,
                    target.baseAddress, rowMajorStrides(of: b.shape))
            }
        }
    }

    /// `a = operation(a, b)` in a's memory if it is uniquely referenced.
    ///
    /// - Precondition: `b` broadcasts to a's shape.
    static func update(_ operation: Int, _ a: inout NDArray, _ b: NDArray) {
        let shape = commonShape(a.shape, b.shape)
        require(
            shape == a.shape,
            "non-broadcastable output operand with shape \(shapeText(a.shape)) doesn't match the broadcast "
                + "shape \(shapeText(shape))")
        guard a.ownsItsElements() else {
            a = binary(operation, a, b)
            return
        }
        ck_binary(
            Scalar.kernelType, Int32(operation), a.ndim, a.shape, a.start, a.strides, b.start,
            b.strides(broadcastTo: shape) { "" }, a.start, a.strides)
        withExtendedLifetime(b.storage) {}
    }

    /// `a = operation(a, scalar)` in a's memory if it is uniquely referenced.
    static func update(_ operation: Int, _ a: inout NDArray, _ b: Scalar) {
        guard a.ownsItsElements() else {
            a = binary(operation, a, b)
            return
        }
        withUnsafePointer(to: b) { b in
            ck_binary(
                Scalar.kernelType, Int32(operation), a.ndim, a.shape, a.start, a.strides, b,
                [Int](repeating: 0, count: a.ndim), a.start, a.strides)
        }
    }

    /// `a = operation(a)` in a's memory if it is uniquely referenced.
    ///
    /// - Precondition: the operation's result has the scalar's type.
    static func update(_ operation: Int, _ a: inout NDArray) {
        guard a.ownsItsElements() else {
            a = a.unary(operation)
            return
        }
        ck_unary(
            Scalar.kernelType, Int32(operation), a.ndim, a.shape, a.start, a.strides, a.start,
            a.strides)
    }

    /// `operation(a)` in new memory.
    func unary<Output>(_ operation: Int) -> NDArray<Output> {
        defer { withExtendedLifetime(storage) {} }
        return NDArray<Output>(shape: shape) { target in
            guard !target.isEmpty else { return }
            ck_unary(
                Scalar.kernelType, Int32(operation), ndim, shape, start, strides, target.baseAddress,
                Self.rowMajorStrides(of: shape))
        }
    }
}
