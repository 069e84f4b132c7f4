import Foundation

/// A Python script of `Benchmarks/peers` that does a benchmark's job and prints one line of JSON about it.
struct Peer {
    /// What it does, and what of it counts.
    enum Job {
        /// The training step, with MNIST's images: the steps per second that the script itself measures.
        case steps
        /// The whole process, with MNIST's images.
        case program
        /// With these arguments and nothing else: the milliseconds of each of its rounds.
        case rounds([String])
        /// With MNIST's images and these arguments: the values of its rounds, in the unit that it prints.
        case values([String])
        /// With these arguments and nothing else: the values of its rounds, in the unit that it prints.
        case ownValues([String])
    }

    let script: String
    var job = Job.steps
    /// Further arguments of the step: its sizes, if they are not the notebook's.
    var sizes: [String] = []

    /// Rounds that a script is asked to time in one turn.
    private static let rounds = 3
    /// The steps behind a script's accuracy: 300 to warm up, then 1,000 in each round and in one before them.
    static let stepsInAll = 300 + 1000 * (rounds + 1)

    private struct Line: Decodable {
        let peer: String
        let stepsPerSecond: Double?
        let milliseconds: [Double]?
        let values: [Double]?
        let unit: String?
        let accuracy: Double?
        let version: String

        enum CodingKeys: String, CodingKey {
            case peer, milliseconds, values, unit, accuracy, version
            case stepsPerSecond = "steps_per_second"
        }
    }

    /// Runs it once; nil if it needs MNIST and there is none.
    func measure(threads: Int, data: String?, root: String) throws -> Measurement? {
        let own: [String]
        let further = if case .values(let arguments) = job { arguments } else { sizes }
        switch job {
        case .rounds(let arguments), .ownValues(let arguments): own = arguments
        case .steps, .program, .values:
            guard let data else { return nil }
            own = ["--data-dir", data] + further
        }
        let folder = root + "/Benchmarks/peers"
        let run = try Subprocess(
            [
                folder + "/.venv/bin/python", "\(folder)/\(script).py", "--threads", String(threads),
                "--rounds",
                String(Self.rounds),
            ] + own)
        guard run.status == 0, let text = run.output.split(separator: "\n").last else {
            throw Subprocess.Failure(description: "\(script).py ended with \(run.status)")
        }
        let line = try JSONDecoder().decode(Line.self, from: Data(text.utf8))
        let values: [Double]?
        let unit: String
        switch job {
        case .steps: (values, unit) = (line.stepsPerSecond.map { [$0] }, "steps/s")
        case .program: (values, unit) = ([run.seconds], "s")
        case .rounds: (values, unit) = (line.milliseconds, "ms")
        case .values, .ownValues: (values, unit) = (line.values, line.unit ?? "values")
        }
        guard let values else {
            throw Subprocess.Failure(description: "\(script).py printed no \(unit)")
        }
        return Measurement(
            name: line.peer, unit: unit, threads: threads, values: values, accuracy: line.accuracy,
            peakMegabytes: run.peakMegabytes, version: line.version)
    }
}
