import Descent
import Foundation
import Images
import Serving
import Synchronization

/// A folder of pictures that grows by what the user of the page labels: `FOLDER/LABEL/NAME.png`, which `descent train --data` takes as it
/// is.
///
/// A picture is kept once for each label: its name is made of its contents. Nothing is written outside the folder, and nothing through a
/// link.
public final class ExampleFolder: Sendable {
    private let path: String
    private let most: (pictures: Int, labels: Int)
    private let count: Mutex<Int>

    /// The most bytes of a label in UTF-8.
    private static let labelLength = 64
    /// Folders that mean a part of the data, and no class, to who reads image folders.
    private static let subsets: Set<String> = ["train", "val", "valid", "validation", "test"]

    /// Opens a folder, which is made where there is none.
    ///
    /// `mostPictures`: those that it may hold, those that it holds already among them.
    ///
    /// - Throws: `cannotCreate` when it cannot be made.
    public init(_ path: String, mostPictures: Int = 20_000, mostLabels: Int = 500) throws {
        self.path = path
        most = (mostPictures, mostLabels)
        do {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        } catch {
            throw DescentError(
                .cannotCreate, "the folder for examples cannot be made", at: path,
                advice: "give a folder below one that you may write to")
        }
        count = Mutex(Self.labels(in: path).reduce(0) { $0 + Self.pictures(in: "\(path)/\($1)").count })
    }

    /// Returns a label as a folder's name.
    ///
    /// - Throws: 400 for one that could name another place, or a part of the data.
    static func name(of label: String) throws(ServingError) -> String {
        let name = label.trimmingCharacters(in: .whitespaces)
        let isPlain = name.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "-_ .+".unicodeScalars.contains(scalar)
        }
        guard !name.isEmpty, name.utf8.count <= labelLength, isPlain, !name.hasPrefix("."),
            !subsets.contains(name.lowercased())
        else {
            throw ServingError(
                400,
                "label: letters, digits, spaces, '-', '_', '+' and '.' expected, at most \(labelLength)"
                    + " bytes, none of \(subsets.sorted().joined(separator: ", "))")
        }
        return name
    }

    /// Saves a picture, [H, W] or [H, W, 3], under a label that `name(of:)` gave.
    ///
    /// - Returns: whether it is a new one, and how many the label has.
    /// - Throws: 507 where the folder is full; 500 where it cannot be written.
    func save(_ pixels: NDArray<UInt8>, as label: String) throws -> (isNew: Bool, count: Int) {
        let bytes = try PNG.encode(pixels)
        let folder = "\(path)/\(label)"
        let file = "\(folder)/\(Self.checksum(of: bytes)).png"
        return try count.withLock { count in
            let isKnown = try Self.isFolder(folder)
            if isKnown, FileManager.default.fileExists(atPath: file) {
                return (false, Self.pictures(in: folder).count)
            }
            guard count < most.pictures, isKnown || Self.labels(in: path).count < most.labels else {
                throw ServingError(
                    507, "the folder of examples is full: \(count) pictures; train on them, or move some away"
                )
            }
            if !isKnown, mkdir(folder, 0o755) != 0 { throw Self.failed(label) }
            // No link is followed, and no file replaced.
            let handle = open(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o644)
            guard handle >= 0 else { throw Self.failed(label) }
            let written = bytes.withUnsafeBytes { write(handle, $0.baseAddress, $0.count) }
            guard close(handle) == 0, written == bytes.count else {
                unlink(file)
                throw Self.failed(label)
            }
            count += 1
            return (true, Self.pictures(in: folder).count)
        }
    }

    /// Whether there is a folder of this name: a link to one, or a file, is neither a folder nor free.
    private static func isFolder(_ path: String) throws(ServingError) -> Bool {
        var status = stat()
        guard lstat(path, &status) == 0 else { return false }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw ServingError(409, "the label's name is taken by something that is no folder")
        }
        return true
    }

    private static func failed(_ label: String) -> ServingError {
        ServingError(500, "the example could not be written: '\(label)'")
    }

    private static func labels(in path: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        return names.filter { !$0.hasPrefix(".") && (try? isFolder("\(path)/\($0)")) == true }
    }

    private static func pictures(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }
    }

    /// FNV-1a, 64 bits: a name, and no proof.
    private static func checksum(of bytes: [UInt8]) -> String {
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
