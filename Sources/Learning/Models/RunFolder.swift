import ArrayFiles
import Arrays
import Glibc

/// The folder of a run that still trains, or was interrupted: until the model is whole it has only `checkpoints/`.
package struct RunFolder: Sendable {
    static let checkpointsName = "checkpoints"

    /// The folder.
    package let path: String
    /// Whether the run has come to its end, so that there is nothing to go on with.
    package var isFinished = false
    /// Keeps other processes out as long as there is a copy of this.
    private let lock: RunLock

    /// Where the checkpoints lie.
    package var checkpoints: String { "\(path)/\(Self.checkpointsName)" }
    /// The one to go on from.
    package var last: String { Self.last(in: path) }

    /// The folder at `path`, which is there, for this process alone.
    ///
    /// - Throws: `usage` when another process trains there.
    package init(path: String) throws {
        lock = try RunLock(path)
        self.path = path
    }

    private static func last(in path: String) -> String {
        "\(path)/\(checkpointsName)/\(Checkpoints.FileName.last)"
    }

    /// The run to go on with: the one at `path`, or in `parent` the newest that has a checkpoint.
    ///
    /// - Throws: `missingInput` when there is none; `usage` when another process trains there.
    package static func unfinished(at path: String?, in parent: String = "runs") throws -> RunFolder {
        guard let path else {
            let names = Files.isDirectory(parent) ? try Files.names(in: parent) : []
            // By the time of the checkpoint: a name of one's own says nothing about when.
            let found = names.map { "\(parent)/\($0)" }.filter { !Files.isLink($0) }
                .compactMap { path in Files.modified(last(in: path)).map { (path: path, time: $0) } }
                .max { $0.time < $1.time }?.path
            guard let found else {
                throw DescentError(
                    .missingInput, "there is no run to go on with", at: parent,
                    advice: "give its folder to --resume; a run that has ended needs none")
            }
            return try unfinished(at: found)
        }
        // Behind a link such as runs/latest lies the folder that is to be completed.
        guard Files.isDirectory(path) else {
            throw DescentError(.missingInput, "there is no such run", at: path)
        }
        let folder = try RunFolder(
            path: Files.isLink(path) ? Files.resolved(path) ?? path : Files.trimmed(path))
        guard Files.isRegular(folder.last) else {
            throw DescentError(
                .missingInput, "the run has no checkpoint to go on from", at: path, expected: folder.last,
                advice: "it has ended, or was interrupted before its first checkpoint")
        }
        return folder
    }

    /// Gives the checkpoints a second name in the folder that will take this one's place; of a finished run the best only.
    func linkCheckpoints(into folder: String) throws {
        let names = [Checkpoints.FileName.best] + (isFinished ? [] : [Checkpoints.FileName.last])
        let target = "\(folder)/\(Self.checkpointsName)"
        for name in names where Files.isRegular("\(checkpoints)/\(name)") {
            try AtomicFile.createDirectory(at: target)
            let (old, new) = ("\(checkpoints)/\(name)", "\(target)/\(name)")
            if link(old, new) == 0 { continue }
            // A file system without second names.
            let bytes = try Files.read(old, limit: Int.max)
            try AtomicFile.write(bytes, to: new)
        }
    }

    /// What in a directory of checkpoints is none of ours; nil when nothing.
    static func foreign(in directory: String) throws -> String? {
        let ours = [Checkpoints.FileName.last, Checkpoints.FileName.best]
        return try Files.names(in: directory).first { name in
            // A killed run may leave one that was being written.
            let isOurs =
                ours.contains(name) || (name.hasSuffix(".tmp") && ours.contains { name.hasPrefix(".\($0).") })
            return !isOurs || !Files.isRegular("\(directory)/\(name)")
        }
    }
}
