import Images
import Support

/// What a cache holds, as it stands in the file before and after the pixels: the form, the folder, a record for each picture.
struct CacheIndex: Equatable {
    /// The folder's path with all links resolved.
    let root: String
    let target: ImageTarget
    let decoderVersion: Int
    let records: [PictureRecord]

    static let magic = Array("DescentImages01\n".utf8)
    /// Where the pixels begin: on a page of their own.
    static let pixelOffset = 1 << 16

    /// The bytes of the file before the pixels: magic, place and length of the index, its checksum.
    func header(of index: [UInt8]) -> [UInt8] {
        var writer = ByteWriter()
        writer.bytes += Self.magic
        writer.add(Self.pixelOffset + records.count * target.byteCount)
        writer.add(index.count)
        var checksum = Checksum()
        index.withUnsafeBytes { checksum.add($0) }
        writer.add(Int(checksum.value))
        return writer.bytes
    }

    /// Place and length of the index in a file, and its checksum; nil if it is no cache.
    static func place(inHeader bytes: [UInt8]) -> (offset: Int, count: Int, checksum: UInt32)? {
        guard bytes.starts(with: magic) else { return nil }
        var reader = ByteReader(bytes: bytes, place: magic.count)
        guard let offset = reader.integer(), let count = reader.integer(), let checksum = reader.integer(),
            offset >= pixelOffset, count >= 0, let checksum = UInt32(exactly: checksum)
        else { return nil }
        return (offset, count, checksum)
    }

    /// The index as bytes.
    var encoded: [UInt8] {
        var writer = ByteWriter()
        writer.add(root)
        for number in [
            target.width, target.height, target.color == .gray ? 1 : 0, decoderVersion, records.count,
        ] { writer.add(number) }
        writer.add(target.fit.rawValue)
        for record in records {
            writer.add(record.path)
            writer.add(record.stamp.size)
            writer.add(record.stamp.seconds)
            writer.add(record.stamp.nanoseconds)
            writer.add(Int(record.checksum))
            writer.add(Int(bitPattern: UInt(record.signature.hash.bits)))
            writer.bytes += record.signature.thumbnail
            writer.add(record.fault == nil ? 0 : 1)
            guard let fault = record.fault else { continue }
            for text in [
                fault.kind.rawValue, fault.what, fault.place, fault.expected, fault.got, fault.advice,
            ] { writer.add(text ?? "") }
        }
        return writer.bytes
    }

    /// nil for bytes that no index has; a damaged cache is made again.
    init?(_ bytes: [UInt8]) {
        var reader = ByteReader(bytes: bytes, place: 0)
        guard let root = reader.string(), let width = reader.integer(), let height = reader.integer(),
            let gray = reader.integer(), let version = reader.integer(), let count = reader.integer(),
            let fit = reader.string().flatMap(ImageFit.init(rawValue:)),
            (1...ImageTarget.maximumSide).contains(width), (1...ImageTarget.maximumSide).contains(height),
            (0...bytes.count).contains(count)
        else { return nil }
        let thumbnail = PictureSignature.side * PictureSignature.side
        var records: [PictureRecord] = []
        records.reserveCapacity(count)
        for _ in 0..<count {
            guard let path = reader.string(), let size = reader.integer(), let seconds = reader.integer(),
                let nanoseconds = reader.integer(),
                let checksum = reader.integer().flatMap({ UInt32(exactly: $0) }),
                let hash = reader.integer(), let pixels = reader.take(thumbnail),
                let state = reader.integer()
            else { return nil }
            var fault: DescentError?
            if state != 0 {
                let texts = (0..<6).compactMap { _ in reader.string() }
                guard texts.count == 6, let kind = DescentError.Kind(rawValue: texts[0]) else { return nil }
                let parts = texts.map { $0.isEmpty ? nil : $0 }
                fault = DescentError(
                    kind, texts[1], at: parts[2], expected: parts[3], got: parts[4], advice: parts[5])
            }
            records.append(
                PictureRecord(
                    path: path, stamp: FileStamp(size: size, seconds: seconds, nanoseconds: nanoseconds),
                    checksum: checksum,
                    signature: PictureSignature(
                        hash: PerceptualHash(bits: UInt64(UInt(bitPattern: hash))), thumbnail: Array(pixels)),
                    fault: fault))
        }
        guard reader.isAtEnd else { return nil }
        self.init(
            root: root,
            target: ImageTarget(height: height, width: width, color: gray != 0 ? .gray : .rgb, fit: fit),
            decoderVersion: version, records: records)
    }

    init(root: String, target: ImageTarget, decoderVersion: Int, records: [PictureRecord]) {
        (self.root, self.target, self.decoderVersion, self.records) = (root, target, decoderVersion, records)
    }
}

/// Numbers as eight bytes, the lowest first, and texts with their length before them.
struct ByteWriter {
    var bytes: [UInt8] = []

    mutating func add(_ number: Int) {
        withUnsafeBytes(of: Int64(number).littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func add(_ text: String) {
        let utf8 = Array(text.utf8)
        add(utf8.count)
        bytes += utf8
    }
}

/// Reads what `ByteWriter` wrote; nil where the bytes end, or say something else.
struct ByteReader {
    let bytes: [UInt8]
    var place: Int

    var isAtEnd: Bool { place == bytes.count }

    mutating func take(_ count: Int) -> ArraySlice<UInt8>? {
        guard count >= 0, count <= bytes.count - place else { return nil }
        defer { place += count }
        return bytes[place..<place + count]
    }

    mutating func integer() -> Int? {
        guard let taken = take(8) else { return nil }
        return taken.withUnsafeBytes {
            Int(exactly: Int64(littleEndian: $0.loadUnaligned(as: Int64.self)))
        }
    }

    mutating func string() -> String? {
        guard let count = integer(), let taken = take(count) else { return nil }
        return String(validating: taken, as: UTF8.self)
    }
}
