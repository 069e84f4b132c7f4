import Glibc
import Support

/// A file that was found below a folder.
struct FoundFile {
    /// The path from the root.
    let path: String
    let stamp: FileStamp
}

/// One walk through a folder and what is below it, which notes all that it leaves out.
///
/// Links are followed; a directory is entered once, however many ways lead to it, so no circle of links is endless and no
/// picture is counted twice because its folder has two names.
struct FolderWalk {
    let root: String
    private(set) var leftOut = LeftOutFiles()
    private var visited: Set<DirectoryIdentity> = []
    private let cancellation: Cancellation?

    /// More folders in one another than any data set has; a path of the system has 4,096 bytes.
    private static let maximumDepth = 64

    private struct DirectoryIdentity: Hashable {
        let device: UInt
        let inode: UInt
    }

    /// - Throws: `missingInput` when there is no such directory.
    init(_ root: String, cancellation: Cancellation?) throws {
        self.root = PathText.trimmed(root)
        self.cancellation = cancellation
        var status = stat()
        guard stat(self.root, &status) == 0 else {
            throw Files.failure(.missingInput, "cannot read the folder", root)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw DescentError(
                .missingInput, "is not a folder", at: root, advice: "give the folder with the pictures")
        }
        visited.insert(Self.identity(status))
    }

    private static func identity(_ status: stat) -> DirectoryIdentity {
        DirectoryIdentity(device: UInt(status.st_dev), inode: UInt(status.st_ino))
    }

    /// The files and the folders directly in a folder, sorted by their bytes; "" is the root.
    mutating func entries(of folder: String) throws -> (files: [FoundFile], folders: [String]) {
        try Cancellation.check(cancellation, at: root)
        var (files, folders): ([FoundFile], [String]) = ([], [])
        let names = try Files.names(in: folder.isEmpty ? root : "\(root)/\(folder)")
        for name in names.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            if name.utf8.first == UInt8(ascii: ".") || name.hasPrefix("__") {
                leftOut.hidden += 1
                continue
            }
            if ["thumbs.db", "desktop.ini"].contains(name.lowercased()) {
                leftOut.hidden += 1
                continue
            }
            var status = stat()
            guard stat("\(root)/\(path)", &status) == 0 else {
                // A link to nothing, or a name that is not UTF-8, which nobody could be shown or could ask for.
                leftOut.unusable.append(path)
                continue
            }
            switch status.st_mode & S_IFMT {
            case S_IFDIR:
                if visited.insert(Self.identity(status)).inserted {
                    folders.append(path)
                } else {
                    leftOut.repeatedFolders.append(path)
                }
            case S_IFREG:
                files.append(
                    FoundFile(
                        path: path,
                        stamp: FileStamp(
                            size: Int(status.st_size), seconds: status.st_mtim.tv_sec,
                            nanoseconds: status.st_mtim.tv_nsec)))
            default: leftOut.unusable.append(path)
            }
        }
        return (files, folders)
    }

    /// All files below a folder, those of nearer folders first.
    mutating func files(below folder: String) throws -> [FoundFile] {
        var found: [FoundFile] = []
        var waiting = [(folder: folder, depth: 0)]
        while let (folder, depth) = waiting.popLast() {
            let (files, folders) = try entries(of: folder)
            found += files
            guard depth < Self.maximumDepth || folders.isEmpty else {
                throw DescentError(
                    .badData, "too many folders in one another", at: "\(root)/\(folder)",
                    expected: "at most \(Self.maximumDepth)")
            }
            waiting += folders.reversed().map { ($0, depth + 1) }
        }
        return found
    }
}

/// What a folder holds that is not among its pictures.
package struct LeftOutFiles: Sendable, Equatable {
    /// How many names begin with `.` or `__`, or are `Thumbs.db` or `desktop.ini`.
    package internal(set) var hidden = 0
    /// Files that hold no picture, told by their contents.
    package internal(set) var notPictures: [String] = []
    /// Pictures that the layout gives no class.
    package internal(set) var withoutClass: [String] = []
    /// Links to nothing, pipes, devices, names that are not UTF-8.
    package internal(set) var unusable: [String] = []
    /// Folders that the walk had come to by another way.
    package internal(set) var repeatedFolders: [String] = []
}
