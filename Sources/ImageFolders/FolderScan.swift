import Support

/// Finds out the layout of a folder, and the class and subset of each file in it.
struct FolderScan {
    /// A file with the name of its class.
    struct Labeled {
        let file: FoundFile
        let className: String
        let subset: ImageSubset?
        let attributes: [String]
    }

    static let labelFileName = "labels.csv"

    private(set) var walk: FolderWalk
    private(set) var found: [Labeled] = []
    /// Files that the layout gives no class; not all are pictures.
    private(set) var unlabeled: [FoundFile] = []
    private(set) var layout = ImageLayout.classFolders
    private(set) var hasSubsets = false
    private(set) var attributeNames: [String] = []
    /// The names of class folders, of which some may hold no picture.
    private(set) var classFolders: [String] = []
    private(set) var repeatedRows: [String] = []

    init(_ path: String, cancellation: Cancellation?) throws {
        walk = try FolderWalk(path, cancellation: cancellation)
    }

    mutating func run() throws {
        let top = try walk.entries(of: "")
        if top.files.contains(where: { $0.path == Self.labelFileName }) {
            // The table may name files anywhere below; which ones there are is asked of the system, not of the walk.
            try readLabels(in: "", subset: nil, top)
            return
        }
        let named = top.folders.map { (path: $0, subset: ImageSubset(folderName: $0)) }
        let subsets = named.filter { $0.subset != nil }
        guard !subsets.isEmpty else { return try readClasses(in: "", subset: nil, top) }
        let entries = try subsets.map { try walk.entries(of: $0.path) }
        if subsets.count == named.count {
            hasSubsets = true
            unlabeled += top.files
            for (subset, entries) in zip(subsets, entries) {
                try readClasses(in: subset.path, subset: subset.subset, entries)
            }
            try requireOneFolderEach(subsets)
            return
        }
        // "train" beside "bus" and "car" is a class, unless it has classes itself.
        if let both = zip(subsets, entries).first(where: { !$1.folders.isEmpty })?.0.path {
            let others = named.filter { $0.subset == nil }.map(\.path)
            throw DescentError(
                .badData, "the folders are subsets and classes at once", at: walk.root,
                expected: "train, val and test only, or classes only",
                got: "\(both), which has folders itself, and \(listed(others, limit: 3))",
                advice: "move \(others.count == 1 ? "the other folder" : "the other folders") elsewhere")
        }
        let remaining = named.filter { $0.subset == nil }.map(\.path)
        try addClasses(remaining, subset: nil)
        for (subset, entries) in zip(subsets, entries) { add(subset.path, entries.files, subset: nil) }
        unlabeled += top.files
    }

    private func requireOneFolderEach(_ subsets: [(path: String, subset: ImageSubset?)]) throws {
        for (place, one) in subsets.enumerated() {
            if let other = subsets[..<place].first(where: { $0.subset == one.subset }) {
                throw DescentError(
                    .badData, "two folders for one subset", at: walk.root,
                    expected: "one of \(other.path) and \(one.path)",
                    advice: "put the pictures of both into one")
            }
        }
    }

    /// The classes of the root or of a subset.
    private mutating func readClasses(
        in folder: String, subset: ImageSubset?, _ entries: (files: [FoundFile], folders: [String])
    ) throws {
        let labels = folder.isEmpty ? Self.labelFileName : "\(folder)/\(Self.labelFileName)"
        if entries.files.contains(where: { $0.path == labels }) {
            return try readLabels(in: folder, subset: subset, entries)
        }
        guard entries.folders.isEmpty else {
            unlabeled += entries.files
            return try addClasses(entries.folders, subset: subset)
        }
        layout = .fileNames
        for file in entries.files {
            guard let name = Self.className(ofFile: PathText.name(of: file.path)) else {
                unlabeled.append(file)
                continue
            }
            found.append(Labeled(file: file, className: name, subset: subset, attributes: []))
        }
    }

    private mutating func addClasses(_ folders: [String], subset: ImageSubset?) throws {
        for folder in folders { add(folder, try walk.files(below: folder), subset: subset) }
    }

    private mutating func add(_ folder: String, _ files: [FoundFile], subset: ImageSubset?) {
        let name = PathText.name(of: folder)
        classFolders.append(name)
        found += files.map { Labeled(file: $0, className: name, subset: subset, attributes: []) }
    }

    /// `cat` of `cat.0.jpg`; nil where there are not two dots, or nothing before the first.
    static func className(ofFile name: String) -> String? {
        let parts = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count >= 3, let first = parts.first, !first.isEmpty else { return nil }
        return String(Substring(first))
    }

    private mutating func readLabels(
        in folder: String, subset: ImageSubset?, _ entries: (files: [FoundFile], folders: [String])
    ) throws {
        layout = .labelFile
        let prefix = folder.isEmpty ? "" : folder + "/"
        let tablePath = "\(walk.root)/\(prefix)\(Self.labelFileName)"
        let table = try LabelTable(contentsOf: tablePath)
        var below = entries.files.filter { $0.path != prefix + Self.labelFileName }
        for folder in entries.folders { below += try walk.files(below: folder) }
        let places = Dictionary(below.map { ($0.path.pathKey, $0) }) { first, _ in first }
        // A name that was typed with composed letters is that of a file with decomposed ones, where none has it exactly.
        let alike = Dictionary(below.map { ($0.path, $0) }) { first, _ in first }
        var rows: [[UInt8]: LabelTable.Row] = [:]
        var missing: [String] = []
        var added: [Labeled] = []
        // One table's columns are those of all, or grouping could not be told what it goes by.
        if attributeNames.isEmpty { attributeNames = table.attributeNames }
        for row in table.rows {
            let wanted = prefix + Self.normalized(row.file)
            let file = places[wanted.pathKey] ?? alike[wanted]
            let path = file?.path ?? wanted
            if let earlier = rows[path.pathKey] {
                guard earlier.label == row.label, earlier.subset == row.subset else {
                    throw DescentError(
                        .badData, "a file has two classes or subsets", at: "\(tablePath), row \(row.number)",
                        expected: "\(earlier.label), as in row \(earlier.number)", got: row.label)
                }
                repeatedRows.append(path)
                continue
            }
            rows[path.pathKey] = row
            guard let file else {
                missing.append("row \(row.number): \(row.file)")
                continue
            }
            hasSubsets = hasSubsets || row.subset != nil
            added.append(
                Labeled(
                    file: file, className: row.label, subset: row.subset ?? subset,
                    attributes: table.attributeNames == attributeNames
                        ? row.attributes : attributeNames.map { _ in "" }))
        }
        guard missing.isEmpty else {
            throw DescentError(
                .missingInput, "\(Numerals.counted(missing.count, "file")) of the table not in the folder",
                at: tablePath, advice: "paths are read from the folder of labels.csv",
                transcript: Array(missing.prefix(10))
                    + (missing.count > 10 ? ["and \(Numerals.grouped(missing.count - 10)) more"] : []))
        }
        found += added
        unlabeled += below.filter { rows[$0.path.pathKey] == nil }
    }

    /// A path as people write it, `./a\b.jpg`, as the walk has it: `a/b.jpg`. What leads out of the folder finds no file.
    static func normalized(_ path: String) -> String {
        let slashes = path.utf8.contains(UInt8(ascii: "\\")) && !path.utf8.contains(UInt8(ascii: "/"))
        let text = slashes ? String(path.map { $0 == "\\" ? "/" : $0 }) : path
        let parts = text.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
        let isAbsolute = text.utf8.first == UInt8(ascii: "/")
        return (isAbsolute ? "/" : "") + parts.filter { $0 != "." }.joined(separator: "/")
    }
}

extension String {
    /// What tells one path from another: its bytes. A file system may hold two names that `String` takes for equal, one with composed
    /// letters and one with decomposed ones.
    var pathKey: [UInt8] { Array(utf8) }
}
