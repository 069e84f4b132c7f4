import ArrayFiles
import Foundation
import Support
import Synchronization
import TestSupport
import Testing

@testable import Models

private final class SharedFlag: Sendable { let value = Atomic(false) }
private final class SharedCount: Sendable { let value = Atomic(0) }

/// Who may train in a run's folder.
@Suite struct RunLockTests {
    private func withFolder(_ body: (String) throws -> Void) throws {
        try withTemporaryDirectory(body)
    }

    @Test func oneAtATimeAndAgainWhenItIsFree() throws {
        try withFolder { folder in
            do {
                let lock = try RunLock(folder)
                #expect(RunLock.isHeld(folder))
                #expect(throws: RunLock.refusal(folder)) { try RunLock(folder) }
                withExtendedLifetime(lock) {}
            }
            #expect(!RunLock.isHeld(folder))
            _ = try RunLock(folder)
        }
    }

    /// Looking whether a lock is held takes it for a moment, and so does a child that is about to start; neither may
    /// keep a run from beginning.
    @Test func whoOnlyLooksIsNotInTheWay() throws {
        try withFolder { folder in
            let isOver = SharedFlag()
            let looks = SharedCount()
            for _ in 0..<2 {
                Thread.detachNewThread {
                    while !isOver.value.load(ordering: .relaxed) {
                        _ = RunLock.isHeld(folder)
                        looks.value.add(1, ordering: .relaxed)
                        usleep(100)
                    }
                }
            }
            defer { isOver.value.store(true, ordering: .relaxed) }
            var (refusals, attempts) = (0, 0)
            while attempts < 200 || (looks.value.load(ordering: .relaxed) < 100 && attempts < 100_000) {
                attempts += 1
                do { _ = try RunLock(folder) } catch { refusals += 1 }
                usleep(100)
            }
            #expect(looks.value.load(ordering: .relaxed) >= 100)
            #expect(refusals == 0)
        }
    }

    /// A copy of the descriptor, such as a child has between fork and exec, does not keep the lock.
    @Test func aCopyOfTheDescriptorDoesNotKeepIt() throws {
        try withFolder { folder in
            let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            #expect(FileLock.take(descriptor) == .taken)
            let copy = dup(descriptor)
            defer { close(copy) }
            FileLock.close(descriptor)
            #expect(!RunLock.isHeld(folder))
        }
    }
}
