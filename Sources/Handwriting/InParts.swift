import CKernels
import Support
import Synchronization

/// Runs `body` for each part in 0..<`count` on the pool's threads; returns when all have ended.
///
/// The parts run at once, so they must write to memory that no other part reads or writes; each caller says why that holds.
func inParts(_ count: Int, _ body: @Sendable (Int) -> Void) {
    guard count > 0 else { return }
    // The pool takes a limited number of parts; each takes several.
    let parts = min(count, 64)
    withoutActuallyEscaping(body) { body in
        let work = PartsBody { part in
            for index in part * count / parts..<(part + 1) * count / parts { body(index) }
        }
        // The pool calls back before ck_parallel returns, and `work` lives until then.
        withExtendedLifetime(work) {
            ck_parallel(
                Int32(parts),
                { context, part in
                    guard let context else { return }
                    Unmanaged<PartsBody>.fromOpaque(context).takeUnretainedValue().body(Int(part))
                }, Unmanaged.passUnretained(work).toOpaque())
        }
    }
}

/// An object that a C callback can name.
private final class PartsBody {
    let body: (Int) -> Void

    init(_ body: @escaping (Int) -> Void) { self.body = body }
}

/// Memory that several parts write to, each to its own places.
struct SharedBuffer: @unchecked Sendable {
    private let memory: UnsafeMutableBufferPointer<UInt8>

    /// `memory` must stay valid as long as this is used.
    init(_ memory: UnsafeMutableBufferPointer<UInt8>) { self.memory = memory }

    /// Writes `values` from the place `start` on.
    func write(_ values: [UInt8], at start: Int) {
        require(start >= 0 && start + values.count <= memory.count, "a write outside of the buffer")
        for (index, value) in values.enumerated() { memory[start + index] = value }
    }
}

/// The first error that one of several parts met.
final class FirstFailure: Sendable {
    private let first = Mutex<DescentError?>(nil)

    var error: DescentError? {
        get { first.withLock { $0 } }
        set { first.withLock { $0 = $0 ?? newValue } }
    }
}
