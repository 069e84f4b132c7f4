import CKernels

/// The features of a processor that decide in which precision it multiplies.
package struct ProcessorFeatures: Sendable, Hashable {
    /// Whether the processor's vendor is AMD.
    package let isAMD: Bool
    /// Whether the processor multiplies vectors of bfloat16 (AVX-512 BF16).
    package let multipliesBFloat16: Bool
    /// Whether the processor multiplies tiles of bfloat16 (AMX).
    package let multipliesTiles: Bool

    /// Creates a description of a processor.
    package init(isAMD: Bool, multipliesBFloat16: Bool, multipliesTiles: Bool) {
        self.isAMD = isAMD
        self.multipliesBFloat16 = multipliesBFloat16
        self.multipliesTiles = multipliesTiles
    }

    /// The features of this processor.
    package static let current: Self = {
        let this = ck_this_processor().pointee
        return Self(
            isAMD: this.is_amd != 0, multipliesBFloat16: this.avx512_bf16 != 0,
            multipliesTiles: this.amx_bf16 != 0)
    }()
}

extension Precision {
    /// Returns whether a processor has instructions for products in this precision. Without them, factors are rounded
    /// and multiplied in float32: the same arithmetic, slower than not rounding them.
    package func isAvailable(on processor: ProcessorFeatures = .current) -> Bool {
        self == .float32 || processor.multipliesBFloat16
    }

    /// The default precision, as in recipes: bfloat16 on processors where it is faster, else float32.
    ///
    /// It follows from the processor's features alone, so that a run repeated on the same processor is the same run:
    ///
    /// - AMD's processors with AVX-512 BF16 and no tiles (Zen 4): training was 1.1 to 1.5 times as fast as in float32. Their
    ///   multipliers take a vector of pairs in the time of a vector of floats.
    /// - With tiles (AMX), as in Intel's family 6, model 207, it was 0.52 to 0.73 times as fast: oneDNN chooses tiles
    ///   there, whose setup costs more than chunks of small images save.
    /// - Intel's processors without tiles have one multiplier for pairs and two for floats: nothing to gain.
    package static func automatic(on processor: ProcessorFeatures = .current) -> Precision {
        processor.isAMD && processor.multipliesBFloat16 && !processor.multipliesTiles ? .bfloat16 : .float32
    }

    /// Returns a remark for a user who requests this precision; nil where it is at least as fast as float32.
    package func remark(on processor: ProcessorFeatures = .current) -> String? {
        guard self != .float32, self != .automatic(on: processor) else { return nil }
        return isAvailable(on: processor)
            ? "\(rawValue) as asked for: this processor has instructions for it, but float32 is as fast or faster"
            : "\(rawValue) as asked for: this processor has no instructions for it, so float32 is faster"
    }
}
