import CKernels
import COpenBLAS
import Synchronization

/// How OpenBLAS is called: on one thread of its own, since the pool divides the work, and never twice at once in a
/// build that cannot bear it.
enum OpenBLAS {
    /// The kernels that suit this processor better than those that OpenBLAS took, or nil where its choice is good.
    ///
    /// A release knows the processors of its day by their numbers; on a later one it falls back to kernels of 2006
    /// (Debian 12's 0.3.21 on a Xeon of family 6, model 207: 64 ms instead of 14 for a product of 1024^3). What the
    /// processor can do says more than its number.
    ///
    /// - Parameters:
    ///   - taken: the kernels' name, as `openblas_get_corename` gives it.
    ///   - vectorBits: as `ck_vector_bits` gives it.
    static func betterCore(than taken: String, vectorBits: Int32, isAMD: Bool) -> String? {
        let withAVX512 = ["skylakex", "cooperlake", "sapphirerapids"]
        let withAVX2 = withAVX512 + ["haswell", "zen"]
        if vectorBits >= 512 { return withAVX512.contains(taken.lowercased()) ? nil : "SkylakeX" }
        if vectorBits >= 256 {
            return withAVX2.contains(taken.lowercased()) ? nil : isAMD ? "Zen" : "Haswell"
        }
        return nil
    }

    /// Chooses the kernels by what the processor can do, unless the user has chosen (`OPENBLAS_CORETYPE`) or the build
    /// has only one set.
    private static func chooseCore() {
        guard descent_openblas_may_choose() != 0, let name = openblas_get_corename() else { return }
        let better = betterCore(
            than: String(cString: name), vectorBits: ck_vector_bits(), isAMD: ck_is_amd() != 0)
        if let better { descent_openblas_choose(better) }
    }

    /// Whether calls from several threads at once are safe. The sequential build's buffers have no lock: two first
    /// calls at once gave wrong products here, about one time in three.
    private static let isThreadSafe: Bool = {
        chooseCore()
        openblas_set_num_threads(1)
        return openblas_get_parallel() != 0
    }()

    private static let oneAtATime = Mutex(())

    /// Runs a call into OpenBLAS or its LAPACK.
    static func call<Result>(_ body: () throws -> Result) rethrows -> Result {
        // The OpenMP build takes its number from the calling thread, whatever was said to it before.
        ck_one_openmp_thread()
        if isThreadSafe { return try body() }
        return try oneAtATime.withLock { _ in try body() }
    }
}
