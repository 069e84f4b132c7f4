import CKernels
import Glibc

/// Runs `body` for each part in 0..<`count` on the pool's threads; returns when all have ended.
///
/// The parts run at once, so they must write to memory that no other part reads or writes; each caller says why that
/// holds. Inside a part, another call runs its parts one after another.
///
/// - Precondition: count <= `CK_MAX_PARTS`.
func inParts(_ count: Int, _ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
        let parts = PartsBody(body)
        // The pool calls back before ck_parallel returns, and `parts` lives until then.
        withExtendedLifetime(parts) {
            ck_parallel(
                Int32(count),
                { context, part in
                    guard let context else { return }
                    Unmanaged<PartsBody>.fromOpaque(context).takeUnretainedValue().body(Int(part))
                }, Unmanaged.passUnretained(parts).toOpaque())
        }
    }
}

/// An object that a C callback can name.
private final class PartsBody {
    let body: (Int) -> Void

    init(_ body: @escaping (Int) -> Void) { self.body = body }
}

/// The thread that made it, the only one that reports progress.
struct CallingThread {
    private let thread = pthread_self()

    /// Whether this is that thread.
    var isCurrent: Bool { pthread_equal(pthread_self(), thread) != 0 }
}
