import ArrayFiles
import Arrays
import Glibc
import Support

/// A replacement of the model in a folder that must keep its place, file by file: a folder where something is mounted cannot
/// be renamed, and no other folder can get its name.
///
/// 1. All new files are written into a hidden directory in the folder, each to the disk. A full disk shows here, where
///    nothing has been touched.
/// 2. The former files are moved into another hidden directory, `config.json` first: without it a folder is no model. The
///    user's files stay.
/// 3. The new ones are moved to their names, `config.json` last. Moving needs no room.
///
/// A step that fails is undone with all before it, in reverse. Whenever the process or the machine ends, the folder is the
/// former model, the new one, or none, and then the former one's files are together in `.descent-former-...`.
struct FolderFilling {
    /// The prefix of the name of the former files' directory.
    static let formerPrefix = ".descent-former-"

    private typealias Name = ModelFolder.FileName
    private let target: String
    private let own: OwnFiles
    /// Moves a file to a free name; returns 0, or errno. A test lets it fail.
    private let move: (String, String) -> Int32
    /// Writes a file with another's bytes.
    private let copy: (String, String) throws -> Void

    /// Creates the replacement; `own` are Descent's files in the folder.
    init(
        _ target: String, own: OwnFiles, move: @escaping (String, String) -> Int32 = Files.renameToFree,
        copy: @escaping (String, String) throws -> Void = Files.linkOrCopy
    ) {
        (self.target, self.own, self.move, self.copy) = (target, own, move, copy)
    }

    /// Returns what of a folder's former files is in it besides, after a save that was ended half-way; nil when there is
    /// nothing. An empty directory was left before anything was moved, or after the last was removed; it is removed.
    static func former(in folder: String) -> String? {
        (try? Files.names(in: folder))?.lazy.filter { $0.hasPrefix(formerPrefix) }.map { "\(folder)/\($0)" }
            .first { rmdir($0) != 0 }
    }

    /// Fills the folder with the files of another.
    ///
    /// - Returns: the notes for the user, a line each.
    /// - Throws: `cannotCreate`, `inputOutput`; the folder is as it was then, or the error says where its files are.
    func fill(from folder: String) throws -> [String] {
        SavingDirectory.removeAbandoned(in: target)
        let new = try Self.names(in: folder, where: { _ in true })
        let saving = try SavingDirectory(in: target)
        do {
            for name in new {
                if name.contains("/") { mkdir(PathText.parent(of: "\(saving.path)/\(name)"), 0o777) }
                try copy("\(folder)/\(name)", "\(saving.path)/\(name)")
            }
        } catch {
            OwnFiles.removeUnfinished(saving.path)
            throw error
        }
        for directory in [""] + Self.directories { Files.sync(directory: "\(saving.path)/\(directory)") }
        // From here on a process that is killed leaves the new model in two places: its files must not be taken for those of
        // an abandoned save.
        saving.unmark()
        let former = try Files.makeTemporaryDirectory(in: target, prefix: Self.formerPrefix)
        var exchange = Exchange(move: move)
        do {
            let old = try Self.names(in: target) { own.contains($0, at: "\(target)/\($0)") }
            for name in old.reversed() {
                try exchange.move(name, from: target, to: former)
                // On the disk the folder must be no model before anything else of it changes.
                if name == Name.config {
                    for directory in [former, target] { Files.sync(directory: directory) }
                }
            }
            for name in new {
                try exchange.makeRoom(for: name, in: target)
                // Nor may it be one again before all the rest is there.
                if name == Name.config { syncTarget() }
                try exchange.move(name, from: saving.path, to: target)
            }
        } catch let error as DescentError {
            guard exchange.undo() else {
                throw DescentError(
                    error.kind, "the folder is half-way between two models: \(error.what)", at: target,
                    got: error.place,
                    advice:
                        "what is not in the folder itself is in \(former) (the former one's) and in \(saving.path) (the new one's)"
                )
            }
            OwnFiles.removeUnfinished(saving.path)
            remove(former, [])
            throw error.advising("nothing has changed in \(target)")
        }
        syncTarget()
        // The new model is in place: what cannot be tidied up is no failure of the save.
        remove(former, (try? Self.names(in: former, where: { _ in true })) ?? [])
        OwnFiles.removeUnfinished(saving.path)
        Files.removeEmpty(Self.directories.map { "\(target)/\($0)" })
        return exchange.notes
    }

    private func syncTarget() {
        for directory in [""] + Self.directories { Files.sync(directory: "\(target)/\(directory)") }
    }

    /// Removes files of a hidden directory, and those of its directories that are empty.
    private func remove(_ directory: String, _ names: [String]) {
        for name in names { unlink("\(directory)/\(name)") }
        Files.removeEmpty(Self.directories.map { "\(directory)/\($0)" } + [directory])
    }

    private static let directories = [RunFolder.checkpointsName, Name.plots]

    /// Returns the files of a model folder and of its directories, in the order in which they are written: those that make
    /// it a run and a model last.
    private static func names(in folder: String, where holds: (String) -> Bool) throws -> [String] {
        let inner = try directories.filter { Files.isRealDirectory("\(folder)/\($0)") }.flatMap { directory in
            try Files.names(in: "\(folder)/\(directory)").map { "\(directory)/\($0)" }
        }
        let outer = try Files.names(in: folder).filter { !Files.isRealDirectory("\(folder)/\($0)") }
        let last = [Name.run, FolderChecksums.fileName, Name.config]
        return (inner + outer.filter { !last.contains($0) } + last.filter(outer.contains)).filter(holds)
    }
}

/// Moves of files that can be undone.
private struct Exchange {
    let move: (String, String) -> Int32
    private var done: [(from: String, to: String)] = []
    /// The directories that were made for them.
    private var made: [String] = []
    private(set) var notes: [String] = []

    init(move: @escaping (String, String) -> Int32) { self.move = move }

    mutating func move(_ name: String, from folder: String, to other: String) throws {
        let (from, to) = ("\(folder)/\(name)", "\(other)/\(name)")
        if name.contains("/") {
            let directory = PathText.parent(of: to)
            if mkdir(directory, 0o777) == 0 { made.append(directory) }
        }
        let code = move(from, to)
        guard code == 0 else {
            errno = code
            throw Files.failure(.cannotCreate, "cannot make the file", to)
        }
        done.append((from, to))
    }

    /// Renames a file of the user's that has the name of a new one.
    mutating func makeRoom(for name: String, in folder: String) throws {
        let place = "\(folder)/\(name)"
        guard Files.exists(place) else { return }
        let (directory, last) = (PathText.parent(of: place), PathText.name(of: place))
        guard let kept = FolderPlacement.moveToFreeName(place, last, in: directory, from: 1) else {
            throw Files.failure(.cannotCreate, "cannot move what is in the way", place)
        }
        done.append((place, "\(directory)/\(kept)"))
        notes.append("\(name) was not Descent's: it is kept as \(kept)")
    }

    /// Moves all back; returns false when that cannot be done, and then what makes the folder a model has not come back.
    func undo() -> Bool {
        for (from, to) in done.reversed() where move(to, from) != 0 { return false }
        Files.removeEmpty(made)
        return true
    }
}
