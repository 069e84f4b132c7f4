/// The part that an example has in an experiment.
public enum ImageSubset: String, Codable, Sendable, CaseIterable {
    /// To learn from.
    case train
    /// To choose settings by.
    case validation
    /// To test with, once.
    case test

    /// The subset that a folder of this name holds: `train`, `val`, `valid`, `validation` or `test`, in any case; nil for
    /// another name.
    package init?(folderName: String) {
        switch folderName.lowercased() {
        case "train": self = .train
        case "val", "valid", "validation": self = .validation
        case "test": self = .test
        default: return nil
        }
    }
}

/// The way in which a folder says which class a picture is of.
package enum ImageLayout: String, Codable, Sendable {
    /// `CLASS/file`, with any folders between.
    case classFolders
    /// `CLASS.anything.ext`: the class is what stands before the first dot.
    case fileNames
    /// A file `labels.csv`.
    case labelFile

    /// The layout as a pattern.
    package var pattern: String {
        switch self {
        case .classFolders: "CLASS/file"
        case .fileNames: "CLASS.anything.ext"
        case .labelFile: "labels.csv"
        }
    }
}
