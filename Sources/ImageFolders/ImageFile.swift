import Support

/// A picture of a folder: where it lies, what it is of, and what its header says.
public struct ImageFile: Sendable, Equatable {
    /// The path from the folder, with slashes.
    public let path: String
    /// The class, an index into the folder's `classNames`.
    public internal(set) var label: Int32
    /// The subset that the folder puts it into; nil where the folder has none.
    public let subset: ImageSubset?
    /// The header, or why it cannot be read.
    public let header: Result<PictureHeader, DescentError>
    /// Size and time of change, by which a changed file is known.
    package let stamp: FileStamp
    /// The group that a column of `labels.csv` gives, by the columns of the folder.
    let attributes: [String]
}

/// The size of a file and the time of its last change.
package struct FileStamp: Sendable, Hashable {
    package let size: Int
    package let seconds: Int
    package let nanoseconds: Int
}

/// What the header of a picture says, before any pixel is decoded.
public struct PictureHeader: Sendable, Equatable {
    /// The format's name: `PNG`, `JPEG`, `WebP`.
    public let format: String
    /// The width in pixels, once it is set upright.
    public let width: Int
    /// The height in pixels, once it is set upright.
    public let height: Int
    /// Whether the file holds colours.
    public let hasColor: Bool

    /// A header from its parts.
    public init(format: String, width: Int, height: Int, hasColor: Bool) {
        (self.format, self.width, self.height, self.hasColor) = (format, width, height, hasColor)
    }
}
