import Descent
import Lab
import Serving
import Synchronization

/// The runs of a lab: one for each page, a few at once, none that nobody looks at.
final class LabDesk: Sendable {
    /// The most runs at once.
    static let most = 4
    /// How long a run waits for its page to listen.
    static let patience = Duration.seconds(10)

    private struct Place {
        var run: LabRun
        var page: String
        var isListened = false
    }

    private let places = Mutex<[String: Place]>([:])
    /// The runs that have begun and are not over, also those that were ended.
    private let computing = Mutex<[String: LabRun]>([:])

    /// Takes a run in; the former one of the same page ends.
    ///
    /// - Throws: 503 where there are enough.
    func add(_ run: LabRun, of page: String) throws(ServingError) {
        let (former, isTaken) = places.withLock { places in
            let former = places.first { $0.value.page == page }
            if let former { places[former.key] = nil }
            guard places.count < Self.most else { return (former?.value.run, false) }
            places[run.id] = Place(run: run, page: page)
            return (former?.value.run, true)
        }
        former?.stop()
        guard isTaken else {
            throw ServingError(503, "\(Self.most) runs are in progress: close the page of one", retryAfter: 2)
        }
        let id = run.id
        Task { [weak self] in
            try? await Task.sleep(for: Self.patience)
            self?.endIfUnheard(id)
        }
    }

    /// Returns the run, whose page listens from now on.
    ///
    /// - Throws: 404 without one; 409 where somebody listens already.
    func listen(to id: String) throws(ServingError) -> LabRun {
        let (run, isFree) = places.withLock { places in
            let isFree = places[id]?.isListened == false
            if isFree { places[id]?.isListened = true }
            return (places[id]?.run, isFree)
        }
        guard let run else { throw Self.unknown }
        guard isFree else { throw ServingError(409, "the run has a page already") }
        return run
    }

    /// Returns the run.
    ///
    /// - Throws: 404 without one.
    func run(_ id: String) throws(ServingError) -> LabRun {
        guard let run = places.withLock({ $0[id]?.run }) else { throw Self.unknown }
        return run
    }

    /// Begins a run that was taken in, and returns its data in words.
    ///
    /// - Throws: as `LabRun.start`.
    func begin(_ run: LabRun) async throws -> LabDescription {
        computing.withLock { $0[run.id] = run }
        Task {
            await run.over()
            computing.withLock { $0[run.id] = nil }
        }
        return try await run.start()
    }

    /// Ends all runs, and waits until they are over.
    func endAll() async {
        for run in places.withLock({ places in
            defer { places = [:] }
            return places.values.map(\.run)
        }) { run.stop() }
        for run in computing.withLock({ Array($0.values) }) {
            run.stop()
            await run.over()
        }
    }

    /// Ends a run.
    func end(_ id: String) { places.withLock { $0.removeValue(forKey: id) }?.run.stop() }

    /// The number of runs.
    var count: Int { places.withLock { $0.count } }

    private func endIfUnheard(_ id: String) {
        guard places.withLock({ $0[id]?.isListened == false }) else { return }
        end(id)
    }

    private static var unknown: ServingError { ServingError(404, "there is no such run: it has ended") }
}
