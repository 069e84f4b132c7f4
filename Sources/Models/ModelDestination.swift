import ArrayFiles
import Arrays
import Glibc
import Support

/// The destination of a saved model: an explicit folder, or a new run under `runs/`.
public enum ModelDestination: Equatable, Sendable {
    /// A folder of the caller's choice; an existing model there is replaced only when `replacing`.
    case folder(String, replacing: Bool = false)
    /// A run `PARENT/DATE-NAME`, with `PARENT/latest` pointing to it: `descent train` uses it, with "runs".
    case run(in: String = "runs", name: String)

    /// Checks that the folder can be made, so that a long training does not end in an error: makes a directory there and
    /// removes it again.
    ///
    /// - Throws: `cannotCreate` when it cannot be made, or when something is there that may not be replaced.
    package func check() throws {
        switch self {
        case .folder(let path, let replacing):
            guard !path.isEmpty else {
                throw DescentError(.cannotCreate, "an empty path", at: "`folder`", advice: "give a folder")
            }
            try Self.probe(PathText.parent(of: Self.target(path, replacing)))
        case .run(let parent, let name):
            guard !name.isEmpty, !name.contains("/"), name.utf8.count <= 100 else {
                throw DescentError(
                    .usage, "not a name for a run", at: "`name`", expected: "1 to 100 letters without '/'",
                    got: "'\(name)'")
            }
            try Self.checkLatest(parent)
            try Self.probe(parent)
        }
    }

    /// A folder that was made.
    package struct Made: Sendable {
        /// Its path.
        package var path: String
        /// Whether `latest` points to it.
        package var isLatest = false
        /// The notes for the user, a line each: `latest` could not be made, a file of the user's was renamed.
        package var notes: [String] = []
    }

    /// Has `fill` make the files of the folder in a hidden directory beside its place, then moves that there in one step:
    /// other processes see the whole folder or none. Other files there that are not Descent's are carried over.
    ///
    /// - Parameters:
    ///   - started: when the run began, in seconds since 1970; it is in the name of a run.
    ///   - reserved: the folder that the run has taken already.
    /// - Throws: `cannotCreate`, `inputOutput`, and what `fill` throws; then nothing is left behind, nor are
    ///   the parents that were made for it.
    func make(started: Int, reserved: RunFolder? = nil, _ fill: (String) throws -> Void) throws -> Made {
        let parent: String
        var placement = FolderPlacement(own: reserved?.own ?? OwnFiles())
        var target = reserved?.path ?? ""
        switch self {
        case _ where reserved != nil: parent = PathText.parent(of: target)
        case .folder(let path, let replacing):
            target = try Self.target(path, replacing)
            placement = FolderPlacement(own: OwnFiles(in: target, replacing: replacing))
            parent = PathText.parent(of: target)
        case .run(let folder, _): parent = folder
        }
        let missing = Self.missing(parent)
        var temporary: SavingDirectory?
        // The lock is held until the folder has its name.
        defer { withExtendedLifetime(temporary) {} }
        do {
            try AtomicFile.createDirectory(at: parent)
            SavingDirectory.removeAbandoned(in: parent)
            let saving = try SavingDirectory(in: parent)
            temporary = saving
            let folder = saving.path
            try fill(folder)
            if let reserved { try reserved.linkCheckpoints(into: folder) }
            saving.unmark()
            if let reserved, !reserved.isInPlace {
                throw DescentError(
                    .cannotCreate, "the run's folder was moved or replaced while it trained",
                    at: reserved.path)
            }
            if reserved == nil, case .run(_, let name) = self {
                target = try Self.move(
                    folder, toFreeName: "\(PathText.trimmed(parent))/\(RunRecord.nameStamp(started))-\(name)")
            } else {
                try placement.put(folder, at: target)
            }
        } catch {
            if let temporary { OwnFiles.removeUnfinished(temporary.path) }
            Files.removeEmpty(missing)
            throw error
        }
        // The path as the caller gave it; a run may be resumed from another directory than the one where it began.
        if reserved == nil, case .folder(let path, _) = self { target = path }
        var made = Made(path: target, notes: placement.notes)
        guard case .run = self else { return made }
        // The model is whole now: a link that cannot be made is no reason to call the run a failure.
        do {
            try Self.point("\(PathText.trimmed(parent))/latest", to: PathText.name(of: target))
            made.isLatest = true
        } catch let error as DescentError {
            made.notes.append("\(error.description); the model is in \(target)".showingControlCharacters)
        }
        return made
    }

    /// Takes the folder's place while the run still trains, for its checkpoints, and against other processes: an empty
    /// folder, or the model that will be replaced. `make` puts the whole model there in one step.
    ///
    /// - Throws: as `make`.
    package func reserve(started: Int) throws -> RunFolder {
        switch self {
        case .folder(let path, let replacing):
            let target = try Self.target(path, replacing)
            let missing = Self.missing(target)
            try AtomicFile.createDirectory(at: target)
            return try RunFolder(
                path: target, own: OwnFiles(in: target, replacing: replacing), made: missing)
        case .run(let parent, let name):
            let missing = Self.missing(parent)
            try AtomicFile.createDirectory(at: parent)
            let path = try Self.takeFreeName(
                "\(PathText.trimmed(parent))/\(RunRecord.nameStamp(started))-\(name)")
            return try RunFolder(path: path, own: OwnFiles(), made: [path] + missing)
        }
    }

    /// Returns the directories of the path that do not exist yet, the deepest first.
    package static func missing(_ directory: String) -> [String] {
        var (missing, path): ([String], String) = ([], PathText.trimmed(directory))
        while !Files.exists(path), path != PathText.parent(of: path) {
            missing.append(path)
            path = PathText.parent(of: path)
        }
        return missing
    }

    /// Returns the folder that is to be made or replaced, links resolved, after a check that it may be: a link cannot be
    /// renamed over, and `.` and `..` are not names that anything can be given.
    private static func target(_ path: String, _ replacing: Bool) throws -> String {
        let trimmed = PathText.trimmed(path)
        guard !["", ".", ".."].contains(PathText.name(of: trimmed)), trimmed != "/" else {
            throw DescentError(
                .cannotCreate, "the path ends with no name of a folder", at: path,
                advice: "give the folder by its own name, as in `folder` models/mine")
        }
        try checkReplacing(trimmed, replacing)
        guard Files.isLink(trimmed) else { return trimmed }
        guard let real = Files.resolved(trimmed) else {
            throw Files.failure(.cannotCreate, "cannot follow the link", path)
        }
        return real
    }

    /// Checks that the directory may be replaced: an empty one, or with permission a model folder with nothing else in it.
    /// `folder("~", replacing: true)` must not delete a home, nor a model of another program.
    private static func checkReplacing(_ path: String, _ replacing: Bool) throws {
        guard Files.exists(path) else { return }
        guard Files.isDirectory(path) else {
            throw DescentError(
                .cannotCreate, "a file is in the way", at: path, advice: "give another `folder`")
        }
        if RunLock.isHeld(path) { throw RunLock.refusal(path) }
        SavingDirectory.removeAbandoned(in: path)
        let names = try Files.names(in: path)
        if names.isEmpty { return }
        if let former = FolderFilling.former(in: path) {
            throw DescentError(
                .cannotCreate, "a save was ended half-way there", at: path, got: PathText.name(of: former),
                advice: Files.exists("\(path)/\(ModelFolder.FileName.config)")
                    ? "the model there is whole: what is left of the one before may be removed"
                    : "it has the files of the model that was there: move them back, or away")
        }
        if let stranger = try foreign(in: path, names) {
            throw DescentError(
                .cannotCreate, "the folder has other things in it", at: path,
                expected: "a model folder of Descent's and nothing else", got: stranger,
                advice: "give a new folder to `folder`")
        }
        guard replacing else {
            let isUnfinished = names == [RunFolder.checkpointsName]
            throw DescentError(
                .cannotCreate,
                isUnfinished ? "there is an unfinished run already" : "there is a model already",
                at: path,
                advice: isUnfinished
                    ? "go on with it by `resuming`, replace it with `replacing`, or give another `folder`"
                    : "replace it with `replacing`, or give another `folder`")
        }
    }

    /// Returns the files of the directory that do not belong to a model folder, in words; nil when all do. A text or a
    /// picture that was changed since it was written does not.
    private static func foreign(in path: String, _ names: [String]) throws -> String? {
        typealias Name = ModelFolder.FileName
        for name in names {
            let item = "\(path)/\(name)"
            if name == RunFolder.checkpointsName, Files.isDirectory(item), !Files.isLink(item) {
                if let inside = try RunFolder.foreign(in: item) { return "\(name)/\(inside)" }
            } else if name == Name.plots, Files.isDirectory(item), !Files.isLink(item) {
                let inside = try Files.names(in: item).first {
                    !$0.hasSuffix(".svg") || Files.identity("\(item)/\($0)") == nil
                }
                if let inside { return "\(name)/\(inside)" }
            } else if !Name.files.contains(name) || Files.identity(item) == nil {
                return name
            }
        }
        if names == [RunFolder.checkpointsName] { return nil }
        guard names.contains(Name.config) else { return "no \(Name.config)" }
        let config = try Files.read("\(path)/\(Name.config)", limit: ModelFolder.textLimit)
        guard ModelConfiguration.isOurs(json: config) else { return "a \(Name.config) of something else" }
        let own = OwnFiles(in: path, replacing: true)
        let plots = names.contains(Name.plots) ? try Files.names(in: "\(path)/\(Name.plots)") : []
        let all = names.filter { !OwnFiles.isDirectory($0) } + plots.map { "\(Name.plots)/\($0)" }
        return all.first { !own.contains($0, at: "\(path)/\($0)") }.map {
            "\($0), changed since it was written"
        }
    }

    /// Checks that `latest` is free, or a link that a run has made: one to a name beside it.
    private static func checkLatest(_ parent: String) throws {
        var information = stat()
        let latest = "\(PathText.trimmed(parent))/latest"
        guard lstat(latest, &information) == 0 else { return }
        guard information.st_mode & S_IFMT == S_IFLNK else {
            throw DescentError(
                .cannotCreate, "something that is no link is in the way", at: latest,
                advice: "move it, or give `folder`")
        }
        var letters = [CChar](repeating: 0, count: 4096)
        let length = readlink(latest, &letters, letters.count)
        let text = letters.map { UInt8(bitPattern: $0) }
        guard length > 0, !text[..<length].contains(UInt8(ascii: "/")) else {
            throw DescentError(
                .cannotCreate, "a link that no run has made is in the way", at: latest,
                expected: "a link to a run beside it",
                got: String(decoding: text[..<max(0, length)], as: UTF8.self),
                advice: "move it, or give `folder`")
        }
    }

    /// Makes and removes a directory in the lowest existing directory above the place: permission bits alone do not tell
    /// (root, read-only and special file systems).
    private static func probe(_ directory: String) throws {
        var existing = directory
        while !Files.exists(existing), existing != PathText.parent(of: existing) {
            existing = PathText.parent(of: existing)
        }
        guard Files.isDirectory(existing) else {
            throw DescentError(
                .cannotCreate, "cannot make a folder in a file", at: existing, advice: "give another `folder`"
            )
        }
        rmdir(try Files.makeTemporaryDirectory(in: existing))
    }

    private static func move(_ source: String, toFreeName name: String) throws -> String {
        let path = try takeFreeName(name)
        guard rename(source, path) == 0 else {
            let error = Files.failure(.cannotCreate, "cannot make the folder", path)
            rmdir(path)
            throw error
        }
        Files.sync(directory: PathText.parent(of: path))
        return path
    }

    /// Makes an empty folder of this name, or of this name with a number behind it.
    private static func takeFreeName(_ name: String) throws -> String {
        // mkdir finds out in one step whether a name is free, and takes it; two runs of one second get two names.
        for number in 1...10_000 {
            let path = number == 1 ? name : "\(name)-\(number)"
            if mkdir(path, 0o777) == 0 { return path }
            guard errno == EEXIST else {
                throw Files.failure(.cannotCreate, "cannot make the folder", path)
            }
        }
        throw DescentError(.cannotCreate, "there are too many runs of this name", at: name)
    }

    private static func point(_ link: String, to target: String) throws {
        try checkLatest(PathText.parent(of: link))
        // A free name: a file that has the name may be the user's.
        let temporary = "\(link).\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
        guard symlink(target, temporary) == 0 else {
            throw Files.failure(.cannotCreate, "cannot make the link", link)
        }
        guard rename(temporary, link) == 0 else {
            let error = Files.failure(.cannotCreate, "cannot make the link", link)
            unlink(temporary)
            throw error
        }
    }
}
