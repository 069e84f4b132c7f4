import Synchronization

/// A wish to stop, made from another thread (a signal handler, a button) and seen by the work between two steps.
///
/// ```swift
/// let cancellation = Cancellation()
/// Task { try await Task.sleep(for: .seconds(10)); cancellation.cancel() }
/// let history = try trainer.fit(network, on: digits, cancellation: cancellation)   // ends after 10 s
/// ```
public final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    /// A wish not yet made.
    public init() {}

    /// Asks the work to stop after the step it is in. Any thread, any number of times.
    public func cancel() { flag.store(true, ordering: .relaxed) }

    /// Whether the work has been asked to stop.
    public var isCancelled: Bool { flag.load(ordering: .relaxed) }

    /// Ends work that has been asked to stop: a step's first line, as `Task.checkCancellation()` is.
    ///
    /// `cancellation`: nil for work that cannot be stopped. `place`: the work, as errors name it.
    ///
    /// - Throws: `interrupted`, "stopped".
    package static func check(_ cancellation: Cancellation?, at place: String? = nil) throws {
        if cancellation?.isCancelled == true { throw DescentError(.interrupted, "stopped", at: place) }
    }
}
