import ArrayFiles
import Arrays
import Classification
import Foundation
import ONNXImport
import Support

/// An ONNX file that classifies pictures, as a pipeline.
package enum ONNXFile {
    /// The largest file that is read: a message of ONNX holds less than 2 GiB.
    private static let largest = 1 << 31

    /// Returns the bytes of a file, with weights that lie in files beside it put in: a model holds one file.
    package static func bytes(of path: String) throws -> [UInt8] {
        try ONNXModel.wholeBytes(of: path, limit: largest)
    }

    /// Whether a path is that of an ONNX file, by its name.
    package static func isNamed(_ path: String) -> Bool {
        path.lowercased().hasSuffix(".onnx") && Files.exists(path) && !Files.isDirectory(path)
    }

    /// Returns the names of the classes of a text with one on each line.
    ///
    /// - Throws: `badData` for fewer than two, or equal ones.
    package static func classNames(at path: String) throws -> [String] {
        let text = String(decoding: try Files.read(path, limit: 16 << 20), as: UTF8.self)
        var lines = text.split(separator: /\r?\n/, omittingEmptySubsequences: false).map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        guard lines.count >= 2 else {
            throw DescentError(
                .badData, "no names of classes", at: path, expected: "two or more, one on each line",
                got: "\(lines.count)")
        }
        return distinct(lines)
    }

    /// A classifier and what was supposed about it, in a line.
    package struct Opened {
        package let classifier: PipelineClassifier
        package let form: ONNXPictures
        package let note: String
    }

    /// Opens a file as a classifier of pictures: one of Descent's by what it says of itself, another by the shapes of its input and
    /// output.
    ///
    /// - Throws: `missingInput`; `badData` where it cannot be read or is no classifier of pictures; `usage` where the settings do not
    ///   fit.
    package static func open(
        _ path: String, _ settings: ONNXPictures.Settings = .init(), classNames named: [String]? = nil
    ) throws -> Opened {
        let bytes = try bytes(of: path)
        let model = try ONNXModel(bytes: bytes, named: path)
        let own = (model.metadata["descent.classes"] ?? "").isEmpty ? nil : classNames(in: model.metadata)
        let hasLabel = own != nil && model.outputs.contains { $0.name == "label" && $0.type == .string }
        let output = try scores(of: model, path)
        if own != nil, let number = model.inputs.first?.name, number != "image" {
            throw DescentError(
                .badData, "the file is a model of rows, not of pictures", at: path,
                expected: "an input 'image'", got: "'\(number)'",
                advice: "use the model folder that it was exported from")
        }
        let features = try ONNXFeatures(
            bytes: bytes, path: path, tensor: output, settings: settings,
            labels: hasLabel ? own : nil)
        let count = try features.featureCount(height: 1, width: 1) - (hasLabel ? 1 : 0)
        let names = named ?? classNames(in: model.metadata) ?? (0..<count).map { "class \($0)" }
        guard count >= 2 else {
            throw DescentError(
                .badData, "the graph does not tell classes", at: "\(path), output '\(output)'",
                expected: "scores of two classes or more", got: "\(count)")
        }
        guard names.count == count else {
            throw DescentError(
                named == nil ? .badData : .usage,
                "the graph has another number of classes than there are names",
                at: "`classNames`", expected: "\(count) names", got: "\(names.count)")
        }
        let isOurs = own != nil
        let areProbabilities = isOurs ? output == "probabilities" : true
        let conversion: GivenScoresClassifier.Conversion =
            hasLabel ? .decided : isOurs || model.endsInSoftmax ? .none : .softmax
        let classifier = GivenScoresClassifier(
            classNames: hasLabel ? own ?? names : names, conversion: conversion,
            areProbabilities: areProbabilities)
        let namesWords =
            named != nil
            ? "" : classNames(in: model.metadata) != nil ? "names from the file" : "no names of classes"
        let words = [
            features.form.words,
            isOurs ? "" : conversion == .softmax ? "softmax of '\(output)'" : "probabilities of '\(output)'",
            namesWords,
        ].filter { !$0.isEmpty }
        return Opened(
            classifier: PipelineClassifier(
                name: features.fileName,
                summary:
                    "\(features.fileName) (\(model.producer.isEmpty ? "ONNX" : model.producer), opset \(model.opset)), \(classifier.summary)",
                exampleShape: features.form.exampleShape, deskews: false, features: FeatureChoice(features),
                transforms: [], classifier: classifier),
            form: features.form, note: words.joined(separator: "; "))
    }

    /// Returns the name of the output that has scores: Descent's own, or the first of float32.
    private static func scores(of model: ONNXModel, _ path: String) throws -> String {
        let names = model.outputs.map(\.name)
        if let own = ["probabilities", "scores"].first(where: names.contains) { return own }
        guard let first = model.outputs.first(where: { $0.type == .float32 || $0.type == nil }) else {
            throw DescentError(
                .badData, "the graph has no output of scores", at: path, expected: "float32 [N, classes]",
                got: model.outputs.map { "'\($0.name)' \($0.formText)" }.joined(separator: ", "))
        }
        return first.name
    }

    /// Returns the names that a file's metadata have: Descent's, a list in JSON, or numbers with names as YOLO's exporter writes
    /// them.
    private static func classNames(in metadata: [String: String]) -> [String]? {
        for key in ["descent.classes", "class_names", "classes", "labels", "names"] {
            guard let text = metadata[key] else { continue }
            if let names = try? JSONDecoder().decode([String].self, from: Data(text.utf8)), names.count > 1 {
                return distinct(names)
            }
            let json = text.replacing(/(\d+):\s*['"]/) { "\"\($0.output.1)\":\"" }.replacing("'", with: "\"")
            if let numbered = try? JSONDecoder().decode([String: String].self, from: Data(json.utf8)),
                numbered.count > 1
            {
                let names = (0..<numbered.count).compactMap { numbered["\($0)"] }
                if names.count == numbered.count { return distinct(names) }
            }
        }
        return nil
    }

    /// Equal names with their numbers: ImageNet has two cranes, and two maillots.
    private static func distinct(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.enumerated().map { index, name in
            seen.insert(name).inserted ? name : "\(name) (\(index))"
        }
    }
}
