import Arrays
import ExampleData
import Images
import Support

/// Decoded pictures as examples: bytes of [H, W] or [3, H, W], scaled to 0...1 where a network takes them.
///
/// Pictures that take little memory are the mapped file itself, without a copy. Of more the rows of a batch are read when they
/// are needed, so that the memory of a training does not grow with the folder.
public struct ImageExamples: ExampleSource {
    /// The file of each example, as a path from the folder.
    package let files: [String]
    /// The class of each.
    public let targets: Targets
    /// The names of the classes.
    public let classNames: [String]
    /// The form of the pictures.
    package let target: ImageTarget
    /// All pixels, where they take little memory.
    public let residentFeatures: FeatureMatrix?
    /// Stands for the pictures, their classes and their form.
    public let contentChecksum: String
    /// The rows in the cache.
    private let rows: [Int32]
    private let cache: ImageCache

    /// So many bytes of pixels may stay in memory; a batch of more is read from the file.
    public static let defaultResidentLimit = 256_000_000

    init(_ decoded: DecodedFolder, places: [Int], residentLimit: Int) throws {
        files = places.map { decoded.folder.files[$0].path }
        targets = .classes(places.map { decoded.folder.files[$0].label })
        (classNames, target, cache) = (decoded.folder.classNames, decoded.target, decoded.cache)
        rows = places.map { decoded.rows[$0] }
        var checksum = Checksum()
        for place in places {
            checksum.add(decoded.records[place].contents)
            withUnsafeBytes(of: decoded.folder.files[place].label) { checksum.add($0) }
        }
        for name in decoded.folder.classNames { checksum.add(name) }
        contentChecksum =
            "\([places.count] + decoded.target.exampleShape) \(decoded.target.fit.rawValue) \(decoded.target.color.rawValue) \(checksum.text)"
        guard !rows.isEmpty, rows.count * decoded.target.byteCount <= residentLimit else {
            residentFeatures = nil
            return
        }
        let first = Int(rows[0])
        if rows.enumerated().allSatisfy({ Int($1) == first + $0 }) {
            residentFeatures = .bytes(try decoded.cache.mapped()[first..<first + rows.count])
        } else {
            residentFeatures = try Self.read(rows, decoded.cache)
        }
    }

    /// The number of pictures, N.
    public var count: Int { rows.count }
    /// [H, W], or [3, H, W].
    public var exampleShape: [Int] { target.exampleShape }

    /// The pixels of the examples `rows`.
    ///
    /// - Throws: `inputOutput`.
    public func features(of rows: [Int32]) throws -> FeatureMatrix {
        if let residentFeatures { return residentFeatures.gathered(rows) }
        return try Self.read(rows.map { self.rows[Int($0)] }, cache)
    }

    private static func read(_ rows: [Int32], _ cache: ImageCache) throws -> FeatureMatrix {
        let bytes = cache.index.target.byteCount
        return .bytes(
            try NDArray(shape: [rows.count] + cache.index.target.exampleShape) { target in
                let target = UnsafeMutableRawBufferPointer(target)
                for (place, row) in rows.enumerated() {
                    let part = target[place * bytes..<(place + 1) * bytes]
                    try cache.read(row: Int(row), into: UnsafeMutableRawBufferPointer(rebasing: part))
                }
            })
    }
}
