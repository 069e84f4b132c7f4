import Support

/// The order of a norm: a number p, `.frobenius` or `.nuclear`.
///
/// Of a vector, p: the p-th root of sum |x|^p; 0 counts the non-zero elements, infinity is the largest magnitude and
/// minus infinity the smallest. Of a matrix, 1 and -1: the largest and smallest sum of magnitudes in a column;
/// `.infinity` and `.minusInfinity`: in a row; 2 and -2: the largest and smallest singular value; `.nuclear`: their
/// sum; `.frobenius`: the square root of the sum of squares.
public enum NormOrder: Sendable, Equatable, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    /// The square root of the sum of a matrix's squared elements.
    case frobenius
    /// The sum of a matrix's singular values.
    case nuclear
    /// The order p.
    case number(Double)

    /// The largest magnitude of a vector; the largest sum in a row of a matrix.
    public static let infinity = NormOrder.number(.infinity)
    /// The smallest magnitude of a vector; the smallest sum in a row of a matrix.
    public static let minusInfinity = NormOrder.number(-.infinity)

    /// The order p.
    public init(integerLiteral value: Int) { self = .number(Double(value)) }
    /// The order p.
    public init(floatLiteral value: Double) { self = .number(value) }
}

extension NDArray where Scalar: FloatingScalar {
    /// The norm of all elements as one vector: the square root of the sum of squares (of a matrix, Frobenius).
    public func norm() -> Scalar { square(self).sum().squareRoot() }

    /// The norm of a vector (N) or of a matrix (M, N), as `np.linalg.norm(x, ord)`.
    ///
    /// ```swift
    /// let spectral = w.norm(order: 2)
    /// let rows = w.norm(order: .infinity)
    /// ```
    ///
    /// - Precondition: one axis, or two and one of a matrix's orders.
    /// - Complexity: O(count); with singular values O(M N min(M, N)).
    public func norm(order: NormOrder) -> Scalar {
        require(ndim == 1 || ndim == 2, "Improper number of dimensions to norm.")
        if ndim == 2 { return norm(order: order, axes: (0, 1)).item() }
        guard case .number(let p) = order else {
            mistake("Invalid norm order '\(order == .nuclear ? "nuc" : "fro")' for vectors")
        }
        return norm(order: Scalar(p), axis: 0).item()
    }

    /// The norms of the vectors along `axis`: `order` 2 (Euclid), 1, 0 (the number of non-zero elements), infinity or minus
    /// infinity (the largest, the smallest magnitude), or any p: (sum |x|^p)^(1/p).
    ///
    /// - Precondition: the axis exists; for the infinities it is not empty.
    public func norm(
        order: Scalar = 2, axis: Int, keepingDimensions: Bool = false
    ) -> NDArray {
        switch order {
        case .infinity: return abs(self).max(axis: axis, keepingDimensions: keepingDimensions)
        case -.infinity: return abs(self).min(axis: axis, keepingDimensions: keepingDimensions)
        case 0: return (self .!= 0).asType(Scalar.self).sum(axis: axis, keepingDimensions: keepingDimensions)
        case 1: return abs(self).sum(axis: axis, keepingDimensions: keepingDimensions)
        case 2: return sqrt(square(self).sum(axis: axis, keepingDimensions: keepingDimensions))
        default:
            return power(
                power(abs(self), order).sum(axis: axis, keepingDimensions: keepingDimensions), 1 / order)
        }
    }

    /// The norms of the matrices in the plane of `axes`, as `np.linalg.norm(x, ord, axis=(r, c))`.
    ///
    /// A matrix with NaN has the norm NaN where singular values are needed (NumPy raises an error).
    ///
    /// - Precondition: two different axes; one of a matrix's orders.
    /// - Complexity: O(count); with singular values O(M N min(M, N)) for each matrix (M, N).
    public func norm(
        order: NormOrder = .frobenius, axes: (Int, Int), keepingDimensions: Bool = false
    ) -> NDArray {
        let (rows, columns) = (
            normalized(axis: axes.0, ndim: ndim), normalized(axis: axes.1, ndim: ndim)
        )
        require(rows != columns, "Duplicate axes given.")
        /// Sums along one axis, then the extreme along the other.
        func extreme(ofSumsAlong summed: Int, along other: Int, largest: Bool) -> NDArray {
            let sums = abs(self).sum(axis: summed, keepingDimensions: true)
            return largest
                ? sums.max(axis: other, keepingDimensions: true)
                : sums.min(axis: other, keepingDimensions: true)
        }
        func ofSingularValues(_ value: (NDArray<Scalar>) -> Scalar) -> NDArray {
            let others = (0..<ndim).filter { $0 != rows && $0 != columns }
            let matrices = permuted(others + [rows, columns])
            let kept = Array(matrices.shape.dropLast(2))
            let count = kept.reduce(1, *)
            let (m, n) = (shape[rows], shape[columns])
            let flat = matrices.contiguousCopy().reshaped(count, m, n)
            let values = (0..<count).map { place in
                (try? svd(flat[place], fullMatrices: false)).map { value($0.s) } ?? .nan
            }
            return NDArray(shape: kept, elements: values)
                .reshaped(to: shape.indices.map { $0 == rows || $0 == columns ? 1 : shape[$0] })
        }
        let result: NDArray
        switch order {
        case .frobenius: result = sqrt(square(self).sum(axis: [rows, columns], keepingDimensions: true))
        case .nuclear: result = ofSingularValues { $0.sum() }
        case 2: result = ofSingularValues { $0.max() }
        case -2: result = ofSingularValues { $0.min() }
        case 1: result = extreme(ofSumsAlong: rows, along: columns, largest: true)
        case -1: result = extreme(ofSumsAlong: rows, along: columns, largest: false)
        case .infinity: result = extreme(ofSumsAlong: columns, along: rows, largest: true)
        case .minusInfinity: result = extreme(ofSumsAlong: columns, along: rows, largest: false)
        default: mistake("Invalid norm order for matrices.")
        }
        if keepingDimensions { return result }
        return result.reshaped(to: shape.indices.filter { $0 != rows && $0 != columns }.map { shape[$0] })
    }
}
