import Arrays
import DataSources
import Glibc
import Support

/// The record of a run, `run.json`: all that is needed to repeat it.
public struct RunRecord: Equatable, Sendable {
    /// The command line, or a program's equivalent.
    package var arguments: [String]
    /// The time of the run's beginning, in seconds since 1970.
    package var started: Int
    /// The seed of everything random in the run.
    package var seed: Int
    /// The data set's name: "builtin", "mnist".
    package var dataName: String
    /// A checksum of the data; empty when unknown.
    package var dataChecksum: String
    /// The directory of the data's files; nil when the data were generated or downloaded.
    package var dataDirectory: String?
    /// The files and the split of data of one's own; nil for data that are found by their name.
    package var dataOrigin: DataOrigin?
    /// The number of training examples.
    package var trainCount: Int
    /// The number of test examples.
    package var testCount: Int
    /// The number of validation examples, held back from training; they are not in `trainCount`.
    package var validationCount = 0
    /// The optimiser and its settings, in words: "sgd, learning rate 0.1".
    package var optimizer: String
    /// The number of examples in a step.
    package var batchSize: Int
    /// The number of epochs requested.
    package var epochs: Int
    /// The settings besides the optimiser, in words; empty without any.
    package var tools: String
    /// The number of threads; the weights do not depend on it.
    package var threads: Int

    /// Creates a record from its parts.
    package init(
        arguments: [String] = [], started: Int = RunRecord.now, seed: Int, dataName: String,
        dataChecksum: String = "", trainCount: Int, testCount: Int, optimizer: String, batchSize: Int,
        epochs: Int, tools: String = "", threads: Int = Threads.count
    ) {
        self.arguments = arguments
        self.started = started
        self.seed = seed
        self.dataName = dataName
        self.dataChecksum = dataChecksum
        self.trainCount = trainCount
        self.testCount = testCount
        self.optimizer = optimizer
        self.batchSize = batchSize
        self.epochs = epochs
        self.tools = tools
        self.threads = threads
    }

    /// The present time, in seconds since 1970.
    package static var now: Int { time(nil) }

    var json: JSONText {
        let directory = dataDirectory.map { [JSONText.Member("directory", .string($0))] } ?? []
        let origin = dataOrigin.map { [JSONText.Member("origin", Self.json($0))] } ?? []
        return [
            "version": 1, "arguments": .array(arguments.map(JSONText.string)),
            "started": .string(Self.timestamp(started)), "seed": .integer(seed),
            "data": .object(
                [
                    .init("name", .string(dataName)), .init("checksum", .string(dataChecksum)),
                    .init("train_count", .integer(trainCount)),
                    .init("validation_count", .integer(validationCount)),
                    .init("test_count", .integer(testCount)),
                ] + directory + origin),
            "optimizer": .string(optimizer), "batch_size": .integer(batchSize), "epochs": .integer(epochs),
            "tools": .string(tools), "threads": .integer(threads),
            "versions": ["descent": .string(DescentVersion.text), "swift": .string(DescentVersion.swift)],
        ]
    }

    private static func json(_ origin: DataOrigin) -> JSONText {
        let members: [(String, JSONText?)] = [
            ("file", .string(origin.file)), ("test_file", origin.testFile.map(JSONText.string)),
            ("test_share", origin.testShare.map(JSONText.number)),
            ("seed", origin.seed.map(JSONText.integer)),
            ("first_index", origin.firstIndex.map(JSONText.integer)),
            ("group_column", origin.groupColumn.map(JSONText.string)),
            ("encoding", (origin.encoding?.rawValue).map(JSONText.string)),
            ("skips_unreadable", origin.skipsUnreadable.map(JSONText.bool)),
        ]
        return .object(members.compactMap { name, value in value.map { JSONText.Member(name, $0) } })
    }

    /// Returns the time in UTC, as in ISO 8601: "2026-11-23T14:25:01Z".
    static func timestamp(_ seconds: Int) -> String {
        format(seconds, "%Y-%m-%dT%H:%M:%SZ", with: gmtime_r)
    }

    /// Returns the local time, in the form of a run's name: "2026-11-23-142501".
    static func nameStamp(_ seconds: Int) -> String {
        format(seconds, "%Y-%m-%d-%H%M%S", with: localtime_r)
    }

    private static func format(
        _ seconds: Int, _ form: String,
        with convert: (UnsafePointer<time_t>?, UnsafeMutablePointer<tm>?) -> UnsafeMutablePointer<tm>?
    ) -> String {
        var moment = time_t(seconds)
        var parts = tm()
        guard convert(&moment, &parts) != nil else { return String(seconds) }
        // 64 bytes suffice for every form used here; strftime returns the length.
        var text = [CChar](repeating: 0, count: 64)
        let length = strftime(&text, text.count, form, &parts)
        return String(decoding: text.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// The stored form of `run.json`; only what later commands use is read back.
    struct Stored: Decodable {
        struct Data: Decodable {
            var name: String
            var checksum: String
            var directory: String?
            var origin: DataOrigin?
        }
        var data: Data
        var seed: Int
    }
}

/// The versions that a model folder and `--version` name.
package enum DescentVersion {
    /// Descent's own version.
    package static let text = "0.1.0"

    /// The version of the compiler that built this.
    static var swift: String {
        #if compiler(>=6.5)
            "6.5 or later"
        #elseif compiler(>=6.4)
            "6.4"
        #elseif compiler(>=6.3)
            "6.3"
        #elseif compiler(>=6.2)
            "6.2"
        #else
            "6.1 or earlier"
        #endif
    }
}
