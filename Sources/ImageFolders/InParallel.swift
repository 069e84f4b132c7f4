import CKernels
import Support
import Synchronization

/// Returns the results of `body` for 0 ..< count, computed on the threads of the pool, one index after the other by whichever
/// thread is free.
///
/// - Throws: `interrupted` when it is cancelled; the error of the smallest index of those that threw.
func inParallel<Value: Sendable>(
    _ count: Int, cancellation: Cancellation? = nil, at place: String? = nil,
    _ body: @escaping @Sendable (Int) throws -> Value
) throws -> [Value] {
    guard count > 0 else { return [] }
    let work = IndexedWork(count, cancellation: cancellation, body)
    // A thread takes an index when it is done with another: pictures differ in size. More parts than threads do no harm.
    let parts = min(count, 64)
    withExtendedLifetime(work) {
        ck_parallel(
            Int32(parts),
            { context, _ in
                guard let context else { return }
                Unmanaged<AnyIndexedWork>.fromOpaque(context).takeUnretainedValue().run()
            }, Unmanaged<AnyIndexedWork>.passUnretained(work).toOpaque())
    }
    try Cancellation.check(cancellation, at: place)
    return try work.values()
}

/// A class without type parameters, which a C callback can name.
private class AnyIndexedWork {
    func run() {}
}

private final class IndexedWork<Value: Sendable>: AnyIndexedWork {
    private struct State {
        var values: [Value?]
        var error: (index: Int, error: any Error)?
    }

    private let count: Int
    private let cancellation: Cancellation?
    private let body: @Sendable (Int) throws -> Value
    private let next = Atomic<Int>(0)
    private let state: Mutex<State>

    init(_ count: Int, cancellation: Cancellation?, _ body: @escaping @Sendable (Int) throws -> Value) {
        (self.count, self.cancellation, self.body) = (count, cancellation, body)
        state = Mutex(State(values: Array(repeating: nil, count: count)))
    }

    override func run() {
        while cancellation?.isCancelled != true {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            do {
                let value = try body(index)
                state.withLock { $0.values[index] = value }
            } catch {
                // Nothing after it is begun; what is before it has been.
                next.store(count, ordering: .relaxed)
                state.withLock { state in
                    if state.error.map({ index < $0.index }) ?? true { state.error = (index, error) }
                }
                return
            }
        }
    }

    func values() throws -> [Value] {
        try state.withLock { state in
            if let error = state.error { throw error.error }
            return state.values.compactMap { $0 }
        }
    }
}
