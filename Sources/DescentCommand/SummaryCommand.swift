import ArgumentParser
import Descent

/// `descent summary`: a network's layers, shapes, parameters, work and memory.
struct SummaryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "summary",
        abstract: "Show a model's layers or stages, shapes, parameters and FLOPs.",
        usage: "descent summary <model> [<options>]",
        discussion: """
            For a model folder, or for a network by its name with MNIST's sizes. FLOPs \
            are floating-point operations for one example, forward: two for each \
            multiplication with its addition; a training step takes about three times \
            as many. For a classical classifier: its stages from image to \
            class, and how many parameters each has learned.

            EXAMPLES
              descent summary lenet
              descent summary runs/latest
              descent summary mlp:256,128 --batch-size 32
              descent summary deep-conv --json
            """)

    @Argument(
        help: ArgumentHelp(
            "A network's name, such as two-layer or lenet, or a model folder.", valueName: "model"),
        completion: .directory)
    var model: String

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("Examples in a training step, for its memory.", valueName: "n"))
    var batchSize = 100

    @OptionGroup(title: "Output") var options: OutputOptions

    func validate() throws {
        if !(1...(1 << 20)).contains(batchSize) {
            throw ValidationError("--batch-size must be 1 to 1048576, not \(batchSize)")
        }
    }

    func run() throws {
        let named = try NamedNetwork(model)
        if let pipeline = named.folder?.pipelineClassifier {
            let summary = try PipelineSummary(of: pipeline)
            return try Output.standard.write(
                options.json ? json(summary, pipeline.summary) : text(summary, pipeline.summary))
        }
        let architecture = try named.architecture()
        let network = try named.folder?.networkClassifier().makeNetwork() ?? architecture.makeNetwork()
        let summary = try NetworkSummary(of: network, inputShape: [architecture.inputCount])
        try Output.standard.write(options.json ? json(summary) : text(summary))
    }

    /// Returns the summary as text.
    func text(_ summary: NetworkSummary) -> String {
        var table = TextTable(
            ["layer", "", "", "output", "parameters", "FLOPs"],
            alignments: [.right, .left, .left, .right, .right, .right])
        table.rows.append(["", "input", "", Self.shape(summary.inputShape), "", ""])
        for layer in summary.layers {
            table.rows.append([
                String(layer.index), layer.type, layer.detail, Self.shape(layer.outputShape),
                Numerals.grouped(layer.parameterCount), layer.operations.map(Numerals.grouped) ?? "?",
            ])
        }
        let frozen = summary.frozenCount == 0 ? "" : " and \(Numerals.grouped(summary.frozenCount)) frozen"
        let flops = summary.operations.map { "\(Numerals.grouped($0)) FLOPs an example forward" }
        let training = summary.trainingBytes(batchSize: batchSize).map {
            "about \(Self.size($0)) to train with Adam, batch \(batchSize)"
        }
        let memory = ["\(Self.size(summary.parameterBytes)) of parameters", training].compactMap { $0 }
        return """
            \(table.text)
            \(Numerals.counted(summary.parameterCount, "parameter"))\(frozen)\(flops.map { ", " + $0 } ?? "").
            Memory: \(memory.joined(separator: ", ")).

            """
    }

    /// Returns the summary of a pipeline as text.
    func text(_ summary: PipelineSummary, _ description: String) -> String {
        var table = TextTable(
            ["stage", "", "", "output", "parameters", "bytes"],
            alignments: [.right, .left, .left, .right, .right, .right])
        table.rows.append([
            "", summary.inputShape.count == 2 ? "image" : "row", "", Self.shape(summary.inputShape), "", "",
        ])
        for (index, stage) in summary.stages.enumerated() {
            table.rows.append([
                String(index + 1), stage.name, stage.detail.showingControlCharacters,
                Self.shape(stage.outputShape), Numerals.grouped(stage.numberCount),
                Numerals.bytes(stage.byteCount),
            ])
        }
        return """
            \(description.showingControlCharacters)

            \(table.text)
            \(Numerals.counted(summary.numberCount, "parameter")), \(Numerals.bytes(summary.byteCount)).

            """
    }

    private func json(_ summary: PipelineSummary, _ description: String) -> String {
        let stages = summary.stages.enumerated().map { index, stage -> JSONText in
            [
                "stage": .integer(index + 1), "name": .string(stage.name), "detail": .string(stage.detail),
                "output_shape": .array(stage.outputShape.map(JSONText.integer)),
                "numbers": .integer(stage.numberCount), "bytes": .integer(stage.byteCount),
            ]
        }
        let line: JSONText = [
            "version": 1, "model": .string(model), "summary": .string(description),
            "input_shape": .array(summary.inputShape.map(JSONText.integer)),
            "numbers": .integer(summary.numberCount), "bytes": .integer(summary.byteCount),
            "stages": .array(stages),
        ]
        return line.line + "\n"
    }

    private static func shape(_ shape: [Int]?) -> String {
        shape.map { $0.map(String.init).joined(separator: "x") } ?? "?"
    }

    /// Bytes in readable form: "155 kB", "1.3 MB".
    static func size(_ bytes: Int) -> String {
        bytes < 1_000_000
            ? "\(Numerals.fixed(Double(bytes) / 1e3, bytes < 10_000 ? 1 : 0)) kB"
            : "\(Numerals.fixed(Double(bytes) / 1e6, bytes < 10_000_000 ? 1 : 0)) MB"
    }

    private func json(_ summary: NetworkSummary) -> String {
        let layers = summary.layers.map { layer -> JSONText in
            [
                "layer": .integer(layer.index), "type": .string(layer.type), "detail": .string(layer.detail),
                "output_shape": layer.outputShape.map { .array($0.map(JSONText.integer)) } ?? .null,
                "parameters": .integer(layer.parameterCount),
                "flops": layer.operations.map(JSONText.integer) ?? .null,
            ]
        }
        let line: JSONText = [
            "version": 1, "model": .string(model),
            "input_shape": .array(summary.inputShape.map(JSONText.integer)),
            "parameters": .integer(summary.parameterCount),
            "flops": summary.operations.map(JSONText.integer) ?? .null,
            "parameter_bytes": .integer(summary.parameterBytes),
            "activation_bytes": summary.activationBytes.map(JSONText.integer) ?? .null,
            "training_bytes": summary.trainingBytes(batchSize: batchSize).map(JSONText.integer) ?? .null,
            "batch_size": .integer(batchSize), "layers": .array(layers),
        ]
        return line.line + "\n"
    }
}
