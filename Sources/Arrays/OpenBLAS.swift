import CKernels
import COpenBLAS
import Synchronization

/// Calls of OpenBLAS: on one thread of its own, since the pool divides the work, and one at a time in a build that is
/// not thread-safe. Its kernels are chosen before the first call (`CKernels/core/openblas.c`).
enum OpenBLAS {
    /// Whether calls from several threads at once are safe. The sequential build's buffers have no lock: two first
    /// calls at once gave wrong products here, about one time in three.
    private static let isThreadSafe: Bool = {
        openblas_set_num_threads(1)
        return openblas_get_parallel() != 0
    }()

    private static let oneAtATime = Mutex(())

    /// Runs a call into OpenBLAS or its LAPACK.
    static func call<Result>(_ body: () throws -> Result) rethrows -> Result {
        // The OpenMP build takes the number of threads from the calling thread, regardless of earlier settings.
        ck_one_openmp_thread()
        if isThreadSafe { return try body() }
        return try oneAtATime.withLock { _ in try body() }
    }
}
