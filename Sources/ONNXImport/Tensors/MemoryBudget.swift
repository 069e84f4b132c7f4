import CKernels
import Support
import Synchronization

/// The memory that a model's tensors may take together: a file of fifty bytes can ask for any amount.
final class MemoryBudget: Sendable {
    let limit: Int
    private let used = Atomic<Int>(0)
    private let passes = Atomic<Int>(0)
    /// What the present step has made: a kernel has only its address, and must find it alive.
    private let made = Mutex<[TensorMemory]>([])
    private let keeps: Bool

    /// `keeps`: whether memory is kept until ``endStep()``, by which whoever runs steps gives it back.
    init(limit: Int, keeps: Bool = false) {
        self.limit = limit
        self.keeps = keeps
    }

    func keep(_ memory: TensorMemory) {
        if keeps { made.withLock { $0.append(memory) } }
    }

    /// How much is kept now, for ``endStep(since:)`` of a graph in a node.
    var mark: Int { made.withLock { $0.count } }

    /// Lets go of what nobody else has, of what was made since `mark`.
    func endStep(since mark: Int = 0) {
        guard keeps else { return }
        // Freed after the lock is given back: what goes last goes back to this budget.
        let old = made.withLock { list in
            let first = min(mark, list.count)
            defer { list.removeSubrange(first...) }
            return list[first...]
        }
        withExtendedLifetime(old) {}
    }

    /// Counts one pass of a loop.
    ///
    /// - Throws: `badData` where there were too many: a file of fifty bytes can ask for any number of them.
    func countPass() throws {
        let most = max(1024, limit >> 10)
        guard passes.add(1, ordering: .relaxed).newValue <= most else {
            throw DescentError(
                .badData, "loops of more passes than a model may take", expected: "at most \(most)",
                advice: "raise memoryLimit where the model is opened, if the file is meant to go on so long")
        }
    }

    /// Notes `bytes` more.
    ///
    /// - Throws: `badData` where that is more than the limit.
    func take(_ bytes: Int) throws {
        let (_, now) = used.add(bytes, ordering: .relaxed)
        guard now <= limit else {
            give(bytes)
            throw DescentError(
                .badData, "a tensor that needs more memory than the model may take",
                expected: "at most \(limit) bytes together", got: "\(bytes) bytes more",
                advice: "raise memoryLimit where the model is opened, if the file is meant to be so large")
        }
    }

    func give(_ bytes: Int) { used.subtract(bytes, ordering: .relaxed) }
}

/// The elements of a tensor: memory of its own, or a part of a mapped file.
final class TensorMemory: @unchecked Sendable {
    // Proof of Sendable: it is written by the operator that makes it, before anything else knows it. After that it is only read,
    // but for a fused convolution that makes a sum in its summand's memory: it does so only where `Arguments.take` has found that
    // nothing else refers to this object, so that no other thread has it.
    let base: UnsafeMutableRawPointer
    let count: Int
    private let capacity: Int
    private let budget: MemoryBudget?
    private let owner: FileMap?
    /// Whether it is memory of its own, not of a file.
    var isWritable: Bool { owner == nil }

    /// Takes `count` bytes, which are not set. Kernels must not read past them: behind a mapped tensor there may be no page.
    init(_ count: Int, _ budget: MemoryBudget) throws {
        capacity = (count + 127) / 64 * 64
        try budget.take(capacity)
        guard let base = ck_buffer_take(capacity) else {
            budget.give(capacity)
            throw DescentError(.unavailable, "no memory for a tensor of \(count) bytes")
        }
        self.base = base
        self.count = count
        self.budget = budget
        owner = nil
        budget.keep(self)
    }

    /// Refers to bytes of a mapped file, which nothing writes to; nil for an empty file.
    init?(_ map: FileMap, _ range: Range<Int>) {
        guard let start = map.bytes.baseAddress else { return nil }
        base = UnsafeMutableRawPointer(mutating: start + range.lowerBound)
        count = range.count
        capacity = 0
        budget = nil
        owner = map
    }

    deinit {
        guard let budget else { return }
        ck_buffer_give(base, capacity)
        budget.give(capacity)
    }
}
