import ArrayFiles
import Arrays
import Datasets
import ExampleData
import Foundation
import Support
import TestSupport
import Testing

@testable import Experiments
@testable import Training

@Suite struct SettingsSearchTests {
    private func range(_ text: String) throws -> SearchRange { try SearchRange(parsing: text) }

    @Test func rangesAreRead() throws {
        #expect(try range("lr=1e-4..1e-1:log").values == .real(1e-4...0.1, isLogarithmic: true))
        #expect(try range("momentum=0.5..0.99").values == .real(0.5...0.99, isLogarithmic: false))
        #expect(try range("hidden=20..200").values == .whole(20...200, isLogarithmic: false))
        #expect(try range("batch-size=32,64").values == .choice(["32", "64"]))
        #expect(try range("model=mlp:64|mlp:256,128").values == .choice(["mlp:64", "mlp:256,128"]))
        for text in ["lr=0.0001..0.1:log", "hidden=20..200", "batch-size=32,64", "model=mlp:64|mlp:256,128"] {
            #expect(try range(text).description == text)
        }
    }

    @Test(arguments: [
        ("lr", "without '='"), ("lr=1e-4...1e-1", "three dots"),
        ("=1..2", "not a name"), ("--lr=1..2", "not a name"), ("Lr=1", "not a name"),
        ("lr=2..1", "below the second"), ("lr=a..1", "not numbers"), ("lr=0..1:log", "above 0"),
        ("lr=1..nan", "not numbers"),
        ("lr=", "empty"), ("lr=1,,2", "empty"), ("lr=1,1", "twice"),
        ("n=-9223372036854775808..9223372036854775807", "too long"),
        ("n=-9223372036854775808..-5", "too long"),
        ("weight-decay=1e-323..5e-323", "beyond 1e-100"), ("lr=1e-323..1:log", "beyond 1e-100"),
        ("lr=-1e308..1e308", "beyond 1e-100"),
    ])
    func wrongRangesAreRefused(text: String, word: String) throws {
        let error = #expect(throws: DescentError.self) { try SearchRange(parsing: text) }
        #expect(
            error?.kind == .usage && error?.description.contains(word) == true, "\(String(describing: error))"
        )
    }

    @Test func valuesLieInTheirRanges() throws {
        let rate = try range("lr=1e-4..1e-1:log")
        #expect(rate.value(at: 0) == "0.0001" && rate.value(at: 0.5) == "0.003162")
        let widest = try range("lr=1e-100..1e100:log")
        #expect([0, 0.5].map(widest.value) == ["1e-100", "1.0"])
        #expect(try Double(range("lr=-1e100..1e100").value(at: 0.5 + 0x1p-53)).map { $0 > 0 } == true)
        let hidden = try range("hidden=3..5")
        #expect([0, 0.32, 0.34, 0.65, 0.67, 0.999].map(hidden.value) == ["3", "3", "4", "4", "5", "5"])
        let batch = try range("batch-size=1..1024:log")
        #expect(batch.value(at: 0) == "1" && batch.value(at: 0.99999) == "1024")
        // No number of four digits lies in this one.
        let narrow = try range("lr=0.00012345..0.00012349:log")
        for share in [0, 0.3, 0.6, 0.999] {
            #expect((0.00012345...0.00012349).contains(Double(narrow.value(at: share)) ?? 0))
        }
        #expect(try range("o=sgd,adam").value(at: 0.75) == "adam")
    }

    /// 27 settings and 9 epochs by thirds, from the paper's halving: 27 x 1, 9 x 3, 3 x 9.
    @Test func halvingIsPlanned() {
        func plan(_ trials: Int, _ epochs: Int, _ factor: Int) -> [[Int]] {
            SuccessiveHalving(trials: trials, epochs: epochs, factor: factor).rungs.map {
                [$0.trials, $0.epochs]
            }
        }
        #expect(plan(27, 9, 3) == [[27, 1], [9, 3], [3, 9]])
        #expect(plan(8, 100, 2) == [[8, 12], [4, 25], [2, 50], [1, 100]])
        #expect(plan(20, 7, 1) == [[20, 7]])
        #expect(plan(1, 9, 3) == [[1, 9]])
        #expect(SuccessiveHalving(trials: 27, epochs: 9, factor: 3).totalEpochs == 81)
    }

    private func search() throws -> SettingsSearch {
        SettingsSearch(
            ranges: [try range("lr=1e-4..1:log"), try range("hidden=10..90")],
            plan: SuccessiveHalving(trials: 9, epochs: 9, factor: 3), seed: 4)
    }

    /// Better the nearer the rate is to 0.01; more epochs add a little; rates above 0.3 diverge.
    private func outcome(_ settings: [SearchSetting], _ epochs: Int) -> SearchResult.Outcome {
        let rate = Double(settings[0].value) ?? .nan
        guard rate < 0.3 else { return .diverged }
        let accuracy = 0.9 - 0.1 * abs(Mathematics.log10(rate) + 2) + 0.001 * Double(epochs)
        return .scored(Scores(loss: 1 - accuracy, accuracy: accuracy))
    }

    @Test func theBestGoOnAndWin() throws {
        let search = try search()
        var trained: [Int] = []
        let results = try search.run(
            evaluate: {
                trained.append($1); return outcome($0, $1)
            }, keep: { _ in })
        #expect(trained == Array(repeating: 1, count: 9) + [3, 3, 3, 9])
        let best = try #require(SettingsSearch.best(of: results))
        #expect(best.epochs == 9)
        let distances = search.settings.map { abs(Mathematics.log10(Double($0[0].value) ?? .nan) + 2) }
        #expect(distances[best.trial] == distances.min())
        #expect(try self.search().settings == search.settings)
        var other = search
        other.seed = 5
        #expect(other.settings != search.settings)
    }

    @Test func aJournalGoesOnWhereItStopped() throws {
        let directory = try TemporaryDirectory()
        let folder = "\(directory.path)/journal"
        let search = try search()
        let whole = try search.run(evaluate: outcome, keep: { _ in })
        var journal: SearchJournal? = try SearchJournal(in: folder, title: "{\"a\":1}", of: search)
        var count = 0
        _ = try search.run { settings, epochs in
            count += 1
            return count > 5 ? nil : outcome(settings, epochs)
        } keep: {
            try journal?.add($0)
        }
        // As a process that was killed while it wrote leaves it.
        let path = "\(folder)/journal.jsonl"
        journal = nil
        let file = try #require(FileHandle(forWritingAtPath: path))
        try file.seekToEnd()
        try file.write(contentsOf: Data("{\"trial\":5,\"ru".utf8))
        try file.close()
        let again = try SearchJournal(in: folder, title: "{\"a\":1}", of: search)
        #expect(again.results.count == 5)
        // Nobody else may write while this one does.
        #expect(throws: DescentError.self) { try SearchJournal(in: folder, title: "{\"a\":1}", of: search) }
        count = 0
        let results = try search.run(known: again.results) { settings, epochs in
            count += 1
            return outcome(settings, epochs)
        } keep: {
            try again.add($0)
        }
        #expect(count == whole.count - 5)
        #expect(results.map(\.outcome) == whole.map(\.outcome) && results.map(\.trial) == whole.map(\.trial))
    }

    @Test func otherOrDamagedJournalsAreRefused() throws {
        let directory = try TemporaryDirectory()
        let folder = "\(directory.path)/journal"
        let search = try search()
        _ = try SearchJournal(in: folder, title: "one", of: search)
        func kind(_ title: String) -> DescentError? {
            do { _ = try SearchJournal(in: folder, title: title, of: search) } catch {
                return error as? DescentError
            }
            return nil
        }
        #expect(kind("two")?.kind == .usage && kind("one") == nil)
        try Data("one\nnonsense\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/journal.jsonl"))
        #expect(kind("one")?.kind == .badData && kind("one")?.description.contains("line 2") == true)
        let foreign =
            "{\"trial\":0,\"rung\":0,\"epochs\":1,\"settings\":{\"lr\":\"7\"},\"accuracy\":1,\"loss\":0,\"diverged\":false,\"refused\":null,\"seconds\":1}"
        try Data("one\n\(foreign)\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/journal.jsonl"))
        #expect(kind("one")?.what == "the line belongs to another search")
    }

    @Test func imagesAreSplitInTwo() {
        let images = ToyImages.make(50, seed: 2)
        let (learning, held) = images.split(holding: 20, seed: 1)
        #expect(learning.count == 30 && held.count == 20)
        func bytes(_ part: LabeledExamples) -> [[UInt8]] {
            let all = part.images.elements
            return (0..<part.count).map {
                Array(all[(144 * $0)..<(144 * $0 + 144)]) + [UInt8(part.classes[$0])]
            }
        }
        // Every image is in one of them, with its own label.
        let parts = (bytes(learning) + bytes(held)).map { $0.map(String.init).joined(separator: ",") }
            .sorted()
        #expect(parts == bytes(images).map { $0.map(String.init).joined(separator: ",") }.sorted())
    }

    /// By hand: mean 3, squared differences 4 + 1 + 9 + 0 = 14, over 3.
    @Test func meanAndDeviation() {
        let statistics = SampleStatistics([1, 2, 6, 3])
        #expect(statistics.mean == 3)
        #expect(abs((statistics.deviation ?? 0) - (14.0 / 3).squareRoot()) < 1e-12)
        #expect(SampleStatistics([5]).deviation == nil)
    }
}
