import ArrayFiles
import Arrays
import Glibc
import Support

/// The files of a folder that Descent has written itself, and may therefore remove; all else is the user's.
///
/// A file is identified by its contents where the folder has checksums, and afterwards by its inode, its size and its time,
/// and never by its name. A file of the user's under one of our names, or one of ours that the user has changed since, is
/// not ours.
struct OwnFiles: Sendable {
    /// The files' identities by their path in the folder.
    private var known: [String: Files.Identity] = [:]

    /// Creates the empty set, that of a new or empty folder.
    init() {}

    /// Finds those in `folder`.
    ///
    /// `replacing`: whether the model there is to be replaced. Then a damaged model is ours too, but not a text or a picture
    /// that was changed.
    init(in folder: String, replacing: Bool) {
        typealias Name = ModelFolder.FileName
        let config = "\(folder)/\(Name.config)"
        // Without a model there are checkpoints only, which have their names.
        guard Files.identity(config) != nil, let text = try? Files.read(config, limit: ModelFolder.textLimit),
            ModelConfiguration.isOurs(json: text)
        else { return }
        let checksums = try? FolderChecksums(in: folder)
        // A list that cannot be read says nothing of what people may have changed.
        let isDamaged = checksums == nil && Files.exists("\(folder)/\(FolderChecksums.fileName)")
        func add(_ name: String, isForPeople: Bool) {
            let path = "\(folder)/\(name)"
            guard let identity = Files.identity(path) else { return }
            let isOurs =
                name == FolderChecksums.fileName || (replacing && !isForPeople)
                // What an older version has written can be told by its name only.
                || checksums.map { $0.holds(name, at: path) } ?? !(isDamaged && isForPeople)
            if isOurs { known[name] = identity }
        }
        for name in Name.files { add(name, isForPeople: name == Name.card) }
        guard Files.isRealDirectory("\(folder)/\(Name.plots)") else { return }
        for name in (try? Files.names(in: "\(folder)/\(Name.plots)")) ?? [] where name.hasSuffix(".svg") {
            add("\(Name.plots)/\(name)", isForPeople: true)
        }
    }

    /// Returns whether the file with this path in the folder, now at `path`, is ours and unchanged.
    func contains(_ name: String, at path: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 2, parts[0] == RunFolder.checkpointsName {
            return RunFolder.isCheckpoint(String(parts[1])) && Files.identity(path) != nil
        }
        return known[name].map { $0 == Files.identity(path) } ?? false
    }

    /// Returns whether this is one of the directories of a model folder.
    static func isDirectory(_ name: String) -> Bool {
        [RunFolder.checkpointsName, ModelFolder.FileName.plots].contains(name)
    }

    /// Removes a save's files, by name, from a directory that was being filled, and the directory if nothing else is in it.
    static func removeUnfinished(_ directory: String) {
        typealias Name = ModelFolder.FileName
        func isOurs(_ name: String, _ folder: String) -> Bool {
            // A file that was being written has its name between ".NAME." and ".tmp".
            let isTemporary = name.hasPrefix(".") && name.hasSuffix(".tmp")
            let plain = isTemporary ? name.dropFirst() : name[...]
            switch folder {
            case RunFolder.checkpointsName: return RunFolder.isCheckpoint(name)
            case Name.plots: return plain.contains(".svg")
            default:
                return name == SavingDirectory.markName
                    || Name.files.contains { isTemporary ? plain.hasPrefix($0 + ".") : plain == $0 }
            }
        }
        func clear(_ path: String, _ folder: String) {
            for name in (try? Files.names(in: path)) ?? [] {
                let item = "\(path)/\(name)"
                if folder.isEmpty, isDirectory(name), Files.isRealDirectory(item) {
                    clear(item, name)
                } else if isOurs(name, folder), Files.identity(item) != nil {
                    unlink(item)
                }
            }
            rmdir(path)
        }
        clear(directory, "")
    }
}
