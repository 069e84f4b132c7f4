import Synchronization

/// A cancellation token: set from any thread (a signal handler, a button), checked by the work between two steps.
///
/// ```swift
/// let cancellation = Cancellation()
/// Task { try await Task.sleep(for: .seconds(10)); cancellation.cancel() }
/// let history = try trainer.fit(network, on: digits, cancellation: cancellation)   // ends after 10 s
/// ```
public final class Cancellation: Sendable {
    private let flag = Atomic<Bool>(false)

    /// Creates a token that is not cancelled.
    public init() {}

    /// Requests that the work stop after its current step. Safe from any thread, any number of times.
    public func cancel() { flag.store(true, ordering: .relaxed) }

    /// Whether cancellation has been requested.
    public var isCancelled: Bool { flag.load(ordering: .relaxed) }

    /// Throws if cancellation has been requested: the first line of a step, as `Task.checkCancellation()` is.
    ///
    /// `cancellation`: nil for work that cannot be stopped. `place`: the work, as errors name it.
    ///
    /// - Throws: `interrupted`, "stopped".
    package static func check(_ cancellation: Cancellation?, at place: String? = nil) throws(DescentError) {
        if cancellation?.isCancelled == true { throw stopped(at: place) }
    }

    /// Returns the error of work that was cancelled; `after`: how far it was, as "3 methods of 8".
    package static func stopped(at place: String? = nil, after done: String? = nil) -> DescentError {
        DescentError(.interrupted, "stopped" + (done.map { " after \($0)" } ?? ""), at: place)
    }
}
