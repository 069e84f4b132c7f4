import ArrayFiles
import Arrays
import Classical
import FoundationEssentials
import ImageFeatures
import Support

/// Features ready for use: those that have something to learn (visual words) have learned it.
struct LearnedFeatures: Sendable {
    let choice: FeatureChoice
    /// The visual words, where the choice has any.
    let bag: BagOfVisualWords?

    /// Learns what there is to learn from training images [N, H, W].
    init(
        _ choice: FeatureChoice, from images: NDArray<UInt8>, seed: Int, cancellation: Cancellation?
    ) throws {
        self.choice = choice
        guard case .words(let settings, let enlargement) = choice else {
            bag = nil
            return
        }
        var random = RandomState(seed)
        // Enlarged images of all would be gigabytes; a few thousand give enough descriptors for the words.
        let most = 5000
        let chosen =
            enlargement > 1 && images.shape[0] > most
            ? stack(random.permutation(images.shape[0]).elements.prefix(most).map { images[$0] }) : images
        bag = try BagOfVisualWords(
            learningFrom: Enlargement.apply(to: chosen, factor: enlargement), settings: settings,
            random: &random,
            cancellation: cancellation)
    }

    /// What the classifier gets for images [N, H, W].
    func examples(of images: NDArray<UInt8>, cancellation: Cancellation? = nil) throws -> Examples {
        switch choice {
        case .pixels: return .bytes(images)
        case .hog(let hog): return .numbers(try hog.features(of: images))
        case .words(_, let enlargement):
            guard let bag else { return .bytes(images) }
            // In parts: the enlarged images of all would be gigabytes, and a wish to stop is heard in between.
            let part = 2000
            var rows: [NDArray<Float>] = []
            for start in stride(from: 0, to: images.shape[0], by: part) {
                if cancellation?.isCancelled == true {
                    throw DescentError(.interrupted, "stopped while taking features")
                }
                let some = images[start..<min(start + part, images.shape[0])]
                rows.append(try bag.features(of: Enlargement.apply(to: some, factor: enlargement)))
            }
            let width = try bag.featureCount(height: images.shape[1], width: images.shape[2])
            return .numbers(rows.isEmpty ? NDArray(shape: [0, width], elements: []) : concatenate(rows))
        }
    }

    /// Whether images of that size have these features.
    ///
    /// - Throws: `badData` when they are too small: smaller than a block of HOG, or than a cell of dense SIFT.
    static func check(_ choice: FeatureChoice, height: Int, width: Int) throws {
        switch choice {
        case .pixels: break
        case .hog(let hog): _ = try hog.featureCount(height: height, width: width)
        case .words(let settings, let enlargement):
            guard case .denseSIFT(let dense) = settings.source else { return }
            guard min(height, width) * enlargement >= dense.cellSize else {
                throw DescentError(
                    .badData, "an image is smaller than a cell of dense SIFT",
                    expected: "at least \(dense.cellSize) x \(dense.cellSize) pixels",
                    got: "\(height) x \(width)",
                    advice: "choose smaller cells: `features` sift:cell=\(max(1, min(height, width)))")
            }
        }
    }

    /// The number of features, D, of images of that size.
    ///
    /// - Throws: `badData` when they are too small.
    func count(height: Int, width: Int) throws -> Int {
        try Self.check(choice, height: height, width: width)
        return switch choice {
        case .pixels: height * width
        case .hog(let hog): try hog.featureCount(height: height, width: width)
        case .words(_, let enlargement):
            try bag?.featureCount(height: height * enlargement, width: width * enlargement) ?? height * width
        }
    }
}

// MARK: - Keeping

extension LearnedFeatures {
    /// Settings as they stand in a file.
    private struct Stored: Codable {
        var hog: HistogramOfOrientedGradients?
        var words: BagOfVisualWords.Settings?
        var enlargement: Int?
    }

    func store(in file: inout SafeTensors, prefix: String) {
        var stored = Stored()
        switch choice {
        case .pixels: break
        case .hog(let hog): stored.hog = hog
        case .words(let settings, let enlargement):
            stored.words = settings
            stored.enlargement = enlargement
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Settings of numbers and names cannot fail to be encoded; a file without them is refused when it is read.
        let text = (try? encoder.encode(stored)).map { String(decoding: $0, as: UTF8.self) }
        file.metadata[prefix + "features"] = text
        if let bag {
            file.set(bag.words, named: prefix + "words")
            if let frequencies = bag.inverseFrequencies {
                file.set(
                    NDArray(shape: [frequencies.count], elements: frequencies), named: prefix + "frequencies")
            }
        }
    }

    init(from file: SafeTensors, prefix: String) throws {
        let text = file.metadata[prefix + "features"] ?? ""
        let stored: Stored
        do {
            stored = try JSONDecoder().decode(Stored.self, from: Data(text.utf8))
        } catch let error as DescentError {
            throw error
        } catch {
            throw DescentError(
                .badData, "the settings of the features are damaged", at: file.path,
                advice: "train the model again")
        }
        guard let settings = stored.words else {
            choice = stored.hog.map(FeatureChoice.hog) ?? .pixels
            bag = nil
            return
        }
        let enlargement = stored.enlargement ?? 1
        guard (1...8).contains(enlargement) else {
            throw DescentError(
                .badData, "impossible enlargement", at: file.path, expected: "1 to 8", got: "\(enlargement)")
        }
        choice = .words(settings, enlargement: enlargement)
        let frequencies: NDArray<Float>? =
            settings.usesInverseFrequency ? try file.array(named: prefix + "frequencies") : nil
        bag = try BagOfVisualWords(
            settings: settings, words: try file.array(named: prefix + "words"),
            inverseFrequencies: frequencies?.elements)
    }
}

/// Images made larger by a whole factor, linearly between pixels.
enum Enlargement {
    /// [N, H, W] to [N, factor H, factor W].
    static func apply(to images: NDArray<UInt8>, factor: Int) -> NDArray<UInt8> {
        guard factor > 1, images.count > 0 else { return images }
        let (count, height, width) = (images.shape[0], images.shape[1], images.shape[2])
        let columns = places(width, factor)
        let rows = places(height, factor)
        return NDArray(shape: [count, height * factor, width * factor]) { target in
            images.withUnsafeElements { source in
                var at = 0
                for image in 0..<count {
                    for row in rows {
                        let upper = (image * height + row.first) * width
                        let lower = (image * height + row.second) * width
                        for column in columns {
                            let above =
                                Int(source[upper + column.first]) * (256 - column.share)
                                + Int(source[upper + column.second]) * column.share
                            let below =
                                Int(source[lower + column.first]) * (256 - column.share)
                                + Int(source[lower + column.second]) * column.share
                            let value = above * (256 - row.share) + below * row.share
                            target.initializeElement(at: at, to: UInt8((value + (1 << 15)) >> 16))
                            at += 1
                        }
                    }
                }
            }
        }
    }

    /// For each new place the two old ones around it, and how much of 256 the second has.
    private static func places(_ count: Int, _ factor: Int) -> [(first: Int, second: Int, share: Int)] {
        (0..<(count * factor)).map { place in
            // Twice the distance of a new pixel's middle from the first old one's, in new pixels.
            let offset = 2 * place + 1 - factor
            let first = max(0, offset / (2 * factor))
            let share = offset < 0 ? 0 : offset % (2 * factor) * 256 / (2 * factor)
            return (first, min(first + 1, count - 1), share)
        }
    }
}
