import ArrayFiles
import Arrays
import Glibc
import Support

/// The move of a finished folder to its place. Descent's former files there are removed; the user's are carried over, under
/// their own names or, where the new folder has those already, under free ones.
struct FolderPlacement {
    /// The files of the folder there that may be removed.
    let own: OwnFiles
    /// The notes for the user, a line each.
    private(set) var notes: [String] = []

    init(own: OwnFiles) { self.own = own }

    /// Gives `folder` the name `target`. Other processes see the old folder or the whole new one, where the file system can
    /// exchange names; where it cannot rename a folder at all (a place where something is mounted), its files are exchanged
    /// one after another, and meanwhile it is no model (`FolderFilling`).
    ///
    /// - Throws: `cannotCreate`, `inputOutput`; then the folder at `target` is as it was, or the error says where it is.
    mutating func put(_ folder: String, at target: String) throws {
        // A free name, or an empty folder's.
        if rename(folder, target) == 0 { return Files.sync(directory: PathText.parent(of: target)) }
        guard Files.isRealDirectory(target) else {
            throw Files.failure(.cannotCreate, "cannot make the folder", target)
        }
        if Files.exchange(folder, target) {
            Files.sync(directory: PathText.parent(of: target))
            return clear(folder, into: target)
        }
        let aside = try Files.makeTemporaryDirectory(in: PathText.parent(of: target))
        if rename(target, aside) == 0 {
            guard rename(folder, target) == 0 else {
                let error = Files.failure(.cannotCreate, "cannot make the folder", target)
                rename(aside, target)
                throw error
            }
            Files.sync(directory: PathText.parent(of: target))
            return clear(aside, into: target)
        }
        rmdir(aside)
        try fill(target, from: folder)
    }

    /// Removes our files from a folder that another has replaced, moves all else into that, and removes the folder.
    private mutating func clear(_ old: String, into new: String) {
        // A process that has the old folder open may still add something to it.
        for _ in 0..<3 {
            clear(old, "", into: new)
            if rmdir(old) == 0 { return }
        }
        notes.append("what was in \(new) and could not be moved is kept in \(old)")
    }

    private mutating func clear(_ old: String, _ prefix: String, into new: String) {
        for name in (try? Files.names(in: old)) ?? [] {
            let item = "\(old)/\(name)"
            if prefix.isEmpty, OwnFiles.isDirectory(name), Files.isRealDirectory(item) {
                clear(item, name + "/", into: "\(new)/\(name)")
                rmdir(item)
            } else if own.contains(prefix + name, at: item) {
                unlink(item)
            } else {
                mkdir(new, 0o777)
                keep(item, as: name, in: new, called: prefix + name)
            }
        }
    }

    /// Moves one of the user's files into the new folder.
    private mutating func keep(_ item: String, as name: String, in folder: String, called: String) {
        guard let kept = Self.moveToFreeName(item, name, in: folder) else { return }
        if kept != name {
            notes.append("\(called) was not Descent's: it is kept beside it as \(folder)/\(kept)")
        }
    }

    /// Moves a file or a directory into a folder: under its name, or `NAME-kept.EXTENSION` where that is taken.
    ///
    /// - Returns: the name; nil when it could not be moved.
    static func moveToFreeName(_ item: String, _ name: String, in folder: String, from first: Int = 0)
        -> String?
    {
        let dot = name.dropFirst().lastIndex(of: ".") ?? name.endIndex
        for number in first...10_000 {
            let addition = number == 0 ? "" : number == 1 ? "-kept" : "-kept-\(number)"
            let free = name[..<dot] + addition + name[dot...]
            switch Files.renameToFree(item, "\(folder)/\(free)") {
            case 0: return String(free)
            case EEXIST, ENOTEMPTY: continue
            default: return nil
            }
        }
        return nil
    }

    /// Moves the files of `folder` into `target`, and removes `folder`.
    mutating func fill(_ target: String, from folder: String) throws {
        notes += try FolderFilling(target, own: own).fill(from: folder)
        OwnFiles.removeUnfinished(folder)
    }
}
