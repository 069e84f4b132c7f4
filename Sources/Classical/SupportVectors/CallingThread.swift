import Glibc

/// The thread that made it, the only one that reports progress.
struct CallingThread {
    private let thread = pthread_self()

    /// Whether this is that thread.
    var isCurrent: Bool { pthread_equal(pthread_self(), thread) != 0 }
}
