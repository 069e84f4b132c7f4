import CKernels

extension Precision {
    /// Whether this processor multiplies such numbers. Where it does not, what is asked for in bfloat16 is either slower
    /// than float32 or done in it.
    public var isAvailable: Bool {
        switch self {
        case .float32: true
        case .bfloat16: ck_multiplies_bfloat16() != 0
        }
    }
}
