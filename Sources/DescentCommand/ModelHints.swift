import Descent

/// The last lines of a training, of networks and of other classifiers alike: the model's place, and commands that use
/// it. The run remembers its data, so that the commands need no flags.
struct ModelHints {
    /// The path of the model.
    let path: String
    /// Whether `latest` in the same directory points to it.
    let isLatest: Bool
    /// Whether it has a picture of its curves.
    var hasCurves = false
    /// The script that makes the same run and what it reads, with their sizes in bytes.
    var script: [NumPyScript.Written] = []

    /// The lines.
    var text: String {
        let shown = path.showingControlCharacters
        let name = isLatest ? PathText.sibling("latest", of: path) : path
        var text = "model      \(shown)\(isLatest ? "  (also \(name.showingControlCharacters))" : "")\n"
        if hasCurves { text += "curves     \(shown)/plots/learning-curve.svg\n" }
        if !script.isEmpty {
            let files = script.map { "\($0.path.showingControlCharacters) (\(Numerals.bytes($0.byteCount)))" }
            text += "script     \(files.joined(separator: ", which reads "))\n"
        }
        return text + """
            evaluate   \(Invocation.program) evaluate \(Shell.quoted(name))
            predict    \(Invocation.program) predict \(Shell.quoted(name)) --index 0-4

            """
    }
}
