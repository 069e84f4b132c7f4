import Descent
import Experiments
import Foundation
import Pipelines

/// A pipeline of a feature extractor, a transform and a classifier that Descent does not know: trained, compared, summed up,
/// kept in a folder, and read from it by another process.
enum OwnPipeline {
    private static let loading = "load-pipeline"

    /// What a process registers that reads such models.
    private static var components: PipelineComponents {
        var components = PipelineComponents.standard
        components.features.register(InkProfile.self)
        components.transforms.register(PowerScaling.Settings.self)
        components.classifiers.register(NearestMedian.self)
        return components
    }

    /// Runs the example; true when this process was only started by it, to read a model.
    static func run() throws -> Bool {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.first != loading else {
            read(arguments[1], components: arguments.count > 2 ? components : .standard)
            return true
        }
        let digits = BuiltInDigits.dataset(trainCount: 1000, testCount: 200)
        let pipeline = Pipeline(
            try FeatureChoice(parsing: "ink-profile:0.5", in: components.features), NearestMedian(),
            transforms: [try components.transforms.transform(parsing: "power:0.5")])
        let comparison = try MethodComparison(
            of: [
                ComparedMethod("ink", "nearest median", .pipeline(pipeline)),
                ComparedMethod("pixels", "KNN", .pipeline(Pipeline(.pixels, NearestNeighbors(k: 3)))),
            ], on: digits)
        for row in comparison.rows { print("\(row.name): \(row.accuracy), \(row.summary)") }
        guard comparison.rows.count == 2, comparison.rows.allSatisfy({ $0.accuracy > 0.4 }) else {
            throw Failure("a method has not learned")
        }
        let classifier = try pipeline.fit(digits.train)
        for stage in try PipelineSummary(of: classifier).stages {
            print("  \(stage.name) \(stage.outputShape): \(stage.detail), \(stage.numberCount) numbers")
        }
        try keep(classifier, asking: digits.test.prefix(20).images)
        return false
    }

    /// Keeps the classifier and has another process read it, with the components and without them.
    private static func keep(_ classifier: PipelineClassifier, asking images: NDArray<UInt8>) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "own-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try ModelFolder(classifier, samples: .bytes(images)).write(to: .folder(folder, replacing: false))
        let answers = try classifier.predictions(for: images).map(\.label).joined(separator: " ")
        let read = try another(loading, folder, "registered")
        print("another process reads \(read)")
        guard read == answers else {
            throw Failure("another process reads \(read), not \(answers)")
        }
        let refused = try another(loading, folder)
        print("not registered: \(refused)")
        guard refused.contains("unknown kind of features") && refused.contains("'ink-profile'") else {
            throw Failure("a model was read whose parts are not registered")
        }
    }

    /// What the other process does: prints the answers for the images that are kept with the model, or what is wrong.
    private static func read(_ folder: String, components: PipelineComponents) {
        do {
            let model = try ModelFolder.load(folder, components: components)
            print(try model.classifier.predictions(for: model.samples).map(\.label).joined(separator: " "))
        } catch {
            print(error)
        }
    }

    /// What this program prints when it is started anew with those arguments.
    private static func another(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(
            fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
