import Foundation

/// A Python script of `Benchmarks/peers` that does a benchmark's job and prints one line of JSON about it.
struct Peer {
    let script: String
    /// Whether the whole process is what counts; else the steps per second that the script itself measures.
    var isWholeProgram = false

    /// Rounds that a script is asked to time in one turn.
    private static let rounds = 3
    /// The steps behind a script's accuracy: 300 to warm up, then 1,000 in each round and in one before them.
    static let stepsInAll = 300 + 1000 * (rounds + 1)

    private struct Line: Decodable {
        let peer: String
        let stepsPerSecond: Double?
        let accuracy: Double?
        let version: String

        enum CodingKeys: String, CodingKey {
            case peer, accuracy, version
            case stepsPerSecond = "steps_per_second"
        }
    }

    /// Runs it once.
    func measure(threads: Int, data: String, root: String) throws -> Measurement {
        let folder = root + "/Benchmarks/peers"
        let run = try Subprocess([
            folder + "/.venv/bin/python", "\(folder)/\(script).py", "--data-dir", data, "--threads",
            String(threads), "--rounds", String(Self.rounds),
        ])
        guard run.status == 0, let text = run.output.split(separator: "\n").last else {
            throw Subprocess.Failure(description: "\(script).py ended with \(run.status)")
        }
        let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
        guard let value = isWholeProgram ? run.seconds : line.stepsPerSecond else {
            throw Subprocess.Failure(description: "\(script).py printed no steps per second")
        }
        return Measurement(
            name: line.peer, unit: isWholeProgram ? "s" : "steps/s", threads: threads, values: [value],
            accuracy: line.accuracy, peakMegabytes: run.peakMegabytes, version: line.version)
    }
}
