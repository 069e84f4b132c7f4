import ArrayFiles
import Arrays
import ExampleData
import Support

/// 128 bits of some bytes, by which equal ones are found again. Not for secrets.
struct Fingerprint: Hashable, Sendable {
    private let first: UInt64
    private let second: UInt64

    init(_ bytes: [UInt8]) { self = bytes.withUnsafeBytes { Fingerprint($0) } }

    init(_ bytes: UnsafeRawBufferPointer) {
        var (one, other): (UInt64, UInt64) = (
            0xcbf2_9ce4_8422_2325, UInt64(bytes.count) &+ 0x9e37_79b9_7f4a_7c15
        )
        var place = 0
        while place < bytes.count {
            var word: UInt64 = 0
            if place + 8 <= bytes.count {
                word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
            } else {
                for rest in place..<bytes.count { word |= UInt64(bytes[rest]) << UInt64(8 * (rest - place)) }
            }
            // Two products with odd factors, each shifted into itself: every bit of a word reaches both.
            one = (one ^ word) &* 0x0000_0100_0000_01b3
            one ^= one >> 29
            other = (other &+ word) &* 0xbf58_476d_1ce4_e5b9
            other ^= other >> 32
            place += 8
        }
        (first, second) = (one, other)
    }

    init(_ first: UInt64, _ second: UInt64) { (self.first, self.second) = (first, second) }

    var text: String { [first, second].map { String($0, radix: 16) }.joined(separator: "-") }
    var words: [UInt64] { [first, second] }
}

/// Rows of features that were computed before, by the fingerprints of the pictures; a file for each network, tensor and form.
struct FeatureCache {
    private let path: String
    private let folder: String
    private let width: Int
    /// A cache that has grown beyond this begins anew.
    private static let largest = 1 << 30

    init(folder: String, name: String, width: Int) {
        (self.folder, self.width) = (folder, width)
        path = "\(folder)/\(name).safetensors"
    }

    /// Returns the rows of the examples. `compute` gets those that are not kept, and calls its second argument with rows as they
    /// come.
    ///
    /// A cache that cannot be read or written costs time and nothing else.
    func rows(
        of examples: FeatureMatrix,
        compute: (_ missing: FeatureMatrix, _ keep: @escaping ([Float]) -> Void) throws -> FeatureMatrix
    ) throws -> FeatureMatrix {
        guard case .bytes(let images) = examples.storage else { return try compute(examples) { _ in } }
        let each = examples.featureCount
        let keys = images.withUnsafeElements { elements in
            (0..<examples.count).map { index in
                Fingerprint(
                    UnsafeRawBufferPointer(
                        rebasing: UnsafeRawBufferPointer(elements)[(index * each)..<((index + 1) * each)]))
            }
        }
        var known = read()
        var (missing, asked): ([Int], Set<Fingerprint>) = ([], [])
        for (index, key) in keys.enumerated() where known[key] == nil && asked.insert(key).inserted {
            missing.append(index)
        }
        if !missing.isEmpty {
            var got: [Float] = []
            let wanted = examples.gathered(missing.map { Int32($0) })
            defer {
                for (place, index) in missing.enumerated() where (place + 1) * width <= got.count {
                    known[keys[index]] = Array(got[(place * width)..<((place + 1) * width)])
                }
                write(known)
            }
            _ = try compute(wanted) { got += $0 }
        }
        var elements: [Float] = []
        elements.reserveCapacity(examples.count * width)
        for key in keys { elements += known[key] ?? [] }
        guard elements.count == examples.count * width else { return try compute(examples) { _ in } }
        return .floats(NDArray(shape: [examples.count, width], elements: elements))
    }

    private func read() -> [Fingerprint: [Float]] {
        guard Files.exists(path), let file = try? SafeTensors(contentsOf: path),
            let keys = try? file.array(named: "keys", as: Int.self),
            let rows = try? file.array(named: "rows", as: Float.self),
            keys.ndim == 2, keys.shape[1] == 2, rows.shape == [keys.shape[0], width]
        else { return [:] }
        let (words, values) = (keys.elements, rows.elements)
        var known: [Fingerprint: [Float]] = [:]
        for index in 0..<keys.shape[0] {
            let key = Fingerprint(
                UInt64(bitPattern: Int64(words[2 * index])), UInt64(bitPattern: Int64(words[2 * index + 1])))
            known[key] = Array(values[(index * width)..<((index + 1) * width)])
        }
        return known
    }

    private func write(_ known: [Fingerprint: [Float]]) {
        guard !known.isEmpty, known.count * (width + 4) * 4 < Self.largest else { return }
        var file = SafeTensors()
        let pairs = Array(known)
        file.set(
            NDArray(
                shape: [pairs.count, 2],
                elements: pairs.flatMap { $0.key.words.map { Int(Int64(bitPattern: $0)) } }),
            named: "keys")
        file.set(NDArray(shape: [pairs.count, width], elements: pairs.flatMap(\.value)), named: "rows")
        try? AtomicFile.createDirectory(at: folder)
        try? file.write(to: path)
    }
}
