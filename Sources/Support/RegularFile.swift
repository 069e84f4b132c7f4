import Glibc

/// Opening of paths that must be regular files.
///
/// A named pipe would wait for its other end, a device may have no end, and neither has a size to check a header
/// against: every path that another program may have created is opened through here.
package enum RegularFile {
    /// Opens the file at `path`; the caller closes the descriptor.
    ///
    /// - Parameters:
    ///   - flags: for the system's `open`; O_CLOEXEC is added.
    ///   - failing: the family of the error when it cannot be opened or is something else.
    /// - Returns: the descriptor and the size of the file in bytes.
    /// - Throws: of the family `failing`, naming what the path is instead. It never blocks.
    package static func open(
        _ path: String, flags: Int32 = O_RDONLY, failing kind: DescentError.Kind = .missingInput
    ) throws -> (descriptor: Int32, size: Int) {
        // Without O_NONBLOCK, opening a named pipe would wait for its other end; it has no effect on a regular file.
        let descriptor = Glibc.open(path, flags | O_CLOEXEC | O_NONBLOCK, 0o666)
        guard descriptor >= 0 else {
            // A pipe that is to be written and has no reader, and a socket, cannot be opened at all.
            let number = errno
            var status = stat()
            if number == ENXIO, stat(path, &status) == 0, status.st_mode & S_IFMT != S_IFREG {
                throw refusal(of: status, path, kind)
            }
            throw DescentError(kind, "cannot open: \(systemMessage(number))", at: path)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw refusal(of: status, path, kind)
        }
        return (descriptor, Int(status.st_size))
    }

    private static func refusal(of status: stat, _ path: String, _ kind: DescentError.Kind) -> DescentError {
        let what = status.st_mode & S_IFMT == S_IFDIR ? "is a directory" : "is not a regular file"
        return DescentError(kind, what, at: path, advice: "give a file")
    }
}
