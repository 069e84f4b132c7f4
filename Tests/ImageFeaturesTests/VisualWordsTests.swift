import Arrays
import Foundation
import Support
import TestSupport
import Testing

@testable import ImageFeatures

@Suite("Visual words and matches")
struct VisualWordsTests {
    private func bytes(_ rows: Int, _ columns: Int, seed: Int) -> NDArray<UInt8> {
        var random = RandomState(seed)
        return NDArray(
            shape: [rows, columns], elements: (0..<rows * columns).map { _ in UInt8(random.rand() * 256) })
    }

    private func squaredDistance(_ a: ArraySlice<UInt8>, _ b: ArraySlice<UInt8>) -> Int {
        zip(a, b).reduce(0) { $0 + (Int($1.0) - Int($1.1)) * (Int($1.0) - Int($1.1)) }
    }

    @Test(
        "the nearest word is the nearest, with and without special instructions",
        arguments: [(1, 4), (17, 64), (64, 128), (65, 128), (150, 256)])
    func nearest(words: Int, width: Int) throws {
        let dictionary = bytes(words, width, seed: words)
        var rows = bytes(40, width, seed: width)
        rows[7..<8] = NDArray(shape: [1, width], repeating: 0)
        rows[9..<10] = dictionary[0..<1]
        let (w, d) = (dictionary.elements, rows.elements)
        for isPlain in [false, true] {
            let packed = PackedWords(w, width: width, isPlain: isPlain)
            let got = packed.nearest(to: rows)
            for row in 0..<40 {
                let distances = (0..<words).map {
                    squaredDistance(
                        w[($0 * width)..<(($0 + 1) * width)], d[(row * width)..<((row + 1) * width)])
                }
                let least = try #require(distances.min())
                #expect(got.words[row] == (row == 7 ? -1 : Int32(distances.firstIndex(of: least) ?? -9)))
                #expect(got.distances[row] == (row == 7 ? 0 : Int32(least)))
            }
        }
    }

    @Test("matches are those of a search by hand, plain and mutual")
    func matches() throws {
        let (a, b) = (bytes(30, 8, seed: 1), bytes(23, 8, seed: 2))
        func order(_ rows: NDArray<UInt8>, _ row: Int, _ others: NDArray<UInt8>) -> [(Int, Int)] {
            (0..<others.shape[0]).map {
                (squaredDistance(rows[row].elements[...], others[$0].elements[...]), $0)
            }.sorted { $0 < $1 }
        }
        for (ratio, isMutual) in [(Float(0.9), false), (0.9, true), (1, false), (1, true)] {
            let got = try DescriptorMatcher(ratio: ratio, isMutual: isMutual).matches(from: a, to: b)
            var expected: [DescriptorMatcher.Match] = []
            for row in 0..<30 {
                let found = order(a, row, b)
                guard Float(found[0].0) < ratio * ratio * Float(found[1].0) else { continue }
                if isMutual && order(b, found[0].1, a)[0].1 != row { continue }
                expected.append(
                    .init(query: row, train: found[0].1, distance: Float(found[0].0).squareRoot()))
            }
            #expect(got == expected)
            #expect(!got.isEmpty)
        }
    }

    @Test("one candidate has no rival; none gives no match; different descriptors are refused")
    func fewMatches() throws {
        let matcher = DescriptorMatcher()
        let rows = bytes(3, 128, seed: 4)
        #expect(try matcher.matches(from: rows, to: rows[1..<2]).map(\.train) == [0, 0, 0])
        #expect(try matcher.matches(from: rows, to: rows[0..<0]).isEmpty)
        #expect(try matcher.matches(from: rows[0..<0], to: rows).isEmpty)
        #expect(throws: DescentError.self) { try matcher.matches(from: rows, to: bytes(3, 64, seed: 4)) }
        #expect(throws: DescentError.self) {
            try matcher.matches(from: bytes(3, 6, seed: 4), to: bytes(3, 6, seed: 4))
        }
    }

    @Test("k-means finds well separated clusters, the same by the same seed and on any number of threads")
    func clusters() throws {
        var random = RandomState(3)
        let centres = (0..<6).map { _ in (0..<16).map { _ in 20 + 200 * random.rand() } }
        let rows = NDArray<UInt8>(
            shape: [600, 16],
            elements: (0..<600).flatMap { row in centres[row % 6].map { UInt8($0 + 8 * random.rand() - 4) } })
        let all = try onThreads {
            var random = RandomState(11)
            return try MiniBatchKMeans(clusters: 6, batchSize: 128, steps: 30).centres(
                of: rows, random: &random)
        }
        #expect(all[0].shape == [6, 16])
        #expect(notEmpty(all).allSatisfy { $0.elements == all[0].elements })
        let nearest = PackedWords(all[0].elements, width: 16).nearest(to: rows).words
        for row in 6..<600 { #expect(nearest[row] == nearest[row % 6]) }
        #expect(Set(nearest).count == 6)
        for word in 0..<6 {
            let centre = all[0][Int(nearest[word])].elements
            for (a, b) in paired(centre, centres[word]) { #expect(abs(Double(a) - b) < 2.5) }
        }
    }

    @Test("too few different descriptors for the words are refused; a wish to stop is heard")
    func fewDescriptors() {
        var random = RandomState(1)
        let same = NDArray<UInt8>(shape: [50, 8], repeating: 4)
        #expect(throws: DescentError.self) {
            try MiniBatchKMeans(clusters: 2).centres(of: same, random: &random)
        }
        #expect(throws: DescentError.self) {
            try MiniBatchKMeans(clusters: 51).centres(of: same, random: &random)
        }
        #expect(throws: DescentError.self) {
            try MiniBatchKMeans(clusters: 2).centres(
                of: NDArray(shape: [50, 7], repeating: 4), random: &random)
        }
        let cancellation = Cancellation()
        cancellation.cancel()
        let error = #expect(throws: DescentError.self) {
            try MiniBatchKMeans(clusters: 3).centres(
                of: bytes(20, 8, seed: 1), random: &random, cancellation: cancellation)
        }
        #expect(error?.kind == .interrupted)
    }

    private func digits(_ count: Int) -> NDArray<UInt8> {
        NDArray(
            shape: [count, 28, 28], elements: (0..<count).flatMap { discs(28, 28, seed: $0 + 1).elements })
    }

    @Test("a bag counts the words of its descriptors, part by part; finer grids add up to coarser ones")
    func bag() throws {
        let images = digits(12)
        let dense = DenseSIFT(step: 4, cellSize: 3)
        var random = RandomState(2)
        let settings = BagOfVisualWords.Settings(
            source: .denseSIFT(dense), wordCount: 10, grids: [1, 2], norm: .counts)
        let bag = try BagOfVisualWords(learningFrom: images, settings: settings, random: &random)
        let rows = try bag.features(of: images)
        #expect(rows.shape == [12, 50])
        #expect(try bag.featureCount(height: 28, width: 28) == 50)
        for image in 0..<12 {
            let found = try dense.localFeatures(of: images[image])
            var expected = [Float](repeating: 0, count: 50)
            for (keypoint, word) in paired(found.keypoints, bag.nearestWords(to: found.descriptors).words)
            where word >= 0 {
                expected[Int(word)] += 1
                let part = (keypoint.y < 13.9 ? 0 : 2) + (keypoint.x < 13.9 ? 0 : 1)
                expected[10 + part * 10 + Int(word)] += 1
            }
            #expect(rows[image].elements == expected)
        }
        // The same through the general way, which SIFT and SURF take.
        let all = try onThreads { try bag.features(of: images).elements }
        #expect(notEmpty(all).allSatisfy { $0 == rows.elements })
    }

    @Test("a bag that is stored and restored gives the same features", arguments: [false, true])
    func restored(usesInverseFrequency: Bool) throws {
        let images = digits(10)
        var random = RandomState(2)
        let settings = BagOfVisualWords.Settings(
            source: .denseSIFT(DenseSIFT(step: 5, cellSize: 3)), wordCount: 8,
            usesInverseFrequency: usesInverseFrequency, norm: .l2)
        let bag = try BagOfVisualWords(learningFrom: images, settings: settings, random: &random)
        let read = try JSONDecoder().decode(
            BagOfVisualWords.Settings.self, from: JSONEncoder().encode(bag.settings))
        let again = try BagOfVisualWords(
            settings: read, words: bag.words, inverseFrequencies: bag.inverseFrequencies)
        #expect(try again.features(of: images).elements == bag.features(of: images).elements)
        #expect((bag.inverseFrequencies != nil) == usesInverseFrequency)
        #expect(throws: DescentError.self) { try BagOfVisualWords(settings: read, words: bag.words[0..<7]) }
    }

    @Test("norms make counts comparable, and leave no NaN where nothing is")
    func norms() throws {
        let images = digits(4)
        var random = RandomState(2)
        for norm in BagOfVisualWords.Norm.allCases {
            let settings = BagOfVisualWords.Settings(
                source: .denseSIFT(DenseSIFT(step: 4, cellSize: 3)), wordCount: 9, norm: norm)
            let bag = try BagOfVisualWords(learningFrom: images, settings: settings, random: &random)
            let row = try bag.features(of: images)[2].elements
            let (sum, squares) = (row.reduce(0, +), row.reduce(0) { $0 + $1 * $1 })
            switch norm {
            case .counts: #expect(sum == 49)
            case .l1: #expect(abs(sum - 1) < 1e-5)
            case .l2, .hellinger: #expect(abs(squares - 1) < 1e-5)
            }
            #expect(
                try bag.features(of: NDArray(shape: [1, 28, 28], repeating: 7)).elements.allSatisfy {
                    $0 == 0
                })
        }
    }

    @Test("words of keypoints: SIFT and SURF")
    func keypointWords() throws {
        let images = NDArray<UInt8>(
            shape: [3, 90, 90], elements: (0..<3).flatMap { discs(90, 90, seed: $0 + 1).elements })
        for source in [BagOfVisualWords.Source.sift(SIFT()), .surf(SURF())] {
            var random = RandomState(2)
            let settings = BagOfVisualWords.Settings(
                source: source, wordCount: 5, grids: [1, 3], norm: .counts)
            let bag = try BagOfVisualWords(learningFrom: images, settings: settings, random: &random)
            let rows = try bag.features(of: images)
            #expect(rows.shape == [3, 50])
            for image in 0..<3 {
                let count = Float(try source.extractor.localFeatures(of: images[image]).count)
                let row = rows[image].elements
                #expect(row[..<5].reduce(0, +) == count && row[5...].reduce(0, +) == count)
            }
        }
    }

    @Test("settings out of range are refused before work starts")
    func badSettings() throws {
        var random = RandomState(2)
        for (words, grids, samples) in [(0, [1], 10), (4, [], 10), (4, [0], 10), (4, [1], 0)] {
            let settings = BagOfVisualWords.Settings(
                source: .denseSIFT(DenseSIFT()), wordCount: words, grids: grids, sampleCount: samples)
            #expect(throws: DescentError.self) {
                try BagOfVisualWords(learningFrom: digits(2), settings: settings, random: &random)
            }
        }
    }
}
