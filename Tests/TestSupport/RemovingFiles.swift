import Glibc
import Support

extension Files {
    /// Removes a file, a link, or a directory with all that is in it. Only tests do so: Descent itself removes nothing that it
    /// has not written.
    package static func remove(_ path: String) {
        if isRealDirectory(path) {
            for name in (try? names(in: path)) ?? [] { remove("\(path)/\(name)") }
            rmdir(path)
        } else {
            unlink(path)
        }
    }
}
