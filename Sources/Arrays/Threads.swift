import CKernels

/// The threads that the libraries compute with: one pool for the whole process.
///
/// Results never depend on the number; only the time does.
public enum Threads {
    /// The most threads that the pool has.
    public static let largestCount = Int(CK_MAX_THREADS)

    /// How many threads may compute, the caller's included; the processors that the process may use, at first.
    public static var count: Int { Int(ck_thread_count()) }

    /// Sets how many threads may compute, held to 1...`largestCount`.
    public static func setCount(_ count: Int) {
        ck_set_thread_count(Int32(clamping: count))
    }
}
