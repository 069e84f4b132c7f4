import Arrays
import CKernels
import ExampleData
import Support

/// Rows gathered from floats or sparse rows, or a batch of floats that is mostly zero.
final class GatheredFloats: GatheredRows {
    let shape: [Int]
    let upcoming: UpcomingRows? = nil
    private let source: FeatureMatrix
    private let rows: [Int32]

    /// - Precondition: floats or sparse rows; every row is in `0 ..< source.count`.
    init(_ source: FeatureMatrix, rows: [Int32]) {
        source.requireRows(rows)
        shape = [rows.count, source.featureCount]
        (self.source, self.rows) = (source, rows)
    }

    var isMostlyZero: Bool { !rows.isEmpty && source.isMostlyZero }

    func array<Scalar: DifferentiableScalar>() -> NDArray<Scalar> {
        let floats = NDArray<Float>(shape: shape) { target in
            switch source.storage {
            case .bytes: mistake("bytes are gathered as bytes")
            case .floats(let numbers):
                numbers.withUnsafeElements { numbers in
                    guard var place = target.baseAddress, let base = numbers.baseAddress else { return }
                    for row in rows {
                        place.initialize(from: base + Int(row) * shape[1], count: shape[1])
                        place += shape[1]
                    }
                }
            case .sparse(let matrix):
                matrix.withKernelForm(rows: rows) { ck_entries_rows_f32($0, target.baseAddress) }
            }
        }
        return Scalar.kernels.fromSingle(floats)
    }

    // Bounds: the rows were checked, and the arrays' shapes are those of the protocol.

    func layer(weight: NDArray<Float>, bias: NDArray<Float>, activation: ActivationKernel) -> NDArray<Float> {
        let width = weight.shape[1]
        return NDArray<Float>(shape: [rows.count, width]) { y in
            weight.withUnsafeElements { weight in
                bias.withUnsafeElements { bias in
                    matrix.withKernelForm(rows: rows) {
                        ck_entries_forward_f32(
                            $0, width, weight.baseAddress, bias.baseAddress, activation.code,
                            Float(activation.parameter), y.baseAddress)
                    }
                }
            }
        }
    }

    func weightGradient(_ delta: NDArray<Float>, upcoming: UpcomingRows?) -> NDArray<Float> {
        let width = delta.shape[1]
        return NDArray<Float>(shape: [shape[1], width]) { gradient in
            let status = delta.withUnsafeElements { delta in
                matrix.withKernelForm(rows: rows) {
                    ck_entries_gradient_f32($0, width, delta.baseAddress, gradient.baseAddress)
                }
            }
            requireDone(status, "entries of a batch")
        }
    }

    func descend(
        _ weight: inout NDArray<Float>, _ delta: NDArray<Float>, rate: Float, decay: Float,
        upcoming: UpcomingRows?
    ) {
        let width = delta.shape[1]
        let status = weight.withUnsafeMutableElements { weight in
            delta.withUnsafeElements { delta in
                matrix.withKernelForm(rows: rows) {
                    ck_entries_descent_f32(
                        $0, width, delta.baseAddress, weight.baseAddress, rate, decay)
                }
            }
        }
        requireDone(status, "entries of a batch")
    }

    private var matrix: CompressedRows {
        guard let matrix = source.compressed else {
            mistake("rows that are not mostly zero are multiplied whole")
        }
        return matrix
    }
}
