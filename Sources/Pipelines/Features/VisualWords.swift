import ArrayFiles
import Arrays
import Classical
import ExampleData
import ImageFeatures
import Support

/// An extractor that counts visual words: the number of times each occurs in an image. Its kinds differ in their descriptors.
package protocol VisualWordExtractor: FeatureExtractor {
    /// The settings and the words.
    var words: VisualWords { get }

    /// Creates an extractor with these words.
    init(_ words: VisualWords)
}

/// Visual words: their settings, and the words themselves once they are learned.
package struct VisualWords: Sendable, Hashable {
    /// The settings of the bag.
    package let settings: BagOfVisualWords.Settings
    /// The factor by which images are enlarged first: keypoints need room.
    package let enlargement: Int
    /// The words; nil before they are learned.
    package let bag: BagOfVisualWords?

    /// Words with those settings, not learned yet.
    ///
    /// - Precondition: an enlargement of 1 to 8.
    package init(_ settings: BagOfVisualWords.Settings, enlargement: Int = 1) {
        require((1...8).contains(enlargement), "an enlargement of \(enlargement)")
        (self.settings, self.enlargement, bag) = (settings, enlargement, nil)
    }

    private init(_ settings: BagOfVisualWords.Settings, enlargement: Int, bag: BagOfVisualWords?) {
        (self.settings, self.enlargement, self.bag) = (settings, enlargement, bag)
    }

    /// Equal if they have the same settings and the same words.
    package static func == (one: VisualWords, other: VisualWords) -> Bool {
        one.settings == other.settings && one.enlargement == other.enlargement
            && one.bag?.words == other.bag?.words
            && one.bag?.inverseFrequencies == other.bag?.inverseFrequencies
    }

    /// By the settings alone.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(settings)
        hasher.combine(enlargement)
    }

    /// In words, after the name of the descriptors: `SIFT (300 words, 2x2 parts)`.
    func summary(_ source: String) -> String {
        let grids = settings.grids.map { "\($0)x\($0)" }.joined(separator: " and ")
        return "\(source) (\(settings.wordCount) words\(settings.grids == [1] ? "" : ", \(grids) parts"))"
    }

    // MARK: Learning and counting

    fileprivate func fitted(
        to images: NDArray<UInt8>, seed: Int, cancellation: Cancellation?
    ) throws -> VisualWords {
        var random = RandomState(seed)
        // Enlarged images of all would be gigabytes; a few thousand give enough descriptors for the words.
        let most = 5000
        let chosen =
            enlargement > 1 && images.shape[0] > most
            ? stack(random.permutation(images.shape[0]).elements.prefix(most).map { images[$0] }) : images
        let bag = try BagOfVisualWords(
            learningFrom: Enlargement.apply(to: chosen, factor: enlargement), settings: settings,
            random: &random, cancellation: cancellation)
        return VisualWords(settings, enlargement: enlargement, bag: bag)
    }

    fileprivate func rows(of images: NDArray<UInt8>, cancellation: Cancellation?) throws -> FeatureMatrix {
        guard let bag else {
            throw DescentError(
                .usage, "visual words that have not been learned", at: "features",
                advice: "count those of an extractor that was fitted to images")
        }
        // In parts: the enlarged images of all would be gigabytes, and a cancellation is noticed in between.
        let part = 2000
        var rows: [NDArray<Float>] = []
        for start in stride(from: 0, to: images.shape[0], by: part) {
            try Cancellation.check(cancellation)
            let some = images[start..<min(start + part, images.shape[0])]
            rows.append(try bag.features(of: Enlargement.apply(to: some, factor: enlargement)))
        }
        return .floats(
            rows.isEmpty ? NDArray(shape: [0, settings.featureCount], elements: []) : concatenate(rows))
    }

    fileprivate func check(height: Int, width: Int) throws {
        guard case .denseSIFT(let dense) = settings.source else { return }
        guard min(height, width) * enlargement >= dense.cellSize else {
            throw DescentError(
                .badData, "an image is smaller than a cell of dense SIFT",
                expected: "at least \(dense.cellSize) x \(dense.cellSize) pixels",
                got: "\(height) x \(width)",
                advice: "choose smaller cells, such as sift:cell=\(max(1, min(height, width)))")
        }
    }

    // MARK: Keeping

    fileprivate func store(in file: inout SafeTensors, prefix: String) {
        StoredFeatures(words: settings, enlargement: enlargement).store(in: &file, prefix: prefix)
        guard let bag else { return }
        file.set(bag.words, named: prefix + "words")
        if let frequencies = bag.inverseFrequencies {
            file.set(
                NDArray(shape: [frequencies.count], elements: frequencies), named: prefix + "frequencies")
        }
    }

    fileprivate init(from file: SafeTensors, prefix: String) throws {
        let stored = try StoredFeatures(from: file, prefix: prefix)
        guard let settings = stored.words else { throw StoredFeatures.damaged(file) }
        let enlargement = stored.enlargement ?? 1
        guard (1...8).contains(enlargement) else {
            throw DescentError(
                .badData, "impossible enlargement", at: file.path, expected: "1 to 8", got: "\(enlargement)")
        }
        let frequencies: NDArray<Float>? =
            settings.usesInverseFrequency ? try file.array(named: prefix + "frequencies") : nil
        self.init(
            settings, enlargement: enlargement,
            bag: try BagOfVisualWords(
                settings: settings, words: try file.array(named: prefix + "words"),
                inverseFrequencies: frequencies?.elements))
    }
}

extension VisualWordExtractor {
    /// A descriptor between two words may be counted for either.
    package var isSensitiveToRounding: Bool { true }

    /// Returns the number of words times that of the parts of an image.
    ///
    /// - Throws: `badData` when the image is smaller than a cell of dense SIFT.
    package func featureCount(height: Int, width: Int) throws -> Int {
        try words.check(height: height, width: width)
        return words.settings.featureCount
    }

    /// Learns the words.
    package func fitted(to images: NDArray<UInt8>, seed: Int, cancellation: Cancellation?) throws -> Self {
        Self(try words.fitted(to: images, seed: seed, cancellation: cancellation))
    }

    /// Computes the histograms of visual words.
    package func rows(of images: NDArray<UInt8>, cancellation: Cancellation?) throws -> FeatureMatrix {
        try words.rows(of: images, cancellation: cancellation)
    }

    /// Puts settings and words under `prefix`.
    package func store(in file: inout SafeTensors, prefix: String) { words.store(in: &file, prefix: prefix) }

    /// Restores the words from the entries that `store` wrote.
    package init(from file: SafeTensors, prefix: String) throws {
        self.init(try VisualWords(from: file, prefix: prefix))
    }
}

extension FeatureChoice {
    /// Histograms of visual words, of images made `enlargement` times as large.
    public static func words(_ settings: BagOfVisualWords.Settings, enlargement: Int = 1) -> FeatureChoice {
        let words = VisualWords(settings, enlargement: enlargement)
        if case .surf = settings.source { return FeatureChoice(SURFWords(words)) }
        return FeatureChoice(SIFTWords(words))
    }
}
