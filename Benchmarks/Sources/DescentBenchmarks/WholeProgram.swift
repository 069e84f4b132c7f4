import Foundation

extension Benchmark {
    /// `descent train --data mnist --epochs 16` from start to finish: load, train, evaluate all 70,000 images
    /// every epoch, write the model folder.
    static var notebookProgram: Benchmark {
        Benchmark(
            name: "whole program: MNIST, 16 epochs", unit: .seconds,
            peers: [Peer(script: "numpy_full_job", job: .program)]
        ) { environment in
            guard let data = environment.mnist else { return .skipped("no MNIST: give --data-dir") }
            let program = environment.root + "/.build/release/descent"
            guard FileManager.default.isExecutableFile(atPath: program) else {
                return .skipped("\(program) is not built: run ./descent once")
            }
            return .program { threads in
                [
                    program, "train", "--data", "mnist", "--data-dir", data, "--epochs", "16", "--threads",
                    String(threads), "--json", "--quiet", "--out",
                    environment.scratch + "/model-\(UUID().uuidString)",
                ]
            }
        }
    }
}
