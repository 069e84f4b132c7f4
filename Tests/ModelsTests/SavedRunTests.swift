import Arrays
import Datasets
import ExampleData
import Foundation
import Networks
import Support
import TestSupport
import Testing

@testable import Models
@testable import Training

@Suite final class SavedRunTests {
    private let temporary: TemporaryDirectory
    private var directory: String { temporary.path }

    init() throws { temporary = try TemporaryDirectory() }

    /// A run of `epochs` epochs with `rate`, below the directory.
    private func train(
        _ name: String, rate: Float = 0.5, epochs: Int = 2, seed: Int = 1, schedule: Schedule = .constant
    ) throws -> String {
        var random = RandomState(1)
        let pixels = (0..<40 * 16).map { _ in UInt8(truncatingIfNeeded: random.nextUInt32() % 256) }
        let data = LabeledExamples(
            .bytes(NDArray(shape: [40, 4, 4], elements: pixels)),
            classes: (0..<40).map { Int32($0 % 2) },
            classNames: ["even", "odd"])
        let model = TrainableNetwork(
            architecture: try Architecture(named: "mlp:5", inputs: 16, classes: 2),
            classNames: data.classNames,
            preprocessing: Preprocessing(height: 4, width: 4))
        var trainer = Trainer(optimizer: .sgd(learningRate: rate), batchSize: 16, epochs: epochs, seed: seed)
        trainer.schedule = schedule
        let history = try trainer.fit(model.network, on: data, validating: data)
        let record = RunRecord(
            arguments: ["train"], seed: seed, dataName: "toy", trainCount: 40, testCount: 40,
            optimizer: trainer.optimizer.summary, batchSize: 16, epochs: epochs,
            tools: trainer.toolsSummary,
            threads: 2)  // not those of the process, which other tests change meanwhile
        return try ModelFolder(
            model.classifier(), history: history, run: record, samples: data.prefix(8).features
        )
        .write(to: .folder("\(directory)/\(name)"))
    }

    @Test func aRunComesBack() throws {
        let path = try train("one", epochs: 3)
        let run = try SavedRun(at: path + "/")
        #expect(run.name == "one" && run.network.name == "mlp:5" && run.network.sizes == "16-5-2")
        #expect(run.epochs.map(\.number) == [1, 2, 3] && run.steps == 9)
        #expect(run.testAccuracy == run.epochs.last?.test?.accuracy)
        let losses = try #require(try run.stepLosses())
        #expect(losses.count == 9 && losses.allSatisfy { $0 > 0 })
        #expect(run.settings.first { $0.name == "optimizer" }?.value == "sgd, learning rate 0.5")
        _ = try train("two")
        #expect(try SavedRun.list(in: directory).map(\.name) == ["one", "two"])
    }

    @Test func runsPartWhereTheirLossesDo() throws {
        let one = try SavedRun(at: train("one"))
        let same = try SavedRun(at: train("same"))
        let longer = try SavedRun(at: train("longer", epochs: 3))
        let faster = try SavedRun(at: train("faster", rate: 0.6))
        #expect(try one.difference(from: same) == .none(steps: 6))
        #expect(try one.difference(from: longer) == .shorter(steps: 6, other: 9))
        // The first loss is taken before the first update.
        guard case .parts(step: 2, epoch: 1, let losses) = try one.difference(from: faster) else {
            Issue.record("\(try one.difference(from: faster))")
            return
        }
        #expect(losses.count == 2 && losses[0] != losses[1])
        let differing = SavedRun.differingSettings([one, faster])
        #expect(differing.map(\.name) == ["optimizer"])
        #expect(differing[0].values == ["sgd, learning rate 0.5", "sgd, learning rate 0.6"])
        #expect(SavedRun.differingSettings([one, same]).isEmpty)
        let scheduled = try SavedRun(at: train("scheduled", schedule: .cosine()))
        let tools = SavedRun.differingSettings([one, scheduled])
        #expect(tools.map(\.name) == ["tools"])
        #expect(tools.map(\.values) == [["none", "schedule cosine"]])
    }

    @Test func differencesOfLosses() {
        #expect(RunDifference([1, 2, 3], [1, 2, 3], stepsPerEpoch: 2) == .none(steps: 3))
        #expect(RunDifference([1, .nan], [1, .nan], stepsPerEpoch: 2) == .none(steps: 2))
        #expect(RunDifference([], [1], stepsPerEpoch: 2) == .shorter(steps: 0, other: 1))
        #expect(
            RunDifference([1, 2, 3, 4, 5], [1, 2, 3, 4, 6], stepsPerEpoch: 2)
                == .parts(step: 5, epoch: 3, losses: [5, 6]))
    }

    @Test(arguments: ["9223372036854775807", "-9223372036854775808", "1"])
    func countsOfAFileAreOnlyDivided(count: String) throws {
        let one = try train("one")
        let other = try SavedRun(at: train("other", rate: 0.6))
        let run = try String(contentsOfFile: "\(one)/run.json", encoding: .utf8)
        let changed = run.replacing(/"train_count": \d+/, with: "\"train_count\": \(count)")
        #expect(changed != run)
        try changed.write(toFile: "\(one)/run.json", atomically: true, encoding: .utf8)
        guard
            case .parts(step: 2, epoch: let epoch, losses: _) = try SavedRun(at: one).difference(from: other)
        else {
            Issue.record("no difference")
            return
        }
        #expect(epoch == (count.hasPrefix("9") ? 1 : 2))
    }

    @Test func damageIsNamed() throws {
        func kind(_ body: () throws -> Void) -> DescentError.Kind? {
            do { try body() } catch { return (error as? DescentError)?.kind }
            return nil
        }
        #expect(kind { _ = try SavedRun(at: "\(directory)/none") } == .missingInput)
        #expect(kind { _ = try SavedRun(at: directory) } == .missingInput)
        #expect(kind { _ = try SavedRun.list(in: "\(directory)/none") } == .missingInput)
        for (name, text) in [
            ("run.json", "{"), ("history.csv", "epoch\n1"), ("metrics.json", "[]"), ("config.json", ""),
        ] {
            let path = try train("broken-\(name)")
            try text.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
            var told: [DescentError] = []
            #expect(kind { _ = try SavedRun(at: path) } == .badData, "\(name)")
            #expect(try SavedRun.list(in: directory, damaged: { told.append($0) }).isEmpty)
            #expect(told.count == 1 && told[0].place?.contains(name) == true)
            try FileManager.default.removeItem(atPath: path)
        }
        let path = try train("losses")
        try "no".write(toFile: "\(path)/losses.npy", atomically: true, encoding: .utf8)
        #expect(kind { _ = try SavedRun(at: path).stepLosses() } == .badData)
        try FileManager.default.removeItem(atPath: "\(path)/losses.npy")
        let run = try SavedRun(at: path)
        #expect(try run.stepLosses() == nil)
        #expect(kind { _ = try run.difference(from: run) } == .missingInput)
    }
}

extension NDArray where Scalar == UInt8 {
    fileprivate func prefixed(_ count: Int) -> NDArray { self[0..<count] }
}
