import Images
import Support

/// A picture of a folder: where it lies, what it is of, and what its header says.
public struct ImageFile: Sendable, Equatable {
    /// The path from the folder, with slashes.
    public let path: String
    /// The class, an index into the folder's `classNames`.
    public internal(set) var label: Int32
    /// The subset that the folder puts it into; nil where the folder has none.
    package let subset: ImageSubset?
    /// The header, or why it cannot be read.
    package let header: Result<ImageHeader, DescentError>
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
