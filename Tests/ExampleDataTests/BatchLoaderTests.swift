import Arrays
import ExampleData
import Foundation
import Support
import TestSupport
import Testing

/// The order of examples, and the batches that come of it from memory and from a file.
@Suite struct BatchLoaderTests {
    private static let count = 22

    /// Row r of three bytes r, r + 1, r + 2.
    private static let bytes: NDArray<UInt8> = {
        let rows: [[UInt8]] = (0..<count).map { row in (0..<3).map { UInt8(row + $0) } }
        return NDArray(shape: [count, 3], elements: rows.flatMap { $0 })
    }()

    private static let examples: LabeledExamples = {
        let classes: [Int32] = (0..<count).map { Int32($0 % 2) }
        return LabeledExamples(.bytes(bytes), classes: classes, classNames: ["even", "odd"])
    }()

    private func sampler(_ size: Int, _ last: BatchSampler.LastBatch = .smaller) -> BatchSampler {
        BatchSampler(count: Self.count, batchSize: size, lastBatch: last, random: RandomState(4))
    }

    private func features(_ batch: Batch) -> [Float] {
        batch.features.gathered(batch.rows).unscaledFloats.elements
    }

    @Test func anEpochIsOnePermutationInBatchesAndASmallerLast() {
        var random = RandomState(4)
        var sampler = sampler(8)
        for number in 1...3 {
            let epoch = sampler.nextEpoch()
            #expect(sampler.epoch == number && epoch.count == 3 && sampler.batchesPerEpoch == 3)
            #expect(epoch[0].count == 8 && epoch[2].count == 6 && epoch[3].isEmpty)
            #expect(epoch[0] + epoch[1] + epoch[2] == random.permutationIndices(Self.count))
        }
    }

    @Test func whatFillsNoBatchIsLeftOut() {
        var sampler = sampler(8, .leftOut)
        let epoch = sampler.nextEpoch()
        #expect(epoch.count == 2 && epoch[1].count == 8 && epoch[2].isEmpty)
        #expect(self.sampler(100, .leftOut).batchSize == Self.count)
    }

    @Test func batchesOfMemoryAreItsRowsAndTheirTargets() throws {
        var order = sampler(8)
        let epoch = order.nextEpoch()
        let loader = BatchLoader(Self.examples, sampler: sampler(8))
        for place in 0..<3 {
            let batch = try loader.next()
            #expect(batch.rows == epoch[place])
            let expected: [Int32] = epoch[place].map { $0 % 2 }
            #expect(batch.targets == Targets.classes(expected))
        }
        #expect(try loader.next().rows == order.nextEpoch()[0])
    }

    /// Rows of a file that are read when they are asked for, and how often that was.
    private final class FileSource: ExampleSource {
        let path: String
        let targets: Targets
        let classNames = ["even", "odd"]
        let exampleShape = [3]
        let contentChecksum = "file"
        var count: Int { targets.count }

        init(path: String, targets: Targets) { (self.path, self.targets) = (path, targets) }

        func features(of rows: [Int32]) throws -> FeatureMatrix {
            guard let file = FileHandle(forReadingAtPath: path) else {
                throw DescentError(.missingInput, "no such file", at: path)
            }
            defer { try? file.close() }
            var bytes: [UInt8] = []
            for row in rows {
                try file.seek(toOffset: UInt64(row) * 3)
                guard let read = try file.read(upToCount: 3), read.count == 3 else {
                    throw DescentError(.badData, "the file ends too early", at: path)
                }
                bytes += read
            }
            return .bytes(NDArray(shape: [rows.count, 3], elements: bytes))
        }
    }

    @Test func aFileGivesTheBatchesOfMemory() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/rows"
            try Data(Self.bytes.elements).write(to: URL(fileURLWithPath: path))
            let source = FileSource(path: path, targets: Self.examples.targets)
            let read = BatchLoader(source, sampler: sampler(8))
            let held = BatchLoader(Self.examples, sampler: sampler(8))
            for _ in 0..<7 {
                let (one, other) = (try read.next(), try held.next())
                #expect(one.targets == other.targets && features(one) == features(other))
            }
        }
    }

    @Test func whatReadingThrowsComesWithItsBatch() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/rows"
            // One row is missing.
            try Data(Self.bytes.elements.dropLast(3)).write(to: URL(fileURLWithPath: path))
            let loader = BatchLoader(
                FileSource(path: path, targets: Self.examples.targets), sampler: sampler(8))
            let error = #expect(throws: DescentError.self) {
                for _ in 0..<3 { _ = try loader.next() }
            }
            #expect(error?.what == "the file ends too early")
        }
    }

    /// Bytes that count how often they were changed.
    private struct Shifted: BatchAugmentation {
        func augmented(
            _ features: FeatureMatrix, rows: [Int32], numbers: [Int32], epoch: Int, parts: Int
        ) -> FeatureMatrix {
            // The number too, which is no place in a batch that was read.
            let added = numbers.map { UInt8(epoch) + UInt8($0) }
            let rows = features.gathered(rows).unscaledFloats.asType(UInt8.self)
            return .bytes(rows + NDArray(shape: [added.count, 1], elements: added))
        }
    }

    @Test func augmentedBatchesFollowFromTheEpochAndTheRows() throws {
        let loader = BatchLoader(Self.examples, sampler: sampler(8), augmentation: Shifted())
        let plain = BatchLoader(Self.examples, sampler: sampler(8))
        for step in 0..<6 {
            let batch = try plain.next()
            #expect(features(try loader.next()) == augmented(batch, epoch: step / 3 + 1))
        }
    }

    /// What `Shifted` makes of a batch.
    private func augmented(_ batch: Batch, epoch: Int) -> [Float] {
        features(batch).enumerated().map { $1 + Float(epoch) + Float(batch.rows[$0 / 3]) }
    }

    /// Random numbers follow from an example's number in the source, not from its place in what was read.
    @Test func whatIsReadIsAugmentedAsMemoryIs() throws {
        try withTemporaryDirectory { directory in
            let path = directory + "/rows"
            try Data(Self.bytes.elements).write(to: URL(fileURLWithPath: path))
            let source = FileSource(path: path, targets: Self.examples.targets)
            let read = BatchLoader(source, sampler: sampler(8), augmentation: Shifted())
            let plain = BatchLoader(Self.examples, sampler: sampler(8))
            for step in 0..<6 {
                let (one, other) = (try read.next(), try plain.next())
                #expect(one.targets == other.targets)
                #expect(features(one) == augmented(other, epoch: step / 3 + 1))
            }
            let rows: [Int32] = [20, 3]
            let again = try read.repeated(rows)
            let held = BatchLoader(Self.examples, sampler: sampler(8), augmentation: Shifted())
            while held.sampler.epoch < read.sampler.epoch { _ = held.sampler.nextEpoch() }
            #expect(features(again) == features(try held.repeated(rows)))
        }
    }
}
