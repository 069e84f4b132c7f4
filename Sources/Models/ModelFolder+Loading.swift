import ArrayFiles
import Arrays
import Autodiff
import Classification
import DataSources
import ExampleData
import ImageFolders
import Networks
import Pipelines
import Support

extension ModelFolder {
    /// The limit on the size of a text file in a model folder: far above any that is written.
    static let textLimit = 4 << 20

    /// Reads a model folder, or the target of a link such as `runs/latest`, and checks all of it: the checksums, the format,
    /// the shapes of the weights against the architecture, and the probabilities of the samples, which must equal those at
    /// the time of writing. `components`: the kinds of parts that a pipeline may have.
    ///
    /// `layers`, `activations`: the kinds that its network may have; one's own are registered there.
    ///
    /// - Throws: `missingInput` when the folder or one of its files is not there, `badData` when one is damaged
    ///   or does not fit the others; the error names the file.
    public static func load(
        _ path: String, layers: LayerRegistry = .standard, activations: ActivationRegistry = .standard,
        components: PipelineComponents = .standard
    ) throws -> ModelFolder {
        var folder = try loadModel(path, layers: layers, activations: activations, components: components)
        folder.imageSplit = try imageSplit(of: path)
        return folder
    }

    /// Reads all but the division of the pictures, which may be a long list and is nothing that answers need.
    static func loadModel(
        _ path: String, layers: LayerRegistry = .standard, activations: ActivationRegistry = .standard,
        components: PipelineComponents = .standard
    ) throws -> ModelFolder {
        let checksums = try requireFiles(of: path)
        let configPath = "\(path)/\(FileName.config)"
        let config = try Files.read(configPath, limit: textLimit)
        guard try ModelTask.of(config: config, path: configPath) == .classification else {
            throw DescentError(
                .usage, "the model predicts a number, not a class", at: path, expected: "a model of classes",
                advice: "RegressorModel(contentsOf:) loads it; evaluate and predict take it")
        }
        let classifier: any TrainedClassifier
        if let configuration = try PipelineConfiguration(json: config, path: configPath) {
            let pipeline = try PipelineClassifier(
                from: SafeTensors(contentsOf: "\(path)/\(FileName.weights)"), components: components)
            guard PipelineConfiguration(pipeline) == configuration else {
                throw DescentError(
                    .badData, "the model does not fit config.json", at: "\(path)/\(FileName.weights)",
                    expected: configuration.summary, got: pipeline.summary, advice: "train the model again")
            }
            classifier = pipeline
        } else {
            let configuration = try ModelConfiguration(
                json: config, path: configPath, layers: layers, activations: activations)
            classifier = try NetworkClassifier(
                architecture: configuration.architecture,
                network: try ModelWeights.network(
                    of: configuration.architecture, at: "\(path)/\(FileName.weights)"),
                classNames: configuration.labels, preprocessing: configuration.preprocessing,
                scoreKind: configuration.isProbability ? .probabilities : .scores)
        }
        let samples = try ModelSamples(at: "\(path)/\(FileName.samples)", for: classifier)
        try samples.check(classifier, at: "\(path)/\(FileName.samples)")
        var folder = ModelFolder(classifier, samples: samples.inputs)
        folder.input = try input(at: path, exampleShape: classifier.exampleShape, checksums)
        folder.novelty = try readNovelty(at: path, for: classifier, samples: samples.inputs, checksums)
        return folder
    }

    /// Reads what tells novel examples; nil in folders that have none.
    private static func readNovelty(
        at path: String, for classifier: any TrainedClassifier, samples: FeatureMatrix,
        _ checksums: FolderChecksums?
    ) throws -> ModelNovelty? {
        let file = "\(path)/\(FileName.novelty)"
        guard Files.exists(file) else { return nil }
        try checksums?.check(FileName.novelty, in: path)
        return try ModelNovelty(contentsOf: file, of: classifier, samples: samples)
    }

    /// Requires the files of a model, undamaged as far as their checksums say, which are returned.
    ///
    /// - Throws: `missingInput` when the folder or one of its files is not there, `badData` for a damaged one.
    @discardableResult
    static func requireFiles(of path: String) throws -> FolderChecksums? {
        guard Files.isDirectory(path) else {
            throw DescentError(
                .missingInput, Files.exists(path) ? "not a model folder" : "there is no such model folder",
                at: path, advice: "give the folder of a trained model, such as runs/latest")
        }
        for name in [FileName.config, FileName.weights, FileName.samples]
        where !Files.exists("\(path)/\(name)") {
            if let former = FolderFilling.former(in: path) {
                throw DescentError(
                    .badData, "the folder is half-way between two models: a save was ended there", at: path,
                    got: "no \(name)", advice: "the former one's files are in \(former); move them back")
            }
            throw DescentError(
                .missingInput, "the model folder has no \(name)", at: path,
                advice: "give the folder of a trained model, such as runs/latest")
        }
        // Folders of older versions have no checksums.
        let checksums = try FolderChecksums(in: path)
        for name in [FileName.config, FileName.weights, FileName.samples] {
            try checksums?.check(name, in: path)
        }
        return checksums
    }

    /// Reads what the model makes of pictures and tables. A model of images that was given none takes pictures all the same.
    static func input(
        at path: String, exampleShape: [Int], _ checksums: FolderChecksums?
    ) throws -> ModelInput? {
        let file = "\(path)/\(FileName.input)"
        guard Files.exists(file) else {
            return ImageInput(exampleShape: exampleShape).map { .images($0) }
        }
        try checksums?.check(FileName.input, in: path)
        let input = try JSONFile.decode(
            ModelInput.self, from: Files.read(file, limit: textLimit), path: file)
        let shape =
            switch input {
            case .images(let images): images.exampleShape
            case .table(let preprocessing): [preprocessing.featureCount]
            }
        guard shape == exampleShape else {
            throw DescentError(
                .badData, "the input does not fit the model", at: file,
                expected: "examples of shape \(exampleShape)", got: "\(shape)",
                advice: "the folder is damaged; train the model again")
        }
        return input
    }

    /// Returns the division of the pictures that the model at `path` was trained on; nil where it was trained on none.
    ///
    /// - Throws: `badData` when the file is damaged.
    package static func imageSplit(of path: String) throws -> ImageSplit? {
        let file = "\(path)/\(FileName.split)"
        guard Files.exists(file) else { return nil }
        try FolderChecksums(in: path)?.check(FileName.split, in: path)
        return try ImageSplit(contentsOf: file)
    }

    /// Returns the name of the data on which the model at `path` was trained, the directory of a data set's files, and the files
    /// of one's own, if it has any; nil when its `run.json` does not say.
    package static func data(
        of path: String
    ) -> (name: String, directory: String?, origin: DataOrigin?, checksum: String?)? {
        let file = "\(path)/\(FileName.run)"
        guard let bytes = try? Files.read(file, limit: textLimit),
            let data = (try? JSONFile.decode(RunRecord.Stored.self, from: bytes, path: file))?.data
        else { return nil }
        return (data.name, data.directory, data.origin, data.checksum)
    }
}
