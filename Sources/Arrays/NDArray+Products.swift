import CKernels
import Support

extension NDArray where Scalar: NumericScalar {
    /// C = A B for two matrices that fit, written row-major to `target`.
    fileprivate static func product(_ a: NDArray, _ b: NDArray, into target: UnsafeMutablePointer<Scalar>) {
        if let a = a as? NDArray<Float>, let b = b as? NDArray<Float> {
            target.withMemoryRebound(to: Float.self, capacity: 1) {
                NDArray<Float>.floatingProduct(a, b, into: $0)
            }
        } else if let a = a as? NDArray<Double>, let b = b as? NDArray<Double> {
            target.withMemoryRebound(to: Double.self, capacity: 1) {
                NDArray<Double>.floatingProduct(a, b, into: $0)
            }
        } else {
            let (m, k, n) = (a.shape[0], a.shape[1], b.shape[1])
            var wide = NDArray<Int>.zeros(m, n)
            a.asType(Int.self).withUnsafeElements { left in
                b.asType(Int.self).withUnsafeElements { right in
                    wide.withUnsafeMutableElements { out in
                        left.withMemoryRebound(to: Int64.self) { left in
                            right.withMemoryRebound(to: Int64.self) { right in
                                out.withMemoryRebound(to: Int64.self) { out in
                                    ck_matmul_i64(
                                        m, n, k, left.baseAddress, right.baseAddress, out.baseAddress)
                                }
                            }
                        }
                    }
                }
            }
            wide.asType(Scalar.self).withUnsafeElements { elements in
                guard let first = elements.baseAddress else { return }
                target.initialize(from: first, count: elements.count)
            }
        }
    }
}

/// `np.dot(a, b)`: the inner product of two vectors, the product of two matrices; for more axes the sum over the
/// last axis of `a` and the last but one of `b`. A 0-d array multiplies.
///
/// ```swift
/// let a1 = dot(x, w1) + b1   // (D) or (N, D) times (D, M)
/// ```
///
/// - Precondition: the lengths of those axes are the same.
/// - Complexity: O(M N K).
public func dot<Scalar: NumericScalar>(_ a: NDArray<Scalar>, _ b: NDArray<Scalar>) -> NDArray<Scalar> {
    if a.ndim == 0 || b.ndim == 0 { return a * b }
    let bAxis = Swift.max(0, b.ndim - 2)
    let length = a.shape[a.ndim - 1]
    require(
        length == b.shape[bAxis],
        "shapes \(shapeText(a.shape)) and \(shapeText(b.shape)) not aligned: \(length) (dim \(a.ndim - 1)) != "
            + "\(b.shape[bAxis]) (dim \(bAxis))")
    let aRows = a.shape.dropLast().reduce(1, *)
    let left = a.ndim == 2 ? a : a.reshaped(to: [aRows, length])
    // The summed axis of b first, the others after it in order.
    let moved = b.movingAxis(bAxis, to: 0)
    let bColumns = moved.shape.dropFirst().reduce(1, *)
    let right = moved.ndim == 2 ? moved : moved.reshaped(to: [length, bColumns])
    return NDArray(shape: a.shape.dropLast() + moved.shape.dropFirst()) { target in
        guard let base = target.baseAddress, !target.isEmpty else { return }
        NDArray.product(left, right, into: base)
    }
}

/// `np.matmul(a, b)`, Python's `a @ b`: matrices are multiplied, axes before the last two are broadcast; a vector
/// is a row on the left and a column on the right.
///
/// - Precondition: neither is 0-d; the inner lengths are the same; the other axes broadcast.
/// - Complexity: O(batch M N K).
public func matmul<Scalar: NumericScalar>(_ a: NDArray<Scalar>, _ b: NDArray<Scalar>) -> NDArray<Scalar> {
    require(
        a.ndim > 0 && b.ndim > 0,
        "matmul: Input operand \(a.ndim == 0 ? 0 : 1) does not have enough dimensions (has 0, gufunc core with "
            + "signature (n?,k),(k,m?)->(n?,m?) requires 1)")
    let left = a.ndim == 1 ? a.expandingDimensions(at: 0) : a
    let right = b.ndim == 1 ? b.expandingDimensions(at: 1) : b
    let (m, k) = (left.shape[left.ndim - 2], left.shape[left.ndim - 1])
    let (inner, n) = (right.shape[right.ndim - 2], right.shape[right.ndim - 1])
    require(
        k == inner,
        "matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature "
            + "(n?,k),(k,m?)->(n?,m?) (size \(inner) is different from \(k))")
    let batch = commonShape(Array(left.shape.dropLast(2)), Array(right.shape.dropLast(2)))
    let leftBatch = left.broadcast(to: batch + [m, k])
    let rightBatch = right.broadcast(to: batch + [k, n])
    let result = NDArray<Scalar>(shape: batch + [m, n]) { target in
        guard let base = target.baseAddress, !target.isEmpty else { return }
        for (place, index) in indices(of: batch).enumerated() {
            NDArray.product(leftBatch.view(index), rightBatch.view(index), into: base + place * m * n)
        }
    }
    var shape = batch
    if a.ndim > 1 { shape.append(m) }
    if b.ndim > 1 { shape.append(n) }
    return result.reshaped(to: shape)
}

/// Every index of an array of `shape`, row-major.
private func indices(of shape: [Int]) -> [[ArrayIndex]] {
    shape.reduce([[]]) { prefixes, length in
        prefixes.flatMap { prefix in (0..<length).map { prefix + [.element($0)] } }
    }
}

/// `np.outer(a, b)`: every element of `a` times every element of `b`, (M, N).
public func outer<Scalar: NumericScalar>(_ a: NDArray<Scalar>, _ b: NDArray<Scalar>) -> NDArray<Scalar> {
    a.flattened().expandingDimensions(at: 1) * b.flattened()
}
