import Arrays
import CKernels
import COneDNN
import Support

/// The transform of rows into codes, which keeps the distance of two codes below that of their rows.
///
/// A row x becomes (P (x - m), |r|): its coordinates along the directions in which the rows differ most, found by
/// subspace iteration on a sample and then turned at random, so that all have like ranges; and the length of what is
/// left. By Pythagoras and the triangle inequality the distance between two such vectors is at most that between the
/// rows. Rounded to bytes, it still is but for an error that is known for each row.
///
/// Any P with orthonormal rows is right; better ones only rule out more.
struct NeighborCoding: Sendable {
    let projection: NDArray<Float>
    let mean: [Float]
    let dims: Int
    let step: Float
    let residualCenter: Float
    /// The number of bits by which scores are shifted down, so that the usual ones fit into 16 bits.
    let shift: Int
    /// Rows of length 1 are coded instead of the rows: for the cosine.
    let isNormalized: Bool

    private static let sampleSize = 2048
    private static let iterations = 5
    /// Rows that are projected at once: their floats stay in the caches.
    private static let blockSize = 2048

    /// Codes of `dims` bytes for these rows, a multiple of 4 at most 256; nil when all rows of the sample are the same.
    init?(_ rows: KernelRows, dims wanted: Int = 64, normalized: Bool = false) {
        require(wanted % 4 == 0 && (4...256).contains(wanted), "\(wanted) dimensions of a code")
        let width = rows.width
        let dims = min(wanted, (width + 1 + 3) / 4 * 4)
        let components = min(dims - 1, width)
        let count = min(rows.count, Self.sampleSize)
        let sample = Self.sample(rows, count: count, normalized: normalized)
        // Integers, so that bytes lose nothing when they are centred.
        let mean = sample.mean(axis: 0).elements.map { normalized ? $0 : $0.rounded() }
        let centered = sample - NDArray(mean)

        var random = RandomState(5)
        var directions = random.randn(components, width)
        for _ in 0..<Self.iterations {
            Self.orthonormalize(&directions)
            let along = matmul(centered, directions.asType(Float.self).T)
            directions = matmul(along.T, centered).asType(Double.self)
        }
        Self.orthonormalize(&directions)
        var turn = random.randn(components, components)
        Self.orthonormalize(&turn)
        let turned = matmul(turn, directions).asType(Float.self)
        let values = matmul(centered, turned.T)

        let inside = square(values).sum(axis: 1)
        let residual = sqrt(maximum(square(centered).sum(axis: 1) - inside, NDArray(Float(0))))
        let spread = max(values.std(axis: 0).max(), residual.std())
        // Beyond, squares leave the range of Float.
        guard spread > 1e-15, spread < 1e15 else { return nil }
        step = spread * Self.boxHalfWidth / 127
        residualCenter = residual.mean()
        let variance = (values.variance(axis: 0).sum() + residual.variance()) / (step * step)
        var shift = 0
        while variance > 16000 * Float(1 << shift) { shift += 1 }
        self.shift = shift
        projection = NDArray(shape: [dims, width]) { target in
            target.initialize(repeating: 0)
            turned.withUnsafeElements { source in
                for (place, value) in source.enumerated() { target[place] = value }
            }
        }
        (self.dims, self.mean, isNormalized) = (dims, mean, normalized)
    }

    /// Values farther out than so many standard deviations are clipped to the wall of the box.
    private static let boxHalfWidth: Float = 3.5

    private static func sample(_ rows: KernelRows, count: Int, normalized: Bool) -> NDArray<Float> {
        let places = (0..<count).map { $0 * rows.count / count }
        let flat: NDArray<Float> =
            switch rows.examples.dense {
            case .bytes(let array): array.reshaped(rows.count, rows.width).taking(places).asType()
            case .floats(let array): array.reshaped(rows.count, rows.width).taking(places)
            }
        guard normalized else { return flat }
        let scales = places.map { rows.norms[$0] > 0 ? Float(1 / rows.norms[$0]) : 0 }
        return flat * NDArray(shape: [count, 1], elements: scales)
    }

    private static func orthonormalize(_ rows: inout NDArray<Double>) {
        let (count, width) = (rows.shape[0], rows.shape[1])
        rows.withUnsafeMutableElements { ck_orthonormalize($0.baseAddress, count, width) }
    }

    /// Returns the codes of rows `range`, as the search takes them.
    ///
    /// `packed`: sixteen rows interleaved, for the rows that are searched (`range` begins at 0); else row after row.
    func codes(of rows: KernelRows, _ range: Range<Int>, packed: Bool) -> RowCodes {
        let padded = packed ? (range.count + 31) / 32 * 32 : range.count
        var codes = [UInt8](repeating: 128, count: padded * dims)
        // Rows that only fill the last block are far from everything.
        var constants = [Int32](repeating: packed ? .max / 2 : 0, count: padded)
        var errors = [Double](repeating: 0, count: range.count)
        var greatest = 0.0
        let inverse = isNormalized ? rows.norms[range].map { $0 > 0 ? 1 / $0 : 0 } : []
        let blockSize = min(Self.blockSize, max(range.count, 1))
        var squares = [Double](repeating: 0, count: blockSize)
        var centered = NDArray<Float>.zeros(blockSize, rows.width)
        var projected = NDArray<Float>.zeros(blockSize, dims)
        rows.withRows(range) { kernelRows in
            mean.withUnsafeBufferPointer { mean in
                var coding = ck_coding()
                (coding.mean, coding.width, coding.dims) = (mean.baseAddress, rows.width, dims)
                (coding.step, coding.residual_center) = (step, residualCenter)
                // A sum of n products in any order is within n/2^24 of the truth, relative to |x| |p| = |x|; one more
                // for centring, eight for the rounding of P and for its rows being orthonormal only nearly. All
                // coordinates may be off at once.
                coding.rounding = Double(rows.width + 9) / 16_777_216 * Double(dims).squareRoot()
                coding.margin = isNormalized ? 1e-6 : 0
                for first in stride(from: 0, to: range.count, by: blockSize) {
                    let count = min(blockSize, range.count - first)
                    var view = kernelRows
                    centered.withUnsafeMutableElements { centered in
                        projected.withUnsafeMutableElements { projected in
                            guard let from = centered.baseAddress, let to = projected.baseAddress else {
                                return
                            }
                            inverse.withUnsafeBufferPointer { inverse in
                                ck_center_rows(
                                    &view, first, count, mean.baseAddress,
                                    inverse.isEmpty ? nil : inverse.baseAddress, from, &squares)
                            }
                            projection.withUnsafeElements { matrix in
                                guard let matrix = matrix.baseAddress else { return }
                                Float.multiplyMatrices(
                                    false, true, count, dims, rows.width, from, rows.width, matrix,
                                    rows.width, to)
                            }
                            codes.withUnsafeMutableBufferPointer { codes in
                                constants.withUnsafeMutableBufferPointer { constants in
                                    errors.withUnsafeMutableBufferPointer { errors in
                                        guard let codes = codes.baseAddress,
                                            let constants = constants.baseAddress,
                                            let errors = errors.baseAddress
                                        else { return }
                                        let error = ck_code_rows(
                                            &coding, to, squares, first, count, packed ? 1 : 0,
                                            packed ? codes : codes + first * dims,
                                            packed ? constants : constants + first, errors + first)
                                        greatest = max(greatest, error)
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
        return RowCodes(codes: codes, constants: constants, errors: errors, greatestError: greatest)
    }
}

/// Codes of rows, and how far each may be from its row.
struct RowCodes: Sendable {
    let codes: [UInt8]
    let constants: [Int32]
    let errors: [Double]
    let greatestError: Double
}
