import Arrays
import CKernels
import ExampleData
import Support

/// Rows gathered from bytes, and the columns that dense layers read them by.
final class GatheredBytes: GatheredRows {
    let shape: [Int]
    let upcoming: UpcomingRows?
    private let source: FeatureMatrix
    private let bytes: NDArray<UInt8>
    private let rows: [Int32]
    /// The tiles, see `ck_byte_tiles`; built when a layer first needs them.
    private var memory: UnsafeMutableRawPointer?
    private var tiles: Int32 = 0
    private var isReady = false

    /// - Precondition: every row is in `0 ..< source.count`.
    init(_ source: FeatureMatrix, _ bytes: NDArray<UInt8>, rows: [Int32], upcoming: UpcomingRows?) {
        source.requireRows(rows)
        shape = [rows.count, source.featureCount]
        (self.source, self.bytes, self.rows, self.upcoming) = (source, bytes, rows, upcoming)
    }

    deinit {
        if let memory { ck_buffer_give(memory, ck_tile_bytes(tiles, shape[1])) }
    }

    var isMostlyZero: Bool { source.isMostlyZero && !rows.isEmpty }

    func array<Scalar: DifferentiableScalar>() -> NDArray<Scalar> {
        NDArray<Scalar>(shape: shape) { target in
            bytes.withUnsafeElements { bytes in
                Scalar.kernels.gatherRows(
                    bytes, width: shape[1], table: source.table, rows: rows, into: target)
            }
        }
    }

    // Bounds: the rows were checked, the table has 256 values, the tiles' memory is as large as ck_tile_bytes says; the
    // arrays' shapes are those of the protocol.

    func layer(weight: NDArray<Float>, bias: NDArray<Float>, activation: ActivationKernel) -> NDArray<Float> {
        let width = weight.shape[1]
        return NDArray<Float>(shape: [rows.count, width]) { y in
            weight.withUnsafeElements { weight in
                bias.withUnsafeElements { bias in
                    withKernelForm {
                        ck_tiled_forward_f32(
                            &$0, width, weight.baseAddress, bias.baseAddress, activation.code,
                            Float(activation.parameter), y.baseAddress)
                    }
                }
            }
        }
    }

    func weightGradient(_ delta: NDArray<Float>, upcoming: UpcomingRows?) -> NDArray<Float> {
        let width = delta.shape[1]
        return NDArray<Float>(shape: [shape[1], width]) { gradient in
            delta.withUnsafeElements { delta in
                upcoming.withKernelForm { upcoming in
                    withKernelForm {
                        ck_tiled_gradient_f32(
                            &$0, width, delta.baseAddress, gradient.baseAddress, upcoming)
                    }
                }
            }
        }
    }

    func descend(
        _ weight: inout NDArray<Float>, _ delta: NDArray<Float>, rate: Float, decay: Float,
        upcoming: UpcomingRows?
    ) {
        let width = delta.shape[1]
        weight.withUnsafeMutableElements { weight in
            delta.withUnsafeElements { delta in
                upcoming.withKernelForm { upcoming in
                    withKernelForm {
                        ck_tiled_descent_f32(
                            &$0, width, delta.baseAddress, weight.baseAddress, rate, decay, upcoming)
                    }
                }
            }
        }
    }

    private func withKernelForm(_ body: (inout ck_byte_tiles) -> Void) {
        if memory == nil {
            tiles = ck_tile_count(rows.count)
            let size = ck_tile_bytes(tiles, shape[1])
            memory = ck_buffer_take(max(64, size))
            // Without memory for tiles the rows are read in place.
            if memory == nil { tiles = 0 }
        }
        bytes.withUnsafeElements { bytes in
            source.table.withUnsafeBufferPointer { table in
                rows.withUnsafeBufferPointer { rows in
                    var form = ck_byte_tiles(
                        dense: bytes.baseAddress, table: table.baseAddress, rows: rows.baseAddress,
                        count: rows.count, width: shape[1], tiles: tiles,
                        ready: isReady ? 1 : 0, memory: memory)
                    body(&form)
                    isReady = form.ready != 0
                }
            }
        }
    }
}
