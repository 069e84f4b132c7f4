import CKernels
import Support

/// The memory behind one or several arrays: `count` scalars, aligned to 64 bytes, freed with the last array
/// that uses it.
///
/// Every access goes through `NDArray`, which keeps it inside `0 ..< count`.
@usableFromInline
final class ArrayStorage<Scalar: ArrayScalar>: @unchecked Sendable {
    // Proof of Sendable: `base` never changes, and the scalars are written only by an NDArray that has found itself the
    // sole owner (isKnownUniquelyReferenced) or by the initialiser before the storage is shared.
    @usableFromInline let base: UnsafeMutablePointer<Scalar>
    @usableFromInline let count: Int
    /// What gives back memory that is not the pool's; nil for the pool's.
    private let release: (@Sendable () -> Void)?

    @usableFromInline
    init(uninitializedCount count: Int) {
        require(count >= 0, "negative dimensions are not allowed")
        // Rounded up to whole vectors, and never zero, so that an empty array has an address too.
        guard let memory = ck_buffer_take(Self.bytes(for: count)) else {
            outOfMemory(Self.bytes(for: count))
        }
        base = memory.bindMemory(to: Scalar.self, capacity: max(count, 1))
        self.count = count
        release = nil
    }

    /// Takes over memory of another origin, a mapped file: initialised, writable (an array that is its sole owner writes
    /// into it), aligned to 64 bytes and readable up to the next multiple of 64.
    init(adopting base: UnsafeMutablePointer<Scalar>, count: Int, release: @escaping @Sendable () -> Void) {
        require(Int(bitPattern: base) % 64 == 0, "memory of arrays begins at a multiple of 64")
        (self.base, self.count, self.release) = (base, count, release)
    }

    deinit {
        if let release { release() } else { ck_buffer_give(base, Self.bytes(for: count)) }
    }

    /// Rounded up to whole cache lines.
    private static func bytes(for count: Int) -> Int {
        max(64, (count * MemoryLayout<Scalar>.stride + 63) & ~63)
    }
}
