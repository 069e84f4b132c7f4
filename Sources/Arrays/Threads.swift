import CKernels

/// The threads that the libraries compute with: one pool for the whole process.
///
/// Results never depend on the number; only the time does.
public enum Threads {
    /// How many threads may compute, the caller's included; the processors that the process may use, at first.
    public static var count: Int { Int(ck_thread_count()) }

    /// Sets how many threads may compute, at least 1.
    public static func setCount(_ count: Int) {
        ck_set_thread_count(Int32(clamping: count))
    }
}
