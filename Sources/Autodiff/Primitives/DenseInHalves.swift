import Arrays
import CKernels
import COneDNN

/// A matrix rounded to bfloat16, to be multiplied.
///
/// Bounds: `numbers` has room for as many as the shape says, two in each float where they are packed; the product reads
/// exactly those and writes rows x columns floats.
struct HalfMatrix {
    let shape: [Int]
    /// Whether two lie in a float, as the processor's instructions read them; else each is a float, for want of them.
    let isPacked: Bool
    private let numbers: NDArray<Float>

    init(_ matrix: NDArray<Float>, isPacked: Bool = Precision.bfloat16.isAvailable()) {
        shape = matrix.shape
        self.isPacked = isPacked
        numbers = NDArray(shape: isPacked ? [(matrix.count + 1) / 2] : shape) { target in
            matrix.withUnsafeElements {
                if isPacked {
                    ck_to_bfloat16_in_parts($0.count, $0.baseAddress, Self.halves(target.baseAddress))
                } else {
                    ck_round_to_bfloat16_in_parts($0.count, $0.baseAddress, target.baseAddress)
                }
            }
        }
    }

    /// op(self) op(other), either read transposed; sums are float32.
    ///
    /// - Precondition: the inner lengths are equal and not zero; both are packed, or neither.
    func product(transposed: Bool, _ other: HalfMatrix, transposed otherTransposed: Bool) -> NDArray<Float> {
        let (rows, depth) = transposed ? (shape[1], shape[0]) : (shape[0], shape[1])
        let (otherDepth, columns) =
            otherTransposed ? (other.shape[1], other.shape[0]) : (other.shape[0], other.shape[1])
        require(depth == otherDepth && depth > 0, "shapes \(shape) and \(other.shape) not aligned")
        guard isPacked else {
            return numbers.product(transposed: transposed, other.numbers, transposed: otherTransposed)
        }
        return NDArray(shape: [rows, columns]) { target in
            numbers.withUnsafeElements { a in
                other.numbers.withUnsafeElements { b in
                    let status = cdnn_matmul_half(
                        transposed ? 1 : 0, otherTransposed ? 1 : 0, rows, columns,
                        depth,
                        Self.halves(UnsafeMutablePointer(mutating: a.baseAddress)), shape[1],
                        Self.halves(UnsafeMutablePointer(mutating: b.baseAddress)), other.shape[1],
                        target.baseAddress, columns)
                    // The shapes were checked before; what is left is memory.
                    requireDone(status, "a product of bfloat16")
                }
            }
        }
    }

    private static func halves(_ floats: UnsafeMutablePointer<Float>?) -> UnsafeMutablePointer<UInt16>? {
        UnsafeMutableRawPointer(floats)?.assumingMemoryBound(to: UInt16.self)
    }
}

extension Tensor {
    /// So few weights are multiplied before they are rounded.
    private static var fewestWeightsInHalves: Int { 1 << 15 }

    /// The layer `dense` with the factors of its three products rounded to bfloat16; nil where they are float32: on
    /// tapes of that precision, in `Double`, for rows kept without their zeros, and for small layers.
    func denseInHalves(weight: Tensor, bias: Tensor, activation: Activation) -> Tensor? {
        let (rows, width) = (shape[0], weight.shape[1])
        guard tape.precision == .bfloat16, rows > 0,
            weight.shape[0] * width >= Self.fewestWeightsInHalves, mostlyZeroRows == nil,
            let x = self as? Tensor<Float>, let w = weight as? Tensor<Float>, let b = bias as? Tensor<Float>
        else { return nil }
        let (halfX, halfW) = (HalfMatrix(x.value), HalfMatrix(w.value))
        var y = halfX.product(transposed: false, halfW, transposed: false)
        y.withUnsafeMutableElements { y in
            b.value.withUnsafeElements { Float.kernels.addBias($0, activation: activation, rows: rows, to: y) }
        }
        let (result, inputNeeds, weightNeeds) = (y, needsGradient, weight.needsGradient)
        let recorded = x.tape.record(result, from: [x, w, b]) { upstream in
            let delta =
                activation == .identity ? upstream : upstream.activationGradient(activation, y: result)
            let biasGradient = NDArray<Float>(shape: [width]) { sums in
                delta.withUnsafeElements { Float.kernels.sumColumns($0, rows: rows, into: sums) }
            }
            let halfDelta = HalfMatrix(delta)
            return [
                inputNeeds ? halfDelta.product(transposed: false, halfW, transposed: true) : nil,
                weightNeeds ? halfX.product(transposed: true, halfDelta, transposed: false) : nil,
                biasGradient,
            ]
        }
        return recorded as? Tensor
    }
}
