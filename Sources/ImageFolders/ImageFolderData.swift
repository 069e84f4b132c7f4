import Support

/// A folder of pictures divided for an experiment.
public struct ImageFolderData: Sendable {
    /// The pictures to learn from.
    public let train: ImageExamples
    /// The pictures to choose settings by; none where no share was asked for and the folder has none.
    public let validation: ImageExamples
    /// The pictures for the test; none where no share was asked for and the folder has none.
    public let test: ImageExamples
    /// The division, to be stored with the model.
    public let split: ImageSplit
    /// What there is to say of the folder.
    package let report: ImageFolderReport
    /// The decoded pictures.
    public let decoded: DecodedFolder

    /// The names of the classes.
    public var classNames: [String] { split.classNames }
}

/// The shares of a split, and what stays together.
package struct ImageSplitOptions: Sendable {
    /// The share of pictures to choose settings by, 0 ..< 1; nil: what the folder has.
    package var validation: Double?
    /// The share of pictures for the test, 0 ..< 1; nil: what the folder has.
    package var test: Double?
    /// The seed of chance.
    package var seed: Int
    /// What pictures that must stay on one side have in common.
    package var groupBy: ImageGrouping?

    /// Options of a split.
    package init(
        validation: Double? = nil, test: Double? = nil, seed: Int = 0, groupBy: ImageGrouping? = nil
    ) {
        (self.validation, self.test, self.seed, self.groupBy) = (validation, test, seed, groupBy)
    }
}

extension ImageFolder {
    /// Decodes the pictures and divides them: stratified, by chance and repeatable.
    ///
    /// ```swift
    /// let data = try ImageFolder("photos").split(validation: 0.2, seed: 1)
    /// data.train.count        // 20000
    /// data.split.checksum     // the same for the same pictures and seed
    /// ```
    ///
    /// - Parameters:
    ///   - validation: the share to choose settings by; nil: what the folder has.
    ///   - test: the share for the test; nil: what the folder has.
    ///   - seed: the seed of chance.
    ///   - groupBy: what pictures that must stay on one side have in common.
    ///   - options: size, cut, colour, cache.
    ///   - residentLimit: so many bytes of pixels may stay in memory, for each subset.
    ///   - cancellation: ends the work early, with `interrupted`.
    ///   - progress: is told how far the work is.
    /// - Throws: `usage` for shares that leave nothing, or that the folder has subsets for; `badData` for pictures that cannot
    ///   be read, for fewer than two classes, for fewer groups than subsets; what decoding throws.
    public func split(
        validation: Double? = nil, test: Double? = nil, seed: Int = 0, groupBy: ImageGrouping? = nil,
        options: ImageOptions = ImageOptions(), residentLimit: Int = ImageExamples.defaultResidentLimit,
        progress: @escaping @Sendable (ImageProgress) -> Void = { _ in }, cancellation: Cancellation? = nil
    ) throws -> ImageFolderData {
        try decoded(options, progress: progress, cancellation: cancellation).split(
            ImageSplitOptions(validation: validation, test: test, seed: seed, groupBy: groupBy),
            residentLimit: residentLimit, cancellation: cancellation)
    }
}

extension DecodedFolder {
    /// Divides the pictures: stratified, by chance and repeatable. Files with equal contents stay on one side.
    ///
    /// - Throws: see `ImageFolder.split`.
    package func split(
        _ options: ImageSplitOptions, residentLimit: Int = ImageExamples.defaultResidentLimit,
        cancellation: Cancellation? = nil
    ) throws -> ImageFolderData {
        let counts = folder.countsByClass
        let known = counts.indices.filter { counts[$0] > 0 }
        guard known.count > 1 else {
            throw DescentError(
                .badData, "fewer than two classes have pictures", at: folder.path, expected: "2 classes",
                got: listed(known.map { folder.classNames[$0] }),
                advice: "put the pictures of each class into a folder that has its name")
        }
        let duplicates = try DuplicatePictures(records, cancellation: cancellation)
        let subsets = try ImageDivision(
            self, options, equal: duplicates.equal, cancellation: cancellation
        ).run()
        func entries(_ subset: ImageSubset) -> [ImageSplit.Entry] {
            folder.files.indices.filter { subsets[$0] == subset }.map { entry($0) }
        }
        let split = ImageSplit(
            classNames: folder.classNames, rule: ImageDivision.rule(options), train: entries(.train),
            validation: entries(.validation), test: entries(.test))
        return try data(split, subsets, duplicates, residentLimit)
    }

    /// Divides the pictures as a stored split has them.
    ///
    /// Pictures that the split does not know are in no subset; the report says how many.
    ///
    /// - Throws: `badData` that names the pictures that are missing or have changed, or the classes that differ.
    package func split(
        _ split: ImageSplit, residentLimit: Int = ImageExamples.defaultResidentLimit,
        cancellation: Cancellation? = nil
    ) throws -> ImageFolderData {
        let matched = DecodedFolder(
            folder: try folder.matching(classNames: split.classNames), target: target, reason: reason,
            unreadable: unreadable, records: records, rows: rows, cache: cache)
        let places = Dictionary(folder.files.enumerated().map { ($1.path.pathKey, $0) }) { first, _ in first }
        var (subsets, faults): ([ImageSubset?], [String]) = (folder.files.map { _ in nil }, [])
        for subset in ImageSubset.allCases {
            for wanted in split.entries(subset) {
                guard let place = places[wanted.file.pathKey] else {
                    faults.append("\(wanted.file) is missing")
                    continue
                }
                let found = matched.entry(place)
                subsets[place] = subset
                if found.contents != wanted.contents {
                    faults.append("\(wanted.file) has changed")
                } else if found.className != wanted.className {
                    faults.append("\(wanted.file) is \(found.className) now, not \(wanted.className)")
                }
            }
        }
        try ImageSplit.refuse(faults, in: folder.path)
        return try matched.data(
            split, subsets, DuplicatePictures(records, cancellation: cancellation), residentLimit)
    }

    private func entry(_ place: Int) -> ImageSplit.Entry {
        let file = folder.files[place]
        return ImageSplit.Entry(
            file: file.path, className: folder.classNames[Int(file.label)], contents: records[place].contents)
    }

    private func data(
        _ split: ImageSplit, _ subsets: [ImageSubset?], _ duplicates: DuplicatePictures, _ residentLimit: Int
    ) throws -> ImageFolderData {
        func examples(_ subset: ImageSubset) throws -> ImageExamples {
            try ImageExamples(
                self, places: subsets.indices.filter { subsets[$0] == subset }, residentLimit: residentLimit)
        }
        return ImageFolderData(
            train: try examples(.train), validation: try examples(.validation), test: try examples(.test),
            split: split, report: ImageFolderReport(self, subsets, duplicates), decoded: self)
    }
}
