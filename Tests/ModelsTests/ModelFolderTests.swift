import ArrayFiles
import Arrays
import Datasets
import Glibc
import Networks
import Support
import TestSupport
import Testing
import TrainingTestSupport

@testable import Models

@Suite struct ModelFolderTests {
    private let directory: TemporaryDirectory
    private let data = ToyImages.make(40, seed: 1)

    init() throws { directory = try TemporaryDirectory() }

    private func classifier(seed: Int = 1) throws -> NetworkClassifier {
        let architecture = try Architecture(named: "mlp:6,5", inputs: 144, classes: 4)
        let model = TrainableNetwork(
            architecture: architecture, classNames: data.classNames,
            preprocessing: Preprocessing(height: 12, width: 12))
        var random = RandomState(seed)
        model.network.initialize(using: &random)
        return try model.classifier()
    }

    private func folder(seed: Int = 1) throws -> ModelFolder {
        ModelFolder(
            try classifier(seed: seed), history: history(training: [0.5, 0.75], test: [0.25, 0.5]),
            run: RunRecord(
                arguments: ["train", "--seed", "1", "--name", "my run"], started: 1_795_443_901, seed: 1,
                dataName: "toy",
                dataChecksum: "crc32:1", trainCount: 40, testCount: 10, optimizer: "sgd, learning rate 0.1",
                batchSize: 10, epochs: 2, threads: 2),
            samples: data.prefix(3).features, plots: ["learning-curve.svg": "<svg/>"])
    }

    /// A model written as `model` in the test's directory.
    private func written() throws -> String {
        try folder().write(to: .folder("\(directory.path)/model"))
    }

    /// The same as an older version wrote it: what is wrong in it is found by what it says.
    private func writtenWithoutChecksums() throws -> String {
        let path = try written()
        unlink("\(path)/checksums.json")
        return path
    }

    @Test func comesBackAsItWas() throws {
        let path = try written()
        #expect(path == "\(directory.path)/model")
        #expect(
            try directory.names("model") == [
                "README.md", "checksums.json", "config.json", "history.csv", "metrics.json",
                "model.safetensors", "plots",
                "run.json", "samples.safetensors",
            ])
        #expect(try directory.names() == ["model"])
        #expect(try directory.text("model/plots/learning-curve.svg") == "<svg/>")
        #expect(
            try directory.text("model/history.csv") == history(training: [0.5, 0.75], test: [0.25, 0.5]).csv)
        let loaded = try ModelFolder.load(path).networkClassifier()
        let original = try classifier()
        #expect(loaded.architecture == original.architecture)
        #expect(loaded.classNames == data.classNames)
        #expect(loaded.preprocessing == Preprocessing(height: 12, width: 12, divisor: 255))
        #expect(
            loaded.weights == original.weights)
        #expect(
            loaded.makeNetwork().parameters.map(\.value.elements)
                == original.weights.map(\.value.elements))
        #expect(try loaded.predictions(for: data.images) == original.predictions(for: data.images))
        #expect(ModelFolder.data(of: path)?.name == "toy")
        #expect(ModelFolder.data(of: "\(path)/plots") == nil)
    }

    @Test func filesSayWhatTheyMust() throws {
        _ = try written()
        #expect(
            try directory.text("model/run.json") == """
                {
                  "version": 1,
                  "arguments": ["train", "--seed", "1", "--name", "my run"],
                  "started": "2026-11-23T14:25:01Z",
                  "seed": 1,
                  "data": {
                    "name": "toy",
                    "checksum": "crc32:1",
                    "train_count": 40,
                    "validation_count": 0,
                    "test_count": 10
                  },
                  "optimizer": "sgd, learning rate 0.1",
                  "batch_size": 10,
                  "epochs": 2,
                  "tools": "",
                  "threads": 2,
                  "versions": {
                    "descent": "\(DescentVersion.text)",
                    "swift": "\(DescentVersion.swift)"
                  }
                }

                """)
        let metrics = try directory.text("model/metrics.json")
        #expect(metrics.contains("\"test_accuracy\": 0.5,"))
        #expect(metrics.contains("\"verdict\": \"none\"") && metrics.contains("\"verdict\": \"fits\""))
        let card = try directory.text("model/README.md")
        #expect(card.contains("144-6-5-4"))
        #expect(card.contains("    ./descent train --seed 1 --name 'my run'\n"))
        #expect(card.contains("each byte is divided by 255."))
        #expect(card.contains("| test | 10 | 50.00 % | 0.5000 |"))
    }

    @Test func theSameModelGivesTheSameBytes() throws {
        _ = try written()
        _ = try folder().write(to: .folder("\(directory.path)/again"))
        for file in ["model.safetensors", "config.json", "samples.safetensors", "README.md", "metrics.json"] {
            #expect(
                try Files.read("\(directory.path)/model/\(file)", limit: 1 << 24)
                    == Files.read("\(directory.path)/again/\(file)", limit: 1 << 24), "\(file)")
        }
    }

    // MARK: Damaged folders

    private func loadError(_ path: String) -> DescentError? {
        #expect(throws: DescentError.self) { try ModelFolder.load(path) }
    }

    @Test func aMissingFolderOrFileIsNamed() throws {
        #expect(loadError("\(directory.path)/nothing")?.kind == .missingInput)
        for file in ["model.safetensors", "config.json", "samples.safetensors"] {
            let path = try folder().write(to: .folder("\(directory.path)/without-\(file)"))
            unlink("\(path)/\(file)")
            let error = loadError(path)
            #expect(error?.kind == .missingInput)
            #expect(error?.what == "the model folder has no \(file)")
        }
        let file = "\(directory.path)/file"
        try AtomicFile.write("x", to: file)
        #expect(loadError(file)?.what == "not a model folder")
    }

    /// Replaces text in config.json and returns the error that loading gives.
    private func configError(_ old: String, _ new: String) throws -> DescentError? {
        let path = try writtenWithoutChecksums()
        let config = try directory.text("model/config.json")
        #expect(config.contains(old), "\(config)")
        try AtomicFile.write(config.replacing(old, with: new), to: "\(path)/config.json")
        defer { Files.remove(path) }
        let error = loadError(path)
        #expect(error?.kind == .badData)
        return error
    }

    @Test func aDamagedConfigIsNamedByItsPart() throws {
        let path = "\(directory.path)/model/config.json"
        let version = try configError("\"format_version\": 1", "\"format_version\": 2")
        #expect(version?.place == path)
        #expect(version?.expected == "format_version 1")
        #expect(version?.got == "2")
        #expect(try configError("\"labels\"", "\"names\"")?.what == "'labels' is missing")
        #expect(
            try configError("\"inputs\": 144", "\"inputs\": \"many\"")?.what
                == "'architecture.layers.[0].inputs' has the wrong type")
        #expect(
            try configError("\"inputs\": 144", "\"inputs\": 144.5")?.what
                == "'architecture.layers.[0].inputs' has an impossible value")
        #expect(try configError("relu", "swoosh")?.what == "unknown activation")
        #expect(try configError("\"dense\"", "\"conv\"")?.what == "unknown layer type")
        #expect(try configError("\"outputs\": 6", "\"outputs\": 7")?.what == "two layers do not fit together")
        let size = try configError("\"outputs\": 6", "\"outputs\": 0")
        #expect(size?.what == "impossible outputs of a dense layer" && size?.expected == "1 to 1048576")
        #expect(try configError("\"kind 3\"", "\"kind 2\"")?.what == "a label appears twice")
        #expect(try configError(", \"kind 3\"", "")?.what == "labels and outputs differ in number")
        #expect(
            try configError("\"height\": 12", "\"height\": 13")?.what
                == "the image size does not fit the first layer")
        #expect(try configError("\"divide_by\": 255", "\"divide_by\": 0")?.what == "impossible divide_by")
        #expect(try configError("{", "[")?.what == "not valid JSON")
    }

    // A config that asks for far more memory than there is must be refused before the network is built.
    @Test(arguments: [
        (8192, "the weights do not fit config.json"), (1_048_576, "the network is too large"),
    ])
    func hugeSizesAreRefusedBeforeMemoryIsAskedFor(size: Int, what: String) throws {
        let path = try writtenWithoutChecksums()
        let config = try directory.text("model/config.json").replacing(
            "\"outputs\": 6", with: "\"outputs\": \(size)"
        )
        .replacing("\"inputs\": 6", with: "\"inputs\": \(size)").replacing(
            "\"outputs\": 5", with: "\"outputs\": \(size)"
        )
        .replacing("\"inputs\": 5", with: "\"inputs\": \(size)")
        try AtomicFile.write(config, to: "\(path)/config.json")
        let error = loadError(path)
        #expect(error?.kind == .badData)
        #expect(error?.what == what)
    }

    /// Writes other arrays as model.safetensors and returns the error that loading gives.
    private func weightsError(_ change: (inout [String: NDArray<Float>]) -> Void) throws -> DescentError? {
        let path = try writtenWithoutChecksums()
        defer { Files.remove(path) }
        let file = try SafeTensors(contentsOf: "\(path)/model.safetensors")
        var arrays: [String: NDArray<Float>] = [:]
        for name in file.names { arrays[name] = try file.array(named: name) }
        change(&arrays)
        var changed = SafeTensors()
        for (name, array) in arrays { changed.set(array, named: name) }
        try changed.write(to: "\(path)/model.safetensors")
        let error = loadError(path)
        #expect(error?.kind == .badData)
        return error
    }

    @Test func damagedWeightsAreFoundOut() throws {
        let missing = try weightsError { $0["1.weight"] = nil }
        #expect(missing?.what == "the weights do not fit config.json")
        let renamed = try weightsError { $0["1.wait"] = $0.removeValue(forKey: "1.weight") }
        #expect(renamed?.what == "there is no array \"1.weight\"")
        let turned = try weightsError { arrays in
            arrays["1.weight"] = NDArray(shape: [5, 6], elements: arrays["1.weight"]?.elements ?? [])
        }
        #expect(turned?.what == "\"1.weight\" does not fit config.json")
        #expect(turned?.expected == "shape [6, 5]")
        let changed = try weightsError { arrays in
            arrays["2.bias"] = NDArray(shape: [4], elements: [1, 0, 0, 0])
        }
        #expect(changed?.what == "the model does not give the answers that are stored with it")
        let broken = try weightsError { arrays in
            arrays["2.bias"] = NDArray(shape: [4], elements: [.nan, 0, 0, 0])
        }
        #expect(broken?.what == "the model does not give the answers that are stored with it")
    }

    @Test func aTruncatedFileIsFoundOut() throws {
        for name in ["model.safetensors", "samples.safetensors"] {
            let path = try written()
            let bytes = try Files.read("\(path)/\(name)", limit: 1 << 24)
            try AtomicFile.write(Array(bytes.dropLast(5)), to: "\(path)/\(name)")
            let error = loadError(path)
            #expect(error?.kind == .badData)
            #expect(error?.place?.hasPrefix("\(path)/\(name)") == true)
            Files.remove(path)
        }
    }

    @Test func samplesOfAnotherSizeAreFoundOut() throws {
        let path = try writtenWithoutChecksums()
        var file = SafeTensors()
        file.set(NDArray<UInt8>(shape: [3, 10, 10], repeating: 0), named: ModelSamples.imagesKey)
        file.set(NDArray<Float>(shape: [3, 4], repeating: 0.25), named: ModelSamples.probabilitiesKey)
        try file.write(to: "\(path)/samples.safetensors")
        #expect(loadError(path)?.what == "the samples do not fit config.json")
    }

    // MARK: Places

    @Test func runsGetNamesOfTheirOwnAndLatestPointsToTheLast() throws {
        let runs = "\(directory.path)/runs"
        let one = try folder(seed: 1).write(to: .run(in: runs, name: "two"))
        let two = try folder(seed: 2).write(to: .run(in: runs, name: "two"))
        let stamp = RunRecord.nameStamp(1_795_443_901)
        #expect(one == "\(runs)/\(stamp)-two")
        #expect(two == "\(runs)/\(stamp)-two-2")
        #expect(try directory.names("runs") == ["\(stamp)-two", "\(stamp)-two-2", "latest"])
        let latest = try ModelFolder.load("\(runs)/latest").networkClassifier()
        #expect(
            latest.weights[0].value.elements
                == (try classifier(seed: 2)).weights[0].value.elements)
    }

    @Test func aModelIsReplacedOnlyWhenAskedTo() throws {
        let path = try written()
        let place = ModelDestination.folder(path)
        for attempt in [{ try place.check() }, { _ = try self.folder(seed: 2).write(to: place) }] {
            let error = #expect(throws: DescentError.self) { try attempt() }
            #expect(error?.kind == .cannotCreate)
            #expect(error?.what == "there is a model already")
        }
        try ModelDestination.folder(path, replacing: true).check()
        try folder(seed: 2).write(to: .folder(path, replacing: true))
        #expect(
            try ModelFolder.load(path).networkClassifier().weights[0].value.elements
                == classifier(seed: 2).weights[0].value.elements)
        #expect(try directory.names() == ["model"])
    }

    @Test func otherFoldersAreNeverReplaced() throws {
        try AtomicFile.createDirectory(at: "\(directory.path)/home")
        try AtomicFile.write("dear diary", to: "\(directory.path)/home/diary.txt")
        for replacing in [false, true] {
            let place = ModelDestination.folder("\(directory.path)/home", replacing: replacing)
            #expect(throws: DescentError.self) { try place.check() }
            #expect(throws: DescentError.self) { try folder().write(to: place) }
        }
        #expect(try directory.text("home/diary.txt") == "dear diary")
        #expect(try directory.names() == ["home"])
    }

    // What another program's model, or a person's file beside ours, looks like.
    @Test func foldersWithForeignFilesAreNeverReplaced() throws {
        let config = "\(directory.path)/model/config.json"
        for (file, text, named) in [
            ("notes.txt", "dear diary", "notes.txt"), ("plots/photo.png", "x", "plots/photo.png"),
            (".git", "x", ".git"),
            ("config.json", #"{"model_type": "bert"}"#, "a config.json of something else"),
            ("config.json", "not JSON", "a config.json of something else"),
        ] {
            let path = try written()
            let before = try Files.read(config, limit: 1 << 20)
            try AtomicFile.write(text, to: "\(path)/\(file)")
            let names = try directory.names("model")
            for place in [ModelDestination.folder(path, replacing: true), .folder(path)] {
                for attempt in [{ try place.check() }, { _ = try self.folder(seed: 2).write(to: place) }] {
                    let error = #expect(throws: DescentError.self) { try attempt() }
                    #expect(error?.kind == .cannotCreate)
                    #expect(error?.got == named)
                }
            }
            #expect(try directory.text("model/\(file)") == text)
            #expect(try directory.names("model") == names)
            #expect(try file == "config.json" || Files.read(config, limit: 1 << 20) == before)
            Files.remove(path)
        }
        _ = try written()
        unlink(config)
        let error = #expect(throws: DescentError.self) {
            try ModelDestination.folder("\(directory.path)/model", replacing: true).check()
        }
        #expect(error?.got == "no config.json")
    }

    @Test func aPathWithoutANameIsRefusedBefore() throws {
        _ = try written()
        for path in ["new/.", "model/.", "model/..", ".", "..", "/", "model/./"] {
            let whole = path.hasPrefix("/") || path.hasPrefix(".") ? path : "\(directory.path)/\(path)"
            let error = #expect(throws: DescentError.self, "\(path)") {
                try ModelDestination.folder(whole, replacing: true).check()
            }
            #expect(error?.what == "the path ends with no name of a folder", "\(path)")
        }
        #expect(try directory.names() == ["model"])
    }

    @Test func aLinkToAModelIsFollowed() throws {
        let runs = "\(directory.path)/runs"
        let path = try folder(seed: 1).write(to: .run(in: runs, name: "two"))
        let names = try directory.names("runs")
        let place = ModelDestination.folder("\(runs)/latest", replacing: true)
        try place.check()
        #expect(try folder(seed: 2).write(to: place) == "\(runs)/latest")
        #expect(try directory.names("runs") == names)
        #expect(Files.isLink("\(runs)/latest"))
        #expect(
            try ModelFolder.load(path).networkClassifier().weights[0].value.elements
                == classifier(seed: 2).weights[0].value.elements)
        symlink("nowhere", "\(directory.path)/broken")
        #expect(throws: DescentError.self) {
            try ModelDestination.folder("\(directory.path)/broken", replacing: true).check()
        }
    }

    @Test func aRunWhoseLatestCannotBeMadeIsKept() throws {
        // Made after the check, while the training went on.
        try AtomicFile.createDirectory(at: "\(directory.path)/runs/latest")
        var warnings: [String] = []
        let path = try folder().write(to: .run(in: "\(directory.path)/runs", name: "x")) {
            warnings.append($0)
        }
        #expect(throws: Never.self) { try ModelFolder.load(path) }
        #expect(warnings.count == 1)
        #expect(warnings.first?.contains("runs/latest: something that is no link is in the way") == true)
        #expect(warnings.first?.hasSuffix("; the model is in \(path)") == true)
        #expect(try directory.names("runs").count == 2)
    }

    @Test func aModelWithoutSamplesIsNotWritten() throws {
        var folder = try folder()
        folder.samples = data.prefix(0).features
        let error = #expect(throws: DescentError.self) {
            try folder.write(to: .folder("\(directory.path)/a/b/model"))
        }
        #expect(error?.kind == .usage)
        // Nor are the parents left that were made for it.
        #expect(try directory.names().isEmpty)
    }

    @Test func placesThatCannotBeMadeAreFoundOutBefore() throws {
        try AtomicFile.write("x", to: "\(directory.path)/file")
        for path in ["/proc/nowhere/model", "\(directory.path)/file", "\(directory.path)/file/model", ""] {
            let error = #expect(throws: DescentError.self, "\(path)") {
                try ModelDestination.folder(path).check()
            }
            #expect(error?.kind == .cannotCreate)
        }
        try AtomicFile.createDirectory(at: "\(directory.path)/runs/latest")
        let error = #expect(throws: DescentError.self) {
            try ModelDestination.run(in: "\(directory.path)/runs", name: "x").check()
        }
        #expect(error?.place == "\(directory.path)/runs/latest")
        for name in ["", "a/b", String(repeating: "x", count: 101)] {
            let error = #expect(throws: DescentError.self) {
                try ModelDestination.run(in: directory.path, name: name).check()
            }
            #expect(error?.kind == .usage)
        }
        #expect(try directory.names() == ["file", "runs"])
    }

    @Test func checkingLeavesNothingBehind() throws {
        try ModelDestination.folder("\(directory.path)/a/b/model").check()
        try ModelDestination.run(in: "\(directory.path)/runs", name: "x").check()
        #expect(try directory.names().isEmpty)
    }

    /// A second Ctrl-C ends the process in the middle of a save.
    @Test func whatAKilledSaveHasLeftIsRemovedByTheNext() throws {
        let killed = "\(directory.path)/.descent-save-abc123"
        try AtomicFile.createDirectory(at: "\(killed)/plots")
        for name in ["model.safetensors", ".config.json.77-1.tmp", "plots/weights.svg"] {
            try AtomicFile.write("half", to: "\(killed)/\(name)")
        }
        try AtomicFile.write(SavingDirectory.machine, to: "\(killed)/\(SavingDirectory.markName)")
        try AtomicFile.createDirectory(at: "\(directory.path)/.descent-save-somebody-else")
        let other = try SavingDirectory(in: directory.path)  // a save that is going on
        try folder().write(to: .folder("\(directory.path)/model"))
        let expected = [".descent-save-somebody-else", PathText.name(of: other.path), "model"]
        #expect(try directory.names() == expected.sorted())
        withExtendedLifetime(other) {}
    }

    @Test func aFolderThatCannotBeFinishedLeavesNothing() throws {
        var folder = try folder()
        folder.plots = ["no/such/place.svg": "x"]
        let error = #expect(throws: DescentError.self) {
            try folder.write(to: .folder("\(directory.path)/model"))
        }
        #expect(error?.kind == .cannotCreate)
        #expect(try directory.names().isEmpty)
    }
}
