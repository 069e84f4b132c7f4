import Descent

extension Benchmark {
    /// From the four gzipped files to two sets of images and labels in memory.
    static var loadingMNIST: Benchmark {
        Benchmark(name: "load MNIST from gzip", unit: .seconds) { environment in
            guard let data = environment.mnist else { return .skipped("no MNIST: give --data-dir") }
            return .body { _ = try DatasetSource.mnist.read(directory: data) }
        }
    }

    /// The same as a process of its own, for its peak memory. MNIST itself is 55 MB; a Swift program that does
    /// nothing has about 20.
    static var loadingMNISTInAProcess: Benchmark {
        Benchmark(name: "load MNIST from gzip, whole process", unit: .seconds, usesThreads: false) {
            environment in
            guard let data = environment.mnist else { return .skipped("no MNIST: give --data-dir") }
            let program = try Subprocess.ownPath()
            return .program { _ in [program, "--load-only", data] }
        }
    }
}
