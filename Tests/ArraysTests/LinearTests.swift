import Arrays
import Support
import TestSupport
import Testing

/// What NumPy makes of the inputs of Vectors/linear.json (make_linear_vectors.py): shapes alike, values to `tolerance`
/// of the largest one, for sums are taken in other orders; whole numbers exactly.
@Suite("Matrices, tensors, sequences and grids beside NumPy's")
struct LinearTests {
    let file: VectorFile

    init() throws { file = try VectorFile("linear.json") }

    private func input(_ name: String) throws -> NDArray<Double> { try file.doubles("in \(name)") }
    private func whole(_ name: String) throws -> NDArray<Int> { try file.integers("in \(name)") }

    private func expect<Scalar: ArrayScalar>(
        _ name: String, _ got: NDArray<Scalar>, tolerance: Double = 1e-12,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let expected = try file.doubles(name)
        let values = got.asType(Double.self)
        #expect(values.shape == expected.shape, "\(name)", sourceLocation: sourceLocation)
        guard values.shape == expected.shape else { return }
        let unit = tolerance * max(1, expected.elements.filter(\.isFinite).map(\.magnitude).max() ?? 1)
        let bound = Scalar.self is any BinaryInteger.Type ? 0 : unit
        // NumPy says nothing of some residuals: empty arrays.
        let same = zip(values.elements, expected.elements).allSatisfy {
            abs($0 - $1) <= bound || ($0.isNaN && $1.isNaN)
        }
        #expect(same, "\(name): got \(values), expected \(expected)", sourceLocation: sourceLocation)
    }

    @Test("Decompositions of symmetric matrices") func symmetric() throws {
        let s = try input("s")
        try expect("cholesky", cholesky(s))
        try expect("eigvalsh", symmetricEigenvalues(s))
        let (values, vectors) = try symmetricEigen(s)
        try expect("eigvalsh", values)
        #expect(abs(matmul(s, vectors) - vectors * values).max() < 1e-12)
        #expect(abs(matmul(vectors.T, vectors) - NDArray.eye(4)).max() < 1e-13)
        // Only the lower triangle is read.
        try expect("cholesky", cholesky(s.lowerTriangle() + 99 * NDArray.ones(4, 4).upperTriangle(offset: 1)))
        try expect("eigvalsh", symmetricEigenvalues(s.lowerTriangle()))
        #expect(throws: DescentError.self) { _ = try cholesky(-s) }
        #expect(throws: DescentError.self) { _ = try symmetricEigenvalues(s * .nan) }
        let empty = try cholesky(NDArray<Float>.zeros(0, 0))
        #expect(empty.shape == [0, 0])
    }

    @Test("Pseudo-inverses, ranks and least squares") func leastSquaresAreNumPys() throws {
        let (a, low, b) = (try input("a"), try input("low"), try input("b"))
        try expect("pinv", pseudoInverse(a))
        try expect("pinv low", pseudoInverse(low, relativeTolerance: 1e-10))
        try expect("pinv wide", pseudoInverse(a.T))
        let ranks = try [a, low, .zeros(2, 3), input("s"), .zeros(3), .ones(3)].map { try matrixRank($0) }
        try expect("ranks", NDArray(ranks))
        for (name, left, right) in [
            ("", a, b), (" two", a, try input("b2")), (" low", low, b), (" wide", a.T, b[0..<3]),
        ] {
            let found = try leastSquares(left, right)
            try expect("lstsq\(name)", found.solution, tolerance: 1e-11)
            try expect("lstsq residuals\(name)", found.residuals)
            try expect("lstsq rank\(name)", NDArray(found.rank))
            try expect("lstsq values\(name)", found.singularValues)
        }
        let s = try input("s")
        for power in [0, 1, 5, -2] {
            try expect("matrix_power \(power)", matrixPower(s, power), tolerance: 1e-10)
        }
        let single = try leastSquares(a.asType(Float.self), b.asType(Float.self))
        try expect("lstsq", single.solution, tolerance: 1e-6)
    }

    @Test("Polynomials") func polynomials() throws {
        let (x, y) = (try input("x"), try input("y"))
        try expect("polyfit 0", polynomialFit(x, y, degree: 0))
        try expect("polyfit 3", polynomialFit(x, y, degree: 3), tolerance: 1e-11)
        let weights = NDArray([1, 2, 3, 1, 0.5, 1])
        try expect("polyfit weights", polynomialFit(x, y, degree: 2, weights: weights), tolerance: 1e-11)
        try expect("polyval", polynomialValues(NDArray([2, -1, 0.5]), at: input("m")))
        try expect("vander", vandermonde(x, columns: 4))
        try expect("vander int", vandermonde(NDArray([1, 2, 3])))
    }

    @Test("Einstein's summation") func einsteinSums() throws {
        let (a, b, t, u) = (try input("a"), try input("b"), try input("t"), try input("u"))
        let (w, q, x, y) = (try input("w"), try input("q"), try input("x"), try input("y"))
        let (i, j) = (try whole("i"), try whole("j"))
        for text in ["ij,jk->ik", "ij,jk"] { try expect("einsum \(text)", einsum(text, i, j)) }
        for text in ["ii", "ii->i"] { try expect("einsum \(text)", einsum(text, q)) }
        for text in ["ij->ji", "ba"] { try expect("einsum \(text)", einsum(text, a)) }
        try expect("einsum ij->", einsum("ij->", i))
        try expect("einsum ijk,jkl->il", einsum("ijk,jkl->il", t, u))
        for text in ["ijk,ikj->i", "ijk,ikj->ijk", "bij,bjk->bik"] {
            try expect("einsum \(text)", einsum(text, t, w))
        }
        try expect("einsum i,j->ij", einsum("i,j->ij", x, b))
        try expect("einsum i,i", einsum("i,i", b, b))
        for text in ["ijk->kj", "...ij->...ji", "i...->..."] { try expect("einsum \(text)", einsum(text, t)) }
        try expect("einsum ij,jk,kl->il", einsum("ij,jk,kl->il", i, j, j.T))
        try expect("einsum iij->ij", einsum("iij->ij", stack([q, q], axis: 2)))
        try expect("einsum i...,i...->i...", einsum("i...,i...->i...", t, t))
        try expect("einsum ...,...", einsum("...,...", t, t[0]))
        try expect("einsum ij,kj->", einsum("ij,kj->", i, j.T))
        try expect("einsum  i j , j -> i ", einsum(" i j , j -> i ", i, NDArray<Int>.arange(4)))
        try expect("einsum ij...,j->i...", einsum("ij...,j->i...", t, NDArray<Double>.arange(4)))
        try expect("einsum i,j,k->kji", einsum("i,j,k->kji", x[0..<2], b[0..<3], y[0..<2]))
        #expect(einsum("ij->i", NDArray<Double>.zeros(3, 0)) == .zeros(3))
    }

    @Test("Tensor products") func tensorProducts() throws {
        let (a, b, t, m) = (try input("a"), try input("b"), try input("t"), try input("m"))
        let (i, j) = (try whole("i"), try whole("j"))
        try expect("tensordot 2", tensordot(t, input("u")))
        try expect("tensordot 0", tensordot(i, j, axes: 0))
        try expect("tensordot axes", tensordot(t, input("w"), axes: ([1, 0], [2, 0])))
        try expect("kron", kronecker(i, j))
        try expect("kron uneven", kronecker(t[0..<2, 0..<2, 0..<2], NDArray([1.0, 2, 3])))
        try expect("cross", cross(a, a[.slice(by: -1)]))
        try expect("cross axis", cross(t, t[.slice(by: -1)] + 1, axis: 0))
        try expect("cross broadcast", cross(a, NDArray([1.0, 2, 3])))
        try expect("inner", inner(t, m))
        try expect("inner vectors", inner(b, b))
    }

    @Test("Sliding products, interpolation, slopes") func sequences() throws {
        let (b, x, y, m) = (try input("b"), try input("x"), try input("y"), try input("m"))
        let modes: [(String, SlidingProductMode)] = [("full", .full), ("same", .same), ("valid", .valid)]
        for (name, mode) in modes {
            for (sizes, left, right) in [
                ("5 6", b, x), ("6 5", x, b), ("6 3", x, b[0..<3]), ("2 6", b[0..<2], y),
                ("1 6", b[0..<1], y),
                ("6 6", x, y),
            ] {
                try expect("convolve \(name) \(sizes)", convolve(left, right, mode: mode))
                try expect("correlate \(name) \(sizes)", correlate(left, right, mode: mode))
            }
            let i = try whole("i")
            try expect("convolve \(name) 3 4 int", convolve(i[.all, 0], i[0], mode: mode))
            try expect("correlate \(name) 3 4 int", correlate(i[.all, 0], i[0], mode: mode))
        }
        let places = try input("places")
        try expect("interp", interpolate(places, x, y))
        try expect("interp ends", interpolate(places, x, y, left: -9, right: .nan))
        try expect("interp one", interpolate(places, NDArray([2.0]), NDArray([3.0])))
        try expect("gradient", y.gradient())
        try expect("gradient spacing", y.gradient(spacing: 0.5, edgeOrder: 2))
        try expect("gradient axis 0", m.gradients()[0])
        try expect("gradient axis 1", m.gradient(spacing: 2, axis: 1, edgeOrder: 2))
        try expect("gradient coordinates", m.gradient(coordinates: x, axis: 0))
        try expect("gradient coordinates 2", m.gradient(coordinates: x, axis: 0, edgeOrder: 2))
    }

    @Test("Grids and triangles") func grids() throws {
        let (m, t, i) = (try input("m"), try input("t"), try whole("i"))
        try expect("logspace", NDArray<Double>.logspace(-2, 3, 6))
        try expect("logspace base", NDArray<Double>.logspace(0, 4, 4, endpoint: false, base: 2))
        try expect("geomspace", NDArray<Double>.geomspace(1, 1000, 4), tolerance: 0)
        try expect("geomspace down", NDArray<Double>.geomspace(-256, -1, 9))
        try expect("geomspace open", NDArray<Double>.geomspace(2, 32, 4, endpoint: false))
        try expect("geomspace one", NDArray<Double>.geomspace(3, 9, 1))
        try expect("indices", NDArray<Int>.indices(of: [2, 3, 2]))
        try expect("mgrid", NDArray<Int>.mgrid(-1..<2, 3..<5))
        try expect("full_like", NDArray<Int>.full(like: i, 7))
        let choices: [NDArray<Int>] = [.arange(3), [[10], [20]], NDArray(7)]
        try expect("choose", NDArray.choosing([[0, 2, 1], [1, 0, 2]], from: choices))
        for offset in [-1, 0, 2] {
            try expect("tril \(offset)", m.lowerTriangle(offset: offset), tolerance: 0)
            try expect("triu \(offset)", t.upperTriangle(offset: offset), tolerance: 0)
            try expect("tri \(offset)", NDArray<Double>.triangle(3, 4, offset: offset), tolerance: 0)
            try expect("diag \(offset)", i[0].diagonalMatrix(offset: offset))
        }
        try expect("tril vector", i[0].lowerTriangle())
    }

    @Test("Shapes and padding") func shapes() throws {
        let (t, b, m) = (try input("t"), try input("b"), try input("m"))
        let (i, j) = (try whole("i"), try whole("j"))
        try expect("ravel F", t.flattened(order: .columnMajor), tolerance: 0)
        try expect("reshape F", t.reshaped(to: [6, 10], order: .columnMajor), tolerance: 0)
        try expect("resize", i.resized(3, 7))
        try expect("resize less", i.resized(2, 2))
        try expect("atleast 2", b.withAtLeast(axes: 2), tolerance: 0)
        try expect("atleast 3", b.withAtLeast(axes: 3), tolerance: 0)
        try expect("atleast 3 matrix", i.withAtLeast(axes: 3))
        try expect("atleast 3 scalar", NDArray(5.0).withAtLeast(axes: 3))
        try expect("delete", i.removing(at: [1, -1], axis: 1))
        try expect("delete flat", i.removing(at: [0, 5, 5]))
        try expect("insert", i.inserting([[100], [101], [102]], at: [1], axis: 1))
        try expect("insert row", i.inserting([100, 101, 102, 103], at: [1], axis: 0))
        try expect("insert several", i.inserting(NDArray(-1), at: [0, 2, 4], axis: 1))
        try expect("insert flat", i.inserting([100, 101], at: [2, 2]))
        try expect("insert end", NDArray<Int>.arange(4).inserting([7, 8], at: [4, 0]))
        try expect("append", i.appending(i[0..<1], axis: 0))
        try expect("append flat", i.appending([1, 2]))
        try expect("vstack", stackRows([i[0], i[1]]))
        try expect("hstack", stackColumns([i, j[0..<3]]))
        try expect("hstack vectors", stackColumns([i[0], j[0]]))
        let widths = [(before: 1, after: 2), (before: 0, after: 1)]
        let modes: [(String, NumericPaddingMode<Double>, NumericPaddingMode<Int>)] = [
            ("maximum", .maximum, .maximum), ("minimum", .minimum, .minimum), ("mean", .mean, .mean),
            ("median", .median, .median),
        ]
        for (name, mode, wholeMode) in modes {
            try expect("pad \(name)", m.padded(widths, mode: mode))
            try expect("pad \(name) int", i.padded(1, mode: wholeMode))
        }
        try expect(
            "pad linear_ramp",
            m.padded([(before: 1, after: 2), (before: 3, after: 0)], mode: .linearRamp(to: 1)))
        try expect("pad linear_ramp int", i.padded(2, mode: .linearRamp(to: -3)))
    }
}
