import CKernels
import COneDNN
import COpenBLAS

// Products of matrices: oneDNN for Float, OpenBLAS for Double. Both divide C by the problem's size alone, so
// that the bits do not depend on the number of threads.

extension Float {
    /// `_FloatingKernels.Product` by oneDNN, on the pool's threads.
    @Sendable package static func multiplyMatrices(
        _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Float>,
        _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int, _ c: UnsafeMutablePointer<Float>
    ) {
        let status = cdnn_matmul_f32(
            transposeA ? 1 : 0, transposeB ? 1 : 0, m, n, k, a, lda, b,
            ldb,
            0, c, n)
        requireDone(
            status, "a product of \(m)x\(k) and \(k)x\(n)"
        )
    }
}

/// The arguments of one product, shared by the parts of a parallel region.
private struct DoubleProduct {
    let transposeA, transposeB: Bool
    let m, n, k, lda, ldb: Int
    let a, b: UnsafePointer<Double>
    let c: UnsafeMutablePointer<Double>
    let parts: Int32
    let byRow: Bool
}

extension Double {
    /// `_FloatingKernels.Product` by OpenBLAS, in blocks of rows or columns of C, on the pool's threads.
    @Sendable package static func multiplyMatrices(
        _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, _ a: UnsafePointer<Double>,
        _ lda: Int, _ b: UnsafePointer<Double>, _ ldb: Int, _ c: UnsafeMutablePointer<Double>
    ) {
        // A part below about a megaflop costs more to hand over than it saves.
        let work = 2 * Double(m) * Double(n) * Double(k)
        let parts = work < 2e6 ? 1 : ck_even_parts(Swift.max(m, n))
        var product = DoubleProduct(
            transposeA: transposeA, transposeB: transposeB, m: m, n: n, k: k, lda: lda, ldb: ldb, a: a, b: b,
            c: c, parts: parts, byRow: m >= n)
        ck_parallel(
            parts,
            { context, part in
                guard let p = context?.assumingMemoryBound(to: DoubleProduct.self).pointee else { return }
                var first = 0
                var end = 0
                ck_part_range(p.byRow ? p.m : p.n, p.parts, part, &first, &end)
                let (start, length) = (first, Int32(end - first))
                guard length > 0 else { return }
                let a = p.byRow ? p.a + start * (p.transposeA ? 1 : p.lda) : p.a
                let b = p.byRow ? p.b : p.b + start * (p.transposeB ? p.ldb : 1)
                OpenBLAS.call {
                    cblas_dgemm(
                        CblasRowMajor, p.transposeA ? CblasTrans : CblasNoTrans,
                        p.transposeB ? CblasTrans : CblasNoTrans, p.byRow ? length : Int32(p.m),
                        p.byRow ? Int32(p.n) : length, Int32(p.k), 1, a, Int32(p.lda), b, Int32(p.ldb), 0,
                        p.c + start * (p.byRow ? p.n : 1), Int32(p.n))
                }
            }, &product)
    }
}

extension NDArray where Scalar: FloatingScalar {
    /// A matrix that BLAS can read: itself, or a row-major copy; whether it is stored transposed; and the distance
    /// between its stored rows.
    private var forBLAS: (matrix: NDArray, transposed: Bool, leading: Int) {
        let (rows, columns) = (shape[0], shape[1])
        if strides[1] == 1 && strides[0] >= Swift.max(1, columns) { return (self, false, strides[0]) }
        if strides[0] == 1 && strides[1] >= Swift.max(1, rows) { return (self, true, strides[1]) }
        return (contiguousCopy(), false, Swift.max(1, columns))
    }

    /// C = A B for two matrices that fit.
    static func floatingProduct(
        _ a: NDArray, _ b: NDArray, into target: UnsafeMutablePointer<Scalar>
    ) {
        let (m, k, n) = (a.shape[0], a.shape[1], b.shape[1])
        guard m > 0 && n > 0 else { return }
        guard k > 0 else {
            target.initialize(repeating: 0, count: m * n)
            return
        }
        let (left, leftTransposed, lda) = a.forBLAS
        let (right, rightTransposed, ldb) = b.forBLAS
        Scalar._floatingKernels.multiplyMatrices(
            leftTransposed, rightTransposed, m, n, k, left.start, lda, right.start, ldb, target)
        withExtendedLifetime((left.storage, right.storage)) {}
    }
}
