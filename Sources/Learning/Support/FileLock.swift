import Glibc

/// The lock of an open file or directory (`flock`): one process has it at a time, and the system lets go of it when that
/// process ends, however it ends.
enum FileLock {
    /// How an attempt ended.
    enum Outcome {
        case taken
        /// Somebody else has it.
        case held
        /// The file system has no locks.
        case absent
    }

    /// Takes the lock of an open descriptor; never for more than `patience` milliseconds.
    ///
    /// Patience, because a lock may be held for a moment by nobody who works with it: by a process that only looks whether
    /// it is held, or by a child between fork and exec, which has a copy of every descriptor.
    static func take(_ descriptor: Int32, patience: Int = 0) -> Outcome {
        for wait in 0... {
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return .taken }
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else { return .absent }
            if wait * 5 >= patience { return .held }
            usleep(5000)
        }
        return .held
    }

    /// Lets go of the lock and closes: closing alone would leave it with a child that has a copy of the descriptor.
    static func close(_ descriptor: Int32) {
        guard descriptor >= 0 else { return }
        flock(descriptor, LOCK_UN)
        Glibc.close(descriptor)
    }
}
