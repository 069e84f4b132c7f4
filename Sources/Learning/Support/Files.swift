import ArrayFiles
import Arrays
import Glibc

/// The few file operations that the model folder needs, over POSIX; each failure is a `DescentError` that names
/// the path.
package enum Files {
    /// Whether something stands at the path; a broken link counts.
    static func exists(_ path: String) -> Bool {
        var information = stat()
        return lstat(path, &information) == 0
    }

    /// Whether a directory stands at the path, or a link to one.
    package static func isDirectory(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether a regular file stands at the path, or a link to one.
    static func isRegular(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
    }

    /// When a regular file was last written, in seconds since 1970; nil when there is none.
    static func modified(_ path: String) -> Double? {
        var information = stat()
        guard stat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else { return nil }
        return Double(information.st_mtim.tv_sec) + Double(information.st_mtim.tv_nsec) * 1e-9
    }

    /// Whether the path's last part is a symbolic link.
    static func isLink(_ path: String) -> Bool {
        var information = stat()
        return lstat(trimmed(path), &information) == 0 && information.st_mode & S_IFMT == S_IFLNK
    }

    /// The path without any links in it; nil when nothing stands there.
    static func resolved(_ path: String) -> String? {
        guard let real = realpath(path, nil) else { return nil }
        defer { free(real) }
        return String(cString: real)
    }

    /// The path from the root, without any links in it; nil when nothing stands there.
    package static func absolute(_ path: String) -> String? { resolved(path) }

    /// The names in a directory, without "." and "..", sorted.
    static func names(in directory: String) throws -> [String] {
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

    /// Makes a new directory of a name that nothing has yet, hidden, in `parent`.
    static func makeTemporaryDirectory(in parent: String, prefix: String = ".descent-") throws -> String {
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

    /// The bytes of a file of at most `limit` bytes.
    static func read(_ path: String, limit: Int) throws -> [UInt8] {
        let descriptor = try RegularFile.open(path).descriptor
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw failure(.inputOutput, "cannot read", path) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else {
                throw DescentError(
                    .badData, "the file is too large", at: path, expected: "at most \(limit) bytes")
            }
        }
    }

    /// Exchanges the names of two directories in one step; false where the system or the file system cannot.
    static func exchange(_ one: String, _ other: String) -> Bool {
        typealias Rename =
            @convention(c) (Int32, UnsafePointer<CChar>, Int32, UnsafePointer<CChar>, UInt32) -> Int32
        // Glibc has it since 2.28, but Swift's module of it does not.
        guard let symbol = dlsym(nil, "renameat2") else { return false }
        let rename = unsafeBitCast(symbol, to: Rename.self)
        let exchanges = UInt32(1 << 1)
        return rename(AT_FDCWD, one, AT_FDCWD, other, exchanges) == 0
    }

    /// Has a directory's entries reach the disk.
    static func sync(directory: String) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if descriptor >= 0 {
            fsync(descriptor)
            close(descriptor)
        }
    }

    /// Removes a file, a link, or a directory with all that is in it. Links are removed, not followed.
    static func remove(_ path: String) {
        var information = stat()
        guard lstat(path, &information) == 0 else { return }
        if information.st_mode & S_IFMT == S_IFDIR {
            for name in (try? names(in: path)) ?? [] { remove("\(path)/\(name)") }
            rmdir(path)
        } else {
            unlink(path)
        }
    }

    /// The path without its last part; "." for a bare name.
    static func parent(of path: String) -> String {
        let folder = PathText.parts(of: trimmed(path)).folder
        return folder.isEmpty ? "." : trimmed(folder)
    }

    /// The path's last part.
    static func name(of path: String) -> String {
        PathText.parts(of: trimmed(path)).name
    }

    /// The path without slashes at its end.
    static func trimmed(_ path: String) -> String {
        PathText.trimmed(path)
    }

    /// An error with errno's own words.
    static func failure(
        _ kind: DescentError.Kind, _ what: String, _ path: String, advice: String? = nil
    ) -> DescentError {
        let reason = strerror(errno).map { String(cString: $0).lowercased() } ?? "error \(errno)"
        return DescentError(kind, "\(what): \(reason)", at: path, advice: advice)
    }
}
