import Glibc

/// A folder that appears whole or not at all: it is filled under a hidden name beside its place, which it takes when all is there.
///
/// ```swift
/// var folder = try NewFolder(at: "split")
/// try folder.fill { folder in
///     try AtomicFile.write("a,b\n", to: folder.path(ofFile: "train.csv"))
/// }
/// ```
package struct NewFolder: ~Copyable {
    private let target: String
    private let temporary: String
    /// What is in it, in the order in which it was made.
    private var names: [String] = []

    /// Takes a hidden folder beside the place. `advice`: what to do where the place is taken.
    ///
    /// - Throws: `cannotCreate` when something is there that is not an empty folder, or cannot be written.
    package init(at path: String, advice: String = "give another `folder`") throws {
        target = PathText.trimmed(path)
        guard !target.isEmpty else { throw DescentError(.cannotCreate, "an empty path", advice: advice) }
        let isFree = try !Files.exists(target) || Files.isDirectory(target) && Files.names(in: target).isEmpty
        guard isFree else {
            throw DescentError(.cannotCreate, "the folder is there already", at: path, advice: advice)
        }
        let parent = PathText.parent(of: target)
        try AtomicFile.createDirectory(at: parent)
        temporary = try Files.makeTemporaryDirectory(in: parent)
    }

    /// Fills it, and gives it its name.
    ///
    /// - Throws: what `body` throws, `cannotCreate`: nothing is left then.
    package mutating func fill(_ body: (inout NewFolder) throws -> Void) throws {
        do {
            try body(&self)
            Files.removeEmpty([target])
            let code = Files.renameToFree(temporary, target)
            guard code == 0 else {
                throw OutputFile.failure(code, target, creating: true, verb: "make the folder")
            }
        } catch {
            remove()
            throw error
        }
    }

    /// Returns the path at which a file is to be written now; its folders are made.
    package mutating func path(ofFile name: String) throws -> String {
        try makeFolders(name.split(separator: "/").dropLast())
        names.append(name)
        return "\(temporary)/\(name)"
    }

    /// Makes a folder in it, and those above.
    package mutating func makeFolder(_ name: String) throws {
        try makeFolders(name.split(separator: "/")[...])
    }

    private mutating func makeFolders(_ parts: ArraySlice<Substring>) throws {
        var folder = ""
        for part in parts {
            folder += (folder.isEmpty ? "" : "/") + part
            let path = "\(temporary)/\(folder)"
            guard mkdir(path, 0o777) != 0 else {
                names.append(folder)
                continue
            }
            guard errno == EEXIST else { throw Files.failure(.cannotCreate, "cannot make the folder", path) }
        }
    }

    private func remove() {
        for name in names.reversed() {
            if unlink("\(temporary)/\(name)") != 0 { rmdir("\(temporary)/\(name)") }
        }
        rmdir(temporary)
    }
}
