import CKernels
import COpenBLAS
import Synchronization

/// How OpenBLAS is called: on one thread of its own, since the pool divides the work, and never twice at once in a
/// build that cannot bear it. Which kernels it runs has been settled before the first call (`CKernels/core/openblas.c`).
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
        // The OpenMP build takes its number from the calling thread, whatever was said to it before.
        ck_one_openmp_thread()
        if isThreadSafe { return try body() }
        return try oneAtATime.withLock { _ in try body() }
    }
}
