import ArgumentParser
import Descent

/// The flags that say how pictures go into an ONNX file that does not say it itself.
struct ONNXOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Of an ONNX file: its pictures' size, where it takes any: 224, or WxH (default: 224).",
            valueName: "size"))
    var imageSize: String?

    @Option(
        help: ArgumentHelp(
            "Of an ONNX file: how a picture of another shape is made to fit: crop, pad or stretch (default: crop).",
            valueName: "how"), completion: .list(ImageFit.allCases.map(\.rawValue)))
    var fit: ImageFit?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Of an ONNX file: what is taken from pixels of 0 to 1, one number or one for each channel (default: ImageNet's 0.485,0.456,0.406; grey 0).",
            valueName: "numbers"))
    var mean: NumberList?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Of an ONNX file: what they are divided by then (default: ImageNet's 0.229,0.224,0.225; grey 1).",
            valueName: "numbers"))
    var deviation: NumberList?

    @Option(
        help: ArgumentHelp(
            "Of an ONNX file: the names of its classes, one on each line (default: those that it has).",
            valueName: "file"), completion: .file())
    var classNames: String?

    /// The flags that were given.
    var given: [String] {
        [
            ("--image-size", imageSize != nil), ("--fit", fit != nil), ("--mean", mean != nil),
            ("--deviation", deviation != nil), ("--class-names", classNames != nil),
        ].filter(\.1).map(\.0)
    }

    /// Opens a file, and says what was supposed about it.
    func open(_ path: String, _ options: OutputOptions) throws -> ONNXFile.Opened {
        var settings = ONNXPictures.Settings()
        settings.size = try imageSize.map { try ImageTarget.size(parsing: $0) }
        settings.mean = mean?.values
        settings.deviation = deviation?.values
        let opened = try ONNXFile.open(
            path, settings, classNames: try classNames.map { try ONNXFile.classNames(at: $0) })
        if !options.quiet {
            Output.error.tryWrite(
                "\(path.showingControlCharacters): \(opened.note.showingControlCharacters)\n")
        }
        return opened
    }

    /// Refuses flags that a model folder has no use for.
    func refuse(for folder: String) throws {
        guard let flag = given.first else { return }
        throw DescentError(
            .usage, "a model folder says itself how pictures go into it", at: flag,
            advice: "leave it out; it is for ONNX files, and '\(folder)' is a folder")
    }
}
