import Arrays
import Support

extension ExampleSource {
    /// The most bytes of features that are read into memory for what needs all of them at once.
    package static var memoryLimit: Int { 1 << 32 }

    /// The class of each; empty where the targets are numbers.
    package var classes: [Int32] { targets.classes ?? [] }

    /// The number of examples of each class.
    package var countsByClass: [Int] {
        var counts = [Int](repeating: 0, count: classNames.count)
        for index in classes { counts[Int(index)] += 1 }
        return counts
    }

    /// The bytes of memory that `labeledExamples` takes: 0 where the features are there.
    ///
    /// - Throws: what reading an example throws.
    package var unreadByteCount: Int {
        get throws {
            guard residentFeatures == nil, count > 0 else { return 0 }
            return try features(of: [0]).storedByteCount * count
        }
    }

    /// Returns all examples in memory: as they are where they are there, else read.
    ///
    /// - Throws: `usage` where they would take more than 4 GiB; what reading them throws.
    /// - Complexity: O(1) for features in memory; O(elements) for others.
    public func labeledExamples() throws -> LabeledExamples {
        if let examples = self as? LabeledExamples { return examples }
        let bytes = try unreadByteCount
        guard bytes <= Self.memoryLimit else {
            throw DescentError(
                .usage, "all examples at once would take \(Numerals.bytes(bytes)) of memory", at: "examples",
                expected: "at most \(Numerals.bytes(Self.memoryLimit))",
                advice: "take a network, which reads them batch by batch, smaller pictures, or fewer examples"
            )
        }
        let features = try residentFeatures ?? features(of: (0..<count).map { Int32($0) })
        return switch targets {
        case .classes(let classes): LabeledExamples(features, classes: classes, classNames: classNames)
        case .values(let values): LabeledExamples(features, values: values)
        }
    }

    /// Splits the examples at random, `held` of them into the second part; features that are not in memory are not read.
    ///
    /// - Precondition: 0 < held < count.
    package func splitting(
        holding held: Int, seed: Int
    ) -> (learning: any ExampleSource, held: any ExampleSource) {
        require(held > 0 && held < count, "\(held) of \(count) examples cannot be held back")
        var random = RandomState(seed)
        let order = random.permutationIndices(count)
        // Sorted, so that the parts are stored in the order of the whole.
        return (selecting(order.dropFirst(held).sorted()), selecting(order.prefix(held).sorted()))
    }

    /// The ranges in which examples that are not in memory are read one after another: whole chunks of what predicts them, and
    /// some 16 MB at most unless a chunk is larger.
    package var readingRanges: [Range<Int>] {
        let perChunk = 128
        let chunks = max(1, min(8, 16_000_000 / max(1, featureCount * perChunk)))
        return stride(from: 0, to: count, by: chunks * perChunk).map {
            $0..<min(count, $0 + chunks * perChunk)
        }
    }

    /// Returns the examples of a range in memory.
    ///
    /// - Precondition: the range lies within 0..<N.
    /// - Throws: what reading them throws.
    package func labeledExamples(_ range: Range<Int>) throws -> LabeledExamples {
        let features = try residentFeatures?[range] ?? features(of: range.map { Int32($0) })
        return switch targets[range] {
        case .classes(let classes): LabeledExamples(features, classes: classes, classNames: classNames)
        case .values(let values): LabeledExamples(features, values: values)
        }
    }
}

extension FeatureMatrix {
    /// The bytes of memory that the stored elements take.
    package var storedByteCount: Int {
        switch storage {
        case .bytes(let array): array.count
        case .floats(let array): array.count * MemoryLayout<Float>.stride
        case .sparse(let rows): rows.nonZeroCount * (MemoryLayout<Float>.stride + MemoryLayout<Int32>.stride)
        }
    }
}
