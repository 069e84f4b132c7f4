import Support

/// One thing about a folder of pictures that should be known before training.
package struct ImageFolderNote: Sendable, Equatable {
    /// What it is about; by it a program finds a note, and cases stand in the order of their weight.
    package enum Kind: String, Sendable, CaseIterable {
        /// Pictures that cannot be read.
        case unreadable
        /// Fewer than two classes.
        case oneClass
        /// Files with equal contents in two classes.
        case equalInTwoClasses
        /// Files with equal contents in two subsets.
        case equalAcrossSubsets
        /// Pictures that look alike in two subsets.
        case alikeAcrossSubsets
        /// A class that has no picture to learn from.
        case classNotInTrain
        /// A class folder that holds no picture.
        case emptyClass
        /// A class with one picture to learn from.
        case singlePicture
        /// A class that no validation or test picture is of.
        case classNotTested
        /// Pictures that the layout gives no class.
        case withoutClass
        /// Pictures that are in no subset of a stored split.
        case notInSplit
        /// Files that hold no picture.
        case notPictures
        /// Links to nothing, pipes, devices.
        case unusable
        /// Folders that another way leads to.
        case repeatedFolders
        /// Rows of `labels.csv` that stand there twice.
        case repeatedRows
        /// Files with equal contents in one subset.
        case equal
        /// Hidden files.
        case hidden
    }

    /// What it is about.
    package let kind: Kind
    /// It in words, without names.
    package let text: String
    /// The files or classes; pairs as `a = b`, those that only look alike as `a ~ b`.
    package let names: [String]

    /// Whether it makes a result worse or wrong, and not only smaller.
    package var isFault: Bool {
        switch kind {
        case .unreadable, .oneClass, .equalInTwoClasses, .equalAcrossSubsets, .alikeAcrossSubsets,
            .classNotInTrain, .emptyClass, .singlePicture:
            true
        default: false
        }
    }

    /// The text with the first names.
    package func line(names limit: Int = 3) -> String {
        names.isEmpty ? text : "\(text): \(listed(names, limit: limit))"
    }
}

extension ImageFolderNote {
    /// The notes on a folder, by their weight.
    static func notes(
        _ decoded: DecodedFolder, _ subsets: [ImageSubset?], _ duplicates: DuplicatePictures,
        _ classes: [ImageFolderReport.ClassCount]
    ) -> [ImageFolderNote] {
        let folder = decoded.folder
        var notes: [ImageFolderNote] = []
        func note(_ kind: Kind, _ names: [String], _ text: (String) -> String, _ noun: String) {
            guard !names.isEmpty else { return }
            let counted =
                noun == "class"
                ? "\(names.count) class\(names.count == 1 ? "" : "es")" : Numerals.counted(names.count, noun)
            notes.append(ImageFolderNote(kind: kind, text: text(counted), names: names))
        }
        note(.unreadable, decoded.unreadable.map(\.description), { "\($0) left out: unreadable" }, "picture")
        if classes.filter({ $0.total > 0 }).count < 2 {
            notes.append(
                ImageFolderNote(
                    kind: .oneClass, text: "fewer than two classes have pictures",
                    names: classes.filter { $0.total > 0 }.map(\.name)))
        }
        note(.emptyClass, folder.emptyClasses, { "\($0) without a picture" }, "folder")
        let hasOthers = classes.contains { $0.validation + $0.test > 0 }
        note(
            .classNotInTrain, classes.filter { $0.train == 0 && $0.total > 0 }.map(\.name),
            { "\($0) with no picture to learn from" }, "class")
        note(
            .singlePicture, classes.filter { $0.train == 1 }.map(\.name),
            { "\($0) with one picture to learn from" }, "class")
        if hasOthers {
            note(
                .classNotTested,
                classes.filter { $0.train > 0 && $0.validation + $0.test == 0 }.map(\.name),
                { "\($0) with no validation or test picture" }, "class")
        }
        notes += duplicateNotes(folder, subsets, duplicates)
        let left = folder.leftOut
        note(.withoutClass, left.withoutClass, { "\($0) left out: no class" }, "picture")
        note(
            .notInSplit, zip(folder.files, subsets).filter { $1 == nil }.map(\.0.path),
            { "\($0) in no subset of the split" }, "picture")
        note(.notPictures, left.notPictures, { "\($0) left out: no picture by content" }, "file")
        note(.unusable, left.unusable, { "\($0) left out: cannot be opened as a file" }, "name")
        note(.repeatedFolders, left.repeatedFolders, { "\($0) left out: reached by another way" }, "folder")
        note(.repeatedRows, folder.repeatedRows, { "\($0) twice in labels.csv" }, "file")
        if left.hidden > 0 {
            notes.append(
                ImageFolderNote(
                    kind: .hidden, text: "\(Numerals.counted(left.hidden, "hidden name")) left out", names: []
                ))
        }
        let order = Dictionary(uniqueKeysWithValues: Kind.allCases.enumerated().map { ($1, $0) })
        return notes.sorted { (order[$0.kind] ?? 0) < (order[$1.kind] ?? 0) }
    }

    private static func duplicateNotes(
        _ folder: ImageFolder, _ subsets: [ImageSubset?], _ duplicates: DuplicatePictures
    ) -> [ImageFolderNote] {
        func path(_ place: Int) -> String { folder.files[place].path }
        var names: [Kind: [String]] = [:]
        // Of many equal files the pairs with the first one are enough.
        var representatives: [Int: [Int]] = [:]
        for set in duplicates.equal {
            representatives[set[0]] = set
            for other in set.dropFirst() {
                let kind: Kind =
                    folder.files[set[0]].label != folder.files[other].label ? .equalInTwoClasses : .equal
                names[kind, default: []].append("\(path(set[0])) = \(path(other))")
            }
            let sides = Dictionary(grouping: set.filter { subsets[$0] != nil }) { subsets[$0] }
            guard sides.count > 1 else { continue }
            let firsts = sides.values.map { $0[0] }.sorted()
            for other in firsts.dropFirst() {
                names[.equalAcrossSubsets, default: []].append("\(path(firsts[0])) = \(path(other))")
            }
        }
        for set in duplicates.alike {
            let all = set.flatMap { representatives[$0] ?? [$0] }.filter { subsets[$0] != nil }.sorted()
            let base = all.first { subsets[$0] == .train } ?? all.first
            guard let base else { continue }
            // Each picture that is not to learn from, with one that is.
            for other in all where subsets[other] != subsets[base] {
                names[.alikeAcrossSubsets, default: []].append("\(path(other)) ~ \(path(base))")
            }
        }
        let texts: [(kind: Kind, text: String)] = [
            (.equalInTwoClasses, "the same picture in two classes"),
            (.equalAcrossSubsets, "the same picture in two subsets"),
            (.alikeAcrossSubsets, "nearly the same picture in two subsets"),
            (.equal, "the same picture twice"),
        ]
        return texts.compactMap { kind, text in
            names[kind].map {
                ImageFolderNote(
                    kind: kind, text: "\(text), \(Numerals.counted($0.count, "pair"))", names: $0)
            }
        }
    }
}
