import Foundation

extension Benchmark {
    /// `descent gradcheck two-layer` from start to finish: 79,520 full forward passes of 100 of MNIST's images in
    /// float64, and the comparison with back-propagation.
    static var numericalGradient: Benchmark {
        Benchmark(
            name: "numerical gradient 784-50-10, batch 100, whole program", unit: .seconds,
            peers: [Peer(script: "numpy_numerical_gradient", job: .program)]
        ) { environment in
            guard let data = environment.mnist else { return .skipped("no MNIST: give --data-dir") }
            let program = environment.root + "/.build/release/descent"
            guard FileManager.default.isExecutableFile(atPath: program) else {
                return .skipped("\(program) is not built: run ./descent once")
            }
            return .program { threads in
                [
                    program, "gradcheck", "two-layer", "--data", "mnist", "--data-dir", data, "--all",
                    "--threads",
                    String(threads), "--json", "--quiet",
                ]
            }
        }
    }
}
