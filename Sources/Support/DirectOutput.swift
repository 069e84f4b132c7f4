import Glibc

/// Outputs that cannot be replaced by a new file and are written directly: descriptors, pipes, devices.
enum DirectOutput {
    /// Opens the output that `path` names; `end` is the target of its links.
    ///
    /// - Throws: `cannotCreate` for a directory, a descriptor that is not open for writing, a pipe without a reader.
    static func open(_ path: String, _ end: PathText.End, _ calls: SystemCalls) throws -> OutputFile {
        try check(path, end)
        let descriptor: Int32
        switch end {
        case .descriptor(let own):
            // A duplicate shares the file offset with the original: each continues where the other stopped.
            descriptor = fcntl(own, F_DUPFD_CLOEXEC, 3)
        case .foreignDescriptor:
            descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        case .endless, .path:
            descriptor = try special(path, patience: calls.patience)
        }
        guard descriptor >= 0 else { throw OutputFile.failure(errno, path, creating: true) }
        return OutputFile(direct: descriptor, path: path, calls: calls)
    }

    /// Checks whether the output that `path` names could be written, without opening it.
    ///
    /// - Throws: `cannotCreate`.
    static func check(_ path: String, _ end: PathText.End) throws {
        switch end {
        case .descriptor(let own):
            let flags = fcntl(own, F_GETFL)
            guard flags >= 0 else { throw OutputFile.failure(errno, path, creating: true) }
            guard flags & O_ACCMODE != O_RDONLY else {
                throw DescentError(
                    .cannotCreate, "cannot write: the descriptor is open for reading only", at: path)
            }
        case .endless: throw OutputFile.failure(ELOOP, path, creating: true)
        case .foreignDescriptor, .path:
            var status = stat()
            if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
                throw DescentError(
                    .cannotCreate, "cannot write: is a directory", at: path, advice: "give a file in it")
            }
            guard access(path, W_OK) == 0 else { throw OutputFile.failure(errno, path, creating: true) }
        }
    }

    /// Opens a named pipe or device; negative, with errno, when it cannot be opened.
    private static func special(_ path: String, patience: Int) throws -> Int32 {
        var status = stat()
        guard stat(path, &status) == 0 else { return -1 }
        guard status.st_mode & S_IFMT == S_IFIFO else { return Glibc.open(path, O_WRONLY | O_CLOEXEC) }
        // Without O_NONBLOCK, opening would block until a reader comes.
        for _ in 0..<patience {
            let descriptor = Glibc.open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC)
            if descriptor >= 0 {
                _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
                return descriptor
            }
            guard errno == ENXIO else { return -1 }
            usleep(100_000)
        }
        throw DescentError(
            .cannotCreate, "cannot write: nobody reads from the pipe", at: path,
            advice: "start its reader first, or give a file")
    }
}
