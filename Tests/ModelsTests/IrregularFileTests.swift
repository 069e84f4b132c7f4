import ArrayFiles
import Arrays
import Experiments
import Glibc
import Networks
import Support
import TestSupport
import Testing

@testable import Models
@testable import Training

/// What is no file in the place of one, in folders that are read: refused at once, and never waited for.
@Suite(.timeLimit(.minutes(1))) struct IrregularFileTests {
    private let directory: TemporaryDirectory
    private let data = ToyImages.make(40, seed: 1)

    init() throws { directory = try TemporaryDirectory() }

    private func written() throws -> String {
        let architecture = try Architecture(named: "mlp:6", inputs: 144, classes: 4)
        let model = TrainableNetwork(
            architecture: architecture, classNames: data.classNames,
            preprocessing: Preprocessing(height: 12, width: 12))
        var random = RandomState(1)
        model.network.initialize(using: &random)
        return try ModelFolder(model.classifier(), samples: data.prefix(3).features).write(
            to: .folder("\(directory.path)/model", replacing: true))
    }

    @Test(arguments: ["config.json", "model.safetensors", "samples.safetensors"])
    func filesOfAModel(name: String) throws {
        let path = try written()
        unlink("\(path)/\(name)")
        #expect(mkfifo("\(path)/\(name)", 0o600) == 0)
        #expect(
            failure(in: directory.path) { _ = try ModelFolder.load(path) }
                == "missingInput: DIR/model/\(name): is not a regular file; give a file")
        unlink("\(path)/\(name)")
        #expect(mkdir("\(path)/\(name)", 0o700) == 0)
        #expect(
            failure(in: directory.path) { _ = try ModelFolder.load(path) }
                == "missingInput: DIR/model/\(name): is a directory; give a file")
        rmdir("\(path)/\(name)")
        // A link to a pipe of this process is not one that the caller has named.
        var ends: [Int32] = [0, 0]
        #expect(pipe(&ends) == 0 && symlink("/dev/fd/\(ends[0])", "\(path)/\(name)") == 0)
        defer { for end in ends { close(end) } }
        #expect(
            failure(in: directory.path) { _ = try ModelFolder.load(path) }
                == "missingInput: DIR/model/\(name): is not a regular file; give a file")
    }

    @Test func whatARunSays() throws {
        let path = try written()
        #expect(mkfifo("\(path)/run.json", 0o600) == 0)
        #expect(ModelFolder.data(of: path) == nil)
    }

    @Test func aCheckpointAndAJournal() throws {
        #expect(mkfifo("\(directory.path)/last.safetensors", 0o600) == 0)
        #expect(
            failure(in: directory.path) {
                _ = try Checkpoint(contentsOf: "\(directory.path)/last.safetensors")
            }
                == "missingInput: DIR/last.safetensors: is not a regular file; give a file")
        #expect(mkfifo("\(directory.path)/\(SearchJournal.fileName)", 0o600) == 0)
        let search = SettingsSearch(
            ranges: [try SearchRange(parsing: "lr=1e-4..1:log")],
            plan: SuccessiveHalving(trials: 1, epochs: 1, factor: 3))
        #expect(
            failure(in: directory.path) { _ = try SearchJournal(in: directory.path, title: "{}", of: search) }
                == "cannotCreate: DIR/\(SearchJournal.fileName): is not a regular file; give a file")
    }
}
