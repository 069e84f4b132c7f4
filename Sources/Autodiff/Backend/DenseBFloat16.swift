import Arrays
import CKernels
import COneDNN
import Support

/// A matrix rounded to bfloat16, to be multiplied.
///
/// Bounds: `numbers` has room for the elements of the shape, two in each float where they are packed; the product reads
/// exactly those and writes rows x columns floats.
struct BFloat16Matrix {
    let shape: [Int]
    /// Whether two elements are packed into a float, as the processor's instructions read them; without such
    /// instructions each is stored as a float.
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
    func product(transposed: Bool, _ other: BFloat16Matrix, transposed otherTransposed: Bool) -> NDArray<
        Float
    > {
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
                    // The shapes were checked before, so only memory can fail.
                    requireDone(status, "a product of bfloat16")
                }
            }
        }
    }

    private static func halves(_ floats: UnsafeMutablePointer<Float>?) -> UnsafeMutablePointer<UInt16>? {
        UnsafeMutableRawPointer(floats)?.assumingMemoryBound(to: UInt16.self)
    }
}

/// A dense layer with the factors of its three products rounded to bfloat16.
struct DenseBFloat16: DenseKernel {
    private let input: BFloat16Matrix
    private let weight: BFloat16Matrix

    init(input: NDArray<Float>, weight: NDArray<Float>) {
        self.input = BFloat16Matrix(input)
        self.weight = BFloat16Matrix(weight)
    }

    /// The least number of weights for which rounding pays.
    private static var fewestWeights: Int { 1 << 15 }

    /// Returns whether a layer of this many weights is faster in bfloat16.
    static func pays(rows: Int, weights: Int) -> Bool { rows > 0 && weights >= fewestWeights }

    func forward(bias: NDArray<Float>, activation: ActivationKernel) -> NDArray<Float> {
        var y = input.product(transposed: false, weight, transposed: false)
        y.addBias(bias, activation)
        return y
    }

    func gradients(of delta: NDArray<Float>, _ needed: DenseGradients<Float>.Needed) -> DenseGradients<Float>
    {
        let bias = delta.columnSums()
        let delta = BFloat16Matrix(delta)
        return DenseGradients(
            input: needed.input ? delta.product(transposed: false, weight, transposed: true) : nil,
            weight: needed.weight
                ? .array(input.product(transposed: true, delta, transposed: false)) : nil,
            bias: bias)
    }
}
