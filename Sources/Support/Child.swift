import Foundation

/// Another program, run to its end.
///
/// By `posix_spawn`, because Foundation's `Process` puts a program into a process group of its own: Ctrl-C would
/// end this program and leave the other one running.
package enum Child {
    package struct Outcome {
        /// The exit code; 128 and the signal's number when a signal ended it.
        package let status: Int
        package let output: String
        package let errors: String
        /// Whether it was ended for exceeding its time.
        package let isLate: Bool

        package init(status: Int, output: String, errors: String, isLate: Bool) {
            (self.status, self.output, self.errors, self.isLate) = (status, output, errors, isLate)
        }
    }

    /// Runs a program with `environment` on top of this one's. Its outputs go through files, which never fill up.
    package static func run(
        _ path: String, _ arguments: [String], environment: [String: String], timeLimit: Double
    ) throws -> Outcome {
        let stem = "\(Environment.temporaryDirectory)/descent-\(UUID().uuidString)"
        let (output, errors) = (stem + ".out", stem + ".err")
        defer { for file in [output, errors] { unlink(file) } }
        let identifier = try spawn(path, arguments, environment, output: output, errors: errors)
        let (status, isLate) = wait(for: identifier, timeLimit: timeLimit)
        let text = { (file: String) in
            FileManager.default.contents(atPath: file).map { String(decoding: $0, as: UTF8.self) } ?? ""
        }
        return Outcome(status: status, output: text(output), errors: text(errors), isLate: isLate)
    }

    private static func spawn(
        _ path: String, _ arguments: [String], _ environment: [String: String], output: String, errors: String
    ) throws -> pid_t {
        let variables = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        // Two lists of C strings, each ended by a null pointer, freed when the program has begun.
        var words = ([path] + arguments).map { strdup($0) } + [nil]
        var settings = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { for text in words + settings { free(text) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        // The threads that Swift's tasks run on block all signals, and a program inherits that.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var mask = sigset_t()
        sigemptyset(&mask)
        posix_spawnattr_setsigmask(&attributes, &mask)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
        var identifier: pid_t = 0
        let code = posix_spawn(&identifier, path, &actions, &attributes, &words, &settings)
        guard code == 0 else {
            throw DescentError(
                .unavailable, "the program cannot be run: \(systemMessage(code))",
                at: path)
        }
        return identifier
    }

    /// Waits for a program's end; ends it when its time is over.
    private static func wait(for identifier: pid_t, timeLimit: Double) -> (status: Int, isLate: Bool) {
        let (clock, start) = (ContinuousClock(), ContinuousClock().now)
        var (status, isLate): (Int32, Bool) = (0, false)
        while true {
            let ended = waitpid(identifier, &status, isLate ? 0 : WNOHANG)
            if ended == identifier { break }
            if ended < 0 && errno != EINTR { return (255, isLate) }
            if !isLate, clock.now - start > .seconds(timeLimit) {
                isLate = true
                kill(identifier, SIGKILL)
            }
            if !isLate { usleep(2000) }
        }
        let signal = status & 0x7F
        return (Int(signal == 0 ? status >> 8 & 0xFF : 128 + signal), isLate)
    }
}
