import CKernels

/// The number of threads that Descent computes with; results have the same bits with any number.
public enum Threads {
    /// Threads in use, the caller's own included; at first the number of processors of this process.
    public static var count: Int { Int(ck_thread_count()) }

    /// Uses so many threads from now on.
    ///
    /// - Precondition: 1...1024.
    public static func use(_ count: Int) {
        precondition((1...1024).contains(count), "a number of threads is 1...1024, not \(count)")
        ck_set_thread_count(Int32(count))
    }
}
