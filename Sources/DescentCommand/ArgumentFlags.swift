import Descent

/// The flags of this program for the arguments that errors of the libraries name.
///
/// A library writes an argument in backticks and never says a flag: "give another `folder`". This is the one place that
/// knows the flag for it, "give another --out". A test holds the list against the libraries' sources.
enum ArgumentFlags {
    static let flags = [
        "named": "--model", "hidden": "--hidden", "folder": "--out",
        "name": "--name", "replacing": "--force", "resuming": "--resume", "range": "--range",
        "methods": "--only", "script": "--emit-python", "testFile": "--test-data", "features": "--features",
        "deskews": "--deskew", "directory": "--data-dir", "imageSize": "--image-size",
        "skipsUnreadable": "--skip-unreadable", "groupBy": "--group-by", "validation": "--val-split",
        "test": "--test-split", "mean": "--mean", "deviation": "--deviation", "classNames": "--class-names",
        "rejectingBelow": "--reject", "format": "--format",
    ]

    /// Returns the text with flags in place of arguments.
    static func translated(_ text: String) -> String {
        text.replacing(/`([a-zA-Z]+)`/) { match in
            flags[String(match.output.1)] ?? String(match.output.0)
        }
    }
}

extension DescentError {
    /// The error in this program's words: flags in place of arguments. A value that was found stays as it is, and so does a
    /// place that is a path.
    var naming: DescentError {
        DescentError(
            kind, ArgumentFlags.translated(what),
            at: place.map { $0.hasPrefix("`") ? ArgumentFlags.translated($0) : $0 },
            expected: expected.map(ArgumentFlags.translated), got: got,
            advice: advice.map(ArgumentFlags.translated), transcript: transcript)
    }
}
