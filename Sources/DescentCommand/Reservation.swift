import Descent
import Synchronization

/// The place of the model folder. A folder of the user's choice is taken before the work, so that two trainings never
/// run for one place; a run's own name is always free, and taken when the first checkpoint needs it.
final class Reservation: Sendable {
    private let place: ModelDestination
    private let started: Int
    private let isResumed: Bool
    private let state: Mutex<(folder: RunFolder?, isPrepared: Bool)>

    init(_ place: ModelDestination, started: Int, folder: RunFolder? = nil) {
        self.place = place
        self.started = started
        isResumed = folder != nil
        state = Mutex((folder, false))
    }

    /// The folder, if it has been taken.
    var folder: RunFolder? { state.withLock { $0.folder } }

    /// Takes a folder of the user's choice, if that has not been done.
    ///
    /// - Returns: the processes that this does not keep out, in words; nil where it keeps out all.
    /// - Throws: `cannotCreate`; `usage` when another process trains there.
    func begin() throws -> String? {
        if case .folder = place { _ = try state.withLock { try take(&$0) } }
        return folder?.lockCaveat
    }

    /// Returns the folder of checkpoints; it is taken now if it has not been before.
    func checkpoints() throws -> String {
        try state.withLock { state in
            let folder = try take(&state)
            if !isResumed, !state.isPrepared {
                folder.prepareCheckpoints()
                state.isPrepared = true
            }
            return folder.checkpoints
        }
    }

    /// Gives the place back if it is empty. Its lock lasts as long as this.
    func release() { state.withLock { $0.folder?.release() } }

    private func take(_ state: inout (folder: RunFolder?, isPrepared: Bool)) throws -> RunFolder {
        if let folder = state.folder { return folder }
        let new = try place.reserve(started: started)
        state.folder = new
        return new
    }
}
