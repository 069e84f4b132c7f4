import Images
import Support

/// What there is to say of a folder of pictures before anything is learnt from it: counts, sizes, and faults by name.
package struct ImageFolderReport: Sendable, Equatable {
    /// How many pictures a class has.
    package struct ClassCount: Sendable, Equatable {
        /// The class.
        package let name: String
        /// The pictures in each subset; all are to learn from in a folder that is not divided.
        package let train, validation, test: Int

        /// All pictures of the class that are in a subset.
        package var total: Int { train + validation + test }
    }

    /// How many pictures a format has.
    package struct FormatCount: Sendable, Equatable {
        /// The format: `PNG`, `JPEG`, `WebP`.
        package let name: String
        /// Its pictures.
        package let count: Int
    }

    /// The smallest, middle and largest of some numbers.
    package struct Spread: Sendable, Equatable {
        /// The smallest.
        package let smallest: Int
        /// The one in the middle.
        package let median: Int
        /// The largest.
        package let largest: Int

        init(_ numbers: [Int]) {
            let sorted = numbers.sorted()
            smallest = sorted.first ?? 0
            median = sorted.isEmpty ? 0 : sorted[sorted.count / 2]
            largest = sorted.last ?? 0
        }
    }

    /// The folder.
    package let path: String
    /// How classes are given.
    package let layout: ImageLayout
    /// The classes in the order of their numbers.
    package let classes: [ClassCount]
    /// The widths of the pictures in pixels.
    package let widths: Spread
    /// The heights of the pictures in pixels.
    package let heights: Spread
    /// How many pictures each format has, the commonest first.
    package let formats: [FormatCount]
    /// How many pictures hold colours.
    package let colorCount: Int
    /// The form that the pictures are brought to, and why.
    package let target: ImageTarget
    /// Why the pictures have this size.
    package let reason: String
    /// What should be looked at, the gravest first.
    package let notes: [ImageFolderNote]

    /// All pictures that can be read.
    package let count: Int

    init(_ decoded: DecodedFolder, _ subsets: [ImageSubset?], _ duplicates: DuplicatePictures) {
        let folder = decoded.folder
        (path, layout, count) = (folder.path, folder.layout, folder.files.count)
        (target, reason) = (decoded.target, decoded.reason)
        var counts = folder.classNames.map { _ in [ImageSubset: Int]() }
        for (file, subset) in zip(folder.files, subsets) {
            if let subset { counts[Int(file.label)][subset, default: 0] += 1 }
        }
        classes = zip(folder.classNames, counts).map {
            ClassCount(
                name: $0, train: $1[.train] ?? 0, validation: $1[.validation] ?? 0, test: $1[.test] ?? 0)
        }
        let headers = folder.files.compactMap { try? $0.header.get() }
        widths = Spread(headers.map(\.width))
        heights = Spread(headers.map(\.height))
        formats = Dictionary(grouping: headers, by: \.format).map {
            FormatCount(name: $0.key.rawValue, count: $0.value.count)
        }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        colorCount = headers.reduce(0) { $0 + ($1.hasColor ? 1 : 0) }
        notes = ImageFolderNote.notes(decoded, subsets, duplicates, classes)
    }
}

extension DecodedFolder {
    /// What there is to say of the folder, with the subsets that it has itself.
    package func report(cancellation: Cancellation? = nil) throws -> ImageFolderReport {
        ImageFolderReport(
            self, folder.files.map { $0.subset ?? .train },
            try DuplicatePictures(records, cancellation: cancellation))
    }
}
