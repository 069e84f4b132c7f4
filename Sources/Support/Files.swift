import Glibc

/// File operations over POSIX for model folders; each failure is a `DescentError` that names the path.
package enum Files {
    /// Returns whether the path exists; a broken link counts.
    package static func exists(_ path: String) -> Bool {
        var information = stat()
        return lstat(path, &information) == 0
    }

    /// Returns whether the path is a directory or a link to one.
    package static func isDirectory(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    /// Returns whether the path is a regular file or a link to one.
    package static func isRegular(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
    }

    /// Returns the modification time of a regular file, in seconds since 1970; nil if none exists.
    package static func modified(_ path: String) -> Double? {
        var information = stat()
        guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return nil }
        return Double(information.st_mtim.tv_sec) + Double(information.st_mtim.tv_nsec) * 1e-9
    }

    /// Returns whether the path's last component is a symbolic link.
    package static func isLink(_ path: String) -> Bool {
        var information = stat()
        return lstat(PathText.trimmed(path), &information) == 0 && information.st_mode & S_IFMT == S_IFLNK
    }

    /// Returns the absolute path with all links resolved; nil if it does not exist.
    package static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// Returns the names in a directory, without "." and "..", sorted.
    package static func names(in directory: String) throws -> [String] {
        guard let stream = opendir(directory) else {
            throw failure(.missingInput, "cannot read the directory", directory)
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            // d_name is a C array that ends with a zero byte inside its 256 bytes.
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Creates a hidden directory of a unique name in `parent`.
    package static func makeTemporaryDirectory(in parent: String, prefix: String = ".descent-") throws
        -> String
    {
        var template = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { letters in
            letters.baseAddress.map { mkdtemp($0) != nil } ?? false
        }
        guard made else { throw failure(.cannotCreate, "cannot write into the directory", parent) }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        // mkdtemp makes it private; a model folder is as readable as any other output.
        let mask = umask(0)
        umask(mask)
        chmod(path, 0o777 & ~mask)
        return path
    }

    /// Removes those of the directories, the deepest first, that are empty.
    package static func removeEmpty(_ directories: [String]) {
        for directory in directories { rmdir(directory) }
    }

    /// Reads a file of at most `limit` bytes.
    package static func read(_ path: String, limit: Int) throws -> [UInt8] {
        let descriptor = try RegularFile.open(path).descriptor
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        try forEachPart(of: descriptor, path) { part in
            bytes += part
            guard bytes.count <= limit else {
                throw DescentError(
                    .badData, "the file is too large", at: path, expected: "at most \(limit) bytes")
            }
        }
        return bytes
    }

    /// Exchanges the names of two directories in one step; returns false if the system or the file system cannot, or if
    /// either is not a directory.
    package static func exchange(_ one: String, _ other: String) -> Bool {
        // The system would exchange a directory with a file, too.
        isRealDirectory(one) && isRealDirectory(other) && rename(one, other, flags: 1 << 1) == 0
    }

    /// Renames a file or a directory, unless the new name exists; returns 0 or errno.
    package static func renameToFree(_ old: String, _ new: String) -> Int32 {
        let code = rename(old, new, flags: 1)
        guard [EINVAL, ENOSYS].contains(code) else { return code }
        // A file system without that call: another process may take the name between the test and the rename; the
        // window is as short as possible.
        guard !exists(new) else { return EEXIST }
        return Glibc.rename(old, new) == 0 ? 0 : errno
    }

    /// renameat2(2): 0, or errno.
    private static func rename(_ old: String, _ new: String, flags: UInt32) -> Int32 {
        typealias Rename =
            @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
        // Glibc has it since 2.28, but Swift's module of it does not.
        guard let symbol = dlsym(nil, "renameat2") else { return ENOSYS }
        let rename = unsafeBitCast(symbol, to: Rename.self)
        return rename(AT_FDCWD, old, AT_FDCWD, new, flags) == 0 ? 0 : errno
    }

    /// Returns whether the path is a directory itself rather than a link to one.
    package static func isRealDirectory(_ path: String) -> Bool { isDirectory(path) && !isLink(path) }

    /// Links a file to a second name, or copies it where the file system cannot (another disk); the copy is flushed to
    /// the disk when the call returns.
    package static func linkOrCopy(_ old: String, to new: String) throws {
        if link(old, new) == 0 { return }
        let descriptor = try RegularFile.open(old).descriptor
        defer { close(descriptor) }
        try AtomicFile.write(to: new) { file in
            try forEachPart(of: descriptor, old) { try file.write($0) }
        }
    }

    /// Reads the rest of an open descriptor in parts.
    private static func forEachPart(
        of descriptor: Int32, _ path: String, _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(.inputOutput, "cannot read", path) }
            if count == 0 { return }
            try buffer.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
        }
    }

    /// The identity of a file: it differs from that of another file that has its name later, and from its own after a
    /// change.
    package struct Identity: Hashable {
        /// Its size in bytes.
        package let size: Int
        package let device, inode, seconds, nanoseconds: Int
    }

    /// The identity of the regular file at the path; nil if it is a link, not a regular file, or does not exist.
    package static func identity(_ path: String) -> Identity? {
        var information = stat()
        guard lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return nil }
        return Identity(
            size: Int(information.st_size), device: Int(bitPattern: UInt(information.st_dev)),
            inode: Int(bitPattern: UInt(information.st_ino)), seconds: information.st_mtim.tv_sec,
            nanoseconds: information.st_mtim.tv_nsec)
    }

    /// The CRC-32 of a file's bytes, eight hexadecimal digits.
    package static func checksum(_ path: String) throws -> String {
        let descriptor = try RegularFile.open(path).descriptor
        defer { close(descriptor) }
        var checksum = Checksum()
        try forEachPart(of: descriptor, path) { checksum.add($0) }
        return checksum.text
    }

    /// Flushes a directory's entries to the disk.
    package static func sync(directory: String) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
    }

    /// An error with the system's message.
    package static func failure(
        _ kind: DescentError.Kind, _ what: String, _ path: String, advice: String? = nil
    ) -> DescentError {
        DescentError(kind, "\(what): \(systemMessage(errno))", at: path, advice: advice)
    }
}
