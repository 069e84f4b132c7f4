import ArrayFiles
import Arrays
import ExampleData
import Support

/// A published data set in MNIST's form: four IDX files, grey images and their labels, for learning and for
/// the test.
///
/// ```swift
/// let source = try DatasetSource.named("kmnist")
/// let data = try source.read(directory: "downloads/kmnist")
/// ```
public struct DatasetSource: Sendable {
    /// One of the four files.
    package struct File: Sendable, Equatable {
        /// The name under which the mirrors have it.
        package let name: String
        /// The MD5 of the published file, where its publisher or a widely used loader gives one; without it
        /// the CRC inside the gzip data is checked.
        package let md5: String?
    }

    /// The identifier: `mnist`.
    public let name: String
    /// The customary name: `Fashion-MNIST`.
    package let title: String
    /// The classes, by label.
    package let classNames: [String]
    /// Training images, training labels, test images, test labels.
    package let files: [File]
    /// The addresses of the files: a file's name is put after each; the first is tried first.
    package let mirrors: [String]
    /// The page where a person finds the files.
    package let page: String
    /// CRC-32 of the four unpacked files, where they are known: packed again, a file keeps it.
    let unpackedCRC32: [UInt32]
    /// Whether the images are stored column by column, as EMNIST's are.
    let isTransposed: Bool

    init(
        name: String, title: String, classNames: [String], files: [File], mirrors: [String], page: String,
        unpackedCRC32: [UInt32] = [], isTransposed: Bool = false
    ) {
        require(files.count == 4, "training images, training labels, test images, test labels")
        self.name = name
        self.title = title
        self.classNames = classNames
        self.files = files
        self.mirrors = mirrors
        self.page = page
        self.unpackedCRC32 = unpackedCRC32
        self.isTransposed = isTransposed
    }

    /// Returns the data set of that name.
    ///
    /// - Throws: `usage`, with the names that there are.
    package static func named(_ name: String) throws -> DatasetSource {
        guard let source = all.first(where: { $0.name == name }) else {
            throw DescentError(
                .usage, "there is no data set \"\(name)\"",
                expected: all.map(\.name).joined(separator: ", "))
        }
        return source
    }

    /// Reads the data set from the files in `directory`, gzipped or not.
    ///
    /// A file may be called as its publisher calls it or as MNIST's own, with or without `.gz`, with `-idx3-`
    /// or `.idx3-`. The two parts of the work run at once on the pool's threads.
    ///
    /// - Throws: `missingInput`, naming the files that are not there; `badData` when a file is damaged or is known to
    ///   be another data set's, or when files do not belong together.
    public func read(directory: String) throws -> Dataset {
        let paths = try find(in: directory)
        let read: @Sendable (Int) throws -> Part = { [isTransposed] index in
            let isImages = index.isMultiple(of: 2)
            return try Part(
                path: paths[index], rank: isImages ? 3 : 1, isTransposed: isImages && isTransposed)
        }
        // The training images are seven eighths of the work: the rest fits beside them.
        let jobs: [@Sendable () throws -> [Part]] = [
            { try [read(0)] }, { try [read(1), read(2), read(3)] },
        ]
        let parts = try inParallel(jobs.count) { try jobs[$0]() }.flatMap { $0 }
        for (part, path) in zip(parts, paths) { try refuseAnothers(crc32: part.crc32, at: path) }
        let shapes = (parts[0].array.shape, parts[2].array.shape)
        guard shapes.0[1...] == shapes.1[1...] else {
            throw DescentError(
                .badData, "test images of another size than the training images", at: paths[2],
                expected: "\(shapes.0[1]) x \(shapes.0[2])", got: "\(shapes.1[1]) x \(shapes.1[2])")
        }
        let train = try pair(parts[0], parts[1], paths[0], paths[1])
        let test = try pair(parts[2], parts[3], paths[2], paths[3])
        return Dataset(
            name: name, train: train, test: test,
            checksum: "crc32:" + parts.map { eightDigits($0.crc32) }.joined(separator: "-"))
    }

    /// Refuses a file that is known to belong to another data set: several share MNIST's names for the files, and
    /// nothing else in them tells which they are.
    func refuseAnothers(crc32: UInt32, at path: String) throws {
        guard !unpackedCRC32.contains(crc32),
            let owner = Self.all.first(where: { $0.name != name && $0.unpackedCRC32.contains(crc32) })
        else { return }
        throw DescentError(
            .badData, "this is a file of \(owner.title)", at: path, expected: "one of \(title)",
            advice: "name the data set \(owner.name), or give the directory with the files of \(title)")
    }

    struct Part: Sendable {
        let array: NDArray<UInt8>
        let crc32: UInt32

        init(path: String, rank: Int, isTransposed: Bool) throws {
            let file = try IDX.read(ByteSource(path: path), rank: rank)
            array = isTransposed ? transposed(file.array) : file.array
            crc32 = file.crc32
        }
    }

    func pair(
        _ images: Part, _ labels: Part, _ imagesPath: String, _ labelsPath: String
    ) throws -> LabeledExamples {
        guard images.array.shape[0] == labels.array.shape[0] else {
            throw DescentError(
                .badData, "as many labels as images are needed", at: labelsPath,
                expected: "\(images.array.shape[0]), the count in \(imagesPath)",
                got: "\(labels.array.shape[0])", advice: "take both files from one source")
        }
        guard images.array.count > 0 else {
            throw DescentError(
                .badData, "there are no images", at: "\(imagesPath), byte 4", got: "\(images.array.shape)")
        }
        let wrong = labels.array.withUnsafeElements { elements in
            elements.firstIndex { Int($0) >= classNames.count }.map { ($0, elements[$0]) }
        }
        if let (index, label) = wrong {
            // The header of an array with one axis has 8 bytes.
            throw DescentError(
                .badData, "a label without a class", at: "\(labelsPath), unpacked byte \(8 + index)",
                expected: "0 to \(classNames.count - 1)", got: "\(label)")
        }
        return LabeledExamples(
            .bytes(images.array), classes: labels.array.elements.map { Int32($0) }, classNames: classNames)
    }

    private func eightDigits(_ number: UInt32) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }
}

/// Returns the images with rows and columns exchanged: [N, H, W] becomes [N, W, H].
///
/// - Complexity: O(N · H · W); square images are transposed in place if their buffer has no other owner.
func transposed(_ images: consuming NDArray<UInt8>) -> NDArray<UInt8> {
    let (count, height, width) = (images.shape[0], images.shape[1], images.shape[2])
    guard height == width else {
        return NDArray(shape: [count, width, height]) { target in
            images.withUnsafeElements { source in
                for index in target.indices {
                    let (image, place) = index.quotientAndRemainder(dividingBy: height * width)
                    let (column, row) = place.quotientAndRemainder(dividingBy: height)
                    target.initializeElement(
                        at: index, to: source[image * height * width + row * width + column])
                }
            }
        }
    }
    images.withUnsafeMutableElements { pixels in
        for start in stride(from: 0, to: pixels.count, by: max(1, width * width)) {
            for row in 0..<width {
                for column in 0..<row {
                    pixels.swapAt(start + row * width + column, start + column * width + row)
                }
            }
        }
    }
    return images
}
