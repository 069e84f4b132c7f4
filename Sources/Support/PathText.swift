import Glibc

/// Operations on paths by their bytes, as the system parses them.
///
/// Swift's characters do not suit that: a slash followed by a combining mark is another character than a slash, and
/// fifty characters may be some hundred bytes.
package enum PathText {
    private static let slash = UInt8(ascii: "/")

    /// Splits a path into the folder, with its slash, and the name in it; the folder is empty if there is no slash.
    package static func parts(of path: String) -> (folder: String, name: String) {
        let utf8 = path.utf8
        guard let last = utf8.lastIndex(of: slash) else { return ("", path) }
        let next = utf8.index(after: last)
        return (String(path[..<next]), String(path[next...]))
    }

    /// The path without slashes at its end; the root stays.
    package static func trimmed(_ path: String) -> String {
        var utf8 = path.utf8[...]
        while utf8.count > 1, utf8.last == slash { utf8.removeLast() }
        return String(Substring(utf8))
    }

    /// The path without its last part; "." for a bare name.
    package static func parent(of path: String) -> String {
        let folder = parts(of: trimmed(path)).folder
        return folder.isEmpty ? "." : trimmed(folder)
    }

    /// The path of `name` in the directory of `path`: a bare name beside a bare name.
    package static func sibling(_ name: String, of path: String) -> String {
        parts(of: trimmed(path)).folder + name
    }

    /// The path's last part.
    package static func name(of path: String) -> String { parts(of: trimmed(path)).name }

    /// The beginning of `text` that fits in `count` bytes, cut between code points.
    package static func prefix(of text: String, bytes count: Int) -> String {
        var result = String.UnicodeScalarView()
        var used = 0
        for scalar in text.unicodeScalars {
            used += UTF8.width(scalar)
            guard used <= count else { break }
            result.append(scalar)
        }
        return String(result)
    }

    /// The target of a path once all links are followed.
    package enum End: Equatable {
        /// A descriptor of this process: `/dev/stdout`, `/dev/fd/3`, `/proc/self/fd/3`.
        case descriptor(Int32)
        /// A descriptor of another process.
        case foreignDescriptor
        /// A cycle of links.
        case endless
        /// A path, which need not exist.
        case path(String)
    }

    /// Follows the links that `path` ends in. The links in front of the last part are the system's to follow.
    package static func end(of path: String) -> End {
        var path = path
        // The system's own limit for links in a row.
        for _ in 0..<40 {
            let (folder, name) = parts(of: trimmed(path))
            guard let real = realpath(folder.isEmpty ? "." : folder, nil) else { return .path(path) }
            defer { free(real) }
            if let end = descriptor(name, in: String(cString: real)) { return end }
            var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(path, &buffer, buffer.count)
            guard count > 0 else { return .path(path) }
            // A target that is not UTF-8 has no name here, so the link itself is returned.
            guard
                let target = String(validating: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            else { return .path(path) }
            path = target.utf8.first == slash ? target : folder + target
        }
        return .endless
    }

    /// The descriptor that `name` denotes in a folder of descriptors; nil in any other folder.
    private static func descriptor(_ name: String, in folder: String) -> End? {
        // /proc/PID/fd, or /proc/PID/task/TID/fd.
        let parts = folder.utf8.split(separator: slash).map { String(Substring($0)) }
        guard parts.count == 3 || parts.count == 5 && parts[2] == "task", parts[0] == "proc",
            parts.last == "fd", let owner = Int32(parts[1])
        else { return nil }
        guard owner == getpid() else { return .foreignDescriptor }
        return Int32(name).map(End.descriptor)
    }
}
