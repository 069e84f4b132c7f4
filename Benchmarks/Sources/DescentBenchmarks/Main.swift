import ArgumentParser
import Descent
import Foundation

@main
enum Main {
    static func main() throws {
        if CommandLine.arguments.count > 2, CommandLine.arguments[1] == Subprocess.measureArgument {
            return try Subprocess.measure(Array(CommandLine.arguments.dropFirst(2)))
        }
        DescentBench.main()
    }
}

struct DescentBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "descent-bench", abstract: "Times Descent, alone or side by side with its peers.")

    @Option(help: "Only benchmarks whose name contains this text.")
    var filter = ""

    @Option(help: "Where to write everything as JSON.")
    var json: String?

    @Flag(help: "Run the Python scripts of Benchmarks/peers in turn with ours (after peers/setup.sh).")
    var peers = false

    @Option(help: "How often ours and theirs take turns.")
    var cycles = 3

    @Option(parsing: .upToNextOption, help: "Numbers of threads to run with.")
    var threads = [2, 1]

    @Option(
        help: "The folder with MNIST's four gzipped files; ../shared/data/mnist beside the package if there.")
    var dataDir: String?

    @Flag(help: "Print the benchmarks' names and end.")
    var list = false

    @Option(help: .private)
    var loadOnly: String?

    func validate() throws {
        guard cycles > 0 else { throw ValidationError("--cycles must be at least 1, not \(cycles)") }
        guard !threads.isEmpty, threads.allSatisfy({ (1...64).contains($0) }) else {
            throw ValidationError("--threads takes numbers from 1 to 64")
        }
    }

    func run() throws {
        if let loadOnly {  // what the benchmark of loading runs, to see its memory
            return print(try DatasetSource.mnist.read(directory: loadOnly).train.count)
        }
        let chosen = catalogue.filter { filter.isEmpty || $0.name.localizedCaseInsensitiveContains(filter) }
        guard !list else { return chosen.forEach { print($0.name) } }
        guard !chosen.isEmpty else { throw ValidationError("no benchmark's name contains '\(filter)'") }
        let environment = try makeEnvironment()
        defer { try? FileManager.default.removeItem(atPath: environment.scratch) }
        let runner = Runner(
            environment: environment, threadCounts: threads, cycles: cycles, withPeers: peers)
        var report = Report()
        var failed = false
        if report.load > 0.3 { note("the machine is busy (load \(report.load)): take no figure for granted") }
        for benchmark in chosen {
            do {
                report.sections.append(
                    Report.Section(
                        benchmark: benchmark.name, suite: benchmark.suite, askedRatio: benchmark.askedRatio,
                        measurements: try runner.run(benchmark)))
            } catch {
                note("\(benchmark.name): \(error)")
                failed = true
            }
        }
        if let json { try report.json().write(to: URL(filePath: json), options: .atomic) }
        print(report.markdown, terminator: "")
        if failed { throw ExitCode(1) }
    }

    private func makeEnvironment() throws -> Environment {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..")
            .standardizedFileURL.path
        let places = [dataDir, root + "/../shared/data/mnist"].compactMap(\.self)
        let mnist = places.first {
            FileManager.default.fileExists(atPath: $0 + "/train-images-idx3-ubyte.gz")
        }
        let scratch = FileManager.default.temporaryDirectory.appending(
            path: "descent-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: scratch, withIntermediateDirectories: true)
        return Environment(mnist: mnist, root: root, scratch: scratch.path)
    }
}
