import Arrays
import Images
import Support

/// A folder of pictures whose pixels are at hand: decoded once, brought to one form, in a file of the user's cache.
public struct DecodedFolder: Sendable {
    /// The pictures that can be read.
    package let folder: ImageFolder
    /// The form of all pixels.
    public let target: ImageTarget
    /// Why the pictures have this size.
    package let reason: String
    /// The pictures that cannot be read, and why.
    package let unreadable: [DescentError]
    /// What is known of each picture of `folder`.
    let records: [PictureRecord]
    /// The row of each picture in the cache.
    let rows: [Int32]
    let cache: ImageCache

    /// The file that the pixels are in.
    package var cachePath: String { cache.path }
}

/// The options for the decoding of a folder.
public struct ImageOptions: Sendable {
    /// The width and height; nil: from the pictures (`ImageFolder.defaultSize`).
    package var imageSize: (width: Int, height: Int)?
    /// How a picture of another shape is made to fit.
    package var fit: ImageFit
    /// Whether colours are taken away; nil: if no picture has any.
    package var isGrayscale: Bool?
    /// Whether to go on without pictures that cannot be read.
    package var skipsUnreadable: Bool
    /// The cache of decoded pictures.
    package var cache: ImageCacheOptions

    /// Options; the form is chosen by the pictures unless it is given.
    public init(
        imageSize: (width: Int, height: Int)? = nil, fit: ImageFit = .crop, isGrayscale: Bool? = nil,
        skipsUnreadable: Bool = false, cache: ImageCacheOptions = ImageCacheOptions()
    ) {
        (self.imageSize, self.fit, self.isGrayscale) = (imageSize, fit, isGrayscale)
        (self.skipsUnreadable, self.cache) = (skipsUnreadable, cache)
    }
}

extension ImageFolder {
    /// Decodes all pictures in parallel, or finds them decoded already.
    ///
    /// - Parameter progress: called now and then, from the threads that decode.
    /// - Throws: `badData` that names the pictures that cannot be read, unless they are to be skipped; `cannotCreate`,
    ///   `inputOutput` for the cache; `interrupted`: nothing partial is left.
    package func decoded(
        _ options: ImageOptions = ImageOptions(),
        progress: @escaping @Sendable (ImageProgress) -> Void = { _ in }, cancellation: Cancellation? = nil
    ) throws -> DecodedFolder {
        try decoded(options, decoder: .standard, progress: progress, cancellation: cancellation)
    }

    func decoded(
        _ options: ImageOptions, decoder: PictureDecoder,
        progress: @escaping @Sendable (ImageProgress) -> Void = { _ in }, cancellation: Cancellation? = nil
    ) throws -> DecodedFolder {
        let chosen = defaultSize
        if let size = options.imageSize {
            try ImageTarget.check(width: size.width, height: size.height)
        }
        let target = ImageTarget(
            height: options.imageSize?.height ?? chosen.height,
            width: options.imageSize?.width ?? chosen.width,
            color: options.isGrayscale ?? chosen.isGrayscale ? .gray : .rgb, fit: options.fit)
        // The folder was read a moment ago; gone now, its path names it as well as any.
        let root = Files.resolved(path) ?? path
        let cache = try CacheBuild(
            folder: self, root: root, target: target, decoder: decoder, options: options.cache,
            progress: progress, cancellation: cancellation
        ).run()
        let records = cache.index.records
        let faults = records.compactMap(\.fault)
        guard faults.isEmpty || options.skipsUnreadable else { throw Self.unreadable(faults, in: path) }
        guard faults.count < records.count else {
            throw Self.unreadable(faults, in: path).advising("mend them or give others")
        }
        let rows = records.indices.filter { records[$0].fault == nil }
        return DecodedFolder(
            folder: faults.isEmpty ? self : picking(rows), target: target,
            reason: options.imageSize == nil ? chosen.reason : "as asked for", unreadable: faults,
            records: rows.map { records[$0] }, rows: rows.map { Int32($0) }, cache: cache)
    }

    private static func unreadable(_ faults: [DescentError], in path: String) -> DescentError {
        let limit = 20
        let lines = faults.prefix(limit).map(\.description)
        return DescentError(
            .badData, "\(Numerals.counted(faults.count, "picture")) cannot be read", at: path,
            advice:
                "mend or remove \(faults.count == 1 ? "it" : "them"), or go on without: `skipsUnreadable`",
            transcript: lines
                + (faults.count > limit ? ["and \(Numerals.grouped(faults.count - limit)) more"] : []))
    }
}
