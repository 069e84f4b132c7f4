import Arrays
import Foundation
import Images
import Support
import TestSupport

@testable import ImageFolders

/// A temporary folder of seeded pictures, with a place for caches beside it.
final class PictureFolder: Sendable {
    private let directory: TemporaryDirectory
    var path: String { directory.path + "/photos" }
    var caches: String { directory.path + "/caches" }

    init(_ pictures: [String] = [], side: Int = 8, color: Bool = false) throws {
        directory = try TemporaryDirectory()
        try AtomicFile.createDirectory(at: path)
        for (number, name) in pictures.enumerated() {
            try add(name, Self.picture(number, height: side, width: side, color: color))
        }
    }

    /// Blobs that differ from number to number as photographs do, not as noise does.
    static func picture(_ number: Int, height: Int = 8, width: Int = 8, color: Bool = false) -> NDArray<UInt8>
    {
        var random = SplitMix64(state: UInt64(number) &* 7919 &+ 1)
        let channels = color ? 3 : 1
        let cells = (0..<channels * 16).map { _ in Double.random(in: 0...255, using: &random) }
        var bytes: [UInt8] = []
        for y in 0..<height {
            for x in 0..<width {
                let (v, u) = (
                    Double(y) * 3 / Double(max(1, height - 1)), Double(x) * 3 / Double(max(1, width - 1))
                )
                let (row, column) = (min(2, Int(v)), min(2, Int(u)))
                let (a, b) = (v - Double(row), u - Double(column))
                for channel in 0..<channels {
                    func cell(_ y: Int, _ x: Int) -> Double { cells[channel * 16 + y * 4 + x] }
                    let top = cell(row, column) * (1 - b) + cell(row, column + 1) * b
                    let bottom = cell(row + 1, column) * (1 - b) + cell(row + 1, column + 1) * b
                    bytes.append(UInt8((top * (1 - a) + bottom * a).rounded()))
                }
            }
        }
        return NDArray(shape: color ? [height, width, 3] : [height, width], elements: bytes)
    }

    func add(_ name: String, _ picture: NDArray<UInt8>) throws { try add(name, PNG.encode(picture)) }

    func add(_ name: String, _ bytes: [UInt8]) throws {
        try AtomicFile.createDirectory(at: PathText.parent(of: "\(path)/\(name)"))
        try AtomicFile.write(bytes, to: "\(path)/\(name)")
    }

    func add(_ name: String, text: String) throws { try add(name, Array(text.utf8)) }

    func remove(_ name: String) { Files.remove("\(path)/\(name)") }

    func scan() throws -> ImageFolder { try ImageFolder(path) }

    var options: ImageOptions { ImageOptions(cache: ImageCacheOptions(directory: caches)) }

    /// The error of `body`, with DIR for the folder.
    func fault(_ body: () throws -> Void) -> String { failure(in: path, body) }

    /// `CLASS/00.png` and so on, for each class.
    static func names(_ classes: [String: Int], in folder: String = "") -> [String] {
        classes.sorted { $0.key < $1.key }.flatMap { name, count in
            (0..<count).map { "\(folder)\(name)/\($0 < 10 ? "0" : "")\($0).png" }
        }
    }
}

extension ImageFolder {
    /// `path: class subset` for each file.
    var listing: [String] {
        files.map { "\($0.path): \(classNames[Int($0.label)])\($0.subset.map { " \($0)" } ?? "")" }
    }
}

extension ImageFolderReport {
    func names(_ kind: ImageFolderNote.Kind) -> [String]? { notes.first { $0.kind == kind }?.names }
}
