import CKernels
import Foundation

/// Runs benchmarks and their peers in turn, so that a change of the machine's mood meets all of them.
struct Runner {
    let environment: Environment
    let threadCounts: [Int]
    let cycles: Int
    let withPeers: Bool

    /// The measurements of one benchmark, ours first for each number of threads; empty when it is skipped.
    func run(_ benchmark: Benchmark) throws -> [Measurement] {
        let body: () throws -> Void
        switch try benchmark.prepare(environment) {
        case .skipped(let reason):
            note("\(benchmark.name): skipped, \(reason)")
            return []
        case .body(let prepared): body = prepared
        }
        var measurements: [Measurement] = []
        for threads in benchmark.usesThreads ? threadCounts : [threadCounts.max() ?? 1] {
            ck_set_thread_count(Int32(threads))
            note("\(benchmark.name), \(threads) thread\(threads == 1 ? "" : "s")")
            let stopwatch = try Stopwatch(body)
            var ours = Measurement(
                name: benchmark.name, unit: benchmark.unit.label, threads: threads, values: [])
            var theirs: [String: Measurement] = [:]
            var order: [String] = []
            for _ in 0..<cycles {
                for _ in 0..<3 {
                    ours.values.append(benchmark.unit.result(secondsPerCall: try stopwatch.round()))
                }
                guard withPeers, let data = environment.mnist else { continue }
                for peer in benchmark.peers {
                    note("  \(peer.script)")
                    let one = try peer.measure(threads: threads, data: data, root: environment.root)
                    if theirs[one.name] == nil { order.append(one.name) }
                    theirs[one.name, default: one.emptied].values += one.values
                }
            }
            measurements.append(ours)
            measurements += order.compactMap { theirs[$0] }
        }
        return measurements
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
