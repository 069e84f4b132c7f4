import Arrays
import Autodiff
import Testing

/// Which precision is chosen, and what is said of it, by a processor's features alone.
@Suite struct PrecisionTests {
    private static func processor(amd: Bool, vectors: Bool, tiles: Bool) -> ProcessorFeatures {
        ProcessorFeatures(isAMD: amd, multipliesBFloat16: vectors, multipliesTiles: tiles)
    }

    @Test func bfloat16IsTakenWhereItGains() {
        let zen4 = Self.processor(amd: true, vectors: true, tiles: false)
        #expect(Precision.automatic(on: zen4) == .bfloat16)
        #expect(Precision.bfloat16.remark(on: zen4) == nil)
        let others = [
            // Intel's family 6, model 207, and below Zen 3.
            Self.processor(amd: false, vectors: true, tiles: true),
            Self.processor(amd: false, vectors: true, tiles: false),
            Self.processor(amd: true, vectors: true, tiles: true),
            Self.processor(amd: true, vectors: false, tiles: false),
            Self.processor(amd: false, vectors: false, tiles: false),
        ]
        for other in others {
            #expect(Precision.automatic(on: other) == .float32, "\(other)")
            #expect(Precision.bfloat16.isAvailable(on: other) == other.multipliesBFloat16, "\(other)")
            #expect(Precision.float32.isAvailable(on: other) && Precision.float32.remark(on: other) == nil)
        }
        #expect(
            Precision.bfloat16.remark(on: others[0])
                == "bf16 as asked for: this processor has instructions for it, but float32 is as fast or faster"
        )
        #expect(
            Precision.bfloat16.remark(on: others[3])
                == "bf16 as asked for: this processor has no instructions for it, so float32 is faster")
    }

    /// What is asked for is done on every processor: factors have eight bits, so 1 + 2^-9 is multiplied as 1, and
    /// 1 + 2^-7 as it is.
    @Test(arguments: [Precision.float32, .bfloat16])
    func whatIsAskedForIsDone(_ precision: Precision) {
        let tape = Tape<Float>(precision: precision)
        let factors: [Float] = [1 + 0x1p-9, 1 + 0x1p-7]
        for factor in factors {
            let kept = precision == .float32 || factor == factors[1] ? factor : 1
            let x = tape.constant(NDArray(shape: [1, 4, 1, 1], repeating: factor))
            let w = tape.constant(NDArray(shape: [3, 4, 1, 1], repeating: 2))
            let convolved = x.convolution(
                weight: w, bias: nil, geometry: WindowGeometry(kernel: 1),
                precision: precision)
            #expect(convolved.value.elements == [Float](repeating: 8 * kept, count: 3))
            let row = tape.constant(NDArray(shape: [1, 4], repeating: factor))
            let wide = tape.constant(NDArray(shape: [4, 8192], repeating: 2))
            let bias = tape.constant(NDArray(shape: [8192], repeating: 0))
            let product = row.dense(weight: wide, bias: bias).value.elements
            #expect(product == [Float](repeating: 8 * kept, count: 8192))
        }
    }
}
