import CKernels

/// The thread pool of the libraries: one for the whole process.
///
/// Results never depend on the number of threads.
public enum Threads {
    /// The maximum number of threads.
    package static let largestCount = Int(CK_MAX_THREADS)

    /// The number of threads that compute, the caller's included; by default the processors that the process may use.
    public static var count: Int { Int(ck_thread_count()) }

    /// Sets the number of threads, clamped to 1...`largestCount`.
    public static func setCount(_ count: Int) {
        ck_set_thread_count(Int32(clamping: count))
    }
}
