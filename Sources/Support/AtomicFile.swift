import Glibc

/// Atomic file writing: to a temporary name beside the target, flushed to the disk, then renamed over it.
///
/// A reader of the target sees the old file or the complete new one, never half of it, and a write that fails leaves
/// nothing behind.
///
/// ```swift
/// try AtomicFile.write("epoch,loss\n1,0.35\n", to: "runs/latest/history.csv")
/// ```
package enum AtomicFile {
    /// Writes `text` as UTF-8.
    package static func write(_ text: String, to path: String) throws {
        try write(Array(text.utf8), to: path)
    }

    /// Writes `bytes`.
    package static func write(_ bytes: [UInt8], to path: String) throws {
        try write(to: path) { file in try bytes.withUnsafeBytes { try file.write($0) } }
    }

    /// Creates or replaces the file at `path` with the contents that `body` writes.
    ///
    /// A symbolic link keeps its place: the file that it points to is made or replaced. An output that cannot be
    /// replaced is written directly: a device; a named pipe, which needs a reader; and a descriptor of this process
    /// such as `/dev/stdout`, which continues at its current offset (`>> log` keeps the log).
    ///
    /// - Throws: `cannotCreate` when the file cannot be made; `inputOutput` when the disk is full or fails; what `body`
    ///   throws. In each case a file is unchanged; an output that is written directly has the bytes from before the
    ///   error.
    package static func write(to path: String, _ body: (OutputFile) throws -> Void) throws {
        try write(to: path, calls: SystemCalls(), body)
    }

    static func write(to path: String, calls: SystemCalls, _ body: (OutputFile) throws -> Void) throws {
        guard !path.isEmpty else { throw DescentError(.cannotCreate, "an empty path", advice: "give a file") }
        let end = PathText.end(of: path)
        var status = stat()
        let exists = stat(path, &status) == 0
        let reason = exists ? 0 : errno
        guard case .path(let target) = end, !exists || status.st_mode & S_IFMT == S_IFREG else {
            let file = try DirectOutput.open(path, end, calls)
            defer { file.close() }
            try body(file)
            return
        }
        // A name with a trailing slash can only be a directory.
        if target.utf8.last == UInt8(ascii: "/") {
            throw OutputFile.failure(reason == ENOTDIR ? ENOTDIR : EISDIR, path, creating: true)
        }
        // The rename below would not check the permission.
        if exists, access(path, W_OK) != 0 { throw OutputFile.failure(errno, path, creating: true) }

        // The name is unique to the process, so that two processes never share a temporary file.
        let number = UInt32.random(in: 0 ... .max)
        let (folder, name) = PathText.parts(of: target)
        // A name may have 255 bytes; the target's own may use all of them.
        let temporary = "\(folder).\(PathText.prefix(of: name, bytes: 50)).\(getpid())-\(number).tmp"
        let file = try OutputFile(
            opening: temporary, flags: O_WRONLY | O_CREAT | O_EXCL, path: path, calls: calls)
        var renamed = false
        defer {
            file.close()
            if !renamed { unlink(temporary) }
        }
        try body(file)
        try file.flush()
        if exists { fchmod(file.descriptor, status.st_mode & 0o7777) }
        guard rename(temporary, target) == 0 else { throw OutputFile.failure(errno, path, creating: true) }
        renamed = true
        // The new name itself reaches the disk with its directory; a file system without that support reports an error,
        // and the file is complete nevertheless.
        let directory = open(folder.isEmpty ? "." : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if directory >= 0 {
            _ = calls.synchronize(directory)
            close(directory)
        }
    }

    /// The regular file that `write` would replace, with links followed; nil if none exists or the output is written
    /// directly.
    package static func replaced(by path: String) -> String? {
        var status = stat()
        guard case .path(let target) = PathText.end(of: path), stat(path, &status) == 0,
            status.st_mode & S_IFMT == S_IFREG
        else { return nil }
        return target
    }

    /// Checks whether `write` could write to `path`, as far as that can be known in advance: minutes of work should not
    /// end in a mistyped path. Nothing is created or opened.
    ///
    /// - Throws: `cannotCreate`, as `write` would.
    package static func check(_ path: String) throws {
        guard !path.isEmpty else { throw DescentError(.cannotCreate, "an empty path", advice: "give a file") }
        let end = PathText.end(of: path)
        var status = stat()
        let exists = stat(path, &status) == 0
        let reason = exists ? 0 : errno
        guard case .path(let target) = end, !exists || status.st_mode & S_IFMT == S_IFREG else {
            try DirectOutput.check(path, end)
            return
        }
        if target.utf8.last == UInt8(ascii: "/") {
            throw OutputFile.failure(reason == ENOTDIR ? ENOTDIR : EISDIR, path, creating: true)
        }
        let folder = PathText.parts(of: target).folder
        // The new file is made beside the old one and takes its name.
        guard access(folder.isEmpty ? "." : folder, W_OK | X_OK) == 0, !exists || access(path, W_OK) == 0
        else { throw OutputFile.failure(errno, path, creating: true) }
    }

    /// Creates the directory at `path` and its missing parents.
    ///
    /// - Throws: `cannotCreate`, naming the directory that cannot be created; `inputOutput` when the disk is full.
    package static func createDirectory(at path: String) throws {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw DescentError(.cannotCreate, "cannot make the directory: a file has its name", at: path)
            }
            return
        }
        let trimmed = PathText.trimmed(path)
        let folder = PathText.trimmed(PathText.parts(of: trimmed).folder)
        if !folder.isEmpty, folder != "/" { try createDirectory(at: folder) }
        if mkdir(trimmed, 0o777) != 0, errno != EEXIST {
            throw OutputFile.failure(errno, path, creating: true, verb: "make the directory")
        }
    }
}

/// The system calls that can fail while a file is written, so that a test can let them fail.
struct SystemCalls: Sendable {
    var write: @Sendable (Int32, UnsafeRawPointer, Int) -> Int = { Glibc.write($0, $1, $2) }
    var synchronize: @Sendable (Int32) -> Int32 = { fsync($0) }
    /// The time that a named pipe may wait for its reader, in tenths of a second.
    var patience = 50
}

/// The file that ``AtomicFile`` is writing.
package final class OutputFile {
    let descriptor: Int32
    private let path: String
    private let calls: SystemCalls
    /// Whether the file is removed when writing fails.
    private let isTemporary: Bool
    private var isOpen = true
    /// The number of bytes written so far.
    package private(set) var count = 0

    init(opening name: String, flags: Int32, path: String, calls: SystemCalls) throws {
        descriptor = open(name, flags | O_CLOEXEC, 0o666)
        self.path = path
        self.calls = calls
        isTemporary = true
        if descriptor < 0 { throw Self.failure(errno, path, creating: true) }
    }

    /// Writes to an open descriptor, which this object closes.
    init(direct descriptor: Int32, path: String, calls: SystemCalls) {
        self.descriptor = descriptor
        self.path = path
        self.calls = calls
        isTemporary = false
    }

    /// Appends `bytes`.
    ///
    /// - Throws: `inputOutput` when the disk is full or fails.
    package func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while let base = rest.baseAddress, !rest.isEmpty {
            let written = calls.write(descriptor, base, rest.count)
            if written < 0 {
                if errno == EINTR { continue }
                throw Self.failure(errno, path, creating: false, isTemporary: isTemporary)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[written...])
            count += written
        }
    }

    /// Appends `bytes`.
    package func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { try write($0) }
    }

    /// Appends `text` as UTF-8.
    package func write(_ text: String) throws {
        try write(Array(text.utf8))
    }

    func flush() throws {
        // Some file systems report a full disk only here.
        if calls.synchronize(descriptor) != 0 { throw Self.failure(errno, path, creating: false) }
    }

    func close() {
        if isOpen { Glibc.close(descriptor) }
        isOpen = false
    }

    package static func failure(
        _ number: Int32, _ path: String, creating: Bool, verb: String = "write", isTemporary: Bool = true
    ) -> DescentError {
        let full = [ENOSPC, EDQUOT, EFBIG].contains(number)
        let kind: DescentError.Kind = creating && !full && number != EIO ? .cannotCreate : .inputOutput
        return DescentError(
            kind, "cannot \(verb): \(systemMessage(number))", at: path,
            advice: !full
                ? nil
                : "free some space or give another place"
                    + (isTemporary ? "; nothing was left there" : ""))
    }
}
