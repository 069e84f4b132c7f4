import Arrays
import Images
import Support

/// A folder of pictures and their classes, as it was found: no pixel is decoded yet.
///
/// What the folder looks like is found out: subsets or none (`train`, `val`, `valid`, `validation`, `test`), in each the
/// classes as folders, as the beginnings of file names (`cat.0.jpg`), or in a `labels.csv`. Pictures are told by their
/// contents, not by their names.
///
/// ```swift
/// let folder = try ImageFolder("photos")
/// folder.classNames           // ["cat", "dog"]
/// folder.files.count          // 25000
/// let data = try folder.split(validation: 0.2, seed: 1)
/// ```
public struct ImageFolder: Sendable {
    /// The folder's path.
    package let path: String
    /// How classes are given.
    package let layout: ImageLayout
    /// The classes that have pictures, sorted as text.
    public private(set) var classNames: [String]
    /// The pictures, by their paths; those with a header that cannot be read among them.
    public private(set) var files: [ImageFile]
    /// What the folder holds besides.
    package let leftOut: LeftOutFiles
    /// The columns of `labels.csv` by which pictures can be grouped.
    package let groupColumns: [String]
    /// Whether the folder has subsets of its own.
    package let hasSubsets: Bool
    /// Folders of classes that hold no picture.
    package let emptyClasses: [String]
    /// Files that `labels.csv` names twice with one class.
    let repeatedRows: [String]

    /// Looks through a folder.
    ///
    /// - Throws: `missingInput` when there is no such folder; `badData` when it holds no picture, its layout has two meanings,
    ///   or `labels.csv` is at fault, with line and column; `interrupted`.
    /// - Complexity: O(files); of each the header is read.
    public init(_ path: String, cancellation: Cancellation? = nil) throws {
        var scan = try FolderScan(path, cancellation: cancellation)
        try scan.run()
        var leftOut = scan.walk.leftOut
        let root = scan.walk.root
        let found = scan.found
        let headers = try inParallel(found.count, cancellation: cancellation, at: root) { index in
            PictureDecoder.header(ofFile: "\(root)/\(found[index].file.path)")
        }
        var kept: [(found: FolderScan.Labeled, header: Result<ImageHeader, DescentError>)] = []
        for (found, header) in zip(found, headers) {
            if let header {
                kept.append((found, header))
            } else {
                leftOut.notPictures.append(found.file.path)
            }
        }
        // An unreadable picture without a class is nobody's loss; a readable one may be.
        for file in scan.unlabeled {
            if PictureDecoder.header(ofFile: "\(root)/\(file.path)") == nil {
                leftOut.notPictures.append(file.path)
            } else {
                leftOut.withoutClass.append(file.path)
            }
        }
        leftOut.sort()
        (self.path, self.leftOut) = (root, leftOut)
        (layout, hasSubsets, repeatedRows) = (scan.layout, scan.hasSubsets, scan.repeatedRows)
        groupColumns = scan.attributeNames
        let names = Set(kept.map(\.found.className)).sorted()
        classNames = names
        emptyClasses = Set(scan.classFolders).subtracting(names).sorted()
        let places = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Int32($0)) })
        files = kept.map { kept in
            ImageFile(
                path: kept.found.file.path, label: places[kept.found.className] ?? 0,
                subset: kept.found.subset, header: kept.header, stamp: kept.found.file.stamp,
                attributes: kept.found.attributes)
        }.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
        guard !files.isEmpty else { throw Self.noPictures(root, leftOut) }
    }

    private static func noPictures(_ path: String, _ leftOut: LeftOutFiles) -> DescentError {
        let loose = leftOut.withoutClass
        return DescentError(
            .badData, loose.isEmpty ? "there are no pictures in the folder" : "no picture has a class",
            at: path,
            expected: "CLASS/file, CLASS.anything.ext, or a labels.csv with the columns file and label",
            got: loose.isEmpty
                ? (leftOut.notPictures.isEmpty
                    ? nil : "\(Numerals.counted(leftOut.notPictures.count, "file")) that hold no picture")
                : "\(Numerals.counted(loose.count, "picture")) such as \(loose[0])",
            advice: "put the pictures of each class into a folder that has its name")
    }

    /// How many pictures each class has.
    public var countsByClass: [Int] {
        var counts = [Int](repeating: 0, count: classNames.count)
        for file in files { counts[Int(file.label)] += 1 }
        return counts
    }

    /// The folder with only some of its pictures.
    func picking(_ places: [Int]) -> ImageFolder {
        var folder = self
        folder.files = places.map { files[$0] }
        return folder
    }

    /// The folder with the classes of a model, by name, in the model's order: class numbers then mean the same in both.
    ///
    /// Classes of the model that the folder has no picture of stay, without pictures.
    ///
    /// - Throws: `badData`, naming the classes of the folder that the model does not know.
    package func matching(classNames known: [String]) throws -> ImageFolder {
        let places = Dictionary(known.enumerated().map { ($1, Int32($0)) }) { first, _ in first }
        let unknown = classNames.filter { places[$0] == nil }
        guard unknown.isEmpty else {
            throw DescentError(
                .badData, "classes that the model does not know: \(listed(unknown))", at: path,
                expected: listed(known), advice: "rename the folders, or train a model with these classes")
        }
        var folder = self
        folder.classNames = known
        folder.files = files.map { file in
            var file = file
            file.label = places[classNames[Int(file.label)]] ?? 0
            return file
        }
        return folder
    }
}

extension LeftOutFiles {
    fileprivate mutating func sort() {
        notPictures.sort()
        withoutClass.sort()
        unusable.sort()
        repeatedFolders.sort()
    }
}

/// Names with commas, the first ten of them and how many more.
func listed(_ names: [String], limit: Int = 10) -> String {
    let shown = names.prefix(limit).map(\.showingControlCharacters).joined(separator: ", ")
    return names.count > limit ? "\(shown) and \(Numerals.grouped(names.count - limit)) more" : shown
}
