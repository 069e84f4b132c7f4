import Descent
import Foundation
import ImageFolders
import Testing

@testable import Lab

@Suite("A run of the lab") struct RunTests {
    private func run(
        _ limits: LabRun.Limits = .init(), isPaused: Bool = false,
        _ change: (inout LabSettings) -> Void = { _ in }
    ) throws -> LabRun {
        var settings = LabSettings()
        change(&settings)
        return try LabRun(
            settings, on: LabSource(cache: "/nowhere").data(for: settings), limits: limits, isPaused: isPaused
        )
    }

    /// The first snapshot that is as it is wanted; fails after a minute.
    private func snapshot(
        _ run: LabRun, _ reader: inout AsyncStream<LabSnapshot>.Iterator, _ isWanted: (LabSnapshot) -> Bool
    ) async throws -> LabSnapshot {
        let watch = Task {
            try await Task.sleep(for: .seconds(60))
            run.stop()
        }
        defer { watch.cancel() }
        while let snapshot = await reader.next() { if isWanted(snapshot) { return snapshot } }
        throw DescentError(.failed, "no such snapshot before the run's end")
    }

    @Test("Spirals are learned past 95 %, and what is shown has its shape")
    func spirals() async throws {
        let run = try run()
        var reader = run.snapshots.makeAsyncIterator()
        let description = try await run.start()
        #expect(description.kind == "plane" && description.classNames.count == 3)
        #expect(description.trainCount + description.testCount == 450)
        let good = try await snapshot(run, &reader) { $0.test.accuracy > 0.95 }
        run.stop()
        #expect(good.boundary.flatMap { Data(base64Encoded: $0.classes) }?.count == 64 * 64)
        #expect(good.units.count == 2 && good.units.allSatisfy { $0.count == 8 })
        #expect(good.edges.map(\.count) == [2, 8, 8] && good.edges[2][0].count == 3)
        #expect(good.layers.map(\.units) == [16, 16, 3])
    }

    @Test("A paused run makes the steps that are asked of it, and no others; rate and pace change on the way")
    func steps() async throws {
        let run = try run(isPaused: true)
        var reader = run.snapshots.makeAsyncIterator()
        _ = try await run.start()
        run.take(steps: 3)
        #expect(try await snapshot(run, &reader) { $0.step > 0 && $0.isPaused }.step == 3)
        try run.set(learningRate: 0.5)
        #expect(try await snapshot(run, &reader) { $0.learningRate > 0.4 }.step == 3)
        #expect(throws: DescentError.self) { try run.set(learningRate: .nan) }
        try run.set(pace: 20)
        run.pause(false)
        let begin = ContinuousClock.now
        let later = try await snapshot(run, &reader) { $0.step >= 23 }
        #expect(ContinuousClock.now - begin > .milliseconds(900), "twenty steps a second")
        #expect(later.step < 40)
        run.stop()
    }

    @Test("A run ends when its time or its steps are over")
    func limits() async throws {
        var limits = LabRun.Limits()
        limits.steps = 50
        let short = try run(limits)
        _ = try await short.start()
        var last: LabSnapshot?
        for await snapshot in short.snapshots { last = snapshot }
        #expect(last?.problem == "steps" && last?.step == 50)
        limits = .init()
        limits.seconds = 0.2
        let brief = try run(limits)
        _ = try await brief.start()
        for await snapshot in brief.snapshots { last = snapshot }
        #expect(last?.problem == "time")
    }

    @Test("A run ends when nobody reads it any more")
    func readerGone() async throws {
        let run = try run()
        _ = try await run.start()
        let reader = Task { for await _ in run.snapshots {} }
        reader.cancel()
        await reader.value
        await #expect(throws: DescentError.self) {
            // The thread may be in its last step.
            for _ in 0..<200 {
                _ = try await run.slowMotion(example: 0)
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }

    @Test("A rate that is too large is told, and the run waits")
    func divergence() async throws {
        let run = try run {
            ($0.optimizer, $0.learningRate, $0.activation, $0.hidden) = ("sgd", 10, "identity", [64, 64, 64])
        }
        var reader = run.snapshots.makeAsyncIterator()
        _ = try await run.start()
        let found = try await snapshot(run, &reader) { $0.problem != nil }
        run.stop()
        #expect(found.problem == "diverged" && found.isPaused)
        #expect(try JSONEncoder().encode(found).count > 0)
    }

    @Test(
        "Digits: weights as pictures, misread examples with their pixels, few examples memorised; saved as a model"
    )
    func digits() async throws {
        let run = try run {
            ($0.data, $0.hidden, $0.activation, $0.learningRate) = ("digits", [30], "relu", 0.001)
            $0.trainLimit = 500
        }
        var reader = run.snapshots.makeAsyncIterator()
        let description = try await run.start()
        #expect(description.kind == "image" && description.imageSize == [28, 28])
        #expect(description.trainCount == 500)
        let found = try await snapshot(run, &reader) { $0.train.accuracy > 0.95 }
        #expect(found.filters?.pictures.count == 24 && found.boundary == nil)
        #expect(found.test.accuracy < found.train.accuracy - 0.1)
        let pixels = try #require(found.misread.first?.pixels.flatMap { Data(base64Encoded: $0) })
        #expect(pixels.count == 784)
        let motion = try await run.slowMotion(example: 7)
        #expect(motion.largestDifference < 1e-5, "\(motion.largestDifference)")
        let folder = NSTemporaryDirectory() + "lab-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let model = try ClassifierModel(contentsOf: try await run.save(in: folder))
        #expect(model.classNames.count == 10)
        run.stop()
    }

    @Test("A table of one's own with two features is a plane; one whose label is a number is refused")
    func table() async throws {
        let path = NSTemporaryDirectory() + "lab-\(UUID().uuidString).csv"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let points = PlanePoints(.moons, count: 200, noise: 0.1, seed: 1).examples
        let numbers = points.features.unscaledFloats.elements
        let rows = points.classes.enumerated().map { "\(numbers[2 * $0]),\(numbers[2 * $0 + 1]),kind\($1)" }
        try ("width,height,label\n" + rows.joined(separator: "\n") + "\n").write(
            toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: DescentError.self) { try LabSource(data: path, label: "width", cache: "/nowhere") }
        let source = try LabSource(data: path, cache: "/nowhere")
        #expect(source.names.last == "own" && source.ownName?.hasSuffix(".csv") == true)
        var settings = LabSettings()
        settings.data = "own"
        let run = try LabRun(settings, on: source.data(for: settings))
        var reader = run.snapshots.makeAsyncIterator()
        let description = try await run.start()
        #expect(description.kind == "plane" && description.axes == ["width", "height"])
        #expect(description.classNames == ["kind0", "kind1"])
        #expect(try await snapshot(run, &reader) { $0.test.accuracy > 0.95 }.step > 0)
        run.stop()
    }

    @Test("A folder of pictures of one's own is learned")
    func folder() async throws {
        let path = NSTemporaryDirectory() + "lab-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let digits = BuiltInDigits.dataset(trainCount: 100, testCount: 0).train
        try digits.exportFolder(to: path)
        var settings = LabSettings()
        (settings.data, settings.learningRate) = ("own", 0.003)
        let run = try LabRun(settings, on: LabSource(data: path, cache: "/nowhere").data(for: settings))
        var reader = run.snapshots.makeAsyncIterator()
        #expect(try await run.start().kind == "image")
        #expect(try await snapshot(run, &reader) { $0.train.accuracy > 0.9 }.step > 0)
        run.stop()
    }
}
