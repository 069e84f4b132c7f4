import CKernels

/// Calls `body` once for each part in 0 ..< count, on the threads of the pool; returns when all have ended.
///
/// Parts write to memory of their own.
func forEachPart(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    final class Box: Sendable {
        let body: @Sendable (Int) -> Void
        init(_ body: @escaping @Sendable (Int) -> Void) { self.body = body }
    }
    // The pool takes some thousands of parts at once.
    for first in stride(from: 0, to: count, by: Int(CK_MAX_PARTS)) {
        let box = Box { body(first + $0) }
        // The pool calls back before ck_parallel returns, and `box` lives until then.
        withExtendedLifetime(box) {
            ck_parallel(
                Int32(min(Int(CK_MAX_PARTS), count - first)),
                { context, part in
                    guard let context else { return }
                    Unmanaged<Box>.fromOpaque(context).takeUnretainedValue().body(Int(part))
                }, Unmanaged.passUnretained(box).toOpaque())
        }
    }
}
