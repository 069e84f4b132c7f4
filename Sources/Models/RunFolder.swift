import ArrayFiles
import Arrays
import Glibc
import Support
import Training

/// The folder of a run that still trains, or was interrupted: until the model is whole it has only `checkpoints/`.
package struct RunFolder: Sendable {
    static let checkpointsName = "checkpoints"

    /// The folder.
    package let path: String
    /// Whether the run has come to its end: then it goes on only with more epochs.
    package var isFinished = false
    /// What of it may be removed when the model takes its place.
    let own: OwnFiles
    /// The directories that were made for it, the deepest first.
    private let made: [String]
    /// Keeps other processes out as long as there is a copy of this.
    private let lock: RunLock

    /// Whom its lock does not keep out, in words (`RunLock.caveat`).
    package var lockCaveat: String? { lock.caveat }

    /// Where the checkpoints lie.
    package var checkpoints: String { "\(path)/\(Self.checkpointsName)" }
    /// The one to go on from.
    package var last: String { Self.checkpoint(Checkpoints.FileName.last, in: path) }
    /// The one that more epochs go on from.
    package var end: String { Self.checkpoint(Checkpoints.FileName.end, in: path) }

    /// The folder at `path`, which is there, for this process alone.
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

    /// Whether there is a checkpoint of a run that has not come to its end.
    package var canGoOn: Bool { Files.isRegular(last) }

    /// Whether the folder is still where it was when the run began.
    var isInPlace: Bool { lock.isOf(path) }

    /// Gives the place back if nothing lies there yet.
    package func release() {
        guard !made.isEmpty else { return }
        rmdir(checkpoints)
        Files.removeEmpty(made)
    }

    /// Makes room for the first checkpoint of a run that begins: what an older run left there, which is replaced, is not
    /// this one's; what the user has put there under one of our names gets another.
    package func prepareCheckpoints() {
        for name in [Checkpoints.FileName.last, Checkpoints.FileName.best, Checkpoints.FileName.end] {
            let file = "\(checkpoints)/\(name)"
            guard Files.exists(file) else { continue }
            if Files.identity(file) != nil, Checkpoints.isOurs(file) {
                unlink(file)
            } else {
                _ = FolderPlacement.moveToFreeName(file, name, in: checkpoints, from: 1)
            }
        }
    }

    private static func checkpoint(_ name: String, in path: String) -> String {
        "\(path)/\(checkpointsName)/\(name)"
    }

    /// The run to go on with: the one at `path`, or in `parent` the newest that was interrupted. One at `path` may have come
    /// to its end (`isFinished`).
    ///
    /// - Throws: `missingInput` when there is none; `usage` when another process trains there.
    package static func unfinished(at path: String?, in parent: String = "runs") throws -> RunFolder {
        guard let path else {
            let names = Files.isDirectory(parent) ? try Files.names(in: parent) : []
            // By the time of the checkpoint: a name of one's own says nothing about when.
            let found = names.map { "\(parent)/\($0)" }.filter { !Files.isLink($0) }
                .compactMap { path in
                    Files.modified(checkpoint(Checkpoints.FileName.last, in: path)).map {
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
        // Behind a link such as runs/latest lies the folder that is to be completed.
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

    /// The runs below `directory` that have no model yet: those that can go on, and those that a process trains now.
    package static func unfinished(below directory: String) throws -> [(path: String, isTraining: Bool)] {
        try Files.names(in: directory).compactMap { name in
            let path = "\(PathText.trimmed(directory))/\(name)"
            guard Files.isRealDirectory(path), !Files.exists("\(path)/\(ModelFolder.FileName.run)") else {
                return nil
            }
            // A folder that has been taken is empty, or has checkpoints only.
            guard try Files.names(in: path).allSatisfy({ $0 == checkpointsName }) else { return nil }
            let isTraining = RunLock.isHeld(path)
            let canGoOn = Files.isRegular(checkpoint(Checkpoints.FileName.last, in: path))
            return isTraining || canGoOn ? (path, isTraining) : nil
        }
    }

    /// Gives the checkpoints a second name in the folder that will take this one's place: the best, and the one that the run,
    /// or more epochs, go on from.
    func linkCheckpoints(into folder: String) throws {
        let names = [
            Checkpoints.FileName.best, isFinished ? Checkpoints.FileName.end : Checkpoints.FileName.last,
        ]
        let target = "\(folder)/\(Self.checkpointsName)"
        for name in names where Files.isRegular("\(checkpoints)/\(name)") {
            try AtomicFile.createDirectory(at: target)
            try Files.linkOrCopy("\(checkpoints)/\(name)", to: "\(target)/\(name)")
        }
    }

    /// Whether the model at the path is a classical one.
    private static func isClassical(_ path: String) -> Bool {
        let config = "\(path)/\(ModelFolder.FileName.config)"
        guard let text = try? Files.read(config, limit: ModelFolder.textLimit) else { return false }
        return ((try? PipelineConfiguration(json: text, path: config)) ?? nil) != nil
    }

    /// Whether a file in a directory of checkpoints has one of the names that ours have.
    static func isCheckpoint(_ name: String) -> Bool {
        let ours = [Checkpoints.FileName.last, Checkpoints.FileName.best, Checkpoints.FileName.end]
        // A killed run may leave one that was being written.
        return ours.contains(name) || (name.hasSuffix(".tmp") && ours.contains { name.hasPrefix(".\($0).") })
    }

    /// What in a directory of checkpoints is none of ours; nil when nothing.
    static func foreign(in directory: String) throws -> String? {
        try Files.names(in: directory).first { name in
            let file = "\(directory)/\(name)"
            return !isCheckpoint(name) || Files.identity(file) == nil
                || !(name.hasSuffix(".tmp") || Checkpoints.isOurs(file))
        }
    }
}
