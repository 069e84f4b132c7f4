import Arrays
import CKernels
import Support

/// A bag of visual words: the histogram of an image's descriptors over K learned words, each counted for its nearest.
///
/// ```swift
/// var random = RandomState(1)
/// let settings = BagOfVisualWords.Settings(source: .denseSIFT(DenseSIFT(step: 3)), wordCount: 500, grids: [2])
/// let bag = try BagOfVisualWords(learningFrom: digits.images, settings: settings, random: &random)
/// let rows = try bag.features(of: digits.images)       // [N, 28, 28] to [N, 4 * 500]
/// ```
///
/// A trained bag is its `settings` (Codable), `words` and `inverseFrequencies`;
/// `init(settings:words:inverseFrequencies:)` restores it.
///
/// - Complexity: O(K · D) for each descriptor, in integers.
/// - Source: J. Sivic, A. Zisserman, "Video Google", ICCV 2003; the pyramid: S. Lazebnik, C. Schmid, J. Ponce, "Beyond
///   Bags of Features", CVPR 2006; the Hellinger norm: R. Arandjelovic, A. Zisserman, CVPR 2012.
public struct BagOfVisualWords: Sendable {
    /// The extractor of descriptors.
    public enum Source: Hashable, Codable, Sendable {
        /// Descriptors on a grid.
        case denseSIFT(DenseSIFT)
        /// Descriptors at keypoints.
        case sift(SIFT)
        /// Descriptors at keypoints.
        case surf(SURF)

        var extractor: any LocalFeatureExtractor {
            switch self {
            case .denseSIFT(let dense): dense
            case .sift(let sift): sift
            case .surf(let surf): surf
            }
        }
    }

    /// The normalisation of an image's counts.
    public enum Norm: String, CaseIterable, Hashable, Codable, Sendable {
        /// Raw counts.
        case counts
        /// Counts that sum to 1.
        case l1
        /// Counts whose squares sum to 1.
        case l2
        /// The square roots of `l1`, whose squares sum to 1.
        case hellinger
    }

    /// The settings of a bag, from which its words are learned.
    public struct Settings: Hashable, Codable, Sendable {
        /// The extractor of descriptors.
        package var source: Source
        /// The number of words, K.
        package var wordCount: Int
        /// The grids of the spatial pyramid: for each g the words of each of g x g parts of the image. [1] is the plain
        /// bag, [1, 2, 4] the pyramid of Lazebnik and others.
        package var grids: [Int]
        /// Whether words that occur in many images weigh less: log(images / images with the word).
        package var usesInverseFrequency: Bool
        /// The normalisation of the counts.
        package var norm: Norm
        /// The maximum number of descriptors from which the words are learned.
        package var sampleCount: Int

        /// Creates the settings of a bag.
        public init(
            source: Source, wordCount: Int = 500, grids: [Int] = [1], usesInverseFrequency: Bool = false,
            norm: Norm = .hellinger, sampleCount: Int = 50_000
        ) {
            self.source = source
            self.wordCount = wordCount
            self.grids = grids
            self.usesInverseFrequency = usesInverseFrequency
            self.norm = norm
            self.sampleCount = sampleCount
        }

        /// The number of parts of an image, each with a histogram of its own: the sum of g^2.
        var cells: Int { grids.reduce(0) { $0 + $1 * $1 } }

        /// The number of features: words times parts of the image.
        package var featureCount: Int { wordCount * cells }

        func check() throws {
            guard (1...1 << 16).contains(wordCount), !grids.isEmpty, grids.count <= 8,
                grids.allSatisfy({ (1...64).contains($0) }), sampleCount > 0
            else {
                throw DescentError(
                    .usage, "settings of a bag of words are out of range",
                    expected: "1 to 65536 words, 1 to 8 grids of 1 to 64 cells a side, 1 sample or more",
                    got: "\(wordCount) words, grids \(grids), \(sampleCount) samples")
            }
        }
    }

    /// The settings of the bag.
    package let settings: Settings
    /// The words: bytes [K, D].
    public let words: NDArray<UInt8>
    /// The factor of each word's count, K of them; nil without weighting.
    package let inverseFrequencies: [Float]?
    private let packed: PackedWords

    /// Restores a trained bag.
    ///
    /// - Throws: `badData` when the words do not fit the settings.
    public init(settings: Settings, words: NDArray<UInt8>, inverseFrequencies: [Float]? = nil) throws {
        try settings.check()
        let expected = [settings.wordCount, settings.source.extractor.descriptorSize]
        guard words.shape == expected else {
            throw DescentError(
                .badData, "visual words do not fit their settings", expected: "shape \(expected)",
                got: "shape \(words.shape)")
        }
        guard (inverseFrequencies != nil) == settings.usesInverseFrequency,
            inverseFrequencies.map({ $0.count == settings.wordCount && $0.allSatisfy(\.isFinite) }) ?? true
        else {
            throw DescentError(
                .badData, "inverse frequencies do not fit the settings",
                expected: settings.usesInverseFrequency ? "\(settings.wordCount) finite numbers" : "none",
                got: "\(inverseFrequencies?.count ?? 0)")
        }
        self.settings = settings
        self.words = words
        self.inverseFrequencies = inverseFrequencies
        packed = PackedWords(words.elements, width: expected[1])
    }

    /// Learns the words (and, if the settings use them, their inverse frequencies) from `images` [N, H, W].
    ///
    /// - Throws: `badData` when the images have fewer distinct descriptors than words; `interrupted` when cancelled.
    public init(
        learningFrom images: NDArray<UInt8>, settings: Settings, random: inout RandomState,
        cancellation: Cancellation? = nil
    ) throws {
        try settings.check()
        let sample = try Self.sample(of: images, settings, &random, cancellation)
        let words = try MiniBatchKMeans(clusters: settings.wordCount).centres(
            of: sample, random: &random, cancellation: cancellation)
        guard settings.usesInverseFrequency else {
            try self.init(settings: settings, words: words)
            return
        }
        var plain = settings
        plain.usesInverseFrequency = false
        plain.grids = [1]
        plain.norm = .counts
        let counts = try BagOfVisualWords(settings: plain, words: words).features(of: images)
        let (rows, width) = (counts.shape[0], settings.wordCount)
        var occurrences = [Int](repeating: 0, count: width)
        counts.withUnsafeElements { values in
            for place in values.indices where values[place] > 0 { occurrences[place % width] += 1 }
        }
        let ratios = NDArray(shape: [width], elements: occurrences.map { Double(rows) / Double(max(1, $0)) })
        try self.init(
            settings: settings, words: words, inverseFrequencies: log(ratios).elements.map { Float($0) })
    }

    /// The number of features: words times parts of the image.
    public func featureCount(height: Int, width: Int) throws -> Int { settings.featureCount }

    /// Computes the histogram of words of each image: bytes [N, H, W] to [N, cells * K].
    ///
    /// For each grid, part by part (row by row), word by word. An image without descriptors gives zeros.
    ///
    /// - Throws: `badData` when the extractor does not support the shape of the images.
    public func features(of images: NDArray<UInt8>) throws -> NDArray<Float> {
        let (count, height, width) = try imageShape(of: images)
        let length = settings.featureCount
        return try NDArray(shape: [count, length]) { target in
            if case .denseSIFT(let dense) = settings.source {
                var kernel = try dense.kernelSettings(height: height, width: width)
                let grids = settings.grids.map(Int32.init)
                let status = images.withUnsafeElements {
                    ck_dense_words(
                        &kernel, packed.pointer, grids.count, grids, count, $0.baseAddress,
                        target.baseAddress)
                }
                requireDone(status, "words of images of shape \(images.shape)")
            } else {
                target.initialize(repeating: 0)
                let extractor = settings.source.extractor
                for row in 0..<count {
                    let found = try extractor.localFeatures(of: images[row])
                    self.count(
                        found, height: height, width: width,
                        into: UnsafeMutableBufferPointer(
                            rebasing: target[(row * length)..<((row + 1) * length)]))
                }
            }
            ck_words_normalize(
                count, length, settings.wordCount, inverseFrequencies,
                settings.norm.kernelNumber,
                target.baseAddress)
        }
    }

    /// The word of each descriptor [N, D], and the squared distance between them; -1 for a descriptor of zeros.
    package func nearestWords(to descriptors: NDArray<UInt8>) -> (words: [Int32], distances: [Int32]) {
        packed.nearest(to: descriptors)
    }

    private func count(
        _ found: LocalFeatures, height: Int, width: Int, into histogram: UnsafeMutableBufferPointer<Float>
    ) {
        let nearest = packed.nearest(to: found.descriptors).words
        for (keypoint, word) in zip(found.keypoints, nearest) where word >= 0 {
            var first = 0
            for grid in settings.grids {
                // A pixel's centre is half a pixel from its edge.
                let row = min(grid - 1, max(0, Int((keypoint.y + 0.5) * Float(grid) / Float(height))))
                let column = min(grid - 1, max(0, Int((keypoint.x + 0.5) * Float(grid) / Float(width))))
                histogram[(first + row * grid + column) * settings.wordCount + Int(word)] += 1
                first += grid * grid
            }
        }
    }

    /// Samples non-zero descriptors of images drawn at random.
    private static func sample(
        of images: NDArray<UInt8>, _ settings: Settings, _ random: inout RandomState,
        _ cancellation: Cancellation?
    ) throws -> NDArray<UInt8> {
        let (count, _, _) = try imageShape(of: images)
        let extractor = settings.source.extractor
        let width = extractor.descriptorSize
        var rows: [UInt8] = []
        for place in random.permutationIndices(count) {
            try MiniBatchKMeans.stopIfCancelled(cancellation)
            let found = try extractor.localFeatures(of: images[Int(place)])
            found.descriptors.withUnsafeElements { bytes in
                for start in stride(from: 0, to: bytes.count, by: width) {
                    let row = bytes[start..<(start + width)]
                    if row.contains(where: { $0 != 0 }) { rows.append(contentsOf: row) }
                }
            }
            if rows.count >= settings.sampleCount * width { break }
        }
        let kept = min(rows.count / width, settings.sampleCount)
        return NDArray(shape: [kept, width], elements: Array(rows[0..<(kept * width)]))
    }
}

extension BagOfVisualWords.Norm {
    fileprivate var kernelNumber: Int32 {
        switch self {
        case .counts: Int32(CK_WORDS_COUNTS)
        case .l1: Int32(CK_WORDS_L1)
        case .l2: Int32(CK_WORDS_L2)
        case .hellinger: Int32(CK_WORDS_HELLINGER)
        }
    }
}
