import Descent
import Foundation

/// The model of the example in a folder, and what another process makes of it.
struct ModelOnDisk {
    let path: String

    /// The layers that a model folder may have: those of Descent, and one's own.
    private static var layers: LayerRegistry {
        var layers = LayerRegistry.standard
        layers.register(GatedUnit.Configuration.self)
        return layers
    }

    /// The activations that it may have.
    private static var activations: ActivationRegistry {
        var activations = ActivationRegistry.standard
        activations.register(SquaredReLU.self)
        return activations
    }

    /// Writes the folder.
    static func write(_ network: Sequential, _ digits: Dataset) throws -> ModelOnDisk {
        let path = FileManager.default.temporaryDirectory.path + "/your-own-\(UUID().uuidString)"
        let model = try NetworkClassifier(network, name: "gated", classNames: digits.train.classNames)
        try ModelFolder(model, samples: digits.test.prefix(8).features).write(to: .folder(path))
        return ModelOnDisk(path: path)
    }

    /// Loads it and says how many digits it tells right. Without the lines that register its layer and its activation, it is
    /// refused.
    func accuracy(on digits: LabeledExamples) throws -> Double {
        do {
            _ = try ModelFolder.load(path)
            throw Failure("a layer was known without being registered")
        } catch let error as DescentError {
            guard error.got == "'gated'" else { throw error }
            print("not registered: \(error)")
        }
        do {
            _ = try ModelFolder.load(path, layers: Self.layers)
            throw Failure("an activation was known without being registered")
        } catch let error as DescentError {
            guard error.got == "'squared-relu'" else { throw error }
        }
        let model = try ModelFolder.load(path, layers: Self.layers, activations: Self.activations)
            .networkClassifier()
        print("loaded \(model.name) (\(model.summary))")
        return try model.evaluate(on: digits).accuracy
    }

    /// The last line that this program says when it reads the folder in a process of its own.
    func readInAnotherProcess() throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = ["read", path]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        print(text, terminator: "")
        guard process.terminationStatus == 0 else {
            throw Failure("the other process could not read the model")
        }
        return text.split(separator: "\n").last.map(String.init) ?? ""
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }
}

/// Something that the example promises, and that did not come true.
struct Failure: Error {
    let words: String
    init(_ words: String) { self.words = words }
}
