import ArrayFiles
import Arrays
import Datasets
import Diagnostics
import ExampleData
import Foundation
import Networks
import Support
import TestSupport
import Testing
import TrainingTestSupport

@testable import Models
@testable import Training

/// Nothing that Descent has not written is ever removed: each place that removes or replaces something.
@Suite struct UsersFilesTests {
    private let directory: TemporaryDirectory
    private let data = ToyImages.make(40, seed: 1)

    init() throws { directory = try TemporaryDirectory() }

    private var path: String { "\(directory.path)/model" }

    private func folder(seed: Int = 1) throws -> ModelFolder {
        let model = TrainableNetwork(
            architecture: try Architecture(named: "mlp:6", inputs: 144, classes: 4),
            classNames: data.classNames,
            preprocessing: Preprocessing(height: 12, width: 12))
        var random = RandomState(seed)
        model.network.initialize(using: &random)
        return ModelFolder(
            try model.classifier(), history: history(training: [0.5], test: [0.5]),
            samples: data.prefix(2).features,
            plots: ["learning-curve.svg": "<svg/>"])
    }

    private func write(_ text: String, _ file: String) throws {
        try AtomicFile.createDirectory(at: PathText.parent(of: "\(path)/\(file)"))
        try AtomicFile.write(text, to: "\(path)/\(file)")
    }

    private func text(_ file: String) -> String? { try? directory.text("model/\(file)") }

    /// What a user may put into a run's folder while it trains: by path, with its text.
    private let mine = [
        "notes.txt": "n", ".hidden": "h", "README.md": "r", "config.json": "c", "model.safetensors": "m",
        "mine/deep/file": "d", "plots/photo.png": "p", "plots/learning-curve.svg": "s",
        "checkpoints/old.txt": "o",
    ]
    /// Where it lies afterwards.
    private let after = [
        "notes.txt": "n", ".hidden": "h", "README-kept.md": "r", "config-kept.json": "c",
        "model-kept.safetensors": "m", "mine/deep/file": "d", "plots/photo.png": "p",
        "plots/learning-curve-kept.svg": "s", "checkpoints/old.txt": "o",
    ]

    @Test func whatComesWhileARunTrainsIsCarriedOver() throws {
        let place = ModelDestination.folder(path)
        let reserved = try place.reserve(started: 0)
        for (file, text) in mine { try write(text, file) }
        symlink("/etc/hostname", "\(path)/link")
        symlink("nowhere", "\(path)/broken")
        let made = try folder().write(to: place, reserved: reserved)
        #expect(made.path == path)
        for (file, words) in after { #expect(text(file) == words, "\(file)") }
        #expect(Files.isLink("\(path)/link") && Files.isLink("\(path)/broken"))
        // The model itself is whole, and what got another name is told.
        #expect(throws: Never.self) { try ModelFolder.load(path) }
        #expect(made.notes.count == 4, "\(made.notes)")
        #expect(made.notes.contains { $0.contains("README.md") && $0.hasSuffix("README-kept.md") })
        #expect(try directory.names() == ["model"])
    }

    /// Where directories cannot be given other names, the files come one after another.
    @Test func whatComesIsKeptWhereFilesAreMovedOneByOne() throws {
        for (file, text) in mine { try write(text, file) }
        let new = try folder().write(to: .folder("\(directory.path)/new"))
        var placement = FolderPlacement(own: OwnFiles())
        try placement.fill(path, from: new)
        for (file, words) in after { #expect(text(file) == words, "\(file)") }
        #expect(throws: Never.self) { try ModelFolder.load(path) }
        #expect(try directory.names() == ["model"])
    }

    @Test func aRunThatGoesOnKeepsWhatTheUserHasAddedAndChanged() throws {
        // A run that was interrupted: a model with a checkpoint.
        try folder().write(to: .folder(path))
        var checkpoint = SafeTensors()
        checkpoint.metadata["format"] = "descent-checkpoint"
        try AtomicFile.createDirectory(at: "\(path)/checkpoints")
        try checkpoint.write(to: "\(path)/checkpoints/last.safetensors")
        try write("my words", "README.md")
        try write("n", "notes.txt")
        let reserved = try RunFolder.unfinished(at: path)
        try write("later", "later.txt")
        _ = try folder(seed: 2).write(to: .folder(path, replacing: true), reserved: reserved)
        #expect(
            text("README-kept.md") == "my words" && text("notes.txt") == "n" && text("later.txt") == "later")
        // Ours of before are gone, and not kept under other names.
        #expect(
            try directory.names("model").filter { $0.contains("kept") } == ["README-kept.md"])
        #expect(throws: Never.self) { try ModelFolder.load(path) }
    }

    @Test func aTextThatWasChangedIsNotReplaced() throws {
        try folder().write(to: .folder(path))
        try write("my words", "README.md")
        let place = ModelDestination.folder(path, replacing: true)
        for attempt in [{ try place.check() }, { _ = try self.folder(seed: 2).write(to: place) }] {
            let error = #expect(throws: DescentError.self) { try attempt() }
            #expect(error?.got == "README.md, changed since it was written")
        }
        #expect(text("README.md") == "my words")
    }

    @Test func aDamagedModelCanBeReplaced() throws {
        try folder().write(to: .folder(path))
        try write("damaged", "model.safetensors")
        try folder(seed: 2).write(to: .folder(path, replacing: true))
        #expect(throws: Never.self) { try ModelFolder.load(path) }
        #expect(try notEmpty(directory.names("model")).allSatisfy { !$0.contains("kept") })
    }

    /// The folder has gone, or another thing has its name: that is not touched.
    @Test func aFolderThatWasTakenAwayIsNotWrittenOver() throws {
        let place = ModelDestination.folder(path)
        for something in ["file", "folder"] {
            let reserved = try place.reserve(started: 0)
            rename(path, "\(directory.path)/moved-\(something)")
            if something == "file" {
                try AtomicFile.write("mine", to: path)
            } else {
                try AtomicFile.write(
                    "mine",
                    to: {
                        try AtomicFile.createDirectory(at: path); return "\(path)/x"
                    }())
            }
            let error = #expect(throws: DescentError.self) {
                try folder().write(to: place, reserved: reserved)
            }
            #expect(error?.what == "the run's folder was moved or replaced while it trained")
            #expect(try directory.text(something == "file" ? "model" : "model/x") == "mine")
            #expect(try directory.names().filter { $0.hasPrefix(".") }.isEmpty)
            Files.remove(path)
        }
    }

    @Test func aCheckpointIsNotWrittenOverWhatHasItsName() throws {
        let reserved = try ModelDestination.folder(path).reserve(started: 0)
        try write("mine", "checkpoints/last.safetensors")
        reserved.prepareCheckpoints()
        #expect(text("checkpoints/last-kept.safetensors") == "mine")
        #expect(text("checkpoints/last.safetensors") == nil)
        // Nor is a folder with such a thing in it replaced.
        try write("mine", "checkpoints/last.safetensors")
        let foreign = try RunFolder.foreign(in: "\(path)/checkpoints")
        #expect(["last.safetensors", "last-kept.safetensors"].contains(foreign))
    }

    @Test func hiddenFoldersOfOthersAreLeftAlone() throws {
        // One without a mark: what had to make room, or somebody's.
        for (name, mark) in [
            ("abcdef", nil), ("ghijkl", SavingDirectory.machine), ("mnopqr", "another machine"),
        ] {
            let folder = "\(directory.path)/.descent-save-\(name)"
            try AtomicFile.createDirectory(at: folder)
            for file in ["README.md", "diary.txt"] { try AtomicFile.write("x", to: "\(folder)/\(file)") }
            if let mark { try AtomicFile.write(mark, to: "\(folder)/\(SavingDirectory.markName)") }
        }
        try folder().write(to: .folder(path))
        #expect(try directory.names(".descent-save-abcdef") == ["README.md", "diary.txt"])
        #expect(try directory.names(".descent-save-ghijkl") == ["diary.txt"])
        #expect(
            try directory.names(".descent-save-mnopqr") == [
                SavingDirectory.markName, "README.md", "diary.txt",
            ])
    }

    @Test(arguments: ["file", "folder", "link"]) func latestOfTheUsersIsNotReplaced(kind: String) throws {
        let latest = "\(directory.path)/runs/latest"
        try AtomicFile.createDirectory(at: "\(directory.path)/runs")
        switch kind {
        case "file": try AtomicFile.write("mine", to: latest)
        case "folder": try AtomicFile.createDirectory(at: "\(latest)/mine")
        default: symlink("/home/me/best", latest)
        }
        // A name that the temporary link once had.
        try AtomicFile.write("mine", to: "\(latest).\(getpid()).tmp")
        let place = ModelDestination.run(in: "\(directory.path)/runs", name: "x")
        #expect(throws: DescentError.self) { try place.check() }
        let made = try folder().write(to: place, reserved: nil)
        #expect(!made.isLatest && made.notes.count == 1)
        #expect(try directory.names("runs").count == 3)
        switch kind {
        case "file": #expect(try directory.text("runs/latest") == "mine")
        case "folder": #expect(try directory.names("runs/latest") == ["mine"])
        default: #expect(Files.isLink(latest) && Files.resolved(latest) == nil)
        }
        #expect(try directory.text("runs/latest.\(getpid()).tmp") == "mine")
    }

    @Test func aPlaceThatIsGivenBackLeavesNothingOfOursAndAllElse() throws {
        let place = ModelDestination.folder("\(directory.path)/a/b/model")
        let one = try place.reserve(started: 0)
        #expect(throws: DescentError.self) { try place.reserve(started: 0) }
        one.release()
        #expect(try directory.names().isEmpty)
        let other = try place.reserve(started: 0)
        try AtomicFile.write("mine", to: "\(directory.path)/a/b/model/x")
        other.release()
        #expect(try directory.text("a/b/model/x") == "mine")
        // One that was there before stays.
        try AtomicFile.createDirectory(at: path)
        try ModelDestination.folder(path).reserve(started: 0).release()
        #expect(Files.isDirectory(path))
    }

    @Test func aScriptIsNotWrittenOverOtherFiles() throws {
        let dataset = Dataset(name: "toy", train: data, test: data, checksum: "1")
        let network = Sequential { Dense(144, 4) }
        let script = try NumPyScript(
            Trainer(epochs: 1, reinitializesWeights: true), network, name: "toy", source: .npz(dataset),
            trainCount: 40, testCount: 40)
        let run = "\(directory.path)/run.py"
        for (file, text) in [("run.py", "print('mine')"), ("run.npz", "mine")] {
            try AtomicFile.write(text, to: "\(directory.path)/\(file)")
            let error = #expect(throws: DescentError.self) { try script.write(to: run) }
            #expect(error?.kind == .cannotCreate && error?.place == "\(directory.path)/\(file)")
            #expect(try directory.text(file) == text && directory.names() == [file])
            unlink("\(directory.path)/\(file)")
        }
        let written = try script.write(to: run)
        #expect(written.map(\.path) == [run, "\(directory.path)/run.npz"])
        #expect(
            notEmpty(written).allSatisfy { $0.byteCount == Files.identity($0.path)?.size && $0.byteCount > 0 }
        )
        // Its own it may replace.
        #expect(throws: Never.self) { try script.write(to: run) }
    }
}
