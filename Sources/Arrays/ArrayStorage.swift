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

    @usableFromInline
    init(uninitializedCount count: Int) {
        require(count >= 0, "negative dimensions are not allowed")
        // Rounded up to whole vectors, and never zero, so that an empty array has an address too.
        guard let memory = ck_buffer_take(Self.bytes(for: count)) else {
            outOfMemory(Self.bytes(for: count))
        }
        base = memory.bindMemory(to: Scalar.self, capacity: max(count, 1))
        self.count = count
    }

    deinit { ck_buffer_give(base, Self.bytes(for: count)) }

    /// Rounded up to whole cache lines.
    private static func bytes(for count: Int) -> Int {
        max(64, (count * MemoryLayout<Scalar>.stride + 63) & ~63)
    }
}
