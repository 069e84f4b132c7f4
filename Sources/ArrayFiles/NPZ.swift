import Arrays
import CZlib

/// NumPy's file for several named arrays: a zip archive of npy files.
///
/// ```swift
/// let weights = try NPZ(contentsOf: "weights.npz")
/// print(weights.names, try weights.array(named: "W1", as: Float.self).shape)
/// ```
///
/// Source: NumPy reference, `numpy.savez` and `numpy.savez_compressed`.
public struct NPZ: Sendable {
    /// The arrays by name, without the `.npy` that the archive has after it.
    public private(set) var arrays: [String: StoredArray] = [:]
    /// The file they were read from; the errors name it.
    public let path: String?

    /// No arrays yet.
    public init() { path = nil }

    /// The names of the arrays, in the order of their bytes.
    public var names: [String] { arrays.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }

    /// Adds the array, or replaces the one of that name.
    public mutating func set<Scalar: StoredScalar>(_ array: NDArray<Scalar>, named name: String) {
        arrays[name] = StoredArray(array)
    }

    /// The array of that name.
    ///
    /// - Throws: `badData` when there is none, or when its elements are of another type.
    public func array<Scalar: StoredScalar>(
        named name: String, as type: Scalar.Type = Scalar.self
    ) throws -> NDArray<Scalar> {
        try arrays.array(named: name, path: path)
    }

    /// Reads the file at `path`.
    ///
    /// - Throws: `missingInput`, `inputOutput`; `badData` when the archive or an array in it is not what it must
    ///   be, or when its compressed arrays have more than `limit` bytes together: memory grows with the data that
    ///   did arrive, and a small file of zeros could fill it.
    public init(contentsOf path: String, limit: Int = 1 << 32) throws {
        try self.init(ByteSource(path: path), limit: limit)
    }

    init(_ source: ByteSource, limit: Int = 1 << 32) throws {
        path = source.path
        let archive = try ZipArchive(source, limit: limit)
        for entry in archive.entries {
            guard entry.name.hasSuffix(".npy") else {
                throw DescentError(
                    .badData, "entry \"\(entry.name)\" is not an array", at: source.place(entry.offset),
                    expected: "names that end with .npy")
            }
            let bytes = ByteSource(
                bytes: try archive.contents(of: entry), name: "\(source.path): \(entry.name)")
            arrays[String(entry.name.dropLast(4))] = try NPY.read(bytes)
        }
    }

    /// Writes the file at `path`, whole or not at all; the same arrays always give the same bytes.
    ///
    /// `compressed`: deflated, as by `savez_compressed`; else stored.
    ///
    /// - Throws: `cannotCreate`, also for arrays of 4 GiB and more; `inputOutput`.
    public func write(to path: String, compressed: Bool = false) throws {
        try AtomicFile.write(to: path) { file in
            var directory: [UInt8] = []
            for name in names {
                guard let array = arrays[name] else { continue }
                let plain = NPY.header(of: array) + array.withUnsafeBytes { [UInt8]($0) }
                let packed = compressed ? Gzip.deflated(plain) : plain
                guard max(plain.count, file.count) < Int(UInt32.max) else {
                    throw DescentError(
                        .cannotCreate, "too large for an npz file: array \"\(name)\"", at: path,
                        expected: "less than 4 GiB", advice: "write each array as an npy file")
                }
                // Version 2.0, names in UTF-8, the first day that zip knows: 1 January 1980.
                let fields: [UInt8] =
                    little(20, 2) + little(1 << 11, 2) + little(compressed ? 8 : 0, 2) + little(0, 2)
                    + little(0x21, 2) + little(Int(ZipArchive.checksum([plain])), 4) + little(packed.count, 4)
                    + little(plain.count, 4) + little(name.utf8.count + 4, 2) + little(0, 2)
                directory += little(0x0201_4B50, 4) + little(20, 2) + fields
                directory += little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) + little(file.count, 4)
                directory += Array(name.utf8) + Array(".npy".utf8)
                try file.write(little(0x0403_4B50, 4) + fields + Array(name.utf8) + Array(".npy".utf8))
                try file.write(packed)
            }
            let start = file.count
            guard start < Int(UInt32.max), arrays.count < 0xFFFF else {
                throw DescentError(
                    .cannotCreate, "too large for an npz file", at: path,
                    expected: "less than 4 GiB and 65,535 arrays", advice: "write each array as an npy file")
            }
            try file.write(directory)
            try file.write(
                little(0x0605_4B50, 4) + little(0, 4) + little(arrays.count, 2) + little(arrays.count, 2)
                    + little(directory.count, 4) + little(start, 4) + little(0, 2))
        }
    }

    private func little(_ value: Int, _ length: Int) -> [UInt8] {
        (0..<length).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}

extension [String: StoredArray] {
    /// The array of that name and type; `path` is for the errors.
    func array<Scalar: StoredScalar>(named name: String, path: String?) throws -> NDArray<Scalar> {
        guard let stored = self[name] else {
            let names = keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            let some = names.prefix(8).joined(separator: ", ")
            throw DescentError(
                .badData, "there is no array \"\(name)\"", at: path,
                got: isEmpty ? "no arrays" : some + (count > 8 ? ", ..." : ""))
        }
        guard let array = Scalar.load(stored) else {
            throw DescentError(
                .badData, "array \"\(name)\" has another type", at: path,
                expected: Scalar.elementType.rawValue, got: stored.elementType.rawValue)
        }
        return array
    }
}
