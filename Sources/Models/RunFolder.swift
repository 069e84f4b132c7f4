import ArrayFiles
import Arrays
import Glibc
import Support
import Training

/// The folder of a run that still trains, or was interrupted: until the model is whole it has only `checkpoints/`.
package struct RunFolder: Sendable {
    static let checkpointsName = "checkpoints"

    /// The folder's path.
    package let path: String
    /// Whether the run has finished: then it is continued only with more epochs.
    package var isFinished = false
    /// The files that may be removed when the model takes the folder's place.
    let own: OwnFiles
    /// The directories that were made for it, the deepest first.
    private let made: [String]
    /// The lock, which keeps other processes out as long as a copy of this exists.
    private let lock: RunLock

    /// The limits of the lock, in words (`RunLock.caveat`).
    package var lockCaveat: String? { lock.caveat }

    /// The directory of the checkpoints.
    package var checkpoints: String { "\(path)/\(Self.checkpointsName)" }
    /// The checkpoint from which the run is resumed.
    package var last: String { Self.checkpoint(CheckpointPolicy.FileName.last, in: path) }
    /// The checkpoint from which a finished run is continued.
    package var end: String { Self.checkpoint(CheckpointPolicy.FileName.end, in: path) }

    /// Takes the existing folder at `path` for this process alone.
    ///
    /// `made`: the directories that were made for it, the deepest first.
    ///
    /// - Throws: `usage` when another process trains there.
    init(path: String, own: OwnFiles, made: [String] = []) throws {
        lock = try RunLock(path)
        self.path = path
        self.own = own
        self.made = made
    }

    /// Whether there is a checkpoint of a run that has not finished.
    package var canGoOn: Bool { Files.isRegular(last) }

    /// Whether the folder is still at its path of the run's beginning.
    var isInPlace: Bool { lock.isOf(path) }

    /// Gives the place back if it is still empty.
    package func release() {
        guard !made.isEmpty else { return }
        rmdir(checkpoints)
        Files.removeEmpty(made)
    }

    /// Makes room for the first checkpoint of a run that begins: an older run's files, which is replaced, are not this
    /// one's; files of the user's under our names are renamed.
    package func prepareCheckpoints() {
        for name in [
            CheckpointPolicy.FileName.last, CheckpointPolicy.FileName.best, CheckpointPolicy.FileName.end,
        ] {
            let file = "\(checkpoints)/\(name)"
            guard Files.exists(file) else { continue }
            if Files.identity(file) != nil, CheckpointPolicy.isOurs(file) {
                unlink(file)
            } else {
                _ = FolderPlacement.moveToFreeName(file, name, in: checkpoints, from: 1)
            }
        }
    }

    private static func checkpoint(_ name: String, in path: String) -> String {
        "\(path)/\(checkpointsName)/\(name)"
    }

    /// Returns the run to resume: the one at `path`, or the newest interrupted one in `parent`. One at `path` may have
    /// finished (`isFinished`).
    ///
    /// - Throws: `missingInput` when there is none; `usage` when another process trains there.
    package static func unfinished(at path: String?, in parent: String = "runs") throws -> RunFolder {
        guard let path else {
            let names = Files.isDirectory(parent) ? try Files.names(in: parent) : []
            // By the time of the checkpoint: a name of one's own says nothing about when.
            let found = names.map { "\(parent)/\($0)" }.filter { !Files.isLink($0) }
                .compactMap { path in
                    Files.modified(checkpoint(CheckpointPolicy.FileName.last, in: path)).map {
                        (path: path, time: $0)
                    }
                }
                .max { $0.time < $1.time }?.path
            guard let found else {
                throw DescentError(
                    .missingInput, "there is no run to go on with", at: parent,
                    advice: "give its folder to `resuming`; a run that has ended needs none")
            }
            return try unfinished(at: found)
        }
        // A link such as runs/latest points to the folder that is to be completed.
        guard Files.isDirectory(path) else {
            throw DescentError(.missingInput, "there is no such run", at: path)
        }
        let real = Files.isLink(path) ? Files.resolved(path) ?? path : PathText.trimmed(path)
        var folder = try RunFolder(path: real, own: OwnFiles(in: real, replacing: false))
        if Files.isRegular(folder.last) { return folder }
        guard Files.isRegular(folder.end) else {
            guard !isClassical(path) else {
                throw DescentError(
                    .usage, "a classical classifier is trained at once: there is nothing to go on with",
                    at: path,
                    advice: "train it anew, with other settings or more examples")
            }
            throw DescentError(
                .missingInput, "the run has no checkpoint to go on from", at: path, expected: folder.last,
                advice:
                    "it was interrupted before its first checkpoint, made by an older version, or its checkpoints were removed; begin anew"
            )
        }
        folder.isFinished = true
        return folder
    }

    /// Returns the runs below `directory` without a model: those that can be resumed, and those that a process trains now.
    package static func unfinished(below directory: String) throws -> [(path: String, isTraining: Bool)] {
        try Files.names(in: directory).compactMap { name in
            let path = "\(PathText.trimmed(directory))/\(name)"
            guard Files.isRealDirectory(path), !Files.exists("\(path)/\(ModelFolder.FileName.run)") else {
                return nil
            }
            // A folder that has been taken is empty, or has checkpoints only.
            guard try Files.names(in: path).allSatisfy({ $0 == checkpointsName }) else { return nil }
            let isTraining = RunLock.isHeld(path)
            let canGoOn = Files.isRegular(checkpoint(CheckpointPolicy.FileName.last, in: path))
            return isTraining || canGoOn ? (path, isTraining) : nil
        }
    }

    /// Links the checkpoints into the folder that will take this one's place: the best, and the one from which the run, or
    /// more epochs, go on.
    func linkCheckpoints(into folder: String) throws {
        let names = [
            CheckpointPolicy.FileName.best,
            isFinished ? CheckpointPolicy.FileName.end : CheckpointPolicy.FileName.last,
        ]
        let target = "\(folder)/\(Self.checkpointsName)"
        for name in names where Files.isRegular("\(checkpoints)/\(name)") {
            try AtomicFile.createDirectory(at: target)
            try Files.linkOrCopy("\(checkpoints)/\(name)", to: "\(target)/\(name)")
        }
    }

    /// Returns whether the model at the path is a classical one.
    private static func isClassical(_ path: String) -> Bool {
        let config = "\(path)/\(ModelFolder.FileName.config)"
        guard let text = try? Files.read(config, limit: ModelFolder.textLimit) else { return false }
        return ((try? PipelineConfiguration(json: text, path: config)) ?? nil) != nil
    }

    /// Returns whether a file in a directory of checkpoints has one of our names.
    static func isCheckpoint(_ name: String) -> Bool {
        let ours = [
            CheckpointPolicy.FileName.last, CheckpointPolicy.FileName.best, CheckpointPolicy.FileName.end,
        ]
        // A killed run may leave one that was being written.
        return ours.contains(name) || (name.hasSuffix(".tmp") && ours.contains { name.hasPrefix(".\($0).") })
    }

    /// Returns a file in a directory of checkpoints that is not ours; nil when all are.
    static func foreign(in directory: String) throws -> String? {
        try Files.names(in: directory).first { name in
            let file = "\(directory)/\(name)"
            return !isCheckpoint(name) || Files.identity(file) == nil
                || !(name.hasSuffix(".tmp") || CheckpointPolicy.isOurs(file))
        }
    }
}
