import Classical
import Descent

extension Benchmark {
    /// Three nearest neighbours of MNIST's test images among its training images, raw pixels: exact, and by a graph
    /// with settings that make about 300 errors of 10,000 (the exact ones are 295).
    static var neighbors: [Benchmark] { [exactNeighbors, graphBuilding, graphSearching] }

    private static let graph = NeighborGraph.Settings(links: 16, efConstruction: 80, efSearch: 48, seed: 1)

    private static func peer(_ variant: String) -> Peer {
        Peer(script: "neighbors", job: .values(["--variant", variant]))
    }

    private static func examples(_ images: LabeledExamples) -> LabeledExamples {
        LabeledExamples(
            .bytes(images.images), classes: images.classes,
            classNames: (0...9).map(String.init))
    }

    private static func accuracy(_ found: [Int], _ images: LabeledExamples) -> Double {
        Double(zip(found, images.classes).count { $0 == $1 }) / Double(images.count)
    }

    private static var exactNeighbors: Benchmark {
        Benchmark(
            name: "exact KNN, k = 3, 60,000 x 10,000, raw pixels", unit: .seconds, askedRatio: 2.7 / 0.7,
            peers: ["faiss", "pytorch-int8", "scikit-learn"].map(peer)
        ) { environment in
            guard let folder = environment.mnist else { return .skipped("no MNIST: give --data-dir") }
            let data = try DatasetSource.mnist.read(directory: folder)
            let train = examples(data.train)
            var found: [Int32] = []
            return .body(
                { found = try NearestNeighbors(k: 3).fit(train).classes(of: .bytes(data.test.images)) },
                accuracy: { accuracy(found.map(Int.init), data.test) })
        }
    }

    private static var graphBuilding: Benchmark {
        Benchmark(
            name: "approximate KNN, 60,000 x 784: build", unit: .seconds, askedRatio: 13.6 / 8,
            usesThreads: false, peers: [peer("hnswlib-build")]
        ) { environment in
            guard let folder = environment.mnist else { return .skipped("no MNIST: give --data-dir") }
            let data = try DatasetSource.mnist.read(directory: folder)
            return .body { _ = try NeighborGraph(.bytes(data.train.images), settings: graph) }
        }
    }

    private static var graphSearching: Benchmark {
        Benchmark(
            name: "approximate KNN, k = 3: 10,000 queries at 300 errors", unit: .seconds,
            askedRatio: 1.1 / 0.6,
            usesThreads: false, peers: [peer("hnswlib-query")]
        ) { environment in
            guard let folder = environment.mnist else { return .skipped("no MNIST: give --data-dir") }
            let data = try DatasetSource.mnist.read(directory: folder)
            let classifier = try NearestNeighbors(k: 3, search: .approximate(graph)).fit(examples(data.train))
            var found: [Int32] = []
            return .body(
                { found = try classifier.classes(of: .bytes(data.test.images)) },
                accuracy: { accuracy(found.map(Int.init), data.test) })
        }
    }
}
