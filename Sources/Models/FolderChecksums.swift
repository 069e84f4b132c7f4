import ArrayFiles
import Arrays
import Support

/// The checksums of a model folder's files, `checksums.json`: they show changes by a disk or a person since the folder was
/// written.
///
/// CRC-32 (ISO 3309) finds every single flipped bit, and every change within 32 bits in a row; it is no protection against
/// deceit. Folders of older versions have no checksums.
struct FolderChecksums: Equatable {
    static let fileName = "checksums.json"

    /// Eight hexadecimal digits by the file's path in the folder.
    var files: [String: String] = [:]

    /// Computes the checksums of all files below `folder`, one level of directories deep.
    ///
    /// - Complexity: O(bytes).
    init(of folder: String) throws {
        for name in try Files.names(in: folder)
        where name != Self.fileName && name != SavingDirectory.markName {
            let path = "\(folder)/\(name)"
            guard Files.isRealDirectory(path) else {
                if Files.identity(path) != nil { files[name] = try Files.checksum(path) }
                continue
            }
            // Checkpoints have checksums of their own, and change while the folder exists.
            if name == RunFolder.checkpointsName { continue }
            for inner in try Files.names(in: path) where Files.identity("\(path)/\(inner)") != nil {
                files["\(name)/\(inner)"] = try Files.checksum("\(path)/\(inner)")
            }
        }
    }

    /// Reads the checksums of `folder`; nil when it has none.
    ///
    /// - Throws: `badData` when the file itself is damaged.
    init?(in folder: String) throws {
        let path = "\(folder)/\(Self.fileName)"
        guard Files.exists(path) else { return nil }
        let stored = try JSONFile.decode(Stored.self, from: Files.read(path, limit: 1 << 20), path: path)
        files = stored.files
        guard stored.version == 1 else {
            throw DescentError(
                .badData, "checksums of another version", at: path, expected: "1", got: "\(stored.version)",
                advice: "use the version of Descent that wrote the model")
        }
        guard stored.algorithm == Self.algorithm, stored.list == list else {
            throw DescentError(
                .badData, "the checksums are damaged themselves", at: path,
                expected: "\(Self.algorithm) \(list)", got: "\(stored.algorithm) \(stored.list)",
                advice: "without this file the model is loaded unchecked; better train it again")
        }
    }

    private static let algorithm = "crc32"

    /// The checksum of the list itself.
    private var list: String {
        var checksum = Checksum()
        for (name, value) in files.sorted(by: { $0.key < $1.key }) {
            checksum.add(name)
            checksum.add(value)
        }
        return checksum.text
    }

    /// The text of `checksums.json`.
    var json: JSONText {
        [
            "version": 1, "algorithm": .string(Self.algorithm),
            "files": .object(files.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }),
            "list": .string(list),
        ]
    }

    /// Returns whether the file is as it was written; false for one that is not in the list.
    func holds(_ name: String, at path: String) -> Bool {
        files[name].map { $0 == (try? Files.checksum(path)) } ?? false
    }

    /// Refuses a file that has changed since it was written.
    ///
    /// - Throws: `badData` that names the file.
    func check(_ name: String, in folder: String) throws {
        let path = "\(folder)/\(name)"
        guard let expected = files[name] else {
            throw DescentError(
                .badData, "the file is not one of those in \(Self.fileName)", at: path,
                advice: "take the folder as a whole from where it was made")
        }
        let found = try Files.checksum(path)
        guard found == expected else {
            throw DescentError(
                .badData, "the file has changed since it was written", at: path,
                expected: "\(Self.algorithm) \(expected)", got: found,
                advice: "take it from a copy or train the model again; if the change was meant, remove"
                    + " \(Self.fileName)")
        }
    }

    private struct Stored: Decodable {
        var version: Int
        var algorithm: String
        var files: [String: String]
        var list: String
    }
}
