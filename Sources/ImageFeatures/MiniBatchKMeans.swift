import Arrays
import CKernels
import Support

/// Clustering of descriptors into visual words: k-means with mini-batches, initialised by k-means++.
///
/// The first centres are descriptors, each drawn with a probability in proportion to its squared distance from the
/// nearest centre drawn before. Then batches are drawn; each descriptor x of a batch moves its nearest centre c by (x -
/// c) / n, n being the number of descriptors of that centre so far. The nearest centre is found exactly, between bytes:
/// centres are rounded.
///
/// ```swift
/// var random = RandomState(7)
/// let words = try MiniBatchKMeans(clusters: 500).centres(of: descriptors, random: &random)   // [N, D] to [500, D]
/// ```
///
/// - Complexity: O(N · K · D) for the initialisation, O(steps · batch · K · D) for the rest.
/// - Source: D. Sculley, "Web-Scale K-Means Clustering", WWW 2010; D. Arthur, S. Vassilvitskii, "k-means++", SODA 2007.
package struct MiniBatchKMeans: Hashable, Codable, Sendable {
    /// The number of centres, K.
    package var clusters: Int
    /// The number of descriptors in a batch.
    package var batchSize = 2048
    /// The number of batches.
    package var steps = 150

    /// Creates a clustering into `clusters` centres.
    package init(clusters: Int, batchSize: Int = 2048, steps: Int = 150) {
        self.clusters = clusters
        self.batchSize = batchSize
        self.steps = steps
    }

    /// Computes the centres of `descriptors` [N, D]: bytes [K, D].
    ///
    /// - Throws: `badData` when there are fewer distinct descriptors than centres; `usage` for settings out of range;
    ///   `interrupted` when cancelled.
    package func centres(
        of descriptors: NDArray<UInt8>, random: inout RandomState, cancellation: Cancellation? = nil
    ) throws -> NDArray<UInt8> {
        try check(descriptors)
        let (count, width) = (descriptors.shape[0], descriptors.shape[1])
        return try descriptors.withUnsafeElements { rows in
            let first = try beginnings(rows, count: count, width: width, random: &random, cancellation)
            var centres = first.flatMap { place in
                rows[(place * width)..<((place + 1) * width)].map(Float.init)
            }
            var seen = [Float](repeating: 0, count: clusters)
            var words = centres.map { UInt8($0) }
            var batch = [UInt8](repeating: 0, count: batchSize * width)
            var nearest = [Int32](repeating: 0, count: batchSize)
            for _ in 0..<steps {
                try Self.stopIfCancelled(cancellation)
                for place in 0..<batchSize {
                    let row = Int(random.rand() * Double(count))
                    for column in 0..<width { batch[place * width + column] = rows[row * width + column] }
                }
                let packed = PackedWords(words, width: width)
                packed.findNearest(to: batch, count: batchSize, into: &nearest)
                for (place, word) in nearest.enumerated() where word >= 0 {
                    seen[Int(word)] += 1
                    let rate = 1 / seen[Int(word)]
                    let (from, to) = (place * width, Int(word) * width)
                    for column in 0..<width {
                        centres[to + column] += rate * (Float(batch[from + column]) - centres[to + column])
                    }
                }
                for place in centres.indices { words[place] = UInt8(centres[place].rounded()) }
            }
            return NDArray(shape: [clusters, width], elements: words)
        }
    }

    private func check(_ descriptors: NDArray<UInt8>) throws {
        guard (1...1 << 20).contains(clusters), (1...1 << 20).contains(batchSize),
            (0...1 << 20).contains(steps)
        else {
            throw DescentError(
                .usage, "settings of k-means are out of range",
                expected: "1 to 1048576 clusters and rows in a batch",
                got: "\(clusters) clusters, batches of \(batchSize), \(steps) steps")
        }
        let shape = descriptors.shape
        guard shape.count == 2, shape[1] % 4 == 0, (4...256).contains(shape[1]) else {
            throw DescentError(
                .badData, "k-means takes rows of bytes", expected: "[N, D] with D = 4, 8, ... 256",
                got: "shape \(shape)")
        }
        guard shape[0] >= clusters else {
            throw DescentError(
                .badData, "fewer descriptors than words", expected: "at least \(clusters)",
                got: "\(shape[0])",
                advice: "take more images, a smaller step or fewer words")
        }
    }

    /// Selects the rows of K descriptors by k-means++.
    private func beginnings(
        _ rows: UnsafeBufferPointer<UInt8>, count: Int, width: Int, random: inout RandomState,
        _ cancellation: Cancellation?
    ) throws -> [Int] {
        var chosen = [Int(random.rand() * Double(count))]
        var distances = [Int32](repeating: .max, count: count)
        while chosen.count < clusters {
            if chosen.count % 16 == 0 { try Self.stopIfCancelled(cancellation) }
            if let start = rows.baseAddress {
                ck_nearer(
                    count, width, start, start + chosen[chosen.count - 1] * width, &distances)
            }
            let total = distances.reduce(0) { $0 + Double($1) }
            guard total > 0 else {
                throw DescentError(
                    .badData, "fewer different descriptors than words", expected: "at least \(clusters)",
                    got: "\(chosen.count)", advice: "take more images or fewer words")
            }
            var rest = random.rand() * total
            var place = 0
            for (row, distance) in distances.enumerated() where distance > 0 {
                place = row
                rest -= Double(distance)
                if rest < 0 { break }
            }
            chosen.append(place)
        }
        return chosen
    }

    static func stopIfCancelled(_ cancellation: Cancellation?) throws {
        try Cancellation.check(cancellation, at: "visual words")
    }
}

/// Words in the layout of the kernel.
///
/// Sendable: the memory is written before it is shared, then only read.
final class PackedWords: @unchecked Sendable {
    let pointer: OpaquePointer
    let width: Int

    /// `words` is [K, width]; `isPlain`: without the processor's special instructions, with the same results.
    init(_ words: [UInt8], width: Int, isPlain: Bool = false) {
        guard let pointer = ck_words_make(words.count / width, width, words, isPlain ? 1 : 0)
        else {
            mistake("no memory for \(words.count / width) words of \(width) bytes")
        }
        self.pointer = pointer
        self.width = width
    }

    deinit { ck_words_free(pointer) }

    /// The nearest word of each of `count` rows; -1 for a row of zeros.
    func findNearest(to rows: [UInt8], count: Int, into nearest: inout [Int32]) {
        require(
            rows.count >= count * width && nearest.count >= count,
            "\(count) rows of \(width) need more room than \(rows.count) bytes and \(nearest.count) places")
        ck_nearest_words(pointer, count, rows, &nearest, nil)
    }

    /// The nearest word of each row of [N, width] and its squared distance; -1 for a row of zeros.
    func nearest(to rows: NDArray<UInt8>) -> (words: [Int32], distances: [Int32]) {
        require(
            rows.ndim == 2 && rows.shape[1] == width,
            "descriptors must have the shape (N, \(width)), got \(rows.shape)")
        let count = rows.shape[0]
        var words = [Int32](repeating: -1, count: count)
        var distances = [Int32](repeating: 0, count: count)
        rows.withUnsafeElements {
            ck_nearest_words(pointer, count, $0.baseAddress, &words, &distances)
        }
        return (words, distances)
    }
}
