import Glibc
import Synchronization

/// The turns of the networks with a layer of another package's type, of which one is run at a time in the whole process.
enum ForeignLayers {
    private static let turn = Mutex(())
    /// The thread that has the turn; 0 for none.
    private static let owner = Atomic<UInt>(0)

    /// Runs `body` when no other thread is in a `withTurn`.
    ///
    /// A layer may itself call a compiled network with such layers: the thread that has the turn does not wait for it.
    static func withTurn<Result: Sendable>(_ body: () -> Result) -> Result {
        // Only this thread writes its own name here, and takes it away before the turn ends: if it reads it, it has the turn,
        // whatever the others write meanwhile. So no order of memory is needed; the lock orders what `body` does.
        let thread = UInt(pthread_self())
        guard owner.load(ordering: .relaxed) != thread else { return body() }
        return turn.withLock { _ in
            owner.store(thread, ordering: .relaxed)
            defer { owner.store(0, ordering: .relaxed) }
            return body()
        }
    }
}
