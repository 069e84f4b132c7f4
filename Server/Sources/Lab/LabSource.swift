import Descent
import Foundation
import Synchronization

/// The data of a lab: what is made, what the cache has, and the file or folder that the command line names. A page names none.
public final class LabSource: Sendable {
    /// The data of the page's choice, by name: `own` only where the command line gave some, `mnist` only where it is cached.
    public let names: [String]
    /// The name of one's own data; nil without any.
    public let ownName: String?
    private let own: LabData?
    private let mnistFolder: String?
    /// The digits are made, and MNIST is read, when they are first asked for.
    private let digits = Mutex<[String: LabData]>([:])

    /// The most examples that a run learns from.
    static let exampleLimit = 60_000
    /// The most numbers of all examples of one's own together: 1 GiB in single precision.
    static let numberLimit = 1 << 28

    /// Creates the source, and reads one's own data: a table of text, or a folder of pictures.
    ///
    /// `label`: the table's label column; nil to find it. `cache`: the folder of downloaded data sets; nil for the usual one.
    ///
    /// - Throws: the errors of reading; `usage` for a table whose label is a number.
    public init(data path: String? = nil, label: String? = nil, cache: String? = nil) throws {
        own = try path.map { try LabData(contentsOf: $0, label: label) }
        ownName = path.map { URL(fileURLWithPath: $0).lastPathComponent }
        let folder = cache ?? Self.standardCache
        mnistFolder = folder.map { $0 + "/mnist" }.flatMap {
            FileManager.default.fileExists(atPath: $0 + "/train-images-idx3-ubyte.gz") ? $0 : nil
        }
        var names = ["spirals", "circles", "moons", "xor", "blobs", "points", "digits"]
        if mnistFolder != nil { names.append("mnist") }
        if own != nil { names.append("own") }
        self.names = names
    }

    private static var standardCache: String? {
        let environment = ProcessInfo.processInfo.environment
        if let folder = environment["XDG_CACHE_HOME"], folder.hasPrefix("/") { return folder + "/descent" }
        return environment["HOME"].map { $0 + "/.cache/descent" }
    }

    /// Returns the data of the settings.
    ///
    /// - Throws: `usage` for data that there are not, and for points of one class; the errors of reading MNIST.
    public func data(for settings: LabSettings) throws -> LabData {
        try LabSettings.check("data", settings.data, in: names)
        switch settings.data {
        case "points": return try LabData(points: settings.points, seed: settings.seed)
        case "digits", "mnist": return limited(try cached(settings.data), settings)
        case "own":
            guard let own else { throw DescentError(.usage, "there are no data of one's own", at: "data") }
            return limited(own, settings)
        default:
            guard let shape = PlanePoints.Shape(rawValue: settings.data) else {
                throw DescentError(.usage, "there are no such data", at: "data", got: settings.data)
            }
            let points = PlanePoints(
                shape, count: settings.count, noise: settings.noise, seed: settings.seed)
            return limited(LabData(splitting: points.examples, seed: settings.seed), settings)
        }
    }

    private func limited(_ data: LabData, _ settings: LabSettings) -> LabData {
        guard let limit = settings.trainLimit, limit < data.train.count else { return data }
        return data.limited(to: limit)
    }

    private func cached(_ name: String) throws -> LabData {
        // Held while they are made: two pages that ask at once make them once.
        try digits.withLock { digits in
            if let known = digits[name] { return known }
            let set = try name == "mnist" ? readMNIST() : BuiltInDigits.dataset()
            let made = LabData(train: set.train, test: set.test)
            digits[name] = made
            return made
        }
    }

    private func readMNIST() throws -> Dataset {
        guard let mnistFolder else {
            throw DescentError(.missingInput, "MNIST is not in the cache", at: "data")
        }
        return try DatasetSource.mnist.read(directory: mnistFolder)
    }
}
