import CKernels
import COneDNN
import COpenBLAS

/// One operand of a matrix product: its memory as stored, and whether it is used transposed.
public struct MatrixOperand<Scalar: ArrayScalar> {
    let elements: UnsafeBufferPointer<Scalar>
    let leadingDimension: Int
    let isTransposed: Bool

    /// The operand whose rows of `leadingDimension` numbers are `elements`; read transposed if asked.
    public init(_ elements: UnsafeBufferPointer<Scalar>, leadingDimension: Int, transposed: Bool = false) {
        self.elements = elements
        self.leadingDimension = leadingDimension
        self.isTransposed = transposed
    }

    /// Whether the memory holds a `rows` x `columns` operand.
    func holds(rows: Int, columns: Int) -> Bool {
        let (stored, width) = isTransposed ? (columns, rows) : (rows, columns)
        return width <= leadingDimension && (stored == 0 || (stored - 1) * leadingDimension + width <= elements.count)
    }
}

/// A scalar that matrix products exist for: `Float` by oneDNN, `Double` by OpenBLAS.
///
/// C = op(A) op(B) + beta C, with op(A) M x K, op(B) K x N and C M x N, row-major. Work is divided over the
/// threads by C's rows, in parts that follow from the shapes alone, so the bits do not depend on the number of
/// threads.
public protocol MatrixScalar: FloatingScalar {
    /// Writes op(A) op(B) + `beta` C to `target` (C, contiguous).
    ///
    /// - Precondition: the operands and `target` hold `rows` x `depth`, `depth` x `columns` and
    ///   `rows` x `columns` numbers.
    /// - Complexity: O(M N K).
    static func multiplyMatrices(
        _ a: MatrixOperand<Self>, _ b: MatrixOperand<Self>, rows: Int, columns: Int, depth: Int, beta: Self,
        into target: UnsafeMutableBufferPointer<Self>)
}

extension MatrixScalar {
    @inline(__always)
    static func check(
        _ a: MatrixOperand<Self>, _ b: MatrixOperand<Self>, rows: Int, columns: Int, depth: Int, targetCount: Int
    ) {
        precondition(
            a.holds(rows: rows, columns: depth) && b.holds(rows: depth, columns: columns)
                && targetCount >= rows * columns,
            "matrix product: operands too small for (\(rows),\(depth)) and (\(depth),\(columns))")
    }
}

extension Float: MatrixScalar {
    /// oneDNN's product.
    public static func multiplyMatrices(
        _ a: MatrixOperand<Float>, _ b: MatrixOperand<Float>, rows: Int, columns: Int, depth: Int, beta: Float,
        into target: UnsafeMutableBufferPointer<Float>
    ) {
        check(a, b, rows: rows, columns: columns, depth: depth, targetCount: target.count)
        let status = cdnn_matmul_f32(
            a.isTransposed ? 1 : 0, b.isTransposed ? 1 : 0, Int64(rows), Int64(columns), Int64(depth),
            a.elements.baseAddress, Int64(a.leadingDimension), b.elements.baseAddress, Int64(b.leadingDimension),
            beta, target.baseAddress, Int64(max(columns, 1)))
        precondition(status == 0, "oneDNN could not multiply (\(rows),\(depth)) and (\(depth),\(columns)): \(status)")
    }
}

extension Double: MatrixScalar {
    /// OpenBLAS's product; oneDNN has none in double precision.
    public static func multiplyMatrices(
        _ a: MatrixOperand<Double>, _ b: MatrixOperand<Double>, rows: Int, columns: Int, depth: Int, beta: Double,
        into target: UnsafeMutableBufferPointer<Double>
    ) {
        check(a, b, rows: rows, columns: columns, depth: depth, targetCount: target.count)
        guard rows > 0, columns > 0 else { return }
        guard depth > 0 else {
            for place in 0..<(rows * columns) { target[place] *= beta }
            return
        }
        let work = 2 * Double(rows) * Double(columns) * Double(depth)
        let parts = min(rows, work < 2e6 ? 1 : work < 64e6 ? 2 : 16)
        // The pointers outlive the region: `concurrently` returns when every part has.
        nonisolated(unsafe) let (x, y, z) = (a, b, target)
        concurrently(parts: parts) { part in
            let first = rows * part / parts
            let end = rows * (part + 1) / parts
            cblas_dgemm(
                CblasRowMajor, x.isTransposed ? CblasTrans : CblasNoTrans, y.isTransposed ? CblasTrans : CblasNoTrans,
                Int32(end - first), Int32(columns), Int32(depth), 1,
                x.elements.baseAddress.map { $0 + (x.isTransposed ? first : first * x.leadingDimension) },
                Int32(x.leadingDimension), y.elements.baseAddress, Int32(y.leadingDimension), beta,
                z.baseAddress.map { $0 + first * columns }, Int32(columns))
        }
    }
}
