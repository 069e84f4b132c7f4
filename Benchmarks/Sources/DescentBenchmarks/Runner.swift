import Descent
import Foundation

/// Runs benchmarks and their peers in turn, so that a change of the machine's mood meets all of them.
struct Runner {
    let environment: Environment
    let threadCounts: [Int]
    let cycles: Int
    let withPeers: Bool

    /// The measurements of one benchmark, ours first for each number of threads; empty when it is skipped.
    func run(_ benchmark: Benchmark) throws -> [Measurement] {
        let preparation = try benchmark.prepare(environment)
        if case .skipped(let reason) = preparation {
            note("\(benchmark.name): skipped, \(reason)")
            return []
        }
        var measurements: [Measurement] = []
        for threads in benchmark.usesThreads ? threadCounts : [threadCounts.max() ?? 1] {
            note("\(benchmark.name), \(threads) thread\(threads == 1 ? "" : "s")")
            measurements += try inTurns(benchmark, preparation, threads: threads)
        }
        return measurements
    }

    /// One number of threads: ours, each peer, ours, each peer, ...
    private func inTurns(
        _ benchmark: Benchmark, _ preparation: Benchmark.Preparation, threads: Int
    ) throws -> [Measurement] {
        Threads.setCount(threads)
        var ours = Measurement(name: benchmark.name, unit: benchmark.unit.label, threads: threads, values: [])
        var theirs: [String: Measurement] = [:]
        var order: [String] = []
        let stopwatch: Stopwatch? =
            if case .body(let body, _) = preparation {
                benchmark.suite == nil
                    ? try Stopwatch(body)
                    : try Stopwatch(body, warmUp: .milliseconds(100), roundTime: .milliseconds(50))
            } else {
                nil
            }
        for _ in 0..<cycles {
            if let stopwatch {
                for _ in 0..<3 {
                    ours.values.append(benchmark.unit.result(secondsPerCall: try stopwatch.round()))
                }
            } else if case .program(let arguments) = preparation {
                try runProgram(arguments(threads), into: &ours, benchmark.unit)
            }
            guard withPeers else { continue }
            for peer in benchmark.peers {
                if benchmark.suite == nil { note("  \(peer.script)") }
                guard let one = measure(peer, threads: threads) else { continue }
                if theirs[one.name] == nil { order.append(one.name) }
                theirs[one.name, default: one.emptied].values += one.values
            }
        }
        if case .body(_, let accuracy?) = preparation { ours.accuracy = try accuracy() }
        return [ours] + order.compactMap { theirs[$0] }
    }

    /// A peer's turn; nil, with a note, if it cannot run here.
    private func measure(_ peer: Peer, threads: Int) -> Measurement? {
        do {
            return try peer.measure(threads: threads, data: environment.mnist, root: environment.root)
        } catch {
            note("  \(peer.script) is left out: \(error)")
            return nil
        }
    }

    private func runProgram(
        _ arguments: [String], into measurement: inout Measurement, _ unit: Benchmark.Unit
    ) throws {
        let run = try Subprocess(arguments, in: environment.scratch)
        guard run.status == 0 else {
            throw Subprocess.Failure(
                description: "\(arguments.joined(separator: " ")) ended with \(run.status)")
        }
        measurement.values.append(unit.result(secondsPerCall: run.seconds))
        measurement.peakMegabytes = max(measurement.peakMegabytes ?? 0, run.peakMegabytes)
        if let accuracy = run.field("test_accuracy") { measurement.accuracy = accuracy }
    }
}

extension Measurement {
    /// The same without values.
    fileprivate var emptied: Measurement {
        var copy = self
        copy.values = []
        return copy
    }
}

/// Progress, on stderr.
func note(_ text: String) {
    FileHandle.standardError.write(Data((text + "\n").utf8))
}
