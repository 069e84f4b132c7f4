import Glibc

/// The process's environment variables and the directories that they name: the only way in which Descent reads them.
///
/// An empty variable counts as none, as shells and the XDG Base Directory Specification have it: `TMPDIR=` does not
/// mean the root.
package enum Environment {
    /// A variable's text; nil when it is not set or empty.
    package static subscript(_ name: String) -> String? {
        getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The absolute path of the user's home directory: `HOME`, else the system's entry for the user; nil if neither
    /// exists.
    package static var home: String? { home({ Environment[$0] }, system: { folder(of: nil) }) }

    /// The same for other variables than this process's.
    package static func home(_ variable: (String) -> String?, system: () -> String?) -> String? {
        variable("HOME").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? system()
    }

    /// The directory of temporary files: `TMPDIR`, else `/tmp`.
    package static var temporaryDirectory: String { temporaryDirectory({ Environment[$0] }) }

    static func temporaryDirectory(_ variable: (String) -> String?) -> String {
        variable("TMPDIR").map(PathText.trimmed) ?? "/tmp"
    }

    /// The directory of caches: `XDG_CACHE_HOME`, else `.cache` of the user's own (XDG Base Directory Specification
    /// 0.8: a path that is not absolute is to be ignored); nil if neither exists.
    package static var cache: String? { cache({ Environment[$0] }, home: home) }

    /// The same for other variables than this process's.
    package static func cache(_ variable: (String) -> String?, home: String?) -> String? {
        variable("XDG_CACHE_HOME").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? home.map { $0 + "/.cache" }
    }

    /// The home directory of a user in the system's database, of the current user if `user` is nil; nil if there is no
    /// entry.
    package static func folder(of user: String?) -> String? {
        var (entry, found) = (passwd(), UnsafeMutablePointer<passwd>?.none)
        // An entry may be of any length: one of a directory service takes more than those of /etc/passwd.
        for size in [1 << 12, 1 << 16, 1 << 20] {
            var letters = [CChar](repeating: 0, count: size)
            let (code, folder) = letters.withUnsafeMutableBufferPointer { letters -> (Int32, String?) in
                guard let start = letters.baseAddress else { return (0, nil) }
                let code =
                    user.map { getpwnam_r($0, &entry, start, size, &found) }
                    ?? getpwuid_r(getuid(), &entry, start, size, &found)
                // The string is stored in the buffer.
                return (code, code == 0 && found != nil ? entry.pw_dir.map { String(cString: $0) } : nil)
            }
            if code != ERANGE { return folder.flatMap { $0.isEmpty ? nil : $0 } }
        }
        return nil
    }
}
