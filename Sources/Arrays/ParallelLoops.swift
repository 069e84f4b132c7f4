import CKernels
import Support
import Synchronization

/// Runs `body` for each part in 0 ..< `count` on the pool's threads; returns when all have ended.
///
/// The parts run at once, so they must write to memory that no other part reads or writes; each caller says why that holds. Inside a
/// part, another call runs its parts one after another. What the parts are must follow from the problem's size, never from the number
/// of threads.
package func inParts(_ count: Int, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
        // The pool takes some ten thousands of parts at once.
        for first in stride(from: 0, to: count, by: Int(CK_MAX_PARTS)) {
            let parts = PartsBody { body(first + $0) }
            // The pool calls back before ck_parallel returns, and `parts` lives until then.
            withExtendedLifetime(parts) {
                ck_parallel(
                    Int32(min(Int(CK_MAX_PARTS), count - first)),
                    { context, part in
                        guard let context else { return }
                        Unmanaged<PartsBody>.fromOpaque(context).takeUnretainedValue().body(Int(part))
                    }, Unmanaged.passUnretained(parts).toOpaque())
            }
        }
    }
}

/// An object that a C callback can name.
private final class PartsBody {
    let body: (Int) -> Void

    init(_ body: @escaping (Int) -> Void) { self.body = body }
}

/// Returns the results of `body` for 0 ..< `count`, computed on the pool's threads, one index after the other by whichever thread is
/// free: for work whose parts differ in length.
///
/// - Throws: `interrupted` when it is cancelled; the error of the smallest index of those that threw.
package func inParallel<Value: Sendable>(
    _ count: Int, cancellation: Cancellation? = nil, at place: String? = nil,
    _ body: @Sendable (Int) throws -> Value
) throws -> [Value] {
    let next = Atomic(0)
    let values = Mutex([Value?](repeating: nil, count: count))
    let failure = Mutex<(index: Int, error: any Error)?>(nil)
    // More parts than threads do no harm: those that come late find nothing left.
    inParts(min(count, 64)) { _ in
        while cancellation?.isCancelled != true {
            let index = next.add(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            do {
                let value = try body(index)
                values.withLock { $0[index] = value }
            } catch {
                // Nothing after it is begun; what is before it has been.
                next.store(count, ordering: .relaxed)
                failure.withLock { first in
                    if first.map({ index < $0.index }) ?? true { first = (index, error) }
                }
                return
            }
        }
    }
    try Cancellation.check(cancellation, at: place)
    if let error = failure.withLock({ $0?.error }) { throw error }
    return values.withLock { $0.compactMap { $0 } }
}
