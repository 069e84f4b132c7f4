import Support

extension ImageFolderData {
    /// Makes a folder of the division: `train/CLASS/file`, `val/CLASS/file`, `test/CLASS/file`, which any program reads.
    ///
    /// The files are those of the folder under a second name (hard links), or copies where the place is on another disk. Folders
    /// below a class stay. The folder appears when all is there.
    ///
    /// - Parameters:
    ///   - path: the folder, which is not there yet or empty.
    ///   - cancellation: ends the work early, with `interrupted`.
    ///   - progress: is told how far the work is.
    /// - Throws: `cannotCreate` when the folder is there; `badData` for a class whose name can be no folder's; `inputOutput`;
    ///   `interrupted`: nothing is left.
    public func makeFolder(
        at path: String, progress: @escaping @Sendable (ImageProgress) -> Void = { _ in },
        cancellation: Cancellation? = nil
    ) throws {
        let root = decoded.folder.path
        if let name = classNames.first(where: { !FolderExport.canBeFolder($0) }) {
            throw DescentError(
                .badData, "the name of a class can be no folder's", at: root, expected: "a name without '/'",
                got: name, advice: "give the class another name in \(FolderScan.labelFileName)")
        }
        var places = SplitPlaces()
        let files = ImageSubset.allCases.flatMap { subset in
            split.entries(subset).map { (from: $0.file, to: places.place(of: $0, in: subset)) }
        }
        var folder = try NewFolder(at: path)
        try folder.fill { folder in
            for (done, file) in files.enumerated() {
                try Cancellation.check(cancellation, at: path)
                let source = "\(root)/\(file.from)"
                // A link's second name would point from another place.
                try Files.linkOrCopy(
                    Files.resolved(source) ?? source, to: folder.path(ofFile: file.to))
                if (done + 1) % 500 == 0 || done + 1 == files.count {
                    progress(ImageProgress(done: done + 1, total: files.count))
                }
            }
        }
    }
}

/// The places of pictures in a folder of subsets: no two have one.
private struct SplitPlaces {
    private var taken: Set<String> = []

    /// `val/cat/holiday/1.jpg`; `val/cat/1-2.jpg` where another picture has the name.
    mutating func place(of entry: ImageSplit.Entry, in subset: ImageSubset) -> String {
        var parts = entry.file.split(separator: "/")[...]
        if parts.count > 1, let first = parts.first, ImageSubset(folderName: String(first)) != nil {
            parts = parts.dropFirst()
        }
        if parts.count > 1, parts.first.map(String.init) == entry.className { parts = parts.dropFirst() }
        let folder = ([Self.name(of: subset), entry.className] + parts.dropLast().map(String.init)).joined(
            separator: "/")
        let name = String(parts.last ?? "")
        let dot = name.dropFirst().lastIndex(of: ".") ?? name.endIndex
        var place = "\(folder)/\(name)"
        var number = 2
        while !taken.insert(place).inserted {
            place = "\(folder)/\(name[..<dot])-\(number)\(name[dot...])"
            number += 1
        }
        return place
    }

    private static func name(of subset: ImageSubset) -> String {
        subset == .validation ? "val" : subset.rawValue
    }
}
