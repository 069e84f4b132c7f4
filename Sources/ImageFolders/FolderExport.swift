import Arrays
import ExampleData
import Glibc
import Images
import Support
import Tables

extension LabeledExamples {
    /// Writes pictures as a folder that `ImageFolder` reads again: a PNG file for each, in a folder for each class.
    ///
    /// Where the name of a class can be no folder's (it has a slash, begins with a dot), all files lie side by side with a
    /// `labels.csv`.
    ///
    /// - Parameters:
    ///   - path: the folder, which is not there yet or empty; it appears when all is written.
    ///   - cancellation: ends the work early, with `interrupted`.
    ///   - progress: is told how far the work is.
    /// - Throws: `cannotCreate` when the folder is there; `badData` when the examples are no pictures with classes;
    ///   `inputOutput`; `interrupted`: nothing is left.
    public func exportFolder(
        to path: String, progress: @escaping @Sendable (ImageProgress) -> Void = { _ in },
        cancellation: Cancellation? = nil
    ) throws {
        guard case .bytes(let pixels) = features.storage, let classes = targets.classes,
            [2, 3].contains(exampleShape.count), exampleShape.count == 2 || [1, 3].contains(exampleShape[0]),
            exampleShape.allSatisfy({ $0 > 0 })
        else {
            throw DescentError(
                .badData, "the examples are no pictures with classes", at: path,
                expected: "bytes of [N, H, W] or [N, 3, H, W], and a class for each",
                got: "\(features.shape)")
        }
        let plan = FolderExport(classes: classes, classNames: classNames)
        var folder = try NewFolder(at: path)
        try folder.fill { folder in
            for name in plan.folders { try folder.makeFolder(name) }
            for (place, file) in plan.files.enumerated() {
                try Cancellation.check(cancellation, at: path)
                let picture = try PNG.encode(FolderExport.picture(pixels[place]))
                try FolderExport.write(picture, to: folder.path(ofFile: file))
                if (place + 1) % 500 == 0 || place + 1 == plan.files.count {
                    progress(ImageProgress(done: place + 1, total: plan.files.count))
                }
            }
            if let table = plan.table {
                try FolderExport.write(
                    Array(table.utf8), to: folder.path(ofFile: FolderScan.labelFileName))
            }
        }
    }
}

/// The names of the files of an exported folder.
struct FolderExport {
    let folders: [String]
    let files: [String]
    /// The contents of `labels.csv`; nil where folders have the names of classes.
    let table: String?

    init(classes: [Int32], classNames: [String]) {
        let width = max(5, String(classes.count).count)
        let numbers = classes.indices.map { place -> String in
            let digits = String(place)
            return String(repeating: "0", count: width - digits.count) + digits
        }
        // Folders named train and test only would be read as subsets.
        let areFolders =
            classNames.allSatisfy(Self.canBeFolder)
            && !classNames.allSatisfy { ImageSubset(folderName: $0) != nil }
            && Set(classNames).count == classNames.count
        if areFolders {
            folders = classNames
            files = zip(classes, numbers).map { "\(classNames[Int($0)])/\($1).png" }
            table = nil
        } else {
            folders = []
            files = numbers.map { "\($0).png" }
            table =
                "file,label\n"
                + zip(files, classes).map { "\($0),\(DelimitedText.field(classNames[Int($1)]))\n" }.joined()
        }
    }

    static func canBeFolder(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 255 && !name.utf8.contains(UInt8(ascii: "/"))
            && !name.utf8.contains(0) && !name.hasPrefix(".") && !name.hasPrefix("__")
            && !["thumbs.db", "desktop.ini"].contains(name.lowercased())
    }

    /// [H, W], or [C, H, W] with the channels beside each other, as files have them.
    static func picture(_ pixels: NDArray<UInt8>) -> NDArray<UInt8> {
        guard pixels.ndim == 3 else { return pixels }
        return pixels.shape[0] == 1
            ? pixels.reshaped(pixels.shape[1], pixels.shape[2]) : pixels.permuted([1, 2, 0])
    }

    /// Without a flush of each file to the disk: the folder has its name when all are there.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let (descriptor, _) = try RegularFile.open(
            path, flags: O_WRONLY | O_CREAT | O_EXCL, failing: .cannotCreate)
        defer { close(descriptor) }
        try bytes.withUnsafeBytes { try FileBytes.write($0, descriptor, at: 0, path) }
    }
}
