import Arrays
import Glibc
import Support
import Synchronization

/// Pipes as inputs, named by their descriptor: `/dev/stdin`, or `/dev/fd/63` as a shell writes for `<(command)`.
///
/// Readers need sizes and seek, so the pipe's contents are copied to an unnamed file, which then replaces the pipe in
/// the table of descriptors: the same path can be opened any number of times. A named pipe in a folder is not read: it
/// may never get a writer.
enum StreamInput {
    /// The maximum number of bytes read from a pipe: 4 GiB.
    private static let limit = 1 << 32
    /// Two readers of one pipe must not each take a part of it.
    private static let lock = Mutex(())

    /// Replaces the pipe that `path` names by a file; does nothing for any other path.
    ///
    /// - Throws: `badData` when the pipe exceeds the limit; `inputOutput`.
    static func settle(_ path: String) throws {
        // Only if the path itself names a descriptor, not if a link leads to one.
        guard path.hasPrefix("/dev/") || path.hasPrefix("/proc/"),
            case .descriptor(let descriptor) = PathText.end(of: path), isPipe(descriptor)
        else { return }
        try lock.withLock { _ in
            guard isPipe(descriptor) else { return }
            // The C library's `tmpfile`, because it makes and removes the name.
            guard let file = tmpfile() else {
                throw DescentError(
                    .inputOutput, "cannot keep what the pipe gives: \(systemMessage(errno))", at: path)
            }
            defer { fclose(file) }
            try copy(from: descriptor, to: fileno(file), path)
            guard dup2(fileno(file), descriptor) >= 0 else {
                throw DescentError(.inputOutput, "cannot read: \(systemMessage(errno))", at: path)
            }
        }
    }

    private static func isPipe(_ descriptor: Int32) -> Bool {
        var status = stat()
        return fstat(descriptor, &status) == 0 && [S_IFIFO, S_IFSOCK].contains(status.st_mode & S_IFMT)
    }

    private static func copy(from source: Int32, to target: Int32, _ path: String) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 64)
        defer { buffer.deallocate() }
        var total = 0
        while true {
            let count = read(source, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN {
                // The process at the other end may have made the reads non-blocking.
                var waiting = pollfd(fd: source, events: Int16(POLLIN), revents: 0)
                poll(&waiting, 1, -1)
                continue
            }
            guard count >= 0 else {
                throw DescentError(.inputOutput, "cannot read: \(systemMessage(errno))", at: path)
            }
            guard count > 0 else { return }
            total += count
            guard total <= limit else {
                throw DescentError(
                    .badData, "the pipe gives too much", at: path, expected: "at most \(limit) bytes",
                    advice: "write it to a file first")
            }
            var done = 0
            while done < count {
                let written = write(target, buffer.baseAddress?.advanced(by: done), count - done)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else {
                    throw DescentError(
                        .inputOutput, "cannot keep what the pipe gives: \(systemMessage(errno))", at: path)
                }
                done += written
            }
        }
    }
}
