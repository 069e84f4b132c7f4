import Support

/// Pictures that are the same, or look the same.
struct DuplicatePictures: Sendable, Equatable {
    /// Sets of files with equal contents, each in order.
    let equal: [[Int]]
    /// Sets of pictures that only look alike, each one like another of its set; of equal files the first stands for all.
    ///
    /// Sets and not pairs: a thousand frames of one film make half a million pairs.
    let alike: [[Int]]

    /// Finds them among records; those with a fault are left out.
    ///
    /// Two pictures look alike if their hashes differ in at most seven of 64 bits and their thumbnails, each less its mean, in
    /// little. Of eight bytes one is then the same in both, so only pictures that share a byte are compared, and of those only
    /// pictures of about the same lightness.
    ///
    /// - Complexity: O(N log N), as long as pictures are as different as photographs are.
    init(_ records: [PictureRecord], cancellation: Cancellation? = nil) throws {
        var sets: [String: [Int]] = [:]
        for (place, record) in records.enumerated() where record.fault == nil {
            // The hash as well: of a hundred thousand small files two may have one CRC-32 by chance.
            sets["\(record.contents) \(record.signature.hash.bits)", default: []].append(place)
        }
        equal = sets.values.filter { $0.count > 1 }.sorted { $0[0] < $1[0] }
        let looks = sets.values.map { $0[0] }.sorted().map { Look(place: $0, records[$0].signature) }
        var joined = DisjointSets(count: looks.count)
        for byte in 0..<8 { try Self.join(&joined, looks, sharing: UInt64(byte * 8), cancellation) }
        alike = joined.sets().filter { $0.count > 1 }.map { set in set.map { looks[$0].place } }
    }

    /// A signature with what is asked of it often.
    private struct Look {
        let place: Int
        let hash: UInt64
        let thumbnail: [UInt8]
        let mean: Float
        /// The difference of thumbnails that is still little: pictures with little in them differ little.
        let tolerance: Float

        init(place: Int, _ signature: PictureSignature) {
            (self.place, hash, thumbnail) = (place, signature.hash.bits, signature.thumbnail)
            let values = thumbnail.map { Float($0) }
            let mean = values.reduce(0, +) / Float(values.count)
            let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(values.count)
            self.mean = mean
            tolerance = max(0.5, min(3, 0.08 * variance.squareRoot()))
        }

        /// Whether the thumbnails differ in little; the hashes are compared before.
        func looksLike(_ other: Look) -> Bool {
            let shift = mean - other.mean
            var sum: Float = 0
            for (one, two) in zip(thumbnail, other.thumbnail) { sum += abs(Float(one) - Float(two) - shift) }
            return sum / Float(thumbnail.count) <= min(tolerance, other.tolerance)
        }
    }

    /// How far apart the lightness of two pictures may be that look alike.
    private static let largestShift: Float = 12

    /// How many pictures of its own set one is compared with at most.
    private static let patience = 256

    /// Joins pictures that look alike, among those that share one byte of the hash, by its place in bits.
    private static func join(
        _ joined: inout DisjointSets, _ looks: [Look], sharing shift: UInt64, _ cancellation: Cancellation?
    ) throws {
        func byte(_ look: Int) -> UInt64 { looks[look].hash >> shift & 255 }
        let order = looks.indices.sorted {
            (byte($0), looks[$0].mean, $0) < (byte($1), looks[$1].mean, $1)
        }
        // Side by side in memory: most pairs are told apart by these alone.
        let (hashes, means) = (order.map { looks[$0].hash }, order.map { looks[$0].mean })
        for (place, one) in order.enumerated() {
            if place % 1024 == 0 { try Cancellation.check(cancellation) }
            let (hash, brightest) = (hashes[place], means[place] + largestShift)
            var (other, known) = (place + 1, 0)
            while other < order.count, (hashes[other] ^ hash) >> shift & 255 == 0, means[other] <= brightest {
                if (hashes[other] ^ hash).nonzeroBitCount <= 7 {
                    let two = order[other]
                    if joined.root(one) == joined.root(two) {
                        known += 1
                        if known > patience { break }
                    } else if looks[one].looksLike(looks[two]) {
                        joined.join(one, two)
                    }
                }
                other += 1
            }
        }
    }
}
