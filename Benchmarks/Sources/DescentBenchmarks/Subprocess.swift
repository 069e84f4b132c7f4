import Foundation

/// A program that was run to its end, with what the system counted for it.
struct Subprocess {
    let status: Int32
    let output: String
    let seconds: Double
    /// The most memory that it had at once.
    let peakMegabytes: Double

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The first argument that makes this program a small process between a benchmark and the program it
    /// measures. Linux counts what the starting process holds as the started one's peak; this one holds little.
    static let measureArgument = "--measure"

    /// The path of this program's file.
    static func ownPath() throws -> String {
        try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    }

    /// Runs a program of the PATH and waits, by way of a small process; its stderr is this process's own.
    init(_ arguments: [String], in folder: String? = nil) throws {
        let inner = try Subprocess(
            spawning: [try Self.ownPath()]
                + [Self.measureArgument] + (folder.map { ["env", "-C", $0] } ?? []) + arguments)
        let lines = inner.output.split(separator: "\n", omittingEmptySubsequences: false)
        let numbers = (lines.last ?? "").split(separator: " ").compactMap { Double($0) }
        guard inner.status == 0, numbers.count == 3 else {
            throw Failure(description: "\(arguments[0]) could not be measured")
        }
        output = lines.dropLast().joined(separator: "\n")
        (status, seconds, peakMegabytes) = (Int32(numbers[0]), numbers[1], numbers[2])
    }

    /// What the small process does: prints the program's output, and last its status, seconds and peak memory.
    static func measure(_ arguments: [String]) throws {
        let run = try Subprocess(spawning: arguments)
        print(run.output)
        print(run.status, run.seconds, run.peakMegabytes, terminator: "")
    }

    /// Runs a program itself. `posix_spawn` and `wait4` instead of Foundation's `Process`, which does not tell
    /// the peak memory.
    private init(spawning arguments: [String]) throws {
        let outputPath = NSTemporaryDirectory() + "descent-bench-\(UUID().uuidString)"
        defer { unlink(outputPath) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        var words: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) }
        words.append(nil)
        defer { words.forEach { free($0) } }
        var process = pid_t()
        let clock = ContinuousClock()
        let start = clock.now
        let error = posix_spawnp(&process, arguments[0], &actions, nil, words, environ)
        guard error == 0 else {
            throw Failure(description: "\(arguments[0]): \(String(cString: strerror(error)))")
        }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(process, &status, 0, &usage) < 0 && errno == EINTR {}
        seconds = (clock.now - start).seconds
        peakMegabytes = Double(usage.ru_maxrss) * 1024 / 1e6
        self.status = status & 0x7F == 0 ? (status >> 8) & 0xFF : 128 + (status & 0x7F)
        output = try String(contentsOfFile: outputPath, encoding: .utf8)
    }

    /// A number in the last line of the output, when that is a JSON object.
    func field(_ name: String) -> Double? {
        guard let line = output.split(separator: "\n").last,
            let object = try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
        else { return nil }
        return object[name] as? Double
    }
}
