import ArgumentParser
import Descent

/// `descent import`: a network of another program, as a model folder.
struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make a model folder of an ONNX file that classifies pictures.",
        usage: "descent import <file> --out <folder> [<options>]",
        discussion: """
            The folder holds the file itself, how pictures go into it, the names of its \
            classes, and samples with the answers that it gives now. predict, evaluate, \
            summary and programs take it like any other. Files of 'descent export' say \
            all of this themselves; for others pixels from 0 to 1 are given ImageNet's \
            mean and deviation, and the answers a softmax where the graph has none. What \
            was supposed is said in a line.

            EXAMPLES
              descent import resnet50.onnx --class-names imagenet.txt --out models/resnet
              descent import digits.onnx --out models/digits
              descent import net.onnx --mean 0.5 --deviation 0.5 --image-size 256 \\
                --out models/net
              descent predict models/resnet cat.jpg
            """)

    @Argument(help: ArgumentHelp("An ONNX file.", valueName: "file"), completion: .file(extensions: ["onnx"]))
    var file: String

    @OptionGroup(title: "The file") var onnx: ONNXOptions

    @Option(
        name: [.short, .long], help: ArgumentHelp("The model folder that is made.", valueName: "folder"),
        completion: .directory)
    var out: String

    @Flag(help: "Replace the model in --out.")
    var force = false

    @OptionGroup(title: "Output") var options: OutputOptions

    func validate() throws {
        if out.isEmpty { throw ValidationError("--out is empty") }
    }

    func run() throws {
        options.apply()
        let opened = try onnx.open(file, options)
        let path = try ModelFolder(importing: opened, fit: onnx.fit ?? .crop).write(
            to: .folder(out, replacing: force)
        ) { Output.warn($0) }
        let line: JSONText = [
            "version": 1, "path": .string(path), "file": .string(file),
            "summary": .string(opened.classifier.summary), "supposed": .string(opened.note),
            "classes": .integer(opened.classifier.classNames.count),
        ]
        try Output.standard.write(
            options.json
                ? line.line + "\n"
                : "\(opened.classifier.summary.showingControlCharacters) in \(path.showingControlCharacters)\n"
        )
    }
}
