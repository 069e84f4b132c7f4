import ArrayFiles
import Arrays
import Networks
import Support

/// The state of a training run at one moment, from which it is resumed to the same weights, bit for bit on the same kind of
/// processor.
///
/// The file is of the safetensors format. Arrays: `weights/NAME`, the state of the optimiser and of the weight average, the
/// best weights so far, the losses and scores so far, the random generator. Strings: all scalars, with all their digits; the
/// run's identity (network, data, settings); and a checksum over everything.
///
/// ```swift
/// let checkpoint = try Checkpoint(contentsOf: "runs/latest/checkpoints/last.safetensors")
/// let history = try trainer.fit(network, on: digits.train, validating: digits.test, resuming: checkpoint)
/// ```
public struct Checkpoint: Sendable {
    /// The version of the format.
    package static let version = 1

    /// The identity of the run: the names of its parts and their values, all of which must be equal for a resumption.
    package internal(set) var identity: [(name: String, value: String)] = []
    /// Strings that the program that trains has added: its arguments.
    package var information: [String: String] = [:]
    /// Whether the resumed run may have another number of epochs than the saved one: whatever follows from the number of
    /// epochs, such as a schedule, is that of the new number from here on.
    package var mayHaveOtherEpochs = false
    /// The file from which it was read; errors name it.
    package let path: String?
    var arrays = NamedValues<StoredArray>()
    var scalars: [String: Double] = [:]

    init() { path = nil }

    // MARK: Parts

    mutating func add(_ name: String, _ value: NDArray<Float>) { arrays[name] = .float32(value) }

    /// Adds the state of a restorable value.
    mutating func add(_ prefix: String, _ state: some Restorable) {
        for (name, value) in state.stateArrays { arrays["\(prefix)/\(name)"] = .float32(value) }
        for (name, value) in state.stateScalars { scalars["\(prefix)/\(name)"] = value }
    }

    /// Restores `state` from what `add` wrote of it.
    func restore(_ prefix: String, _ state: inout some Restorable) throws {
        let start = prefix + "/"
        try located {
            try state.restore(
                arrays: arrays.keys.filter { $0.hasPrefix(start) }.map {
                    (name: String($0.dropFirst(start.count)), value: try array($0))
                },
                scalars: scalars.filter { $0.key.hasPrefix(start) }.map {
                    (name: String($0.key.dropFirst(start.count)), value: $0.value)
                })
        }
    }

    func array<Scalar: StoredScalar>(_ name: String, as type: Scalar.Type = Float.self) throws -> NDArray<
        Scalar
    > {
        guard let stored = arrays[name], let array = Scalar.load(stored) else { throw missing(name) }
        return array
    }

    func scalar(_ name: String) throws -> Double {
        guard let value = scalars[name] else { throw missing(name) }
        return value
    }

    func count(_ name: String) throws -> Int {
        let value = try scalar(name)
        // Beyond 2^53 a scalar does not represent its count exactly, and sums would soon overflow.
        guard let count = Int(exactly: value), (0...1 << 53).contains(count) else {
            throw impossible(name, expected: "a whole number from 0 to 2^53", got: "\(value)")
        }
        return count
    }

    /// Returns a duration in seconds, at most thirty years.
    func seconds(_ name: String) throws -> Double {
        let value = try scalar(name)
        guard (0...1e9).contains(value) else {
            throw impossible(name, expected: "0 to 1e9 seconds", got: "\(value)")
        }
        return value
    }

    /// Returns the number of epochs done.
    ///
    /// - Throws: `badData` when it is missing.
    package func epochsDone() throws -> Int {
        let epoch = try count("place/epoch")
        guard epoch > 0 else { throw impossible("place/epoch", expected: "1 or more", got: "\(epoch)") }
        return epoch - 1
    }

    func impossible(_ name: String, expected: String, got: String) -> DescentError {
        DescentError(
            .badData, "'\(name)' of the checkpoint is impossible", at: path ?? "checkpoint",
            expected: expected, got: got, advice: Self.advice)
    }

    func missing(_ name: String) -> DescentError {
        DescentError(.badData, "the checkpoint has no '\(name)'", at: path, advice: Self.advice)
    }

    /// Runs `body`; its errors name the file.
    func located<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DescentError {
            throw DescentError(
                error.kind, [error.place, error.what].compactMap { $0 }.joined(separator: ": "),
                at: path ?? "checkpoint",
                expected: error.expected, got: error.got, advice: error.advice)
        }
    }

    /// Refuses to resume another run than the saved one.
    ///
    /// - Throws: `badData` that names what differs.
    func check(_ run: [(name: String, value: String)]) throws {
        let saved = Dictionary(identity.map { ($0.name, $0.value) }) { $1 }
        let now = Dictionary(run.map { ($0.name, $0.value) }) { $1 }
        // A setting that is not used has no line of its own on either side.
        let names = run.map(\.name) + identity.map(\.name).filter { now[$0] == nil }
        for name in names where saved[name] != now[name] && !(mayHaveOtherEpochs && name == "epochs") {
            throw DescentError(
                .badData, "the checkpoint is of another run: its \(name) differs", at: path ?? "checkpoint",
                expected: now[name] ?? "none", got: saved[name] ?? "none",
                advice: "go on with what it was made with, or begin anew")
        }
    }

    static let advice = "it is damaged; begin anew, or take another checkpoint"

    // MARK: The file

    /// Reads a checkpoint and checks all of it.
    ///
    /// - Throws: `missingInput` when there is none; `badData` when it is damaged or of another version.
    public init(contentsOf path: String) throws {
        let file: SafeTensors
        do {
            file = try SafeTensors(contentsOf: path)
        } catch let error as DescentError where error.kind == .badData {
            throw DescentError(
                .badData, "the checkpoint is damaged: \(error.what)", at: error.place ?? path,
                expected: error.expected,
                got: error.got, advice: Self.advice)
        }
        self.path = path
        guard file.metadata["format"] == "descent-checkpoint" else {
            throw DescentError(.badData, "not a checkpoint of Descent's", at: path)
        }
        // The version comes first: another one may have another checksum.
        guard let version = file.metadata["version"], version == "\(Self.version)" else {
            throw DescentError(
                .badData, "the checkpoint has another format version", at: path, expected: "\(Self.version)",
                got: file.metadata["version"] ?? "none",
                advice: "use the version of Descent that wrote it, or begin anew")
        }
        let checksum = Self.checksum(of: file)
        guard file.metadata["checksum"] == checksum else {
            throw DescentError(
                .badData, "the checkpoint is damaged", at: path,
                expected: "checksum \(file.metadata["checksum"] ?? "none")",
                got: checksum, advice: Self.advice)
        }
        arrays = file.arrays
        for (key, value) in file.metadata.sorted(by: { $0.key < $1.key }) {
            let parts = key.split(separator: "/", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { continue }
            switch parts[0] {
            case "scalar":
                guard let number = Double(value) else { throw missing(parts[1]) }
                scalars[parts[1]] = number
            case "information": information[parts[1]] = value
            case "run": identity.append((String(parts[1].drop { $0 != " " }.dropFirst()), value))
            default: break
            }
        }
    }

    /// Writes the checkpoint, whole or not at all.
    ///
    /// - Throws: `cannotCreate`, `inputOutput`.
    package func write(to path: String) throws {
        var file = SafeTensors()
        for (name, array) in arrays {
            switch array {
            case .float32(let array): file.set(array, named: name)
            case .float64(let array): file.set(array, named: name)
            case .int64(let array): file.set(array, named: name)
            default: mistake("a checkpoint has no arrays of \(array.elementType)")
            }
        }
        file.metadata = ["format": "descent-checkpoint", "version": "\(Self.version)"]
        for (name, value) in scalars { file.metadata["scalar/\(name)"] = "\(value)" }
        for (name, value) in information { file.metadata["information/\(name)"] = value }
        // Numbered, because a file's strings have no order.
        for (index, part) in identity.enumerated() {
            file.metadata["run/\(100 + index) \(part.name)"] = part.value
        }
        file.metadata["checksum"] = Self.checksum(of: file)
        try file.write(to: path)
    }

    /// Returns a checksum over the names, shapes and bytes of the arrays and over all strings.
    private static func checksum(of file: SafeTensors) -> String {
        var checksum = Checksum()
        for (key, value) in file.metadata.sorted(by: { $0.key < $1.key }) where key != "checksum" {
            checksum.add(key)
            checksum.add(value)
        }
        for (name, array) in file.arrays.sorted(by: { $0.key < $1.key }) {
            checksum.add("\(name) \(array.shape)")
            array.withUnsafeBytes { checksum.add($0) }
        }
        return checksum.text
    }
}
