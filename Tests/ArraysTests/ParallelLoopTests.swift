import Support
import Synchronization
import TestSupport
import Testing

@testable import Arrays

/// Loops on the pool's threads: each index once, the first error, an end when it is cancelled.
@Suite struct ParallelLoopTests {
    /// More parts than the pool takes at once.
    @Test(arguments: [0, 1, 7, 1000, 150_000]) func everyPartRunsOnce(count: Int) {
        let counts = Mutex([UInt8](repeating: 0, count: count))
        inParts(count) { part in counts.withLock { $0[part] += 1 } }
        #expect(counts.withLock { $0 == [UInt8](repeating: 1, count: count) })
    }

    @Test func resultsAreInOrder() throws {
        #expect(try inParallel(500) { $0 * $0 } == (0..<500).map { $0 * $0 })
        #expect(try inParallel(0) { $0 } == [])
        // A loop within a part.
        #expect(
            try inParallel(9) { try inParallel($0) { $0 }.reduce(0, +) } == (0..<9).map { $0 * ($0 - 1) / 2 })
    }

    @Test func theFirstErrorIsThrown() {
        let message = failure {
            _ = try inParallel(300) { index in
                if index % 7 == 5 { throw DescentError(.badData, "\(index)") }
                return index
            }
        }
        #expect(message == "badData: 5")
    }

    @Test func aCancellationEndsIt() {
        let cancellation = Cancellation()
        let done = Atomic(0)
        let message = failure {
            _ = try inParallel(100_000, cancellation: cancellation, at: "here") { index in
                if index == 40 { cancellation.cancel() }
                return done.add(1, ordering: .relaxed).newValue
            }
        }
        #expect(message == "interrupted: here: stopped" && done.load(ordering: .relaxed) < 100_000)
    }
}
