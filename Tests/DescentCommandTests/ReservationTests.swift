import Descent
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import DescentCommand

/// The end of the program by a second signal, while a model is being saved.
@Suite struct ReservationTests {
    /// What is written beside the place, and the order of what happened.
    private final class Steps: Sendable {
        private let list = Mutex<[String]>([])
        var all: [String] { list.withLock(\.self) }
        func add(_ step: String) { list.withLock { $0.append(step) } }
    }

    @Test func aSecondSignalWaitsForTheSaveThatHasBegun() throws {
        let directory = try TemporaryDirectory()
        let deep = "\(directory.path)/deep"
        let reservation = Reservation(.folder("\(deep)/model"), started: 0)
        _ = try reservation.begin()
        let steps = Steps()
        let (hasBegun, hasEnded) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        Foundation.Thread.detachNewThread {
            reservation.write {
                let unfinished = "\(deep)/.descent-save-abcdef"
                try? FileManager.default.createDirectory(
                    atPath: unfinished, withIntermediateDirectories: true)
                hasBegun.signal()
                // The second signal comes here.
                usleep(200_000)
                try? FileManager.default.removeItem(atPath: unfinished)
                steps.add("written")
            }
        }
        hasBegun.wait()
        reservation.quit {
            steps.add(FileManager.default.fileExists(atPath: deep) ? "left behind" : "gone")
            // Until the program has ended, nothing begins to be written.
            Foundation.Thread.detachNewThread {
                reservation.write { steps.add("written too late") }
                hasEnded.signal()
            }
            usleep(100_000)
            steps.add("ended")
        }
        hasEnded.wait()
        #expect(steps.all == ["written", "gone", "ended", "written too late"])
    }
}
