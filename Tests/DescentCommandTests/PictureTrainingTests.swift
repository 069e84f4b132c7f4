import Descent
import Foundation
import TestSupport
import Testing

@testable import DescentCommand

/// Folders of pictures that are read batch by batch, their own parts, and the end of their decoding.
@Suite struct PictureTrainingTests {
    private let command: CommandRun

    init() throws { command = try CommandRun() }

    /// Two kinds of pictures, light on the left and light on the right, in a folder.
    private func pictures(_ count: Int, in folder: String, seed: Int = 3) throws {
        var random = RandomState(seed)
        var pixels: [UInt8] = []
        for row in 0..<count {
            for _ in 0..<12 {
                for x in 0..<12 {
                    pixels.append(UInt8((x < 6) == (row % 2 == 0) ? 200 : 20) + UInt8(random.randint(0, 40)))
                }
            }
        }
        try LabeledExamples(
            .bytes(NDArray(shape: [count, 12, 12], elements: pixels)),
            classes: (0..<count).map { Int32($0 % 2) },
            classNames: ["left", "right"]
        ).exportFolder(to: "\(command.directory)/\(folder)")
    }

    private func bytes(_ path: String) -> Data? {
        FileManager.default.contents(atPath: "\(command.directory)/\(path)")
    }

    private static let network = [
        "train", "--data", "photos", "--model", "conv:6@3,pool,8", "--batch-size", "10", "--epochs", "4",
        "--optimizer", "adam", "--augment", "shift=1,rotate=8,brightness=0.2", "--validation", "0.2",
        "--json",
    ]

    /// What is not in memory gives the weights and the losses of what is, on any number of threads.
    @Test func aFolderThatIsReadBatchByBatchTrainsTheSame() throws {
        try pictures(60, in: "photos")
        let runs: [(name: String, flags: [String])] = [
            ("held", []), ("read", ["--resident-limit", "0"]),
            ("single", ["--resident-limit", "0", "--threads", "1"]),
        ]
        for run in runs {
            let result = try command.run(Self.network + ["--out", run.name] + run.flags)
            #expect(result.code == 0, "\(result.error)")
            #expect(
                result.error.contains("38 training examples, 10 validation examples, 12 test examples"),
                "\(result.error)")
        }
        for file in ["model.safetensors", "losses.npy", "split.json"] {
            let held = try #require(bytes("held/\(file)"))
            #expect(bytes("read/\(file)") == held && bytes("single/\(file)") == held, "\(file)")
        }
        // The validation pictures are stored, and the test pictures are those that are measured.
        #expect(command.text("held/split.json").contains("\"rule\": \"validation 0.16, test 0.2, seed 1\""))
        let run = command.text("read/run.json")
        #expect(run.contains("\"train_count\": 38,") && run.contains("\"validation_count\": 10,"))
        let evaluated = try command.run("evaluate", "read", "--json", "--report", "page.html")
        #expect(evaluated.objects.first?["count"] as? Int == 12, "\(evaluated.error)")
    }

    @Test func aRunOfPicturesThatAreReadGoesOn() throws {
        try pictures(60, in: "photos")
        let flags = ["--resident-limit", "0", "--out"]
        #expect(try command.run(Self.network + flags + ["whole"]).code == 0)
        var short = Self.network
        short[8] = "2"
        #expect(try command.run(short + flags + ["parts"]).code == 0)
        let resumed = try command.run("train", "--resume", "parts", "--epochs", "4", "--quiet")
        #expect(resumed.code == 0, "\(resumed.error)")
        #expect(bytes("parts/model.safetensors") == bytes("whole/model.safetensors"))
    }

    @Test func aFoldersOwnValidationPartIsUsed() throws {
        try pictures(40, in: "photos/train")
        try pictures(16, in: "photos/val", seed: 4)
        try pictures(10, in: "photos/test", seed: 5)
        let network = ["train", "--data", "photos", "--model", "mlp:8", "--epochs", "3", "--json"]
        let trained = try command.run(network + ["--patience", "2", "--out", "m"])
        #expect(trained.code == 0, "\(trained.error)")
        #expect(
            trained.error.contains("40 training examples, 16 validation examples, 10 test examples"),
            "\(trained.error)")
        let last = try #require(trained.objects.last)
        #expect(last["validation_accuracy"] is Double && last["test_accuracy"] is Double)
        let watched = try command.run(network.dropLast() + ["--out", "w"])
        #expect(
            watched.output.contains(
                "The epochs were watched by 16 validation examples; the test examples were used once."),
            "\(watched.output)\(watched.error)")
        let split = command.text("m/split.json")
        #expect(split.contains("val/left/") && split.contains("the folder's own"))
        for flags in [["--validation", "0.2"], ["--val-split", "0.2"], ["--test-split", "0.2"]] {
            let refused = try command.run(network + ["--out", "n"] + flags)
            #expect(refused.code == 64 && refused.error.contains("of its own"), "\(flags): \(refused.error)")
            #expect(refused.error.contains(flags[0]))
        }
        let without = try command.run(network + ["--validation", "0", "--out", "o"])
        #expect(
            without.code == 0 && without.error.contains("40 training examples, 10 test examples"),
            "\(without.error)")
        let info = try command.run("data", "info", "photos")
        #expect(
            info.output.contains("40 training examples, 16 validation examples, 10 test examples"),
            "\(info.output)")
    }

    /// Classical classifiers take all rows, and say so before they do.
    @Test func whatNeedsAllPicturesSaysWhatMemoryTheyTake() throws {
        try pictures(40, in: "photos/train")
        try pictures(16, in: "photos/val", seed: 4)
        let memory = "needs all examples at once: 5.8 kB of memory"
        let trained = try command.run(
            "train", "--data", "photos", "--model", "knn", "--resident-limit", "0", "--out", "m")
        #expect(trained.code == 0 && trained.error.contains("knn \(memory)"), "\(trained.error)")
        #expect(trained.error.contains("16 validation examples of the data not used by knn"))
        let held = try command.run("train", "--data", "photos", "--model", "knn", "--out", "n")
        #expect(held.code == 0 && !held.error.contains("at once") && held.output.contains("Test accuracy"))
        let exported = try command.run(
            "data", "export", "photos", "--out", "x.npz", "--resident-limit", "0")
        #expect(exported.code == 0 && exported.error.contains(memory), "\(exported.error)")
        for name in ["held.png", "read.png"] {
            let shown = try command.run(
                ["data", "show", "photos", "--augment", "rotate=20", "--out", name]
                    + (name == "read.png" ? ["--resident-limit", "0"] : []))
            #expect(shown.code == 0, "\(shown.error)")
        }
        #expect(bytes("read.png") == bytes("held.png") && bytes("read.png") != nil)
    }

    /// Ctrl-C while pictures are decoded ends the program, and leaves no part of a cache.
    @Test func decodingIsInterrupted() throws {
        let side = 3000
        let large = try PNG.encode(NDArray<UInt8>(shape: [side, side, 3], repeating: 90))
        for name in ["left", "right"] {
            let folder = "\(command.directory)/photos/\(name)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(large).write(to: URL(fileURLWithPath: "\(folder)/0.png"))
            for number in 1..<100 {
                try FileManager.default.linkItem(atPath: "\(folder)/0.png", toPath: "\(folder)/\(number).png")
            }
        }
        func cached(_ suffix: String) -> [String] {
            command.names("cache/descent/images").filter { $0.hasSuffix(suffix) }
        }
        let process = try command.start(["train", "--data", "photos", "--model", "mlp:4", "--out", "m"])
        while process.isRunning, cached(".tmp").isEmpty { usleep(1000) }
        process.interrupt()
        let result = command.end(process)
        #expect(result.code == 130, "\(result.error)")
        #expect(
            result.error.contains("interrupted while the data were read; nothing was kept"), "\(result.error)"
        )
        #expect(cached(".tmp").isEmpty && cached(".images").isEmpty && command.names("m").isEmpty)
    }

    @Test func theProgressIsALine() {
        func line(_ progress: ReadingProgress, _ seconds: Double) -> String {
            ReadingDisplay.line(progress, of: "wine.csv", seconds: seconds)
        }
        #expect(
            line(.decoding(ImageProgress(done: 12_345, total: 50_000)), 8.633)
                == "decoding 12,345 of 50,000, 1,429/s, 26 s left")
        #expect(line(.table(0.25), 90) == "reading wine.csv, 25 %, 4:30 left")
        #expect(line(.decoding(ImageProgress(done: 0, total: 5)), 0) == "decoding 0 of 5, 0/s")
    }
}
