import Arrays
import CKernels
import Support

/// Whole rows of the kernel matrix of one problem, made in batches, kept up to a limit of memory.
///
/// Row t is stored at `row(t)`: K(t, 0), ..., K(t, N - 1). Rows are made many at a time, because one matrix product of 256
/// rows costs far less than 256 products of one row.
final class KernelRowCache {
    let rows: FeatureRows
    let kernel: KernelFunction
    /// The number of rows that fit.
    let capacity: Int
    /// The number of rows computed, those computed again included.
    private(set) var computed = 0

    /// Memory of capacity x N floats, which the system hands out only where it is written. Owned; freed in deinit.
    private let memory: UnsafeMutablePointer<Float>
    private let byteCount: Int
    private var slotOfRow: [Int32]
    private var rowOfSlot: [Int32]
    private var used = 0
    private var clock = 0

    /// - Precondition: `limit` has room for `leastRows(count)` rows.
    init(_ rows: FeatureRows, kernel: KernelFunction, limit: Int) {
        self.rows = rows
        self.kernel = kernel
        capacity = min(rows.count, limit / (4 * rows.count))
        byteCount = max(64, (capacity * rows.count * 4 + 63) & ~63)  // whole cache lines
        guard let memory = ck_buffer_take(byteCount) else {
            mistake("no memory for a cache of \(byteCount) bytes")
        }
        self.memory = memory.bindMemory(to: Float.self, capacity: capacity * rows.count)
        slotOfRow = [Int32](repeating: -1, count: rows.count)
        rowOfSlot = [Int32](repeating: -1, count: capacity)
    }

    deinit { ck_buffer_give(memory, byteCount) }

    /// Returns the least number of rows that a problem of `count` examples needs kept.
    static func leastRows(_ count: Int) -> Int { min(count, 128) }

    /// Returns whether row `t` is cached.
    func holds(_ t: Int) -> Bool { slotOfRow[t] >= 0 }

    /// Row `t`.
    ///
    /// - Precondition: it is here.
    func row(_ t: Int) -> UnsafePointer<Float> {
        require(slotOfRow[t] >= 0, "a kernel row that is not kept")
        return UnsafePointer(memory + Int(slotOfRow[t]) * rows.count)
    }

    /// Sees to it that the rows `wanted` are here; those of `kept` stay, others may be dropped.
    ///
    /// - Precondition: `wanted` and `kept` together fit.
    /// - Throws: `badData` when a kernel value is not finite.
    func make(_ wanted: [Int], keeping kept: (Int) -> Bool) throws {
        let missing = wanted.filter { slotOfRow[$0] < 0 }
        guard !missing.isEmpty else { return }
        let isWanted = Set(wanted)
        let slots = (0..<missing.count).map { _ in freeSlot { kept($0) || isWanted.contains($0) } }.sorted()
        var first = 0
        while first < missing.count {
            var end = first + 1
            while end < missing.count && slots[end] == slots[end - 1] + 1 && end - first < 512 { end += 1 }
            let target = memory + slots[first] * rows.count
            KernelBlock(kernel, rows, rows: missing[first..<end]).fill(rows, into: target, stride: rows.count)
            for place in first..<end {
                let bad = ck_svm_not_finite(memory + slots[place] * rows.count, rows.count)
                guard bad < 0 else {
                    throw kernel.tooLarge(
                        rows.indices[missing[place]], rows.indices[Int(bad)],
                        memory[slots[place] * rows.count + Int(bad)])
                }
                slotOfRow[missing[place]] = Int32(slots[place])
                rowOfSlot[slots[place]] = Int32(missing[place])
            }
            first = end
        }
        computed += missing.count
    }

    /// Frees a slot that is not in use; the row in it is forgotten.
    private func freeSlot(_ needed: (Int) -> Bool) -> Int {
        if used < capacity {
            used += 1
            return used - 1
        }
        for _ in 0..<capacity {
            let slot = clock
            clock = (clock + 1) % capacity
            let row = Int(rowOfSlot[slot])
            if row >= 0 && !needed(row) {
                slotOfRow[row] = -1
                rowOfSlot[slot] = -1
                return slot
            }
        }
        mistake("more kernel rows are needed at once than the cache holds")
    }
}

extension KernelFunction {
    /// Returns the error of a kernel value that leaves the range of a Float, or is NaN.
    func tooLarge(_ first: Int, _ second: Int, _ value: Float) -> DescentError {
        DescentError(
            .badData,
            first == second
                ? "the kernel of an example with itself is too large for a Float"
                : "the kernel of two examples is too large for a Float",
            at: first == second
                ? "kernel '\(self)', example \(first)" : "kernel '\(self)', examples \(first) and \(second)",
            expected: "a finite number", got: "\(value)",
            advice: width == nil && !isOfOnesOwn
                ? "scale the features" : "scale the features, or take a smaller gamma or degree")
    }

    private var isOfOnesOwn: Bool { if case .custom = self { true } else { false } }
}
