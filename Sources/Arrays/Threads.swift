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

/// Runs `body` for each part in `0 ..< parts`, on as many threads as `Threads.count` says, and returns when all
/// have ended.
///
/// Choose the parts from the size of the problem, not from the number of threads, so that results keep their bits.
///
/// - Precondition: `body` may run for several parts at once, so parts must not write the same memory.
public func concurrently(parts: Int, _ body: @Sendable (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
        var task = body
        withUnsafeMutablePointer(to: &task) { pointer in
            ck_parallel(
                Int32(clamping: parts),
                { context, part in
                    context?.assumingMemoryBound(to: (@Sendable (Int) -> Void).self).pointee(Int(part))
                }, pointer)
        }
    }
}
